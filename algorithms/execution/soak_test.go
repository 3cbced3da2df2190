//go:build soak

package execution_test

import "testing"

// The same as in the tests without Soak, on many more executions.
func TestSoakPromiseIsBroken(t *testing.T) { t.Logf("%+v", *promises(t, 2000, wild, adaptive)) }

func TestSoakBadCloudBreaksPromise(t *testing.T) { badClouds(t, 20) }

func TestSoakDeathAtSomeEntryBreaksPromise(t *testing.T) {
	t.Logf("%+v", *everyDeath(t, small(t, 40, deadly), func(d death) store { return &mortal{death: d} }))
}
