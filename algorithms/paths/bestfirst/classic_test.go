package bestfirst_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/all"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func TestTry(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/migrationpaths/*.json")
	for _, f := range files {
		in, err := cloud.ReadInstance(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range []string{"astar", "dijkstra"} {
			p, err := paths.NewProblem(in, nil, spec.Named("ram"))
			if err != nil {
				t.Fatal(err)
			}
			s, full, _ := all.New(spec.Named(a))
			r, err := s.Solve(context.Background(), p, paths.Options{Timeout: 20 * time.Second, MemoryBytes: 4 << 30})
			if err != nil {
				t.Fatal(err)
			}
			plan := r.Plan(p, full.String())
			t.Log(in.Name, full, r.Status, r.Cost, r.LowerBound, r.Counters, r.PeakBytes>>20, r.Elapsed, r.Reason)
			if r.Status.HasPlan() {
				if rep := validate.Plan(in, p.Rules, p.Cost, plan); !rep.OK() {
					t.Error(rep.Findings)
				}
				if a == "astar" && in.Name == "tricky" {
					plan.Encode(os.Stdout, in)
				}
			}
		}
	}
}
