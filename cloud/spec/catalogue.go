package spec

// Catalogue holds everything that is pluggable.
type Catalogue struct{}
