package idastar

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// What is left out for its order can be made in the other order, and leads to the same
// state; of two migrations not both orders are left out.
func TestWhatIsLeftOutCouldHaveBeenMadeBefore(t *testing.T) {
	pairs := 0
	for seed := range uint64(300) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 24))), "ram")
		layout := space.NewLayout(p)
		s := space.NewState(p, layout)
		if _, stuck := layout.Stuck(); stuck || !s.LimitsOnly() {
			continue
		}
		key, o := make([]uint64, layout.Words()), order{commute: true}
		pathtest.Exhaustive(p).Each(func(at cloud.Placement, _ int64) {
			layout.Pack(at, key)
			s.Visit(key)
			here := s.Moves(nil)
			for _, first := range here {
				from := s.Apply(int(first.Pos), first.To)
				after := s.Moves(nil)
				s.Apply(int(first.Pos), from)
				for _, second := range after {
					if !o.omits(viaOf(first.Pos, from), second) {
						continue
					}
					pairs++
					if !slices.Contains(here, second) {
						t.Fatalf("instance %d, %v: %v after %v is left out, and cannot be made before", seed, at, second, first)
					}
					back := s.Apply(int(second.Pos), second.To)
					if !slices.Contains(s.Moves(nil), first) {
						t.Fatalf("instance %d, %v: %v cannot be made after %v", seed, at, first, second)
					}
					if o.omits(viaOf(second.Pos, back), first) {
						t.Fatalf("instance %d, %v: both orders of %v and %v are left out", seed, at, first, second)
					}
					s.Apply(int(second.Pos), back)
				}
			}
		})
	}
	if pairs < 1000 {
		t.Errorf("only %d pairs were left out", pairs)
	}
}

// A state met again at equal cost, by another migration than the first time, is searched
// for what was left out then, and only once.
func TestWhatWasLeftOutIsSearchedWhenTheStateIsMetAgain(t *testing.T) {
	p := random(t, "random(hosts=4)", 1)
	_, err := paths.Solve(context.Background(), searcherFunc(func(run *paths.Run) {
		s := newSearch(run, space.NewLayout(p), bounds.Blind(run, p, nil), Searcher{PartialOrder: true})
		s.limit, s.top = 100, 100
		s.memory.begin()
		a, b, c := viaOf(1, 2), viaOf(2, 2), viaOf(3, 1)
		for n, met := range []struct {
			g     int64
			led   via
			again via
			fresh bool
		}{
			{5, a, 0, true},
			{6, b, 0, false}, // a costlier way begins no cheapest plan
			{5, a, 0, false},
			{5, b, a, true},
			{5, c, 0, false}, // by now nothing is left out
			{4, b, 0, true},
			{4, c, b, true},
			{4, a, 0, false},
			{0, 0, 0, true},
			{0, a, 0, false},
		} {
			if _, again, fresh := s.recall(met.g, 0, 1, met.led); again != met.again || fresh != met.fresh {
				t.Errorf("step %d: searched: %v, for what %x leaves out; expected %v, %x", n, fresh, again, met.fresh, met.again)
			}
		}
	}), p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
}

// The memory knows what was stored, or has said that it forgot.
func TestMemoryForgetsOnlyWhenItSaysSo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.IntRange(1, 3).Draw(t, "words")
		most := rapid.Int64Range(0, 1<<18).Draw(t, "bytes")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		m := newMemory(words, func(bytes int64) bool { return bytes <= most })
		floor := m.bytes()
		type fact struct{ g, bound int64 }
		for range rapid.IntRange(1, 3).Draw(t, "searches") {
			m.begin()
			model := map[uint64]fact{}
			for range rapid.IntRange(0, 4000).Draw(t, "states") {
				key := make([]uint64, words)
				key[0] = rng.Uint64N(3000)
				hash, g, bound := space.Hash(key), rng.Int64N(100), rng.Int64N(100)
				e := m.find(key, hash)
				known, stored := model[key[0]]
				if e == nil {
					if stored && !m.lossy {
						t.Fatal("a state was forgotten silently")
					}
					m.store(key, hash, g, bound, via(g))
					model[key[0]] = fact{g, bound}
					continue
				}
				if old, v, met := m.met(e); met != stored || met && (old != known.g || v != via(old)) {
					t.Fatalf("met at %d by %d: %v; expected %v, %v", old, v, met, known, stored)
				}
				m.raise(e, bound)
				if stored && m.bound(e) < max(bound, known.bound) {
					t.Fatalf("a bound of %d was raised to %d and is %d", known.bound, bound, m.bound(e))
				}
				m.meet(e, g, via(g))
				model[key[0]] = fact{g, m.bound(e)}
			}
		}
		if m.bytes() > max(most, floor) {
			t.Fatalf("%d bytes are held where %d may be", m.bytes(), most)
		}
	})
}

// The trail holds what was pushed and not popped.
func TestTrailIsAStackAndASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trail := newTrail(1)
		var model []uint64
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range rapid.IntRange(0, 3000).Draw(t, "operations") {
			if x := rng.Uint64N(500); len(model) == 0 || rng.IntN(5) < 3 {
				trail.push([]uint64{x}, x%97) // many share a hash
				model = append(model, x)
			} else {
				trail.pop()
				model = model[:len(model)-1]
			}
			if x := rng.Uint64N(500); trail.holds([]uint64{x}, x%97) != slices.Contains(model, x) {
				t.Fatalf("holds %d: %v", x, trail.holds([]uint64{x}, x%97))
			}
		}
	})
}

// A forecast lets in as many states as asked for, and its bins are narrow.
func TestForecastIsAQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f forecast
		all := rapid.SliceOfN(rapid.Int64Range(1, 1<<50), 1, 50).Draw(t, "beyond")
		for _, b := range all {
			f.add(b)
		}
		slices.Sort(all)
		want := rapid.IntRange(1, len(all)).Draw(t, "states")
		exact, got := all[want-1], f.beyond(int64(want))
		if got < exact || got > exact+exact/16 {
			t.Fatalf("the %d-th of %v is %d, the forecast %d", want, all, exact, got)
		}
		if last := f.beyond(1000); last < all[len(all)-1] {
			t.Fatalf("all of %v lie within %d", all, last)
		}
	})
}
