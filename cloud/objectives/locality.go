package objectives

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func localityEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "locality",
			Synopsis: "how widely groups are scattered: places beyond the first of each",
			Doc: "A group that stands in n places counts n - 1, and the value is the sum over the groups. It is 0 where " +
				"each group stands in one place, or nowhere. Hosts that lack the attribute share one place. It is the soft form of the rule affinity: " +
				"locality(group=web-*, level=rack).",
			Params: []spec.Param{
				{
					Name: "group", Type: spec.String, Required: true,
					Doc: "name of a group, or a pattern such as web-* that stands for each group it matches",
				},
				{
					Name: "level", Type: spec.String, Default: "rack",
					Doc: "what counts as one place: host, rack, zone, or the name of a host label",
				},
			},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) {
				o := &Locality{in: in, text: a.Brief().String(), level: a.String("level"), ofVM: make([][]int, len(in.VMs))}
				if err := rules.CheckBy(in, o.level); err != nil {
					return nil, err
				}
				var err error
				if o.groups, err = rules.MatchGroups(in, a.String("group")); err != nil {
					return nil, err
				}
				for i, g := range o.groups {
					for _, v := range in.Groups[g].VMs {
						o.ofVM[v] = append(o.ofVM[v], i)
					}
				}
				return o, nil
			}, nil
		},
	}
}

// Locality is how widely groups are scattered.
type Locality struct {
	in     *cloud.Instance
	text   string
	level  string
	groups []int   // by position in the instance
	ofVM   [][]int // by VM: positions in groups
}

// String implements [cloud.Objective].
func (o *Locality) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Locality) Unit() string { return "places" }

// Show implements [cloud.Objective].
func (o *Locality) Show(s cloud.Score) string { return show(s[0], "places") }

// Value implements [cloud.Objective].
func (o *Locality) Value(p cloud.Placement) cloud.Score {
	var sum int64
	for _, g := range o.groups {
		places := map[string]bool{}
		for _, v := range o.in.Groups[g].VMs {
			if p[v] != cloud.Absent {
				places[o.in.Hosts[p[v]].Domain(o.level)] = true
			}
		}
		sum += beyondFirst(len(places))
	}
	return cloud.Score{sum}
}

func beyondFirst(places int) int64 { return max(0, int64(places)-1) }

// most is less than the VMs of all groups.
func (o *Locality) most() int64 {
	var sum int64
	for _, g := range o.groups {
		sum += beyondFirst(len(o.in.Groups[g].VMs))
	}
	return sum
}

// Grows implements [cloud.Growing]: no group leaves a place when another VM is placed.
func (o *Locality) Grows() int { return 1 }

// NewMeter implements [cloud.Objective].
func (o *Locality) NewMeter(s *cloud.State) cloud.Meter {
	m := &localityMeter{o: o, census: s.Census(o.level), places: make([]int, len(o.groups)), at: s.Placement()}
	for i, g := range o.groups {
		m.places[i] = m.census.Places(g)
		m.value += beyondFirst(m.places[i])
	}
	return m
}

type localityMeter struct {
	o      *Locality
	census *cloud.Census
	places []int // by position in the groups of the objective
	at     cloud.Placement
	value  int64
}

// Follow implements [cloud.Follower]. The state has counted the VM anew already.
func (m *localityMeter) Follow(vm cloud.VMID, to cloud.HostID) {
	m.at[vm] = to
	for _, i := range m.o.ofVM[vm] {
		now := m.census.Places(m.o.groups[i])
		m.value += beyondFirst(now) - beyondFirst(m.places[i])
		m.places[i] = now
	}
}

// Begin implements [cloud.Follower].
func (m *localityMeter) Begin(cloud.VMID, cloud.HostID) {}

func (m *localityMeter) Value() cloud.Score { return cloud.Score{m.value} }

// After takes O(groups of the VM).
func (m *localityMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	value, from := m.value, m.at[vm]
	leaves, enters := int32(-1), int32(-1)
	if from != cloud.Absent {
		leaves = m.census.Domain(from)
	}
	if to != cloud.Absent {
		enters = m.census.Domain(to)
	}
	if leaves == enters {
		return cloud.Score{value}
	}
	for _, i := range m.o.ofVM[vm] {
		g, places := m.o.groups[i], m.places[i]
		if leaves >= 0 && m.census.Count(g, leaves) == 1 {
			places--
		}
		if enters >= 0 && m.census.Count(g, enters) == 0 {
			places++
		}
		value += beyondFirst(places) - beyondFirst(m.places[i])
	}
	return cloud.Score{value}
}
