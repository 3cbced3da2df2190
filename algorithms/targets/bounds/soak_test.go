//go:build soak

package bounds_test

import "testing"

// The same as in the test without Soak, on many more questions.
func TestSoakBoundIsAboveTheOptimum(t *testing.T) { examine(t, 60_000) }
