package summary

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cloudrearrange/rearrange/results"
)

// gridRun is a record of a run on an instance of the given name.
func gridRun(algorithm, instance string, o results.Outcome, expanded int64) results.Record {
	cost := int64(1)
	r := results.Record{
		Name: results.Name{Instance: instance}, InstanceSHA256: instance, Algorithm: algorithm, CostFunction: "ram", Outcome: o,
		Counters: map[string]int64{"expanded": expanded}, Features: map[string]any{"vms": 7, "largest_vm": 0.25, "deadlocked": true},
	}
	if o.HasPlan() {
		r.Cost = &cost
	}
	return r
}

func gridOf(t *testing.T, records []results.Record, x, y, algorithm string) *Grid {
	t.Helper()
	g, err := Of(records, WithCatalogue(testCatalogue())).GridBy(x, y, algorithm, MetricNamed("expanded"), MetricNamed("cost"))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGridIsTheTwoParametersThatVary(t *testing.T) {
	var records []results.Record
	for _, hosts := range []int{10, 4} { // 10 is the default, and not part of names
		for _, u := range []string{"0.9", "0.8", "0.85"} {
			name := fmt.Sprintf("random(hosts=%d, utilisation=%s, target=shuffle)", hosts, u)
			if hosts == 10 {
				name = fmt.Sprintf("random(utilisation=%s, target=shuffle)", u)
			}
			records = append(records, gridRun("a", name+"#1", results.Optimal, 1), gridRun("a", name+"#2", results.Infeasible, 0),
				gridRun("a", name+"#3", results.Unknown, 31), gridRun("a", name+"#4", results.Unsupported, 0), gridRun("b", name+"#1", results.Unknown, 1))
		}
	}
	records = append(records,
		gridRun("a", "tricky", results.Optimal, 5), gridRun("a", "drift(of=slow, migrations=20)#7", results.Optimal, 5),
		gridRun("a", "random(hosts=5, utilisation=0.1)#1", results.Optimal, 5)) // another target
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	g := gridOf(t, records, "", "", "")
	if g.Algorithm != "a" || g.Instances != 18 || g.LeftOut != 3 || g.X.Key != "hosts" || g.X.Unit != "hosts" || g.Y.Key != "utilisation" {
		t.Errorf("got %+v", g)
	}
	if d := cmp.Diff([]Bin{{4, 4}, {10, 10}}, g.X.Bins); d != "" {
		t.Errorf("hosts, -want +got:\n%s", d)
	}
	if d := cmp.Diff([]Bin{{0.8, 0.8}, {0.85, 0.85}, {0.9, 0.9}}, g.Y.Bins); d != "" {
		t.Errorf("utilisations, -want +got:\n%s", d)
	}
	want := GridCell{Runs: 3, Paths: 1, Infeasible: 1, Means: []float64{3, 1}} // ∛(2·1·32) - 1; the cost of the one plan
	for i := range g.Cells {
		for j, c := range g.Cells[i] {
			if d := cmp.Diff(want, c, cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Errorf("cell %d, %d, -want +got:\n%s", i, j, d)
			}
		}
	}
}

func TestGridWithinNestedSpecs(t *testing.T) {
	var records []results.Record
	for _, of := range []string{"random(hosts=4)", "random(hosts=5)", "random"} { // 10 hosts
		for migrations := range 2 {
			records = append(records, gridRun("a", fmt.Sprintf("drift(of=%s, migrations=%d)#1", of, 10+migrations), results.Optimal, 1))
		}
	}
	if g := gridOf(t, records, "", "", ""); g.X.Key != "migrations" || g.Y.Key != "of.hosts" || len(g.Y.Bins) != 3 {
		t.Errorf("got %+v and %+v", g.X, g.Y)
	}
}

func TestWhatIsNoGridIsSaid(t *testing.T) {
	named := func(names ...string) (out []results.Record) {
		for _, n := range names {
			out = append(out, gridRun("a", n, results.Optimal, 1))
		}
		return out
	}
	for what, c := range map[string]struct {
		records         []results.Record
		x, y, algorithm string
		want            string
	}{
		"nothing":         {nil, "", "", "", "no two parameters"},
		"no parameters":   {named("tricky", "slow"), "", "", "", "no two parameters"},
		"one varies":      {named("random(hosts=3)#1", "random(hosts=4)#1"), "", "", "", "no two parameters"},
		"three vary":      {named("random(hosts=3)#1", "random(tries=4)#1", "random(max=500)#1"), "", "", "", "no two parameters"},
		"not all have it": {named("random(hosts=3)#1", "random(hosts=3, vms=4)#1", "random(hosts=4, vms=4)#1"), "", "", "", "no two parameters"},
		"a diagonal":      {named("random(hosts=3, vms=1)#1", "random(hosts=4, vms=2)#1", "random(hosts=5, vms=3)#1"), "", "", "", "no two parameters"},
		"unknown names":   {named("tricky"), "hosts", "vms", "", `no instance has both of "hosts" and "vms"`},
		"other algorithm": {named("random(hosts=3)#1"), "hosts", "max", "b", "no record of the algorithm b"},
		"half a spec":     {named("random(hosts=3", "random(hosts=4"), "", "", "", "no two parameters"},
	} {
		if _, err := Of(c.records, WithCatalogue(testCatalogue())).GridBy(c.x, c.y, c.algorithm); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", what, err, c.want)
		}
	}
}

func TestFeaturesMakeAxesToo(t *testing.T) {
	records := []results.Record{gridRun("a", "tricky", results.Optimal, 1), gridRun("a", "slow", results.Optimal, 1)}
	records[1].Features = map[string]any{"vms": 9.0, "deadlocked": false, "largest_vm": 0.25} // as read from a file
	g := gridOf(t, records, "vms", "deadlocked", "")
	if d := cmp.Diff([]Bin{{7, 7}, {9, 9}}, g.X.Bins); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if g.Cells[0][1].Paths != 1 || g.Cells[1][0].Paths != 1 {
		t.Errorf("got %+v", g.Cells)
	}
}

// Each value has to fall into the class whose bounds hold it, the largest one into the
// last.
func TestManyValuesArePutIntoClasses(t *testing.T) {
	var records []results.Record
	for i := range 300 {
		records = append(records, gridRun("a", fmt.Sprintf("random(hosts=%d)#1", 2+i), results.Optimal, 1))
	}
	g := gridOf(t, records, "hosts", "reserved", "")
	if len(g.X.Bins) != classBins || !g.X.Classes || g.Y.Classes {
		t.Fatalf("axes %+v and %+v", g.X, g.Y)
	}
	for i, b := range g.X.Bins {
		n := 0
		for h := 2; h < 302; h++ {
			if v := float64(h); v >= b.Lo && (v < b.Hi || i == classBins-1) {
				n++
			}
		}
		if g.Cells[i][0].Runs != n {
			t.Errorf("%d runs from %v to %v, want %d", g.Cells[i][0].Runs, b.Lo, b.Hi, n)
		}
	}
}
