package space

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// What is packed must be what is visited, and what is sane there must be what the rules'
// naive forms call sane, or a search walks through states that do not exist.
func TestPackedPlacementsAreVisitedUnchanged(t *testing.T) {
	for seed := range uint64(300) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 5))), "ram")
		l := NewLayout(p)
		if _, stuck := l.Stuck(); stuck {
			continue
		}
		s := NewState(p, l)
		here, next := make([]uint64, l.Words()), make([]uint64, l.Words())
		truth := pathtest.Exhaustive(p)
		truth.Each(func(at cloud.Placement, _ int64) {
			l.Pack(at, here)
			s.Visit(here)
			for i, h := range s.Host {
				if at[l.VM(i)] != h {
					t.Fatalf("instance %d: packed %v, visited %v", seed, at, s.Host)
				}
			}
			var got []cloud.Change
			for _, m := range s.Moves(nil) {
				got = append(got, cloud.Change{VM: l.VM(int(m.Pos)), From: s.Host[m.Pos], To: m.To})
			}
			if want := pathtest.Successors(p, at); !slices.Equal(got, want) {
				t.Fatalf("instance %d: the sane migrations are %v, expected %v", seed, got, want)
			}
			for _, m := range pathtest.Successors(p, at) {
				after := at.Clone()
				after[m.VM] = m.To
				l.Pack(after, next)
				if got := l.Difference(here, next); got != m {
					t.Fatalf("instance %d: migration %v is read back as %v", seed, m, got)
				}
			}
		})
	}
}

// The table is a map from keys to positions, no more and no less, and keeps the way to
// each state.
func TestTableIsAMap(t *testing.T) {
	type way struct {
		state  uint32
		g      int64
		parent uint32
	}
	rapid.Check(t, func(t *rapid.T) {
		words, wide := rapid.IntRange(1, 3).Draw(t, "words"), rapid.Bool().Draw(t, "wide")
		table, model := NewTable(words, wide), map[[3]uint64]way{}
		most := int64(maxNarrow)
		if wide {
			most = MaxCost
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		distinct := rapid.Uint64Range(1, 30_000).Draw(t, "distinct")
		for range rapid.IntRange(1, 40_000).Draw(t, "finds") {
			var k [3]uint64
			for w := range words {
				k[w] = mix(rng.Uint64N(distinct)) // few keys of one word, many of three
			}
			if words > 1 {
				k[1] = 0
			}
			i, added := table.Find(k[:words], Hash(k[:words]))
			want, known := model[k]
			if added == known || (known && i != want.state) {
				t.Fatalf("key %v: position %d, new %v; the model says %v, known %v", k, i, added, want, known)
			}
			if known {
				if g, parent := table.Way(i); g != want.g || parent != want.parent {
					t.Fatalf("key %v: cost %d from %d, expected %v", k, g, parent, want)
				}
			}
			fresh := way{i, rng.Int64N(most) + 1, rng.Uint32()}
			model[k] = fresh
			table.SetWay(i, fresh.g, fresh.parent)
			if !slices.Equal(table.Key(i), k[:words]) {
				t.Fatalf("position %d holds %v, expected %v", i, table.Key(i), k)
			}
		}
		if table.Len() != len(model) {
			t.Fatalf("%d states, expected %d", table.Len(), len(model))
		}
	})
}

// Entries leave the open list by evaluation, those of one evaluation last in first out.
func TestOpenListIsSorted(t *testing.T) {
	type item struct {
		f     int64
		state uint32
	}
	rapid.Check(t, func(t *rapid.T) {
		q := NewQueue()
		var model []item
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		spread := rapid.Int64Range(1, 50).Draw(t, "spread")
		for n := range uint32(rapid.IntRange(0, 2000).Draw(t, "operations")) {
			if len(model) == 0 || rng.IntN(5) < 3 {
				e := item{rng.Int64N(spread), n}
				q.Push(e.f, e.state)
				model = append(model, e)
			} else {
				best := 0
				for i, e := range model {
					if e.f <= model[best].f {
						best = i
					}
				}
				if f, state := q.Pop(); (item{f, state}) != model[best] {
					t.Fatalf("%d at %d left the list, expected %v", state, f, model[best])
				}
				model = slices.Delete(model, best, best+1)
			}
			if q.Len() != len(model) {
				t.Fatalf("length %d, expected %d", q.Len(), len(model))
			}
		}
	})
}

// inconsistent knows the true cost but, to be inconsistent, tells it of three states in
// four only, and zero of the rest. It stays admissible.
type inconsistent struct {
	truth *pathtest.Distances
	salt  uint64
}

func (h inconsistent) at(p cloud.Placement) int64 {
	mix := h.salt
	for _, host := range p {
		mix = (mix ^ uint64(host)) * 0xff51afd7ed558ccd
	}
	cost, ok := h.truth.To(p)
	switch {
	case !ok:
		return DeadEnd
	case mix>>62 != 0:
		return cost
	default:
		return 0
	}
}

// placement is the state as the model sees it.
func placement(s *State) cloud.Placement {
	p := s.Problem.Start.Clone()
	for i, h := range s.Host {
		p[s.Layout.VM(i)] = h
	}
	return p
}

func (h inconsistent) Estimate(s *State) int64 { return h.at(placement(s)) }

// eager is the same, told of successors at once.
type eager struct{ inconsistent }

func (h eager) After(_ int64, s *State, m Move) int64 {
	p := placement(s)
	p[s.Layout.VM(int(m.Pos))] = m.To
	return h.at(p)
}

// With a heuristic that is admissible and not consistent, states must be reopened for
// the plan to be optimal.
func TestInconsistentHeuristicsStillProveTheOptimum(t *testing.T) {
	reopened := int64(0)
	for seed := range uint64(6000) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 6))), "ram")
		truth := pathtest.Exhaustive(p)
		search := BestFirst{Heuristic: func(*paths.Run, *paths.Problem, *Layout) Heuristic {
			if seed%2 == 0 {
				return inconsistent{truth, seed}
			}
			return eager{inconsistent{truth, seed}}
		}}
		r, err := paths.Solve(context.Background(), search, p, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		pathtest.Judge(t, p, &r)
		reopened += r.Counters.Reopened
		switch cost, exists := truth.To(p.Start); {
		case exists && (r.Status != cloud.Optimal || r.Cost != cost):
			t.Fatalf("instance %d: %s at %d, the optimum is %d", seed, r.Status, r.Cost, cost)
		case !exists && r.Status != cloud.Infeasible:
			t.Fatalf("instance %d: %s, no path exists", seed, r.Status)
		}
	}
	if reopened == 0 {
		t.Error("no state was reopened: the test shows nothing")
	}
}

