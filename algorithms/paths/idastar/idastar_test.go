package idastar

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t testing.TB, text string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	makeSearcher, _, err := spec.Build[func() paths.Searcher](pathtest.Catalogue(paths.Registry(Entry()), bounds.Registry(bounds.Entries()...)), paths.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := paths.Solve(context.Background(), makeSearcher(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

func random(t testing.TB, family string, seed uint64) *paths.Problem {
	t.Helper()
	f, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse(family))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := f(seed)
	if err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, instances[0], "ram")
}

// byHosts is a cost function that depends on both hosts, and is sometimes zero.
type byHosts struct{ cloud.CostFunction }

func (byHosts) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return (int64(vm) + 3*int64(from) + 5*int64(to)) % 4
}

// sometimesFree is a cost function that charges nothing for every other VM.
type sometimesFree struct{ cloud.CostFunction }

func (sometimesFree) MigrateAnywhere(vm cloud.VMID) int64 { return int64(vm) % 2 * 3 }

func (c sometimesFree) Migrate(vm cloud.VMID, _, _ cloud.HostID) int64 { return c.MigrateAnywhere(vm) }

// Whatever is left out, forgotten or estimated, the answer is that of exhaustive search.
func TestEveryVariantAgreesWithExhaustiveSearch(t *testing.T) {
	variants := []string{
		"idastar",
		"idastar(por=no)",
		"idastar(por=no, prune=[])",
		"idastar(prune=[])",
		"idastar(heuristic=misplaced)",
		"idastar(heuristic=misplaced, prune=[], lookahead=no)",
		"idastar(heuristic=misplaced, prune=[repeat])",
		"idastar(heuristic=blind, prune=[repeat])",
		"idastar(heuristic=blind, prune=[], lookahead=no)",
		"idastar(heuristic=misplaced, por=no, prune=[symmetry])",
	}
	count := map[cloud.Status]int{}
	for seed := range uint64(700) {
		rng := rand.New(rand.NewPCG(seed, 21))
		in := pathtest.Random(rng)
		p := pathtest.Problem(t, in, []string{"ram", "count", "ram(suspend=0, resume=0)"}[rng.IntN(3)])
		switch rng.IntN(6) {
		case 0:
			p.Cost = byHosts{p.Cost}
		case 1:
			p.Cost = sometimesFree{p.Cost}
		}
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for _, v := range variants {
			r := solve(t, v, p, paths.Options{})
			count[r.Status]++
			if exists && (r.Status != cloud.Optimal || r.Cost != truth) || !exists && r.Status != cloud.Infeasible {
				t.Fatalf("instance %d: %s ends with %s at cost %d; a path exists: %v, of cost %d", seed, v, r.Status, r.Cost, exists, truth)
			}
		}
	}
	t.Logf("%v", count)
	if count[cloud.Infeasible] < 100 || count[cloud.Optimal] < 1000 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}

// Partial-order reduction and a memory that forgets change the work and not the optimum,
// also where there is enough to leave out and to forget.
func TestLeavingOutAndForgettingKeepTheOptimum(t *testing.T) {
	finished, reduced := 0, 0
	for _, family := range []string{"random(hosts=5)", "random(hosts=5, fill-limit=0.8)", "random(hosts=4, resources=3)", "random(hosts=5, sizes=flavours)"} {
		for seed := range uint64(12) {
			p := random(t, family, seed)
			var optimum, before int64 = -1, 0
			for n, v := range []string{"por=yes", "por=no", "por=yes, memory=0", "por=yes, prune=[]", "por=no, prune=[]"} {
				r := solve(t, "idastar(heuristic=misplaced, "+v+")", p, paths.Options{Expansions: 30_000})
				switch {
				case r.Status != cloud.Optimal:
					continue
				case optimum >= 0 && r.Cost != optimum:
					t.Fatalf("%s seed %d: %s proves %d optimal, another %d", family, seed, v, r.Cost, optimum)
				case n == 0:
					before = r.Counters.Generated
				case n == 1 && before < r.Counters.Generated:
					reduced++
				}
				optimum = r.Cost
				finished++
			}
		}
	}
	if finished < 150 || reduced < 10 {
		t.Errorf("%d runs finished, %d generated fewer successors for the reduction", finished, reduced)
	}
}

