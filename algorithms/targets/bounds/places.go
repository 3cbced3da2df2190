package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// domains are the failure domains of a kind.
type domains struct {
	by    string
	of    []int32 // by host
	names []string
}

// kinds are the kinds of failure domains that were asked for.
type kinds map[string]*domains

func (k kinds) of(in *cloud.Instance, by string) *domains {
	d := k[by]
	if d == nil {
		d = &domains{by: by}
		d.of, d.names = in.Domains(by)
		k[by] = d
	}
	return d
}

// group is VMs that stand on the same hosts as far as they are told apart: a row of a transport of
// VMs to places.
type group struct {
	set   hostset
	units []cloud.VMID // one VM for each unit
}

// groups sorts VMs by the hosts on which they may stand. Those that need not stand are left out
// unless they may help. Once: of VMs that share a host, only the first counts.
func (b *Bounds) groups(vms []cloud.VMID, optional, once bool) []group {
	var out []group
	at := map[int32]int{}
	seen := map[int32]bool{}
	for _, v := range vms {
		set := b.setOf[v]
		if x := b.blockOf[v]; x >= 0 {
			if set = b.blocks[x].set; once {
				if seen[x] {
					continue
				}
				seen[x] = true
			}
		} else if !optional {
			continue
		}
		i, known := at[set]
		if !known {
			i = len(out)
			at[set] = i
			out = append(out, group{set: b.sets[set]})
		}
		out[i].units = append(out[i].units, v)
	}
	return out
}

// transport sends units of groups to places of limited capacity. It is a maximum flow by augmenting
// paths, each found by breadth-first search.
type transport struct {
	groups []group
	reach  [][]int32 // by group: places
	most   []int64   // by place
	sent   [][]int64 // by group, by position in reach
	got    []int64   // by place
	by     [][]entry // by place: who sends there
}

type entry struct{ group, position int32 }

// newTransport finds the places that each group reaches. O(groups × hosts).
func (b *Bounds) newTransport(groups []group, d *domains, most func(cloud.HostID) int64) *transport {
	t := &transport{groups: groups, most: make([]int64, len(d.names)), got: make([]int64, len(d.names)), by: make([][]entry, len(d.names))}
	stamp := make([]int32, len(d.names))
	for g := range groups {
		var reach []int32
		for _, h := range groups[g].set.list() {
			p := d.of[h]
			t.most[p] = max(t.most[p], most(h))
			if stamp[p] != int32(g+1) {
				stamp[p] = int32(g + 1)
				t.by[p] = append(t.by[p], entry{int32(g), int32(len(reach))})
				reach = append(reach, p)
			}
		}
		t.reach = append(t.reach, reach)
		t.sent = append(t.sent, make([]int64, len(reach)))
	}
	return t
}

// shortage is a set of units that have too few places: a violation of Hall's condition.
type shortage struct {
	units  []cloud.VMID
	room   int64
	places []int32
}

// fill sends units until all are sent, or enough are, or none can be: then it tells which have too
// few places. O(units × groups × places).
func (t *transport) fill(enough int) (sent int, short *shortage) {
	for g := range t.groups {
		for range t.groups[g].units {
			if sent >= enough {
				return sent, nil
			}
			groups, places, ok := t.augment(int32(g))
			if ok {
				sent++
				continue
			}
			if short == nil {
				short = &shortage{places: places}
				for _, x := range groups {
					short.units = append(short.units, t.groups[x].units...)
				}
				for _, p := range places {
					short.room = plus(short.room, t.most[p])
				}
			}
			break // nor can the others of the group
		}
	}
	return sent, short
}

// augment sends one more unit of a group, or tells what it reaches.
func (t *transport) augment(g int32) (groups, places []int32, ok bool) {
	type step struct{ group, position int32 }
	cameBy := map[int32]step{} // by place
	from := map[int32]int32{g: -1}
	groups = []int32{g}
	for i := 0; i < len(groups); i++ {
		x := groups[i]
		for k, p := range t.reach[x] {
			if _, seen := cameBy[p]; seen {
				continue
			}
			cameBy[p] = step{x, int32(k)}
			places = append(places, p)
			if t.got[p] < t.most[p] {
				t.got[p]++
				for {
					s := cameBy[p]
					t.sent[s.group][s.position]++
					if p = from[s.group]; p < 0 {
						return nil, nil, true
					}
					t.sent[s.group][t.position(s.group, p)]--
				}
			}
			for _, e := range t.by[p] {
				if _, seen := from[e.group]; !seen && t.sent[e.group][e.position] > 0 {
					from[e.group] = p
					groups = append(groups, e.group)
				}
			}
		}
	}
	slices.Sort(places)
	return groups, places, false
}

// position is where a place stands in the list of a group.
func (t *transport) position(g, p int32) int32 {
	for _, e := range t.by[p] {
		if e.group == g {
			return e.position
		}
	}
	panic("bounds: a group sends to a place that it does not reach")
}

// roomy tells whether each group, taken alone, has room for the given number of units. Then there is
// nothing to prove. It stops as soon as it knows.
func (b *Bounds) roomy(groups []group, d *domains, most func(cloud.HostID) int64, units int64) bool {
	for _, g := range groups {
		var room int64
		seen := map[int32]bool{}
		for h := cloud.HostID(0); room < units; h++ {
			if int(h) == len(b.in.Hosts) {
				return false
			}
			if g.set.has(h) && !seen[d.of[h]] {
				seen[d.of[h]] = true
				room = plus(room, max(0, most(h)))
			}
		}
	}
	return true
}

// unitsOf counts the units of groups.
func unitsOf(groups []group) (n int) {
	for _, g := range groups {
		n += len(g.units)
	}
	return n
}
