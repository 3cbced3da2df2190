//go:build soak

package targets_test

import "testing"

// The same as in the test without Soak, on many more clouds, with longer searches.
func TestSoakTargetsExistAndAreNotFound(t *testing.T) { examine(t, 1000, 1000) }