// crowded makes an instance whose VMs, often all alike, have many ways to the same state
// and little room.
func crowded(t testing.TB, rng *rand.Rand) *paths.Problem {
	in := &cloud.Instance{Name: "crowded", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	hosts, vms, largest := 3+rng.IntN(2), 4+rng.IntN(5), 1+rng.Int64N(2)*3
	before, after := make([]int64, hosts), make([]int64, hosts)
	for v := range vms {
		demand := 1 + rng.Int64N(largest)
		from, to := rng.IntN(hosts), rng.IntN(hosts)
		before[from] += demand
		after[to] += demand
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", v), Demand: []int64{demand}})
		in.Initial, in.Target = append(in.Initial, cloud.HostID(from)), append(in.Target, cloud.HostID(to))
	}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("h", h), Capacity: []int64{max(before[h], after[h]) + rng.Int64N(2)}, Reserved: []int64{0},
		})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
}

// What was left out for its order when a state was first met is not lost when the memory
// keeps the search from returning there, nor do bounds learned in between pretend that
// there was nothing.
func TestMemoryAndPartialOrderReductionTogetherKeepTheOptimum(t *testing.T) {
	finished := 0
	seeds := []uint64{17908, 46563} // where a bound that overlooks what was left out is too high
	for seed := range uint64(1500) {
		seeds = append(seeds, seed)
	}
	for _, seed := range seeds {
		p := crowded(t, rand.New(rand.NewPCG(seed, 25)))
		var optimum int64 = -1
		for _, v := range []string{"por=no", "por=yes", "por=yes, heuristic=blind", "por=no, heuristic=blind"} {
			r := solve(t, "idastar(prune=[], lookahead=no, "+v+")", p, paths.Options{Expansions: 3000})
			if r.Status != cloud.Optimal {
				continue
			}
			finished++
			if optimum >= 0 && r.Cost != optimum {
				t.Fatalf("instance %d: %s proves %d optimal, another %d", seed, v, r.Cost, optimum)
			}
			optimum = r.Cost
		}
	}
	if finished < 2000 {
		t.Errorf("only %d runs finished", finished)
	}
}

// The memory that may be held bounds what is remembered and never ends the search early,
// as long as the way to where the search is fits.
func TestMemoryStaysWithinItsLimit(t *testing.T) {
	p := random(t, "random(hosts=8)", 3)
	for _, limit := range []int64{256 << 10, 1 << 20, 3 << 20} {
		r := solve(t, "idastar(heuristic=blind)", p, paths.Options{MemoryBytes: limit, Expansions: 60_000})
		if r.PeakBytes > limit || !strings.Contains(r.Reason, "expansions") {
			t.Errorf("limit of %d bytes: held %d, ended for %q", limit, r.PeakBytes, r.Reason)
		}
	}
	r := solve(t, "idastar(heuristic=blind, memory=1)", p, paths.Options{Expansions: 60_000})
	if r.PeakBytes > 3<<20 {
		t.Errorf("memory=1 holds %d bytes", r.PeakBytes)
	}
}

// searcherFunc is a searcher made of one function.
type searcherFunc func(*paths.Run)

func (f searcherFunc) Search(run *paths.Run) error { f(run); return nil }

