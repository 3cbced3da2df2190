package exact_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/targets/exact"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// goals are objectives that grow with every VM, that do not, and that do in part.
var goals = []string{
	"hosts", "load", "load(measure=stddev)", "load(measure=range)", "load(measure=above, threshold=0.5)", "fragments(size.ram=2)",
	"locality(group=a, level=host)", "headroom(count=3, size.ram=2)", "expression(value=\"vms * vms\")",
	"sum(of=[hosts, locality(group=b)], weights=[2, 1])", "lexicographic(of=[hosts, load(measure=stddev), load])",
}

// pose makes a random problem under rules of the whole catalogue: most starts are broken, some hosts
// closed, some VMs have to be placed, some are confined, and there are prices.
func pose(t *testing.T, rng *rand.Rand) *exact.Problem {
	in := pathtest.Ruled(rng)
	if rng.IntN(3) > 0 {
		in = pathtest.Broken(rng)
	}
	if rng.IntN(3) == 0 {
		for h := range in.Hosts {
			for r := range in.Resources {
				x := &in.Hosts[h].Capacity[r]
				*x = max(in.Hosts[h].Reserved[r], *x-rng.Int64N(4))
			}
		}
	}
	in.Target = nil
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bound, _, err = cloud.Mend(in, bound, in.Initial); err != nil {
		bound = nil // a rule broke by less capacity that no path mends
	}
	flags := func(n, odds int) []bool {
		out := make([]bool, n)
		for i := range out {
			out[i] = rng.IntN(odds) == 0
		}
		return out
	}
	p := &exact.Problem{Question: bounds.Question{Instance: in, Rules: bound}, Stay: rng.IntN(2) == 0}
	if rng.IntN(3) == 0 {
		p.Closed = flags(len(in.Hosts), 3)
	}
	if rng.IntN(3) == 0 {
		p.Place = flags(len(in.VMs), 2)
	}
	if rng.IntN(3) == 0 {
		barred := flags(len(in.VMs)*len(in.Hosts), 4)
		p.Allowed = func(v cloud.VMID, h cloud.HostID) bool { return !barred[int(v)*len(in.Hosts)+int(h)] }
	}
	if rng.IntN(4) > 0 {
		if p.Objective, err = objectives.Bind(catalogue.Standard(), in, bound, spec.MustParse(goals[rng.IntN(len(goals))])); err != nil {
			t.Fatal(err)
		}
	}
	if rng.IntN(3) > 0 {
		seed := rng.Int64N(100)
		p.Price = func(v cloud.VMID, from, to cloud.HostID) int64 {
			return (seed*int64(v+3) + 7*int64(from) + 5*int64(to)) % 11
		}
	}
	if p.Objective != nil && rng.IntN(3) == 0 {
		p.Enough = p.Objective.Value(in.Initial)
	}
	if rng.IntN(4) == 0 {
		p.Known = make(cloud.Placement, len(in.VMs))
		for v := range p.Known {
			p.Known[v] = cloud.HostID(rng.IntN(len(in.Hosts)+1) - 1)
		}
	}
	return p
}

// tried looks at all placements.
func tried(p *exact.Problem) exact.Result {
	in := p.Instance
	place := make(cloud.Placement, len(in.VMs))
	best := exact.Result{Complete: true}
	// Of what is good enough, the cheaper one is better.
	better := func(score cloud.Score, cost int64, than cloud.Score, most int64) bool {
		if score.Compare(p.Enough) < 0 {
			score = p.Enough
		}
		if than.Compare(p.Enough) < 0 {
			than = p.Enough
		}
		c := score.Compare(than)
		return c < 0 || c == 0 && cost < most
	}
	value := func(q cloud.Placement) (score cloud.Score) {
		if p.Objective != nil {
			score = p.Objective.Value(q)
		}
		return score
	}
	var known int64
	for v, h := range p.Known {
		if home := in.Initial[v]; p.Price != nil && home != cloud.Absent && h != cloud.Absent && home != h {
			known += p.Price(cloud.VMID(v), home, h)
		}
	}
	var try func(v cloud.VMID, cost int64)
	try = func(v cloud.VMID, cost int64) {
		if int(v) == len(in.VMs) {
			score := value(place)
			if best.Placement != nil && !better(score, cost, best.Score, best.Cost) || p.Known != nil && !better(score, cost, value(p.Known), known) ||
				len(validate.Placement(in, p.Rules, place, true)) > 0 {
				return
			}
			best.Placement, best.Score, best.Cost = place.Clone(), score, cost
			return
		}
		home := in.Initial[v]
		if must := home != cloud.Absent; p.Place == nil && !must || p.Place != nil && !p.Place[v] {
			place[v] = cloud.Absent
			try(v+1, cost)
			if p.Stay {
				return
			}
		}
		for h := range cloud.HostID(len(in.Hosts)) {
			if p.Closed != nil && p.Closed[h] || p.Allowed != nil && !p.Allowed(v, h) {
				continue
			}
			place[v] = h
			if home == cloud.Absent || home == h {
				try(v+1, cost)
				continue
			}
			price := int64(0)
			if p.Price != nil {
				price = p.Price(v, home, h)
			}
			try(v+1, cost+price)
		}
	}
	try(0, 0)
	return best
}

