package space

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// What is packed must be what is visited, or a search walks through states that do not
// exist.
func TestPackedPlacementsAreVisitedUnchanged(t *testing.T) {
	for seed := range uint64(300) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 5))), "ram")
		l := NewLayout(p)
		if _, stuck := l.Stuck(); stuck {
			continue
		}
		s := p.NewState()
		here, next := make([]uint64, l.Words()), make([]uint64, l.Words())
		truth := pathtest.Exhaustive(p)
		truth.Each(func(at cloud.Placement, _ int64) {
			l.Pack(at, here)
			l.Visit(s, here)
			// The goal's component holds placements of the same VMs only.
			if !s.Placement().Equal(at) {
				t.Fatalf("instance %d: packed %v, visited %v", seed, at, s.Placement())
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

// The table is a map from keys to positions, no more and no less.
func TestTableIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.IntRange(1, 3).Draw(t, "words")
		table, model := newTable(words), map[[3]uint64]int32{}
		for range rapid.IntRange(1, 4000).Draw(t, "finds") {
			var k [3]uint64
			for w := range words {
				k[w] = rapid.Uint64Range(0, 40).Draw(t, "word") << 58 >> rapid.UintRange(0, 58).Draw(t, "shift")
			}
			i, added := table.find(k[:words])
			want, known := model[k]
			if added == known || (known && i != want) {
				t.Fatalf("key %v: position %d, new %v; the model says %d, known %v", k, i, added, want, known)
			}
			model[k] = i
			if !slices.Equal(table.key(i), k[:words]) {
				t.Fatalf("position %d holds %v, expected %v", i, table.key(i), k)
			}
		}
		if table.len() != len(model) {
			t.Fatalf("%d states, expected %d", table.len(), len(model))
		}
	})
}

// Entries leave the open list in order of evaluation, whatever order they came in.
func TestOpenListIsSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o open
		var model []entry
		for i := range rapid.IntRange(0, 200).Draw(t, "entries") {
			e := entry{f: rapid.Int64Range(0, 9).Draw(t, "f"), h: rapid.Int64Range(0, 3).Draw(t, "h"), state: int32(i)}
			o.push(e)
			model = append(model, e)
		}
		slices.SortFunc(model, func(a, b entry) int {
			switch {
			case a.before(b):
				return -1
			case b.before(a):
				return 1
			}
			return 0
		})
		for _, want := range model {
			if got := o.pop(); got != want {
				t.Fatalf("%v left the list, expected %v", got, want)
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

func (h inconsistent) Initial(s *cloud.State) int64 { return h.at(s.Placement()) }

func (h inconsistent) After(_ int64, s *cloud.State, vm cloud.VMID, _, to cloud.HostID) int64 {
	p := s.Placement()
	p[vm] = to
	return h.at(p)
}

// With a heuristic that is admissible and not consistent, states must be reopened for
// the plan to be optimal.
func TestInconsistentHeuristicsStillProveTheOptimum(t *testing.T) {
	reopened := int64(0)
	for seed := range uint64(1500) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 6))), "ram")
		truth := pathtest.Exhaustive(p)
		search := BestFirst{Heuristic: func(*paths.Problem) Heuristic { return inconsistent{truth, seed} }}
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

func (zero) Initial(*cloud.State) int64                                              { return 0 }
func (zero) After(int64, *cloud.State, cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 0 }

func blindMaker(*paths.Problem) Heuristic { return zero{} }

func problem(t testing.TB, family string, seed uint64) *paths.Problem {
	t.Helper()
	f, _, err := spec.NewRegistry("family", generators.Vocabulary(), generators.Entries()...).Build(spec.MustParse(family))
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
	p := problem(b, "random(hosts=8)", 1)
	var last paths.Result
	generated, expanded := int64(0), int64(0)
	for b.Loop() {
		r, err := paths.Solve(context.Background(), BestFirst{Heuristic: blindMaker}, p, paths.Options{Expansions: 20_000})
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