// Running out of memory is a status, and the bound proved by then stands.
func TestMemoryLimitIsAStatus(t *testing.T) {
	p := problem(t, "random(hosts=8)", 1)
	r, err := paths.Solve(context.Background(), BestFirst{Heuristic: blindMaker}, p, paths.Options{MemoryBytes: 1 << 20})
	if err != nil || r.Status.HasPlan() || r.Status != cloud.Unknown || r.PeakBytes > 4<<20 {
		t.Errorf("%s after %d bytes, %v", r.Status, r.PeakBytes, err)
	}
}

type zero struct{}

func (zero) Estimate(*State) int64           { return 0 }
func (zero) After(int64, *State, Move) int64 { return 0 }

func blindMaker(*paths.Run, *paths.Problem, *Layout) Heuristic { return zero{} }

func problem(t testing.TB, family string, seed uint64) *paths.Problem {
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

// BenchmarkBestFirst measures uniform-cost search on a random instance: states
// generated and expanded per second, and bytes per stored state.
func BenchmarkBestFirst(b *testing.B) {
	p := problem(b, "random(hosts=10)", 19)
	var last paths.Result
	generated, expanded := int64(0), int64(0)
	for b.Loop() {
		r, err := paths.Solve(context.Background(), BestFirst{Heuristic: blindMaker}, p, paths.Options{Expansions: 50_000})
		if err != nil {
			b.Fatal(err)
		}
		last = r
		generated += r.Counters.Generated
		expanded += r.Counters.Expanded
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(generated)/seconds, "generated/s")
	b.ReportMetric(float64(expanded)/seconds, "expanded/s")
	b.ReportMetric(float64(last.PeakBytes)/float64(max(last.Counters.Stored, 1)), "bytes/state")
}
