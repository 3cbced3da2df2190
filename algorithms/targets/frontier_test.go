package targets_test

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// stop is a placement that can be reached, and what that costs.
type stop struct {
	at   cloud.Placement
	cost int64
}

type stops []stop

func (s stops) Len() int           { return len(s) }
func (s stops) Less(i, j int) bool { return s[i].cost < s[j].cost }
func (s stops) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *stops) Push(x any)        { *s = append(*s, x.(stop)) }
func (s *stops) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// within finds every placement that sane migrations reach, and the least cost of that (Dijkstra).
func within(r *targets.Request) (out []stop) {
	p := &paths.Problem{Instance: r.Instance, Rules: r.Rules, Cost: r.Cost, Start: r.Instance.Initial, Goal: r.Instance.Initial}
	done := map[string]bool{}
	queue := &stops{{r.Instance.Initial, 0}}
	for queue.Len() > 0 {
		s := heap.Pop(queue).(stop)
		if key := fmt.Sprint(s.at); done[key] {
			continue
		} else {
			done[key] = true
		}
		out = append(out, s)
		for _, m := range pathtest.Successors(p, s.at) {
			next := s.at.Clone()
			next[m.VM] = m.To
			heap.Push(queue, stop{next, s.cost + cloud.CostOf(r.Cost, m)})
		}
	}
	return out
}

// few draws a small request, often with hosts that are full, of which all placements can be tried.
func few(t *testing.T, rng *rand.Rand) *targets.Request {
	for {
		r := small(t, rng)
		in := r.Instance
		if math.Pow(float64(len(in.Hosts)), float64(len(in.VMs))) > 1500 || slices.Contains(in.Initial, cloud.Absent) {
			continue
		}
		for v := range in.VMs {
			in.VMs[v].Interruptible = false
		}
		return request(t, in)
	}
}

// Of small instances, the frontier dominates as much as that of all placements that can be reached, which are found by
// trying all migrations. What is proved is so, what is called unreachable is so, and no bound is too high. With a term that changes nothing,
// the search finds it without listing all targets.
func TestAFrontierLacksTargets(t *testing.T) {
	compared, complete, unreached, proved := 0, 0, 0, 0
	searched, share := 0, 0.0
	for seed := uint64(0); compared < 30; seed++ {
		rng := rand.New(rand.NewPCG(seed, 31))
		r := few(t, rng)
		in := r.Instance
		reached := within(r)
		name := []string{"defragment", "rebalance", "policy(objective=load(measure=stddev))", "evacuate(hosts=h0)"}[rng.IntN(4)]
		for _, text := range []string{name, with(name, "start=0")} {
			strategy := build(t, text)
			o, err := objectives.Bind(catalogue.Standard(), in, r.Rules, strategy.Objective(in))
			if err != nil {
				t.Fatal(err)
			}
			var all []*targets.Point
			best := &targets.Point{Score: cloud.Score{math.MaxInt64}}
			for _, s := range reached {
				if len(validate.Placement(in, r.Rules, s.at, true)) > 0 || name == "evacuate(hosts=h0)" && slices.Contains(s.at, 0) {
					continue
				}
				p := &targets.Point{Choice: targets.Choice{Target: s.at}, Score: o.Value(s.at), Cost: s.cost}
				if all = append(all, p); p.Score.Compare(best.Score) < 0 || p.Score == best.Score && p.Cost < best.Cost {
					best = p
				}
			}
			at := fmt.Sprintf("seed %d, %s", seed, text)
			f, err := r.Frontier(t.Context(), strategy, targets.Sweep{Seed: 1})
			var none *targets.NoTargetError
			switch {
			case errors.As(err, &none) && (len(all) == 0 || text != name):
				continue
			case err != nil:
				t.Errorf("%s: %v", at, err)
				continue
			}
			before := o.Value(in.Initial)[0]
			want, got := targets.Hypervolume(all, before, best.Cost), targets.Hypervolume(f.Points, before, best.Cost)
			if got > want || text == name && got < 0.98*want {
				t.Errorf("%s: the frontier dominates %.0f, and that of all placements %.0f", at, got, want)
			}
			switch {
			case want == 0:
			case text == name:
				compared++
			default:
				searched++
				share += got / want
			}
			if f.Complete {
				complete++
			}
			for _, p := range f.Points {
				cheapest := int64(math.MaxInt64)
				for _, q := range all {
					if q.Score.Compare(p.Score) <= 0 {
						cheapest = min(cheapest, q.Cost)
					}
				}
				if p.Bound > cheapest || p.Proved && p.Cost != cheapest || p.Cost < cheapest {
					t.Errorf("%s: a point of %d costs %d, bound %d, proved: %v; the least cost is %d", at, p.Score, p.Cost, p.Bound, p.Proved, cheapest)
				}
				if p.Proved {
					proved++
				}
				walk(t, text, r, p.Choice)
			}
			for _, p := range f.Unreached {
				unreached++
				if p.Status == cloud.Infeasible && slices.ContainsFunc(reached, func(s stop) bool { return s.at.Equal(p.Target) }) {
					t.Errorf("%s: %v is reached", at, p.Target)
				}
			}
		}
	}
	t.Logf("%d compared, %d complete, %d points proved, %d targets unreached; a share of %.3f by search", compared, complete, proved, unreached, share/float64(searched))
	if share < 0.9*float64(searched) {
		t.Errorf("without a list of all targets, the search finds %.3f of the area", share/float64(searched))
	}
	if complete == 0 || unreached == 0 || proved == 0 {
		t.Error("the law was hardly tried")
	}
}

// with adds a term to a strategy.
func with(strategy, term string) string {
	if last := len(strategy) - 1; strategy[last] == ')' {
		return strategy[:last] + ", " + term + ")"
	}
	return strategy + "(" + term + ")"
}

// The same seed without a timeout finds the same points.
func TestAFrontierIsAnotherOneEachTime(t *testing.T) {
	r := request(t, cloudOf(t, "random(hosts=16, max=2048, utilisation=0.6, target=none)", 3))
	for _, text := range []string{"defragment", "policy(objective=load(measure=stddev))"} {
		var first *targets.Frontier
		for _, cores := range []int{1, 2} {
			f, err := r.Frontier(t.Context(), build(t, text), targets.Sweep{Seed: 7, Points: 5, Cores: cores})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = f
			}
			if len(f.Points) < 3 || !slices.EqualFunc(f.Points, first.Points, func(p, q *targets.Point) bool {
				return p.Target.Equal(q.Target) && slices.Equal(p.Path, q.Path) && p.Cost == q.Cost
			}) {
				t.Errorf("%s: %d points, %d the first time", text, len(f.Points), len(first.Points))
			}
		}
	}
}

// The area counts what is better than both ends only, and once.
func TestHypervolumeCountsTwice(t *testing.T) {
	points := []*targets.Point{
		{Score: cloud.Score{2}, Cost: 10}, {Score: cloud.Score{5}, Cost: 4}, {Score: cloud.Score{5}, Cost: 7}, {Score: cloud.Score{6}, Cost: 4}, {Score: cloud.Score{10}, Cost: 0},
	}
	if got := targets.Hypervolume(points, 10, 10); got != 5*6 {
		t.Errorf("got %v, want 30", got)
	}
	if got := targets.Hypervolume(points, 8, 12); got != 3*2+3*8 {
		t.Errorf("got %v, want 30", got)
	}
}
