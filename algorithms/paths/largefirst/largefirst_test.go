package largefirst

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// full is a cloud whose two placements are random and independent.
func full(t testing.TB, hosts int, utilisation float64, more string, seed uint64) *paths.Problem {
	t.Helper()
	text := fmt.Sprintf("random(hosts=%d, utilisation=%g, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], "+
		"weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh%s)", hosts, utilisation, more)
	family, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(seed)
	if err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, instances[0], "ram")
}

func rest(t testing.TB) func() paths.Searcher {
	t.Helper()
	makeGreedy, _, err := spec.Build[func() paths.Searcher](pathtest.Catalogue(paths.Registry(greedy.Entry()), bounds.Registry(bounds.Entries()...)), paths.Kind, spec.Named("greedy"))
	if err != nil {
		t.Fatal(err)
	}
	return makeGreedy
}

func solve(t testing.TB, s paths.Searcher, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	r, err := paths.Solve(context.Background(), s, p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

// Greedy is 1 to 5 % above the bound here.
func TestFullCloudsAreFarFromTheBound(t *testing.T) {
	for _, c := range []struct {
		utilisation float64
		more        string
		gap         float64
	}{
		{0.95, "", 0},
		{0.98, "", 0.0005},
		{0.99, "", 0.01},
		{0.95, ", resources=2, correlation=0.9", 0.001},
		{0.98, ", grouped=0.1, anti-affinity=host", 0.001},
	} {
		for seed := range uint64(3) {
			p := full(t, 200, c.utilisation, c.more, seed)
			low := bounds.MisplacedFrom(paths.Unlimited(p), p.Start)
			r := solve(t, searcher{2, rest(t)}, p, paths.Options{Seed: seed})
			if gap := float64(r.Cost-low) / float64(low); !r.Status.HasPlan() || gap > c.gap {
				t.Errorf("%g full%s, seed %d: status %s, gap %.5f, expected at most %g", c.utilisation, c.more, seed, r.Status, gap, c.gap)
			}
		}
	}
}

// wide makes an attempt with two lanes even for few VMs.
type wide struct {
	rest func() paths.Searcher
	seed uint64
}

// Search implements [paths.Searcher].
func (w wide) Search(run *paths.Run) error {
	o := NewPlans(run.Problem, w.rest).Attempt(Thrifty, w.seed)
	m := o.plans.m
	o.a = newAttempt(m, run, w.seed, thrifty)
	o.a.pauseAt(thrifty.perHost)
	o.a.lanes = []*lane{newLane(m, 1), newLane(m, 2)}
	return o.complete(run)
}

// Lanes that end in different placements make plans that cannot be carried out. Lanes that
// depend on timing make plans that cannot be repeated.
func TestTwoLanesAgreeAtAnyNumberOfCores(t *testing.T) {
	for seed := range uint64(4) {
		p := full(t, 300, 0.985, ", grouped=0.1, anti-affinity=host", seed)
		var first paths.Result
		for n, cores := range []int{1, 2, 8} {
			was := runtime.GOMAXPROCS(cores)
			r := solve(t, wide{rest(t), seed}, p, paths.Options{Expansions: 400_000})
			runtime.GOMAXPROCS(was)
			if n == 0 {
				first = r
				continue
			}
			if !slices.Equal(r.Migrations, first.Migrations) || r.Counters.Expanded != first.Counters.Expanded {
				t.Errorf("seed %d: the plan on %d cores differs from the plan on one", seed, cores)
			}
		}
		if !first.Status.HasPlan() {
			t.Errorf("seed %d: %s (%s)", seed, first.Status, first.Reason)
		}
	}
}

// A list or an amount that lags behind the moves lets VMs onto hosts without room.
func TestSidesLoseTrackOfMoves(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := pathtest.Problem(t, pathtest.Random(rng), "ram")
		m := newModel(p)
		a := newAttempt(m, &paths.Run{Problem: p}, seed, thrifty)
		s := a.lanes[0].sides[start]
		at := p.Start.Clone()
		var marks []cloud.Placement
		for range 200 {
			if len(marks) > 0 && rng.IntN(3) == 0 {
				n := rng.IntN(len(marks))
				s.undo(n)
				at, marks = marks[n], marks[:n]
			} else if v := cloud.VMID(rng.IntN(len(at))); at[v] != cloud.Absent {
				to := cloud.HostID(rng.IntN(m.hosts))
				if to == at[v] {
					continue
				}
				marks = append(marks, at.Clone())
				at = at.Clone()
				at[v] = to
				s.move(v, to)
			}
			checkSide(t, s, at)
		}
	}
}

func checkSide(t *testing.T, s *side, at cloud.Placement) {
	t.Helper()
	want := cloud.NewState(s.m.p.Instance, nil, at)
	for h := range cloud.HostID(s.m.hosts) {
		list := s.on.list(h)
		if len(list) != len(want.On(h)) {
			t.Fatalf("host %d lists %d VMs, %d stand there", h, len(list), len(want.On(h)))
		}
		for n, x := range list {
			if at[x.vm] != h || s.host[x.vm] != h || s.slot[x.vm] != int32(n) || s.m.kind[x.vm] != x.kind {
				t.Fatalf("host %d lists VM %d at %d, which stands on %d", h, x.vm, n, at[x.vm])
			}
		}
		for r := range s.m.resources {
			if got, room := s.room[int(h)*s.m.resources+r], s.m.limit[int(h)*s.m.resources+r]-want.Used(h, r); got != room {
				t.Fatalf("host %d has room for %d, not %d", h, room, got)
			}
		}
		if b := s.holes.bucket[h]; s.holes.buckets[b][s.holes.slot[h]] != h || b != bucketOf(s.roomShare(h)) {
			t.Fatalf("host %d lies in the wrong bucket", h)
		}
	}
}

// If the two ends do not meet, the rest searcher gets the gap. If it finds no plan, the result
// tells how far the ends have come.
func TestTheRestIsForgotten(t *testing.T) {
	asked := 0
	for seed := range uint64(300) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 2))), "ram")
		r := solve(t, searcher{1, func() paths.Searcher { asked++; return idle{} }}, p, paths.Options{Seed: seed})
		if r.Status != cloud.Unknown {
			continue
		}
		at := p.Start.Clone()
		for _, m := range slices.Concat(r.Head, r.Tail) {
			if len(r.Tail) > 0 && m == r.Tail[0] {
				break
			}
			at[m.VM] = m.To
		}
		if at.Equal(p.Goal) {
			t.Errorf("seed %d: the head leads to the goal, but there is no plan", seed)
		}
	}
	if asked == 0 {
		t.Error("the ends always met: the test shows nothing")
	}
}

