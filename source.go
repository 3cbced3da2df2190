// Package rearrange holds the source of this module, which every program built from it
// carries along: a record names the code that made it (experiments/source), and a bundle
// of results holds it. It does nothing.
package rearrange

import "embed"

// Source holds the Go files of this module, and what else it takes to build them: the
// module's own go.mod, go.sum and licence, and the data that packages embed. What only
// tests read is not in it.
//
// A pattern must match something, and nothing of another module, so folders are named.
//
//go:embed go.mod go.sum LICENSE source.go
//go:embed algorithms/*/*.go algorithms/*/*/*.go algorithms/*/*/*/*.go
//go:embed cloud/*.go cloud/*/*.go cloud/*/*/*.go cloud/*/*/*/*.go
//go:embed cloud/schema/*.json cloud/formats/minizinc/*.mzn
//go:embed cmd/*/*.go
//go:embed experiments/*.go experiments/*/*.go
//go:embed generators/*.go
//go:embed internal/*/*.go
//go:embed metrics/*/*.go
//go:embed results/*.go results/*/*.go results/*/*/*.go
var Source embed.FS
