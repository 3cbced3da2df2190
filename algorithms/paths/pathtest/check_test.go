package pathtest

import (
	"strings"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// An algorithm that breaks its word must be told so, with the instance.
func TestCheckFindsWhatAnAlgorithmDoesWrong(t *testing.T) {
	asleep := make(chan struct{})
	defer close(asleep)
	flip := false
	for _, c := range []struct {
		want     string
		search   paths.SearcherFunc
		declared []spec.Property
	}{
		{"still running", func(*paths.Run) error { <-asleep; return nil }, nil},
		{"does not end by itself", func(run *paths.Run) error {
			for run.Look() {
				time.Sleep(time.Millisecond)
			}
			return nil
		}, nil},
		{"claims that no path exists", func(run *paths.Run) error { run.Exhausted(); return nil }, nil},
		{"above the optimum", func(run *paths.Run) error { run.Bound(1 << 40); return nil }, nil},
		{"is declared complete and ends unknown", func(*paths.Run) error { return nil }, []spec.Property{paths.Complete}},
		{"is declared optimal and ends unknown", func(*paths.Run) error { return nil }, []spec.Property{paths.OptimalCost}},
		{"panic: never mind", func(*paths.Run) error { panic("never mind") }, nil},
		{"the judge rejects the plan", func(run *paths.Run) error {
			var all []cloud.Change
			for v, to := range run.Problem.Goal {
				if from := run.Problem.Start[v]; from != to && from != cloud.Absent && to != cloud.Absent {
					all = append(all, cloud.Change{VM: cloud.VMID(v), From: from, To: to})
				}
			}
			run.Found(all)
			return nil
		}, nil},
		{"not deterministic", func(run *paths.Run) error {
			if flip = !flip; flip {
				run.Expand()
			}
			return nil
		}, []spec.Property{paths.Deterministic}},
	} {
		e := spec.Entry[func() paths.Searcher]{
			Descriptor: spec.Descriptor{Name: "faulty", Synopsis: "does one thing wrong", Properties: c.declared},
			New:        func(spec.Args) (func() paths.Searcher, error) { return func() paths.Searcher { return c.search }, nil },
		}
		err := examination{Catalogue(paths.Registry(e)), e.Descriptor, 50 * time.Millisecond, 1000}.run()
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `"format": "rearrange/instance/1"`) {
			t.Errorf("expected %q, got %v", c.want, err)
		}
	}
}
