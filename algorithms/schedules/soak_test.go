//go:build soak

package schedules_test

import "testing"

// The same as in the tests without Soak, on many more problems.
func TestSoakExactIsNotShortest(t *testing.T) { shortest(t, 2, 2000) }
