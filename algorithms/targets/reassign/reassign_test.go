package reassign

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

var standard = spec.NewCatalogue(rules.Registry(rules.Entries()...), objectives.Registry(objectives.Entries()...))

// drawn is a small instance with its rules and its objective bound. Its initial placement may break rules.
type drawn struct {
	in    *cloud.Instance
	rules []cloud.Rule
	o     *objectives.Reassign
	p     *Problem
}

func draw(t *rapid.T) drawn {
	n := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	in := &cloud.Instance{Name: "drawn", Resources: []cloud.Resource{{Name: "r0"}, {Name: "r1"}}}
	hosts, vms := n(2, 4, "hosts"), n(1, 6, "VMs")
	for h := range hosts {
		host := cloud.Host{
			Name: fmt.Sprint("h", h), Zone: fmt.Sprint("z", n(0, 1, "zone")), Reserved: []int64{0, 1},
			Numbers: map[string]int64{"safe.r0": int64(n(0, 9, "safe")), "safe.r1": int64(n(0, 12, "safe"))},
		}
		for range in.Resources {
			host.Capacity = append(host.Capacity, int64(n(5, 14, "capacity")))
		}
		in.Hosts = append(in.Hosts, host)
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{
			Name: fmt.Sprint("v", v), Demand: []int64{int64(n(0, 3, "demand")), int64(n(0, 3, "demand"))},
			Numbers: map[string]int64{"move_cost": int64(n(0, 4, "move cost"))},
		})
		in.Initial = append(in.Initial, cloud.HostID(n(-1, hosts-1, "host")))
	}
	for g := range 3 {
		group := cloud.Group{Name: fmt.Sprint("g", g)}
		for v := range vms {
			if rapid.Bool().Draw(t, "member") {
				group.VMs = append(group.VMs, cloud.VMID(v))
			}
		}
		in.Groups = append(in.Groups, group)
	}
	in.MoveCosts = []cloud.MoveClass{
		{Hosts: []cloud.HostID{0}, To: []int64{5, int64(n(0, 3, "cost"))}},
		{Hosts: []cloud.HostID{1}, To: []int64{int64(n(0, 3, "cost")), 0}},
	}
	for _, text := range []string{
		"capacity", "at-once(resources=[r1], continuous=no)", "anti-affinity(group=g0)", "max-per-zone(group=g1, max=2)",
		"spread(group=g1, min=2, by=zone)", "depends(group=g2, on=[g0, g1])", "affinity(group=g2, by=zone)", "max-vms(max=4)", "ban(vms=v0, hosts=h1)",
	} {
		if n(0, 2, text) == 0 {
			in.Rules = append(in.Rules, spec.MustParse(text))
		}
	}
	if in.Rules == nil {
		in.Rules = []spec.Spec{}
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	d := drawn{in: in}
	var err error
	if d.rules, err = rules.Bind(standard, in, nil); err != nil {
		t.Fatal(err)
	}
	o, err := objectives.Bind(standard, in, d.rules, spec.MustParse(
		"reassign(load.r0=10, load.r1=3, balance.b0=[r0, r1, 2, 5], vm-moves=2, service-moves=20, services=g*, host-moves=7)"))
	if err != nil {
		t.Fatal(err)
	}
	d.o = o.(*objectives.Reassign)
	var ok bool
	if d.p, ok = Read(d.o, d.rules, nil); !ok {
		t.Fatalf("the rules are not understood: %v", in.Rules)
	}
	return d
}

func placement(at []int32) cloud.Placement {
	out := make(cloud.Placement, len(at))
	for v, h := range at {
		out[v] = cloud.HostID(h)
	}
	return out
}

// Whatever moves are made, what is kept beside the placement is what a look at the placement alone yields, and the rules
// are broken if and only if the judge says so.
func TestMovesMiscount(t *testing.T) {
	made, refused, sane := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		a := newAnnealer(d.p, d.p.Home, rapid.Uint64().Draw(t, "seed"), 0)
		if len(a.movable) == 0 {
			return
		}
		for range 30 {
			a.s.mu = rapid.SampledFrom([]float64{0, 3, 1e12}).Draw(t, "breach")
			for h := range a.s.lambda {
				a.s.lambda[h] = rapid.SampledFrom([]float64{0, 2, 1e12}).Draw(t, "excess")
			}
			most := rapid.SampledFrom([]float64{0, 100, math.Inf(1)}).Draw(t, "most")
			before, at := a.s.weighed(), slices.Clone(a.s.at)
			moved := a.try(most)
			if change := a.s.weighed() - before; moved && change > most || !moved && !slices.Equal(at, a.s.at) {
				t.Fatalf("moved %v, which costs %g of %g at most: %v, then %v", moved, change, most, at, a.s.at)
			}
			if moved {
				made++
			} else {
				refused++
			}
			d.check(t, a.s)
			if a.s.sane() {
				sane++
			}
		}
	})
	if made < 100 || refused < 100 || sane < 100 {
		t.Errorf("%d moves made, %d refused, %d placements sane: the law was hardly tried", made, refused, sane)
	}
}