// score is how good a placement is, as far as that matters.
func score(p *exact.Problem, r exact.Result) cloud.Score {
	if r.Score.Compare(p.Enough) < 0 {
		return p.Enough
	}
	return r.Score
}

// A search that comes to its end knows the best placement, or that there is none, and one that ends early
// claims neither.
func TestSolveAndTryingAllDisagree(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(500) {
		p := pose(t, rand.New(rand.NewPCG(seed, 5)))
		want, got := tried(p), exact.Solve(p)
		if !got.Complete || (want.Placement == nil) != (got.Placement == nil) || score(p, want) != score(p, got) || want.Cost != got.Cost {
			t.Fatalf("seed %d: got %+v, expected %+v; objective %v", seed, got, want, p.Objective)
		}
		if got.Placement == nil {
			seen["none"]++
			blamed := *p
			if blamed.Known = nil; tried(&blamed).Placement != nil {
				seen["known"]++
				continue
			}
			blamed.Rules = exact.Blame(p)
			if tried(&blamed).Placement != nil {
				t.Fatalf("seed %d: %v are to blame and leave a placement", seed, blamed.Rules)
			}
			for i := range blamed.Rules {
				without := blamed
				without.Rules = slices.Delete(slices.Clone(blamed.Rules), i, i+1)
				if tried(&without).Placement == nil {
					t.Fatalf("seed %d: %v is not to blame", seed, blamed.Rules[i])
				}
				seen["blamed"]++
			}
		} else {
			seen["found"]++
			if found := validate.Placement(p.Instance, p.Rules, got.Placement, true); len(found) > 0 {
				t.Fatalf("seed %d: %v", seed, found)
			}
		}
		if got.Steps > 40 {
			p.Steps = got.Steps / 2
			early := exact.Solve(p)
			if early.Complete || early.Steps > p.Steps+20 || early.Placement != nil && score(p, early).Compare(score(p, want)) < 0 {
				t.Fatalf("seed %d: with %d of %d steps: %+v", seed, p.Steps, got.Steps, early)
			}
			if p.Steps, p.GoOn = 0, func() bool { return false }; exact.Solve(p).Complete {
				t.Fatalf("seed %d: a search that was ended is complete", seed)
			}
			seen["early"]++
		}
	}
	t.Log(seen)
	for _, what := range []string{"none", "blamed", "found", "early", "known"} {
		if seen[what] < 10 {
			t.Errorf("%s: only %d times", what, seen[what])
		}
	}
}

// Twelve VMs on six hosts have some two billion placements, of which few are looked at where a rule excludes all of them.
func TestRulesDoNotPrune(t *testing.T) {
	in := &cloud.Instance{Name: "small", Resources: []cloud.Resource{{Name: "ram"}}}
	for h := range 6 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: string(rune('a' + h)), Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for v := range 12 {
		in.VMs = append(in.VMs, cloud.VM{Name: string(rune('a' + v)), Demand: []int64{5 + int64(v%2)}})
		in.Initial = append(in.Initial, cloud.HostID(v/2))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.Named("capacity")})
	if err != nil {
		t.Fatal(err)
	}
	if got := exact.Solve(&exact.Problem{Question: bounds.Question{Instance: in, Rules: bound}}); !got.Complete || got.Placement != nil || got.Steps > 20_000 {
		t.Errorf("got %+v", got)
	}
}
