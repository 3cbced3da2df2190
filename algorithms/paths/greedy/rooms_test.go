package greedy

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

func TestBucketsKeepTheOrderOfAmounts(t *testing.T) {
	last := 0
	for free := range int64(1 << 16) {
		b := bucketOf(free)
		if b != last && b != last+1 {
			t.Fatalf("bucket %d of %d comes after bucket %d", b, free, last)
		}
		last = b
	}
	for _, c := range []struct {
		free int64
		want int
	}{{-5, 0}, {0, 0}, {15, 15}, {16, 16}, {17, 16}, {18, 17}, {math.MaxInt64, buckets - 1}} {
		if got := bucketOf(c.free); got != c.want {
			t.Errorf("bucket of %d: got %d, want %d", c.free, got, c.want)
		}
	}
}

// What the index finds is what a look at all hosts does: above a demand all that have
// room, below it all that lack some of the scarcest resource, in the order of their room.
func TestIndexFindsTheHostsThatAScanDoes(t *testing.T) {
	const hosts = 40
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		resources := 1 + rng.IntN(3)
		amount := func() int64 { return rng.Int64N(1 << (1 + rng.IntN(20))) }
		free := make([]int64, hosts*resources)
		for i := range free {
			free[i] = amount()
		}
		room := func(h cloud.HostID, r int) int64 { return free[int(h)*resources+r] }
		busy := make([]int, hosts)
		x := newRooms(hosts, resources, room)
		for range 300 {
			h, r := rng.IntN(hosts), rng.IntN(resources)
			free[h*resources+r] = amount()
			x.update(cloud.HostID(h), r, free[h*resources+r])
			h = rng.IntN(hosts)
			busy[h] = rng.IntN(2)
			x.mark(cloud.HostID(h), busy[h] == 1)
		}
		demand := make([]int64, resources)
		for r := range demand {
			demand[r] = amount()
		}
		scarcest := x.scarcest(demand)
		somebody := false
		for shelf := range 2 {
			var above, below []cloud.HostID
			x.above(demand, shelf, func(h cloud.HostID) bool { above = append(above, h); return true })
			x.below(demand, shelf, func(h cloud.HostID) bool { below = append(below, h); return true })
			for _, list := range [][]cloud.HostID{above, below} {
				if len(slices.Compact(slices.Sorted(slices.Values(list)))) != len(list) {
					t.Fatalf("seed %d: a host is found twice: %v", seed, list)
				}
			}
			if !slices.IsSortedFunc(above, func(a, b cloud.HostID) int { return bucketOf(room(a, scarcest)) - bucketOf(room(b, scarcest)) }) ||
				!slices.IsSortedFunc(below, func(a, b cloud.HostID) int { return bucketOf(room(b, scarcest)) - bucketOf(room(a, scarcest)) }) {
				t.Fatalf("seed %d: not in the order of room: above %v, below %v", seed, above, below)
			}
			for h := range cloud.HostID(hosts) {
				fits := true
				for r, d := range demand {
					fits = fits && d <= room(h, r)
				}
				somebody = somebody || fits
				if fits && busy[h] == shelf && !slices.Contains(above, h) {
					t.Fatalf("seed %d: host %d has room and is not found", seed, h)
				}
				if room(h, scarcest) < demand[scarcest] && busy[h] == shelf && !slices.Contains(below, h) {
					t.Fatalf("seed %d: host %d lacks room and is not found", seed, h)
				}
				if busy[h] != shelf && (slices.Contains(above, h) || slices.Contains(below, h)) {
					t.Fatalf("seed %d: host %d is on the wrong shelf", seed, h)
				}
			}
		}
		if somebody && !x.mayFit(demand) {
			t.Fatalf("seed %d: some host has room, which is denied", seed)
		}
	}
}
