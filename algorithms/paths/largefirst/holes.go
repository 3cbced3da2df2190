package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// holes finds hosts by their room. Each bucket holds the hosts with the same number of whole
// 64ths of their scarcest resource.
type holes struct {
	buckets [mostHole + 1][]cloud.HostID
	bucket  []int8  // by host
	slot    []int32 // by host: position in its bucket
}

// mostHole is the bucket of hosts with the capacity of an average host, or more, free.
const mostHole = 64

func newHoles(s *side) holes {
	x := holes{bucket: make([]int8, s.m.hosts), slot: make([]int32, s.m.hosts)}
	for h := range cloud.HostID(s.m.hosts) {
		x.put(h, bucketOf(s.roomShare(h)))
	}
	return x
}

func bucketOf(room float32) int8 { return int8(max(0, min(room, mostHole))) }

func (x *holes) put(h cloud.HostID, b int8) {
	x.bucket[h], x.slot[h] = b, int32(len(x.buckets[b]))
	x.buckets[b] = append(x.buckets[b], h)
}

// update moves a host to the bucket of its current room.
func (x *holes) update(s *side, h cloud.HostID) {
	b := bucketOf(s.roomShare(h))
	if x.bucket[h] == b {
		return
	}
	list := x.buckets[x.bucket[h]]
	last := list[len(list)-1]
	list[x.slot[h]] = last
	x.slot[last] = x.slot[h]
	x.buckets[x.bucket[h]] = list[:len(list)-1]
	x.put(h, b)
}
