package execution_test

import (
	"context"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Nothing begins that was not approved, and nothing more after a no or a stop; what is under way ends.
func TestStepBeginsWithoutApproval(t *testing.T) {
	for _, executor := range []string{adaptive} {
		for seed := uint64(1); seed <= 60; seed++ {
			s, err := draw(seed, "simulation(failures=0.1, deviation=2, checks=no)", executor)
			if err != nil {
				t.Fatal(err)
			}
			if s == nil || len(s.plan.Steps) < 3 {
				continue
			}
			d, err := s.simulation()
			if err != nil {
				t.Fatal(err)
			}
			e, _, err := execution.New(catalogue.Standard(), spec.MustParse(s.executor))
			if err != nil {
				t.Fatal(err)
			}
			approved, asked, no := map[drivers.Request]bool{}, 0, false
			report, err := execution.Execute(context.Background(), e, d, s.task(), execution.Options{Journal: immortal(), Approve: func(together []drivers.Request) bool {
				if no {
					t.Errorf("seed %d: asked after a no", seed)
				}
				if asked++; asked > 2 {
					no = true
					return false
				}
				for _, r := range together {
					r.ID = 0
					approved[r] = true
				}
				return true
			}})
			if err != nil {
				t.Fatal(err)
			}
			under := 0
			for _, entry := range d.Log() {
				switch entry.Request.ID = 0; entry.What {
				case drivers.Accepted:
					under++
					if !approved[entry.Request] {
						t.Errorf("seed %d: %+v was not approved", seed, entry)
					}
				case drivers.Ended, drivers.Failed:
					under--
				}
			}
			if under != 0 || no && report.Reached {
				t.Errorf("seed %d: %d under way at the end: %+v", seed, under, report)
			}
		}
	}
}
