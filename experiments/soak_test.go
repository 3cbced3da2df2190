//go:build soak

package experiments

import "testing"

// The suites of large instances, whose making takes half a minute, expand too.
func TestSoakCommittedSuitesDecodeAndExpand(t *testing.T) { committedSuites(t) }
