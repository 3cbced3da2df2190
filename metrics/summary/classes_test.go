package summary

import (
	"math"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

func TestClassesAreInstancesButForTheSeed(t *testing.T) {
	rec := func(instance string, outcome results.Outcome, expanded int64) results.Record {
		bound := int64(1)
		return results.Record{
			RunKey: instance + string(outcome), Name: results.Name{Instance: instance}, InstanceSHA256: instance, Algorithm: "a", CostFunction: "ram",
			Outcome: outcome, LowerBound: &bound, Counters: map[string]int64{"expanded": expanded}, WallS: 1,
			Cost: map[bool]*int64{true: &bound}[outcome.HasPlan()],
		}
	}
	s := Of([]results.Record{
		rec("random(hosts=10)#1", results.Optimal, 100), rec("random(hosts=10)#2", results.Unknown, 400),
		rec("random(hosts=9)#1", results.Infeasible, 7), rec("chain4", results.Feasible, 50),
		rec("random(hosts=9)#2", results.Failed, 1),
	}, WithCatalogue(testCatalogue()))
	c := s.Classes(byClass(t, s))
	if want := []string{"chain4", "random(hosts=9)", "random(hosts=10)"}; !slices.Equal(c.Names, want) {
		t.Fatalf("classes %v, expected %v", c.Names, want)
	}
	row := c.Rows[0]
	if row[0].Runs != 1 || row[0].Proved != 0 || row[1].Runs != 1 || row[1].Proved != 1 || row[2].Runs != 2 || row[2].Proved != 1 {
		t.Errorf("counts are wrong: %+v", row)
	}
	// √((100+100) × (400+100)) - 100
	if want := math.Sqrt(200*500) - 100; math.Abs(row[2].Expanded-want) > 1e-9 {
		t.Errorf("mean %v, expected %v", row[2].Expanded, want)
	}
}

func TestNaturalOrder(t *testing.T) {
	sorted := []string{"", "a", "a1", "a02", "a2b", "a10", "b"}
	for i, x := range sorted {
		for j, y := range sorted {
			got := natural(x, y)
			if x == "a02" && y == "a2b" || x == "a2b" && y == "a02" {
				continue // equal numbers of different length: any order will do
			}
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("natural(%q, %q) = %d", x, y, got)
			}
		}
	}
}
