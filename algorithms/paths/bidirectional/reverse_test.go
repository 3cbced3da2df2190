package bidirectional

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// uphill charges differently by direction; suspending is often the cheapest way.
type uphill struct{ cloud.CostFunction }

func (uphill) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return 1 + (int64(vm)*7+int64(from)*5+int64(to)*11)%17
}

func (uphill) Suspend(vm cloud.VMID, from cloud.HostID) int64 { return 1 + (int64(vm)+3*int64(from))%5 }

func (uphill) Resume(vm cloud.VMID, to cloud.HostID) int64 { return (int64(vm) + 2*int64(to)) % 7 }

// reachable lists every placement that can be reached, with its distance from the start
// (Bellman-Ford over the judge's own successors).
func reachable(p *paths.Problem) (at []cloud.Placement, cost []int64) {
	index := map[string]int{fmt.Sprint(p.Start): 0}
	at, cost = []cloud.Placement{p.Start}, []int64{0}
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		for _, m := range pathtest.Successors(p, at[n]) {
			next := at[n].Clone()
			next[m.VM] = m.To
			c := cost[n] + cloud.CostOf(p.Cost, m)
			k, known := index[fmt.Sprint(next)]
			switch {
			case !known:
				k = len(at)
				index[fmt.Sprint(next)] = k
				at, cost = append(at, next), append(cost, c)
			case cost[k] <= c:
				continue
			}
			cost[k] = c
			queue = append(queue, k)
		}
	}
	return at, cost
}

// stepsInto lists the steps that lead into a placement, by the judge's own successors of
// all that may come before it, whether or not that can be reached.
func stepsInto(p *paths.Problem, place cloud.Placement) []string {
	var out []string
	for v, to := range place {
		for from := cloud.Absent; int(from) < len(p.Instance.Hosts); from++ {
			before, m := place.Clone(), cloud.Change{VM: cloud.VMID(v), From: from, To: to}
			before[v] = from
			if slices.Contains(pathtest.Successors(p, before), m) {
				out = append(out, fmt.Sprint(m, cloud.CostOf(p.Cost, m)))
			}
		}
	}
	return out
}

// Backwards, the search takes exactly the steps that lead forwards, at their cost, and
// what heuristics say of the distance from the start is never above it.
func TestBackwardSideLies(t *testing.T) {
	steps, suspended := 0, 0
	for seed := range uint64(700) {
		rng := rand.New(rand.NewPCG(seed, 24))
		p := pathtest.Problem(t, pathtest.Random(rng), []string{"ram", "count"}[rng.IntN(2)])
		if seed%2 == 0 {
			p.Cost = uphill{p.Cost}
		}
		l := space.NewLayout(p)
		at, cost := reachable(p)
		if _, stuck := l.Stuck(); stuck || len(at) > 3000 {
			continue
		}
		if _, exists := pathtest.Exhaustive(p).To(p.Start); !exists {
			continue // the goal may be one that breaks a rule
		}
		back := reversed(p, l, func() bool { return true })
		s := space.NewState(back, l)
		seen := relaxed(back, s.Suspends())
		heuristics := map[string]space.Heuristic{}
		for _, d := range pathtest.Catalogue(bounds.Registry(bounds.Entries()...)).Descriptors(bounds.Kind) {
			maker, _, err := spec.Build[bounds.Maker](pathtest.Catalogue(bounds.Registry(bounds.Entries()...)), bounds.Kind, spec.Named(d.Name))
			if err != nil {
				t.Fatal(err)
			}
			if d.Has(bounds.Admissible) {
				heuristics[d.Name] = maker(paths.Unlimited(seen), seen, l)
			}
		}
		key := make([]uint64, l.Words())
		for n, place := range at {
			l.Pack(place, key)
			s.Visit(key)
			for name, h := range heuristics {
				if e := h.Estimate(s); e > cost[n] {
					t.Fatalf("instance %d: from the start %v to %v it costs %d, %s says %d", seed, p.Start, place, cost[n], name, e)
				}
			}
			if n%(1+len(at)/120) != 0 {
				continue
			}
			var moves []space.Move
			if s.Suspends() {
				moves, _ = stepsBack(p, s, nil, space.NewAsker(func(int) bool { return true }))
				suspended++
			} else {
				moves = s.Moves(nil)
			}
			var got []string
			for _, m := range moves {
				vm := l.VM(int(m.Pos))
				got = append(got, fmt.Sprint(cloud.Change{VM: vm, From: m.To, To: place[vm]}, m.Cost))
			}
			want := stepsInto(p, place)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("instance %d: backwards out of %v\nfound    %v\nexpected %v", seed, place, got, want)
			}
			steps += len(got)
		}
	}
	if steps < 20_000 || suspended < 500 {
		t.Errorf("only %d steps and %d states with suspending were checked", steps, suspended)
	}
}

// The cheapest step is the cheapest of those that are sane anywhere, or less.
func TestCheapestStepIsNot(t *testing.T) {
	for seed := range uint64(100) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 25))), "ram")
		if seed%2 == 0 {
			p.Cost = uphill{p.Cost}
		}
		least := cheapest(p, space.NewLayout(p), func() bool { return true })
		at, _ := reachable(p)
		for _, place := range at[:min(len(at), 200)] {
			for _, m := range pathtest.Successors(p, place) {
				if c := cloud.CostOf(p.Cost, m); c < least {
					t.Fatalf("instance %d: %v costs %d, less than %d", seed, m, c, least)
				}
			}
		}
	}
}