// weighed is what moves are limited by.
func (s *state) weighed() float64 {
	sum := float64(s.total()) + s.mu*float64(s.laws.broken)
	for h, x := range s.excess {
		sum += s.lambda[h] * float64(x)
	}
	return sum
}

func (d *drawn) check(t *rapid.T, s *state) {
	p := placement(s.at)
	if want := d.o.Value(p)[0]; s.total() != want {
		t.Fatalf("%v costs %d, counted as %d", p, want, s.total())
	}
	fresh := newState(d.p, s.at)
	if fresh.total() != s.total() || fresh.over != s.over || fresh.laws.broken != s.laws.broken || !slices.Equal(fresh.excess, s.excess) {
		t.Fatalf("%v: counted cost %d, excess %d and %d breaches, anew %d, %d and %d",
			p, s.total(), s.over, s.laws.broken, fresh.total(), fresh.over, fresh.laws.broken)
	}
	found := validate.Placement(d.in, d.rules, p, true)
	filtered := false
	for v, h := range s.at {
		filtered = filtered || h >= 0 && !s.admits(int32(v), h) // moves never lead there
	}
	if s.sane() && !filtered != (len(found) == 0) {
		t.Fatalf("%v is counted as sane: %v, the judge finds %v", p, s.sane(), found)
	}
}

// On small instances the search finds a placement that is as good as any, by one that tries all.
func TestAnnealMissesTheBest(t *testing.T) {
	better, near := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		for tries := 0; tries < 20 && len(validate.Placement(d.in, d.rules, d.in.Initial, true)) > 0; tries++ {
			d = draw(t)
		}
		if len(validate.Placement(d.in, d.rules, d.in.Initial, true)) > 0 {
			return
		}
		rounds := 0
		found := Anneal(d.p, d.p.Home, Budget{
			Seed: 1, Threads: 2, GoOn: func() bool { return true },
			Spent: func() float64 { rounds++; return float64(rounds) / 12 },
		})
		got := placement(found)
		if broken := validate.Placement(d.in, d.rules, got, true); len(broken) > 0 {
			t.Fatalf("%v breaks %v", got, broken)
		}
		bound := bounds.New(bounds.Question{Instance: d.in, Rules: d.rules}).Reassign(d.o).Score[0]
		best, start := d.best(got.Clone(), 0, math.MaxInt64), d.o.Value(d.in.Initial)[0]
		if value := d.o.Value(got)[0]; value > best {
			t.Fatalf("found %v of %d, the best is %d", got, value, best)
		}
		if bound > best {
			t.Fatalf("%v is worth %d, the bound is %d", got, best, bound)
		}
		if bound > 0 && best < 2*bound {
			near++
		}
		if best < start {
			better++
		}
	})
	if better < 2 || near < 3 {
		t.Errorf("%d instances had a better placement than the start, and %d a bound near the best: the law was hardly tried", better, near)
	}
}

// best is the least value of all sane placements of the VMs from number v on.
func (d *drawn) best(p cloud.Placement, v int, least int64) int64 {
	if v == len(p) {
		if value := d.o.Value(p)[0]; value < least && len(validate.Placement(d.in, d.rules, p, true)) == 0 {
			return value
		}
		return least
	}
	if d.in.Initial[v] == cloud.Absent {
		return d.best(p, v+1, least)
	}
	for h := range d.in.Hosts {
		p[v] = cloud.HostID(h)
		least = d.best(p, v+1, least)
	}
	return least
}

func TestRulesThatAreNotUnderstoodAreOverlooked(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(`{"format": "rearrange/instance/1", "name": "x", "resources": [{"name": "ram"}],
		"hosts": [{"name": "h0", "capacity": {"ram": 4}}], "vms": [{"name": "v", "demand": {"ram": 1}}], "groups": [{"name": "g", "vms": ["v"]}],
		"rules": ["capacity", "expression(test=\"vms <= 3\")"], "initial": {"v": "h0"}}`))
	if err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(standard, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := objectives.Bind(standard, in, bound, spec.MustParse("reassign"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Read(o.(*objectives.Reassign), bound, nil); ok {
		t.Error("the expression is taken for something else")
	}
}
