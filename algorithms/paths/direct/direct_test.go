package direct_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// exists tells whether direct migrations alone lead to the goal, by trying all orders with
// the model's own state; met are the placements from which they do not.
func exists(p *paths.Problem, s *cloud.State, met map[string]bool) bool {
	at := s.Placement()
	if at.Equal(p.Goal) {
		return true
	}
	key := ""
	for _, h := range at {
		key += string(rune(h + 1))
	}
	if met[key] {
		return false
	}
	for v, h := range at {
		if vm := cloud.VMID(v); h != p.Goal[v] && s.Allows(vm, p.Goal[v]) {
			s.Move(vm, p.Goal[v])
			found := exists(p, s, met)
			s.Undo()
			if found {
				return true
			}
		}
	}
	met[key] = true
	return false
}

// crowded makes an instance of hosts that are full, or nearly, at both ends: many have no
// order, and the others few.
func crowded(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "crowded", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}}[:1+rng.IntN(2)]}
	hosts, slack := 2+rng.IntN(4), rng.Int64N(3)
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: string(rune('A' + h)), Capacity: make([]int64, len(in.Resources)), Reserved: make([]int64, len(in.Resources))})
	}
	for v := range 4 + rng.IntN(8) {
		vm := cloud.VM{Name: string(rune('a' + v))}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 1<<rng.IntN(3))
		}
		in.VMs = append(in.VMs, vm)
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(hosts)))
		in.Target = append(in.Target, in.Initial[v])
	}
	// Who changes places with others leaves the sums about as they were.
	for range 3 * len(in.VMs) {
		a, b := rng.IntN(len(in.VMs)), rng.IntN(len(in.VMs))
		in.Target[a], in.Target[b] = in.Target[b], in.Target[a]
	}
	for h := range in.Hosts {
		for r := range in.Resources {
			for _, at := range []cloud.Placement{in.Initial, in.Target} {
				var sum int64
				for v, x := range at {
					if int(x) == h {
						sum += in.VMs[v].Demand[r]
					}
				}
				in.Hosts[h].Capacity[r] = max(1, in.Hosts[h].Capacity[r], sum)
			}
			in.Hosts[h].Capacity[r] += rng.Int64N(1 + slack)
		}
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
	return in
}

// The search finds a plan that the judge accepts if exhaustive search finds an order, and says
// no otherwise.
func TestAnswersAgreeWithTryingAllOrders(t *testing.T) {
	count, checked, overfull := map[bool]int{}, 0, 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		random := pathtest.Uneven
		if seed%4 > 0 {
			random = crowded
		}
		in := random(rng)
		if seed%3 == 0 && pathtest.Overfull(rng, in) {
			overfull++
		}
		p := pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
		if p.Start.Equal(p.Goal) {
			continue
		}
		r, err := paths.Solve(context.Background(), direct.Searcher{}, p, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, stuck := space.NewLayout(p).Stuck(); stuck || r.Status == cloud.Infeasible {
			continue
		}
		pathtest.Judge(t, p, &r)
		if len(p.Start) <= 5 {
			truth, found := pathtest.Exhaustive(p).To(p.Start)
			if checked++; found && r.LowerBound > truth {
				t.Fatalf("instance %d: a bound of %d, the optimum is %d", seed, r.LowerBound, truth)
			}
		}
		want, straight := exists(p, p.NewState(), map[string]bool{}), bounds.MisplacedFrom(paths.Unlimited(p), p.Start)
		switch count[want]++; {
		case want && (r.Status != cloud.Optimal || r.Cost != straight):
			t.Fatalf("instance %d: %s at %d where there is an order (%s)", seed, r.Status, r.Cost, r.Reason)
		case !want && (r.Status != cloud.Unknown || r.LowerBound <= straight):
			t.Fatalf("instance %d: %s with a bound of %d where there is no order (%s)", seed, r.Status, r.LowerBound, r.Reason)
		}
	}
	t.Log(count, checked, overfull)
	if overfull < 800 {
		t.Errorf("a host is too full in only %d instances", overfull)
	}
	if checked < 300 {
		t.Errorf("only %d bounds were compared with the optimum", checked)
	}
	if count[true] < 500 || count[false] < 500 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}

// Two large VMs change places, which takes room that nobody but the VMs at home on their
// hosts can make: the cheapest detour is theirs, or one of the large ones themselves.
func TestTheBoundRisesByTheCheapestDetourThatHelps(t *testing.T) {
	for name, c := range map[string]struct{ home, bound int64 }{
		"away and back":            {1, 8 + 2*1},
		"the large one by the way": {3, 8 + 4},
	} {
		in := &cloud.Instance{Name: "swap", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
		for _, h := range []struct {
			name     string
			capacity int64
		}{{"a", 4 + c.home + 4 - c.home}, {"b", 4}, {"c", 4}} {
			in.Hosts = append(in.Hosts, cloud.Host{Name: h.name, Capacity: []int64{h.capacity}, Reserved: []int64{0}})
		}
		in.VMs = []cloud.VM{{Name: "x", Demand: []int64{4}}, {Name: "y", Demand: []int64{4}}, {Name: "home", Demand: []int64{c.home}}}
		in.Initial, in.Target = cloud.Placement{0, 1, 0}, cloud.Placement{1, 0, 0}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		r, err := paths.Solve(context.Background(), direct.Searcher{}, pathtest.Problem(t, in, "ram"), paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status.HasPlan() || r.LowerBound != c.bound {
			t.Errorf("%s: %s with a bound of %d, want %d and no plan", name, r.Status, r.LowerBound, c.bound)
		}
	}
}

// A limit is a status: the search reports it, and its bound is no higher than without a limit.
func TestLimitsLeaveTheQuestionOpen(t *testing.T) {
	for seed := range uint64(200) {
		p := pathtest.Problem(t, crowded(rand.New(rand.NewPCG(seed, 5))), "ram")
		if p.Start.Equal(p.Goal) {
			continue
		}
		for _, o := range []paths.Options{{Expansions: 1}, {MemoryBytes: 64}} {
			r, err := paths.Solve(context.Background(), direct.Searcher{}, p, o)
			if err != nil {
				t.Fatal(err)
			}
			all, err := paths.Solve(context.Background(), direct.Searcher{}, p, paths.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Status.HasPlan() && !all.Status.HasPlan() || r.LowerBound > all.LowerBound {
				t.Errorf("instance %d: %s with a bound of %d under a limit, without one %s with %d", seed, r.Status, r.LowerBound, all.Status, all.LowerBound)
			}
		}
	}
}
