package objectives

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func hostsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "hosts",
			Synopsis: "the hosts in use, each with its weight",
			Doc: "A host is in use if a VM stands on it. With a weight, hosts count what a number of theirs says, at least 0, " +
				"such as watts or a price; every host has to have that number then.",
			Params: []spec.Param{
				{Name: "weight", Type: spec.String, Doc: "name of a number of hosts; each host counts 1 unless given"},
				{Name: "unit", Type: spec.String, Default: "hosts", Doc: "unit of the weights, for reports"},
			},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) {
				o := &Hosts{in: in, text: a.Brief().String(), unit: a.String("unit"), weight: make([]int64, len(in.Hosts))}
				number := a.String("weight")
				for h := range in.Hosts {
					if o.weight[h] = 1; a.Has("weight") {
						w, err := weightOf(&in.Hosts[h], number)
						if err != nil {
							return nil, err
						}
						o.weight[h] = w
					}
					if o.all > math.MaxInt64-o.weight[h] {
						return nil, fmt.Errorf("the weights of all hosts together do not fit in 64 bits")
					}
					o.all += o.weight[h]
				}
				return o, nil
			}, nil
		},
	}
}

func weightOf(h *cloud.Host, number string) (int64, error) {
	w, ok := h.Numbers[number]
	switch {
	case !ok:
		return 0, fmt.Errorf("host %q does not have the number %q", h.Name, number)
	case w < 0:
		return 0, fmt.Errorf("host %q has %s: %d among its numbers, expected at least 0", h.Name, number, w)
	}
	return w, nil
}

// Hosts is the total weight of the hosts in use.
type Hosts struct {
	in     *cloud.Instance
	text   string
	unit   string
	weight []int64 // by host
	all    int64
}

// String implements [cloud.Objective].
func (o *Hosts) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Hosts) Unit() string { return o.unit }

// Weight is what a host counts when it is in use.
func (o *Hosts) Weight(h cloud.HostID) int64 { return o.weight[h] }

// Uniform tells whether every host counts 1.
func (o *Hosts) Uniform() bool {
	return !slices.ContainsFunc(o.weight, func(w int64) bool { return w != 1 })
}

// Show implements [cloud.Objective].
func (o *Hosts) Show(s cloud.Score) string { return show(s[0], o.unit) }

// Value implements [cloud.Objective].
func (o *Hosts) Value(p cloud.Placement) cloud.Score {
	var sum int64
	used := make([]bool, len(o.in.Hosts))
	for _, h := range p {
		if h != cloud.Absent && !used[h] {
			used[h] = true
			sum += o.weight[h]
		}
	}
	return cloud.Score{sum}
}

// NewMeter implements [cloud.Objective].
func (o *Hosts) NewMeter(s *cloud.State) cloud.Meter {
	m := &hostsMeter{o: o, on: make([]int32, len(o.in.Hosts)), at: s.Placement()}
	for _, h := range m.at {
		if h != cloud.Absent {
			m.add(h, 1)
		}
	}
	return m
}

type hostsMeter struct {
	o     *Hosts
	on    []int32 // by host: VMs
	at    cloud.Placement
	value int64
}

// add counts one VM more or less on a host.
func (m *hostsMeter) add(h cloud.HostID, n int32) {
	before := m.on[h]
	m.on[h] += n
	switch {
	case before == 0:
		m.value += m.o.weight[h]
	case m.on[h] == 0:
		m.value -= m.o.weight[h]
	}
}

// Follow implements [cloud.Follower].
func (m *hostsMeter) Follow(vm cloud.VMID, to cloud.HostID) {
	if from := m.at[vm]; from != cloud.Absent {
		m.add(from, -1)
	}
	if m.at[vm] = to; to != cloud.Absent {
		m.add(to, 1)
	}
}

// Begin implements [cloud.Follower].
func (m *hostsMeter) Begin(cloud.VMID, cloud.HostID) {}

func (m *hostsMeter) Value() cloud.Score { return cloud.Score{m.value} }

func (m *hostsMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	value, from := m.value, m.at[vm]
	if from == to {
		return cloud.Score{value}
	}
	if from != cloud.Absent && m.on[from] == 1 {
		value -= m.o.weight[from]
	}
	if to != cloud.Absent && m.on[to] == 0 {
		value += m.o.weight[to]
	}
	return cloud.Score{value}
}

// Grows implements [cloud.Growing]: no host empties when another VM is placed.
func (o *Hosts) Grows() int { return 1 }

func (o *Hosts) most() int64 { return o.all }
