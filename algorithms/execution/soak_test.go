//go:build soak

package execution_test

import "testing"

// The same as in the tests without Soak, on many more executions.
func TestSoakPromiseIsBroken(t *testing.T) { t.Logf("%+v", *promises(t, 2000, wild, adaptive)) }
