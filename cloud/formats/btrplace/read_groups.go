package btrplace

import (
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// rank is the place of a group in the list of groups, as attributes tell it.
type rank struct {
	position int64
	members  []cloud.VMID
}

// readRanks makes the groups that attributes tell of.
func (r *reader) readRanks() {
	names := slices.SortedFunc(maps.Keys(r.ranks), func(a, b string) int {
		if c := r.ranks[a].position - r.ranks[b].position; c != 0 {
			return int(min(max(c, -1), 1))
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		r.addGroup(name, r.ranks[name].members)
	}
}

// groupNames finds groups by their members, and free names.
type groupNames struct {
	of    map[string]string // the first group with these members
	taken map[string]bool
	next  map[string]int // by kind of constraint
}

func newGroupNames() groupNames {
	return groupNames{map[string]string{}, map[string]bool{}, map[string]int{}}
}

func (r *reader) addGroup(name string, members []cloud.VMID) {
	r.in.Groups = append(r.in.Groups, cloud.Group{Name: name, VMs: members})
	r.groups.taken[name] = true
	if key := memberKey(members); r.groups.of[key] == "" {
		r.groups.of[key] = name
	}
}

// group finds the group with these members, or makes one that is named by its kind.
func (r *reader) group(kind string, members []cloud.VMID) string {
	if name := r.groups.of[memberKey(members)]; name != "" {
		return name
	}
	for {
		name := kind + strconv.Itoa(r.groups.next[kind])
		r.groups.next[kind]++
		if !r.groups.taken[name] {
			r.addGroup(name, members)
			return name
		}
	}
}

// memberKey writes members as a key.
func memberKey(members []cloud.VMID) string {
	b := make([]byte, 0, 4*len(members))
	for _, v := range members {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return string(b)
}
