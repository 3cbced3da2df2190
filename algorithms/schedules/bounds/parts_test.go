package bounds

import (
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// subsets calls f for each non-empty subset of n things, as a set of bits.
func subsets(n int, f func(set uint)) {
	for set := uint(1); set < 1<<n; set++ {
		f(set)
	}
}

// Jackson's preemptive schedule ends when the worst set of jobs says.
func TestPreemptiveScheduleIsTheWorstSet(t *testing.T) {
	for n := range 500 {
		rng := rand.New(rand.NewPCG(uint64(n), 1))
		jobs := make([]job, 1+rng.IntN(8))
		for i := range jobs {
			jobs[i] = job{rng.Int64N(12), rng.Int64N(6), rng.Int64N(12)}
		}
		worst := int64(0)
		subsets(len(jobs), func(set uint) {
			head, tail, time := int64(math.MaxInt64), int64(math.MaxInt64), int64(0)
			for ; set > 0; set &= set - 1 {
				j := jobs[bits.TrailingZeros(set)]
				head, tail, time = min(head, j.head), min(tail, j.tail), time+j.time
			}
			worst = max(worst, head+time+tail)
		})
		if got := preemptive(slices.Clone(jobs)); got != worst {
			t.Fatalf("jobs %v: the schedule ends at %d, the worst set says %d", jobs, got, worst)
		}
	}
}

// No amount is free earlier than the best choice of departures, one after the other; with enough states, exactly then.
func TestFrontierIsTheBestChoice(t *testing.T) {
	thinned := 0
	for n := range 500 {
		rng := rand.New(rand.NewPCG(uint64(n), 2))
		capacity := 1 + rng.Int64N(3)
		items := make([]item, 1+rng.IntN(9))
		for i := range items {
			items[i] = item{move: int32(i), head: rng.Int64N(10), work: rng.Int64N(8), amount: 1 + rng.Int64N(30)}
		}
		slices.SortFunc(items, byHead)
		exact, few := work(items, capacity, math.MaxInt64, 1<<10), work(items, capacity, math.MaxInt64, 3)
		for amount := int64(1); amount < 60; amount++ {
			best := int64(math.MaxInt64)
			subsets(len(items), func(set uint) {
				now, sum := int64(0), int64(0)
				for ; set > 0; set &= set - 1 {
					i := items[bits.TrailingZeros(set)]
					now, sum = max(now, capacity*i.head)+i.work, sum+i.amount
				}
				if sum >= amount {
					best = min(best, now)
				}
			})
			if best == math.MaxInt64 {
				break
			}
			want := up(best, capacity)
			if got := exact.when(amount); got != want {
				t.Fatalf("problem %d: %d is free at %d, found %d", n, amount, want, got)
			}
			if got := few.when(amount); got > want {
				t.Fatalf("problem %d: %d is free at %d, with few states only at %d", n, amount, want, got)
			} else if got < want {
				thinned++
			}
		}
	}
	if thinned == 0 {
		t.Error("few states were always enough")
	}
}

func TestMergedSumsAreAllSums(t *testing.T) {
	for n := range 200 {
		rng := rand.New(rand.NewPCG(uint64(n), 3))
		most := rng.Int64N(40)
		sums, want := []int64{0}, map[int64]bool{0: true}
		for range rng.IntN(7) {
			d := rng.Int64N(12)
			sums = merge(nil, sums, d, most)
			for _, s := range slices.Collect(maps.Keys(want)) {
				if s+d <= most {
					want[s+d] = true
				}
			}
		}
		for _, s := range sums {
			if !want[s] {
				t.Fatalf("problem %d: %d is no sum", n, s)
			}
		}
		if len(sums) != len(want) || !slices.IsSorted(sums) {
			t.Fatalf("problem %d: found %v, expected %v", n, sums, want)
		}
	}
}

// Of five jobs on two machines, three run on one.
func TestStackedJobs(t *testing.T) {
	for _, c := range []struct {
		times []int64
		k     int
		want  int64
	}{
		{[]int64{5, 4, 3}, 2, 7},
		{[]int64{5, 5, 4, 4, 3}, 2, 11},
		{[]int64{1, 2, 3}, 1, 6},
		{[]int64{1, 2, 3}, 3, 0},
	} {
		if got := stacked(slices.Clone(c.times), c.k); got != c.want {
			t.Errorf("%v on %d machines: expected %d, found %d", c.times, c.k, c.want, got)
		}
	}
}

func TestInstantsAreSums(t *testing.T) {
	p := &timetable.Problem{Moves: []timetable.Move{{Time: 6}, {Time: 10}, {Time: 6}}}
	i := newInstants(p)
	for at, want := range map[int64]int64{0: 0, 1: 6, 7: 10, 11: 12, 13: 16, 17: 22, 22: 22} {
		if got := i.next(at); got != want {
			t.Errorf("the first sum from %d on is %d, found %d", at, want, got)
		}
	}
	if got := i.coarse(7); got != 8 {
		t.Errorf("the first even number from 7 on: found %d", got)
	}
	p.Rules = []cloud.Rule{presence{}}
	if got := newInstants(p).next(7); got != 7 {
		t.Errorf("under a rule that needs VMs to be somewhere every instant counts, found %d", got)
	}
}

// presence is a rule of which nothing is known.
type presence struct{ cloud.Rule }

func (presence) Continuous() bool { return true }
