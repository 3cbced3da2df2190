package direct_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/pathtest"
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

// The search says yes where trying all orders finds one, with a plan that the judge
// accepts, and no where that finds none.
func TestAnswersAgreeWithTryingAllOrders(t *testing.T) {
	count, checked := map[bool]int{}, 0
	for seed := range uint64(6000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		random := pathtest.Uneven
		if seed%4 > 0 {
			random = crowded
		}
		p := pathtest.Problem(t, random(rng), []string{"ram", "count"}[rng.IntN(2)])
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
		if len(p.Start) <= 6 && seed%5 < 3 {
			truth, found := pathtest.Exhaustive(p).To(p.Start)
			if checked++; found && r.LowerBound > truth {
				t.Fatalf("instance %d: a bound of %d, the optimum is %d", seed, r.LowerBound, truth)
			}
		}
		want, straight := exists(p, p.NewState(), map[string]bool{}), bounds.MisplacedFrom(p, p.Start)
		switch count[want]++; {
		case want && (r.Status != cloud.Optimal || r.Cost != straight):
			t.Fatalf("instance %d: %s at %d where there is an order (%s)", seed, r.Status, r.Cost, r.Reason)
		case !want && (r.Status != cloud.Unknown || r.LowerBound <= straight):
			t.Fatalf("instance %d: %s with a bound of %d where there is no order (%s)", seed, r.Status, r.LowerBound, r.Reason)
		}
	}
	t.Log(count, checked)
	if count[true] < 500 || count[false] < 500 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}
