// Package scheduletest is what the tests of schedulers and bounds share: small random problems, and an exhaustive search
// to judge makespans by.
//
//	p := scheduletest.Random(t, rng, "slots(outgoing=1)", scheduletest.Rate)
//	best := scheduletest.Shortest(p)
//	if makespan < best.Makespan() {
//		t.Fatal("shorter than the shortest")
//	}
package scheduletest
