// Package catalogue lists everything pluggable that the program rearrange comes with.
package catalogue

import "github.com/cloudrearrange/rearrange/cloud/spec"

// Standard is the catalogue of the program rearrange.
func Standard() *spec.Catalogue { return &spec.Catalogue{} }
