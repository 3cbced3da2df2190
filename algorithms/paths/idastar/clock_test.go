package idastar

import (
	"context"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
)

// interrupted ends after so many looks at it.
type interrupted struct {
	context.Context
	looks *int
}

func (c interrupted) Err() error {
	if *c.looks--; *c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// A state of a large cloud has so many successors that a limit must be able to end the
// search while they are assessed.
func TestOneExpansionOutlastsALimit(t *testing.T) {
	p := random(t, "random(hosts=60, max=1024, fill-limit=0.95, migrations=500)", 1)
	looks := 7
	s := Searcher{Heuristic: bounds.Deadlock, MemoryBytes: 1 << 20}
	r, err := paths.Solve(interrupted{context.Background(), &looks}, s, p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Counters.Expanded != 1 || r.Counters.Generated != 0 || !r.Status.Early() {
		t.Errorf("interrupted within its first expansion, it ends with %s after %+v", r.Status, r.Counters)
	}
}
