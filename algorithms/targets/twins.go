package targets

import (
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// twins lists classes of VMs that rules and objective do not tell apart: placements in which they change places are
// equally good, and a path leads to one if one leads to the other with its twins changed likewise at the start. Only what
// it costs to get there differs.
func (s *search) twins() [][]cloud.VMID {
	switch s.objective.(type) {
	case *objectives.Hosts, *objectives.Load:
	default:
		return nil
	}
	for _, rule := range s.Rules {
		if _, limits := rule.(cloud.Limiter); !limits || rule.Watches() != nil {
			return nil
		}
	}
	classes := map[string][]cloud.VMID{}
	for v, home := range s.Instance.Initial {
		vm := &s.Instance.VMs[v]
		if home == cloud.Absent || vm.Interruptible || s.problem.Stay != nil && s.problem.Stay[v] {
			continue
		}
		key := ""
		for _, d := range vm.Demand {
			key += packed(cloud.HostID(d)) + packed(cloud.HostID(d>>32))
		}
		classes[key] = append(classes[key], cloud.VMID(v))
	}
	var out [][]cloud.VMID
	for _, key := range slices.Sorted(maps.Keys(classes)) {
		if len(classes[key]) > 1 {
			out = append(out, classes[key])
		}
	}
	return out
}

// key is the same for placements that differ in twins alone.
func (e *explorer) key(m *meeting) string {
	if e.twins == nil {
		return m.seats
	}
	key := []byte(m.seats)
	var seats []string
	for _, class := range e.twins {
		seats = seats[:0]
		for _, v := range class {
			seats = append(seats, m.seats[4*v:4*v+4])
		}
		slices.Sort(seats)
		for i, v := range class {
			copy(key[4*v:], seats[i])
		}
	}
	return string(key)
}

// settle has twins change places so that as many as possible stay where they are now.
func (e *explorer) settle(p cloud.Placement) cloud.Placement {
	p = p.Clone()
	for _, class := range e.twins {
		var away []cloud.VMID
		free := map[cloud.HostID]int{}
		for _, v := range class {
			free[p[v]]++
		}
		for _, v := range class {
			if home := e.Instance.Initial[v]; free[home] > 0 {
				p[v] = home
				free[home]--
			} else {
				away = append(away, v)
			}
		}
		for _, h := range slices.Sorted(maps.Keys(free)) {
			for range free[h] {
				p[away[0]], away = h, away[1:]
			}
		}
	}
	return p
}