// idle finds nothing.
type idle struct{}

// Search implements [paths.Searcher].
func (idle) Search(run *paths.Run) error {
	run.GiveUp("idle")
	return nil
}

// A paused attempt loses nothing: it goes on in another run and finds its plan.
func TestAPauseLosesThePlan(t *testing.T) {
	p := full(t, 100, 0.99, "", 1)
	o := NewPlans(p, rest(t)).Attempt(Thrifty, 1).Pausing(1)
	for pauses := 0; ; pauses++ {
		r := solve(t, o, p, paths.Options{})
		if !o.Paused() {
			if !r.Status.HasPlan() || pauses == 0 {
				t.Errorf("after %d pauses: %s (%s)", pauses, r.Status, r.Reason)
			}
			return
		}
		if r.Status != cloud.Unknown {
			t.Errorf("the attempt has paused with %s", r.Status)
		}
	}
}

// What does not fit in memory is not begun, and a second lane only where there is room for it.
func TestMemoryIsTakenUnasked(t *testing.T) {
	p := full(t, 50, 0.9, "", 1)
	o := NewPlans(p, rest(t))
	need := o.m.laneBytes()
	for _, c := range []struct {
		limit int64
		found bool
	}{{need - 1, false}, {need, true}} {
		if r := solve(t, o.Attempt(Thrifty, 1), p, paths.Options{MemoryBytes: c.limit}); r.Status.HasPlan() != c.found {
			t.Errorf("under a limit of %d bytes: %s (%s)", c.limit, r.Status, r.Reason)
		}
	}
}

func BenchmarkAttempt(b *testing.B) {
	for _, utilisation := range []float64{0.9, 0.98, 0.99} {
		p := full(b, 1000, utilisation, "", 1)
		plans := NewPlans(p, rest(b))
		b.Run(fmt.Sprint(utilisation), func(b *testing.B) {
			var expanded int64
			for b.Loop() {
				r, err := paths.Solve(context.Background(), plans.Attempt(Thrifty, 1), p, paths.Options{})
				if err != nil {
					b.Fatal(err)
				}
				expanded += r.Counters.Expanded
			}
			b.ReportMetric(float64(expanded)/b.Elapsed().Seconds(), "hosts/s")
		})
	}
}
