package all_test

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// halves is what FORMAT.md says of mending the rule numa, where racks are machines.
type halves struct {
	*definition
}

// halves tells whether a rule is numa.
func (d *definition) halves(r cloud.Rule) (halves, bool) {
	return halves{d}, spec.MustParse(r.String()).Name == "numa"
}

func (d halves) partner(h int) int {
	for o := range d.in.Hosts {
		if o != h && d.in.Hosts[o].Rack == d.in.Hosts[h].Rack {
			return o
		}
	}
	return -1
}

// charge is how many times half of its demand, or all of it with 2, a VM on one host charges another, or the same.
func (d halves) charge(v int, on cloud.HostID, h int) int64 {
	double := d.in.VMs[v].Labels["numa"] == "2" && d.partner(h) >= 0
	switch {
	case double && (int(on) == h || int(on) == d.partner(h)):
		return 1
	case !double && int(on) == h:
		return 2
	}
	return 0
}

// over tells whether a half is charged with more than it has, by VMs that stand somewhere and one that is also elsewhere.
func (d halves) over(h int, at cloud.Placement, also cloud.Change) bool {
	for r := range d.in.Resources {
		var sum int64
		for v, on := range at {
			times := d.charge(v, on, h)
			if v == int(also.VM) {
				times += d.charge(v, also.To, h)
			}
			if demand := d.in.VMs[v].Demand[r]; times == 1 {
				sum += (demand + 1) / 2
			} else if times == 2 && d.charge(v, on, h) == 1 {
				sum += (demand + 1) / 2 * 2
			} else if times > 0 {
				sum += demand
			}
		}
		if sum > d.in.Hosts[h].Capacity[r]-d.in.Hosts[h].Reserved[r] {
			return true
		}
	}
	return false
}

var nowhere = cloud.Change{VM: -1, To: cloud.Absent}

func (d halves) tolerated(at cloud.Placement) bool {
	for h := range d.in.Hosts {
		if !d.over(h, at, nowhere) {
			continue
		}
		for v, on := range at {
			if d.charge(v, on, h) > 0 && on != d.start[v] {
				return false
			}
		}
		if !d.over(h, d.start, nowhere) {
			return false
		}
	}
	return true
}

func (d halves) allows(at cloud.Placement, m cloud.Change) bool {
	after := at.Clone()
	after[m.VM] = m.To
	if !d.tolerated(at) || !d.tolerated(after) {
		return false
	}
	for h := range d.in.Hosts {
		if d.charge(int(m.VM), m.To, h) > 0 && d.over(h, at, m) {
			return false
		}
	}
	return true
}
