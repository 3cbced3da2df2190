package summary

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/results"
)

// sized makes a run on an instance of so many VMs that expands so many states.
func sized(algorithm string, outcome results.Outcome, vms int, expanded int64) results.Record {
	r := run(algorithm, fmt.Sprint("i", vms), outcome, none, none)
	if outcome.HasPlan() {
		r = run(algorithm, fmt.Sprint("i", vms), outcome, 1, none)
	}
	r.Features = results.Values{"vms": float64(vms)}
	r.Counters = map[string]int64{"expanded": expanded}
	return r
}

// A case without a plan has no cost, not even a bound, and is unsolved all the same.
func TestGrowthCountsWhatHasNoValue(t *testing.T) {
	s := of([]results.Record{sized("a", results.Optimal, 2, 1), sized("a", results.Unknown, 4, 1), sized("a", results.Failed, 8, 1), sized("b", results.Unknown, 4, 1)})
	g, err := s.Growth(column(t, s, "cost"), "vms")
	if err != nil || len(g.Rows) != 2 || g.Rows[0].Unsolved != 2 || g.Rows[1].Unsolved != 1 || len(g.Rows[1].OpenSizes) != 0 {
		t.Errorf("%+v, %v", g.Rows, err)
	}
}

// What was not solved took at least as much as it had: it must be seen, and must not
// bend the fit.
func TestGrowthIsFittedToWhatWasSolvedAndKeepsTheRest(t *testing.T) {
	records := []results.Record{
		sized("hopeless", results.Unknown, 10, 5),
		sized("square", results.Invalid, 7, 1), // at fault: it tells nothing
		run("square", "no size", results.Optimal, 1, 1),
	}
	for _, n := range []int{2, 4, 8, 16} {
		records = append(records, sized("square", results.Optimal, n, int64(3*n*n)))
	}
	records = append(records, sized("square", results.Unknown, 32, 9))
	s := of(records)
	g, err := s.Growth(column(t, s, "expanded"), "vms")
	if err != nil {
		t.Fatal(err)
	}
	if g.Cases != 7 || g.LeftOut != 1 || len(g.Rows) != 2 {
		t.Fatalf("%d cases, %d left out, %d rows", g.Cases, g.LeftOut, len(g.Rows))
	}
	hopeless, square := g.Rows[0], g.Rows[1]
	if !math.IsNaN(hopeless.Fit.Exponent) || len(hopeless.Sizes) != 0 || !slices.Equal(hopeless.OpenValues, []float64{5}) {
		t.Errorf("hopeless: %+v", hopeless)
	}
	if math.Abs(square.Fit.Exponent-2) > 1e-12 || math.Abs(square.Fit.Factor-3) > 1e-9 {
		t.Errorf("3·n² is fitted by %v·n^%v", square.Fit.Factor, square.Fit.Exponent)
	}
	if d := cmp.Diff([]float64{32}, square.OpenSizes); d != "" {
		t.Errorf("sizes not solved: %s", d)
	}
}

// A parameter of the family is a size, too, and comes with its unit.
func TestGrowthByAParameterKnowsItsUnit(t *testing.T) {
	s := of([]results.Record{named(run("a", "random(hosts=4)#1", results.Optimal, 1, 1), "random", "random(hosts=4)", results.Values{"vms": 4.0})})
	g, err := s.Growth(column(t, s, "expanded"), "vms")
	if err != nil || g.Size.Name != "param.vms" || g.Size.Unit != "VMs" || g.Rows[0].Sizes[0] != 4 {
		t.Errorf("%+v, error %v", g, err)
	}
}

func TestGrowthByWhatNoInstanceHasIsAnError(t *testing.T) {
	s := of([]results.Record{sized("a", results.Optimal, 1, 1)})
	for size, want := range map[string]string{"vsm": `no column "vsm", did you mean "vms"?`, "role": `no instance has a number "role"`} {
		if _, err := s.Growth(column(t, s, "expanded"), size); err == nil || err.Error() != want {
			t.Errorf("by %s: error %v, expected %s", size, err, want)
		}
	}
}

// Seeds are no sizes: a case is one point, whatever the number of its seeds.
func TestGrowthHasAPointForEachCase(t *testing.T) {
	s := of([]results.Record{
		seeded(sized("a", results.Optimal, 4, 10), 1), seeded(sized("a", results.Optimal, 4, 20), 2),
		seeded(sized("a", results.Optimal, 8, 10), 1), seeded(sized("a", results.Unknown, 8, 90), 2),
	})
	g, err := s.Growth(column(t, s, "expanded"), "vms")
	if err != nil || len(g.Rows) != 1 {
		t.Fatalf("%+v, error %v", g, err)
	}
	if r := g.Rows[0]; fmt.Sprint(r.Sizes, r.Values, r.OpenSizes, r.OpenValues) != "[4] [15] [8] [50]" {
		t.Errorf("%+v", r)
	}
}
