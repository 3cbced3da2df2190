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
	r.Features = map[string]any{"vms": float64(vms)}
	r.Counters = map[string]int64{"expanded": expanded}
	return r
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
	g, err := Of(records, WithCatalogue(testCatalogue())).Growth(MetricNamed("expanded"), "vms")
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

// A parameter of the family is a size, too, and comes with its unit and text.
func TestGrowthByAParameterKnowsItsUnit(t *testing.T) {
	r := run("a", "random(hosts=4, migrations=10)#1", results.Optimal, 1, 1)
	g, err := Of([]results.Record{r}, WithCatalogue(testCatalogue())).Growth(MetricNamed("expanded"), "hosts")
	if err != nil || g.Size.Key != "hosts" || g.Size.Doc == "" || g.Rows[0].Sizes[0] != 4 {
		t.Errorf("%+v, error %v", g, err)
	}
}

func TestGrowthByWhatNoInstanceHasIsAnError(t *testing.T) {
	_, err := Of([]results.Record{sized("a", results.Optimal, 1, 1)}, WithCatalogue(testCatalogue())).Growth(MetricNamed("expanded"), "vsm")
	if err == nil || err.Error() != `no instance has "vsm", as a parameter or a feature` {
		t.Errorf("error %v", err)
	}
}
