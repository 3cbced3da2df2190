package packing_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// problem is one of a random instance under random rules, all of which its start keeps. Prices depend
// on the hosts.
func problem(t *testing.T, rng *rand.Rand) (*packing.Problem, bool) {
	t.Helper()
	in := pathtest.Ruled(rng)
	bound, err := rules.Bind(pathtest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &packing.Problem{
		Instance: in, Rules: bound, Home: in.Initial, Migrations: -1, Cost: -1,
		Price: func(v cloud.VMID, from, to cloud.HostID) int64 {
			return in.VMs[v].Demand[0]*10 + int64(from+2*to)%3
		},
	}
	return p, len(validate.Placement(in, bound, in.Initial, true)) == 0
}

func sane(p *packing.Problem, at cloud.Placement) bool {
	return len(validate.Placement(p.Instance, p.Rules, at, true)) == 0
}

func cost(p *packing.Problem, at cloud.Placement) (sum int64) {
	for v, h := range at {
		if home := p.Home[v]; home != h && home != cloud.Absent {
			sum += p.Price(cloud.VMID(v), home, h)
		}
	}
	return sum
}

// each calls f for every placement of the VMs that are at home somewhere.
func each(p *packing.Problem, f func(at cloud.Placement)) {
	at := p.Home.Clone()
	var from func(v int)
	from = func(v int) {
		if v == len(at) {
			f(at)
			return
		}
		if p.Home[v] == cloud.Absent {
			from(v + 1)
			return
		}
		for h := range p.Instance.Hosts {
			at[v] = cloud.HostID(h)
			from(v + 1)
		}
		at[v] = p.Home[v]
	}
	from(0)
}

// small tells whether all placements can be tried.
func small(p *packing.Problem) bool {
	n := 1
	for _, h := range p.Home {
		if h != cloud.Absent {
			n *= len(p.Instance.Hosts)
		}
	}
	return n <= 256
}

func limited(n int) func() bool {
	return func() bool { n--; return n >= 0 }
}

// What a search finds is held against all placements there are: which hosts can be emptied, and at
// what cost. It may miss some, seldom; what it claims has to be so.
func TestHostsAreEmptiedAtALowCost(t *testing.T) {
	seen := map[string]int{}
	for seed := uint64(0); seed < 1500; seed++ {
		rng := rand.New(rand.NewPCG(seed, 61))
		p, ok := problem(t, rng)
		if !ok || !small(p) {
			continue
		}
		closed := cloud.HostID(rng.IntN(len(p.Instance.Hosts)))
		least, possible := int64(0), false
		each(p, func(at cloud.Placement) {
			if slices.Contains(at, closed) || !sane(p, at) {
				return
			}
			if c := cost(p, at); !possible || c < least {
				least, possible = c, true
			}
		})
		x := packing.New(p, seed)
		x.Shut(closed)
		found := x.Repair(limited(200))
		if found {
			x.Improve(limited(300))
		}
		at := x.Placement()
		switch {
		case found && (!sane(p, at) || slices.Contains(at, closed) || spent(x) != cost(p, at)):
			t.Fatalf("seed %d: rules %v, host %d emptied: %v from %v, at a cost of %d instead of %d; the judge: %v", seed, p.Instance.Rules, closed,
				at, p.Home, spent(x), cost(p, at), validate.Placement(p.Instance, p.Rules, at, true))
		case !found && !at.Equal(p.Home):
			t.Fatalf("seed %d: nothing was found, and %v became %v", seed, p.Home, at)
		case found && spent(x) < least:
			t.Fatalf("seed %d: a cost of %d, the least there is %d", seed, spent(x), least)
		case possible && !found:
			seen["missed"]++
		case found && spent(x) > least:
			seen["costlier"]++
		case found:
			seen["cheapest"]++
		default:
			seen["impossible"]++
		}
	}
	t.Log(seen)
	if seen["cheapest"] < 150 || seen["impossible"] < 50 || 20*(seen["missed"]+seen["costlier"]) > seen["cheapest"] {
		t.Errorf("%v: too little is found, or shown", seen)
	}
}

// A search that is interrupted anywhere leaves a placement that is what it says.
func TestInterruptionsLeaveASanePlacement(t *testing.T) {
	for seed := uint64(0); seed < 400; seed++ {
		rng := rand.New(rand.NewPCG(seed, 62))
		p, ok := problem(t, rng)
		if !ok {
			continue
		}
		x := packing.New(p, seed)
		for range 6 {
			h := cloud.HostID(rng.IntN(len(p.Instance.Hosts)))
			x.Close(h, true)
			if !x.Repair(limited(rng.IntN(20)), h) {
				x.Close(h, false)
			}
			x.Improve(limited(rng.IntN(40)))
			at := x.Placement()
			if !sane(p, at) || spent(x) != cost(p, at) {
				t.Fatalf("seed %d: %v at a cost of %d instead of %d; the judge: %v", seed, at, spent(x), cost(p, at), validate.Placement(p.Instance, p.Rules, at, true))
			}
			for h := range p.Instance.Hosts {
				for _, v := range x.On(cloud.HostID(h)) {
					if at[v] != cloud.HostID(h) {
						t.Fatalf("seed %d: VM %d is listed on host %d and stands on %d", seed, v, h, at[v])
					}
				}
			}
		}
	}
}

func spent(x *packing.Packing) int64 {
	_, cost := x.Value()
	return cost
}
