package improve

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// stroll is a random plan: sane steps to wherever they lead.
func stroll(p *paths.Problem, rng *rand.Rand, steps int) []cloud.Change {
	s := p.NewState()
	for range steps {
		v, h := cloud.VMID(rng.IntN(len(p.Start))), cloud.HostID(rng.IntN(len(p.Instance.Hosts)))
		if s.HostOf(v) != cloud.Absent && s.Allows(v, h) {
			s.Move(v, h)
		}
	}
	return slices.Clone(s.Moves())
}

// naive is the room on every host in every period, found by walking the plan.
func naive(t *timetable) string {
	p := t.p
	s := cloud.NewState(p.Instance, nil, p.Start)
	for v := range t.out {
		if t.out[v] {
			s.Jump(cloud.VMID(v), cloud.Absent)
		}
	}
	rooms := make([][]int64, len(t.line))
	note := func(h cloud.HostID) {
		if h == cloud.Absent {
			return
		}
		for r := range p.Instance.Resources {
			rooms[h] = append(rooms[h], t.law.limit[int(h)*t.law.resources+r]-s.Used(h, r))
		}
	}
	for h := range t.line {
		note(cloud.HostID(h))
	}
	for _, m := range t.plan() {
		if !t.out[m.VM] {
			s.Jump(m.VM, m.To)
			note(m.From)
			note(m.To)
		}
	}
	return fmt.Sprint(rooms)
}

func (t *timetable) rooms() string {
	var rooms [][]int64
	for _, l := range t.line {
		rooms = append(rooms, l.room)
	}
	return fmt.Sprint(rooms)
}

// Timelines that differ from a replay would let plans through that break capacity, or
// hide others.
func TestTimelinesAreWhatAReplayShows(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 90))
		random := pathtest.Ruled
		if seed%4 == 0 {
			random = pathtest.Broken
		}
		p := pathtest.Problem(t, random(rng), "ram")
		plan := stroll(p, rng, 30)
		x := newTimetable(p, newLaw(p), plan)
		if !slices.Equal(x.plan(), plan) {
			t.Fatalf("seed %d: the timetable of %v is that of %v", seed, plan, x.plan())
		}
		var gone []cloud.VMID
		for range 40 {
			v := cloud.VMID(rng.IntN(len(p.Start)))
			switch {
			case p.Start[v] == cloud.Absent:
				continue
			case x.out[v]:
				x.putIn(v, randomRoute(x, v, rng))
				gone = slices.DeleteFunc(gone, func(u cloud.VMID) bool { return u == v })
			default:
				x.takeOut(v)
				gone = append(gone, v)
			}
			if got, want := x.rooms(), naive(x); got != want {
				t.Fatalf("seed %d: without %v there is the room %v, a replay shows %v", seed, gone, got, want)
			}
			if rng.IntN(5) == 0 && len(gone) == 0 {
				was := x.plan()
				x.draw(was)
				if got, want := x.rooms(), naive(x); got != want || !slices.Equal(was, x.plan()) {
					t.Fatalf("seed %d: drawn again it shows the room %v, a replay shows %v", seed, got, want)
				}
			}
		}
	}
}

// randomRoute leads anywhere and ends at the goal.
func randomRoute(x *timetable, v cloud.VMID, rng *rand.Rand) route {
	var by route
	at, now := x.p.Start[v], dawn
	for range rng.IntN(4) {
		now += 1 + moment(rng.Int64N(int64(dusk/8)))
		h := cloud.HostID(rng.IntN(len(x.line)+1)) - 1
		if h != at {
			by = append(by, leg{now, h})
			at = h
		}
	}
	if to := x.p.Goal[v]; at != to {
		by = append(by, leg{now + 1, to})
	}
	return by
}

// What timelines say about one VM is what its own periods say, one by one.
func TestWindowsOfATimelineAreItsPeriods(t *testing.T) {
	seen := map[bool]int{}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 91))
		random := pathtest.Random
		if seed%4 == 0 {
			random = pathtest.Broken
		}
		p := pathtest.Problem(t, random(rng), "ram")
		x := newTimetable(p, newLaw(p), stroll(p, rng, 40))
		for h := range x.line {
			l := &x.line[h]
			demand := x.demand(cloud.VMID(rng.IntN(len(p.Start))))
			free := func(n int) bool { // in period n
				for r, d := range demand {
					if l.room[n*len(demand)+r] < d {
						return false
					}
				}
				return true
			}
			bounds := []moment{dawn}
			for _, e := range l.events {
				bounds = append(bounds, e.at)
			}
			bounds = append(bounds, dusk)
			until, since, limited := dusk, dawn, false
			for n := range len(l.events) + 1 {
				limited = limited || n > 0 && !x.departs(l.events[n-1], cloud.HostID(h))
				if !free(n) {
					if limited { // before the first arrival, those who stand there may stay
						until = min(until, bounds[n])
					}
					since = max(since, bounds[n+1])
				}
			}
			if l.until(demand) != until || l.since(demand) != since {
				t.Fatalf("seed %d: until %d and since %d, want %d and %d", seed, l.until(demand), l.since(demand), until, since)
			}
			for range 5 {
				i := rng.IntN(len(bounds))
				j := i + rng.IntN(len(bounds)-i)
				want := true
				for n := max(0, i-1); n <= min(j, len(l.events)); n++ {
					want = want && free(n)
				}
				if bounds[i] == dawn || bounds[j] == dusk {
					continue
				}
				if _, got := l.holds(bounds[i], bounds[j], demand); got != want {
					t.Fatalf("seed %d: holds from before event %d until after event %d: %v, want %v", seed, i, j, got, want)
				}
				seen[want]++
			}
		}
	}
	if seen[true] < 50 || seen[false] < 50 {
		t.Errorf("%v: the test has lost sight of one kind", seen)
	}
}