// Where all costs differ there are far fewer searches than costs.
func TestLimitsGrowByMoreThanOneCostAtATime(t *testing.T) {
	p := random(t, "random(hosts=7)", 4)
	searches := uint64(0)
	r, err := paths.Solve(context.Background(), searcherFunc(func(run *paths.Run) {
		l := space.NewLayout(p)
		s := newSearch(run, l, bounds.Misplaced(run, p, l), Searcher{MemoryBytes: 1 << 28, PartialOrder: true})
		s.deepen(s.start)
		searches = s.memory.search
	}), p, paths.Options{})
	if err != nil || r.Status != cloud.Optimal {
		t.Fatal(r.Status, err)
	}
	if beyond := r.Cost - bounds.MisplacedFrom(paths.Unlimited(p), p.Start); beyond < 1000 || searches > 40 {
		t.Errorf("%d searches for an optimum that lies %d beyond the first limit", searches, beyond)
	}
}

// A hot loop that allocates would show here: the tables grow a few times, and that is all.
func BenchmarkExpansions(b *testing.B) {
	p := random(b, "random(hosts=10)", 9)
	var expanded, generated int64
	for b.Loop() {
		r := solve(b, "idastar(heuristic=blind)", p, paths.Options{Expansions: 100_000})
		expanded += r.Counters.Expanded
		generated += r.Counters.Generated
	}
	b.ReportMetric(float64(expanded)/b.Elapsed().Seconds(), "expanded/s")
	b.ReportMetric(float64(generated)/b.Elapsed().Seconds(), "generated/s")
}

// The same plan every time, also where a limit cuts the search short.
func TestRunsRepeatThemselves(t *testing.T) {
	for seed := range uint64(5) {
		p := random(t, "random(hosts=7)", seed)
		for _, o := range []paths.Options{{Expansions: 20_000}, {Expansions: 100}} {
			a := solve(t, "idastar(heuristic=misplaced)", p, o)
			b := solve(t, "idastar(heuristic=misplaced)", p, o)
			if !slices.Equal(a.Migrations, b.Migrations) || a.Counters != b.Counters || a.LowerBound != b.LowerBound {
				t.Errorf("random instance %d, %v: two runs differ", seed, o)
			}
		}
	}
}

// together is an instance without a path: three VMs that must stay in one zone cannot
// leave it one after the other. There are 108 placements, some of which share a full
// bucket of the memory.
const together = `{
	"format": "rearrange/instance/1", "name": "together", "resources": [{"name": "ram"}],
	"hosts": [
		{"name": "h1", "capacity": {"ram": 4}}, {"name": "h2", "capacity": {"ram": 4}, "zone": "z"},
		{"name": "h3", "capacity": {"ram": 4}, "zone": "z"}, {"name": "h4", "capacity": {"ram": 4}, "zone": "z"}
	],
	"vms": [
		{"name": "a", "demand": {"ram": 1}}, {"name": "b", "demand": {"ram": 1}},
		{"name": "alone", "demand": {"ram": 1}}, {"name": "c", "demand": {"ram": 1}}
	],
	"groups": [{"name": "g", "vms": ["a", "b", "c"]}],
	"rules": ["affinity(group=g, by=zone)"],
	"initial": {"a": "h3", "b": "h3", "alone": "h2", "c": "h4"},
	"target": {"a": "h1", "b": "h1", "alone": "h2", "c": "h1"}
}`

// A state on the way that the memory has forgotten, and keeps again for its bound alone,
// is still on the way: whoever goes there again goes round in circles.
func TestForgottenStatesOnTheWayAreNotGoneBackTo(t *testing.T) {
	in, err := cloud.DecodeInstance("together", []byte(together))
	if err != nil {
		t.Fatal(err)
	}
	for _, cost := range []string{"count", "ram", "count(suspend=0)"} {
		r := solve(t, "idastar", pathtest.Problem(t, in, cost), paths.Options{Expansions: 5000})
		if r.Status != cloud.Infeasible {
			t.Errorf("%s: %s (%s) after %d expansions, expected a proof that there is no path", cost, r.Status, r.Reason, r.Counters.Expanded)
		}
	}
}
