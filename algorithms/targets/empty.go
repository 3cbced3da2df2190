package targets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// empty closes the hosts and moves every VM off them, the largest first. VMs that fit
// nowhere are tried again as long as others find a place, which some rules wait for; then
// room is made for them. Where that fails, empty tells for which VM, and ok is false: the
// hosts are then empty in part, for the caller to explain or to undo.
func (d *draft) empty(hosts []cloud.HostID) (stuck cloud.VMID, ok bool) {
	var left []cloud.VMID
	for _, h := range hosts {
		d.rooms.shut(h)
		left = append(left, d.state.On(h)...)
	}
	d.decreasing(left)
	for range mostRounds {
		before := len(left)
		left = slices.DeleteFunc(left, func(v cloud.VMID) bool {
			h := d.fit(v)
			if h != cloud.Absent {
				d.move(v, h)
			}
			return h != cloud.Absent
		})
		if len(left) == 0 || len(left) == before {
			break
		}
	}
	for _, v := range left {
		if h := d.fit(v); h != cloud.Absent {
			d.move(v, h)
		} else if !d.displace(v) {
			return v, false
		}
	}
	return 0, true
}

// provision places the VMs that stand nowhere, the largest first. Idle hosts are opened
// for the first of them that fits nowhere else.
func (d *draft) provision() error {
	var absent []cloud.VMID
	for v := range d.in.VMs {
		if d.state.HostOf(cloud.VMID(v)) == cloud.Absent {
			absent = append(absent, cloud.VMID(v))
		}
	}
	d.decreasing(absent)
	for _, v := range absent {
		h := d.fit(v)
		if h == cloud.Absent && len(d.idle) > 0 {
			for _, idle := range d.idle {
				d.open(idle)
			}
			d.idle = nil
			h = d.fit(v)
		}
		if h == cloud.Absent {
			return d.noHost(v)
		}
		d.move(v, h)
	}
	return nil
}

// mostReasons bounds how many rules an error lists.
const mostReasons = 5

// noHost says why a VM found no host: how many of the open hosts each rule refuses, the
// first one that does.
func (d *draft) noHost(v cloud.VMID) error {
	vm := &d.in.VMs[v]
	var demand []string
	for i, res := range d.in.Resources {
		demand = append(demand, strings.TrimRight(fmt.Sprintf("%s %d %s", res.Name, vm.Demand[i], res.Unit), " "))
	}
	refused := map[string]int{}
	var order []string
	open := 0
	guards := d.guards(v)
	for h := range cloud.HostID(len(d.in.Hosts)) {
		if h == d.state.HostOf(v) || !d.rooms.isOpen(h) {
			continue
		}
		open++
		for _, g := range guards {
			if !g.Allows(d.state, v, d.state.HostOf(v), h) {
				if refused[g.rule]++; refused[g.rule] == 1 {
					order = append(order, g.rule)
				}
				break
			}
		}
	}
	if open == 0 {
		return noTarget("no host is left that VM %q could go to", vm.Name)
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(refused[b], refused[a]) })
	var reasons []string
	for _, rule := range order[:min(len(order), mostReasons)] {
		reasons = append(reasons, fmt.Sprintf("%s refuses %d", rule, refused[rule]))
	}
	if n := len(order) - mostReasons; n > 0 {
		reasons = append(reasons, fmt.Sprintf("and %d more rules", n))
	}
	return noTarget("VM %q (%s) found no host: of %d that it could go to, %s",
		vm.Name, strings.Join(demand, ", "), open, strings.Join(reasons, ", "))
}

// namedGuard is a guard that tells which rule it is of.
type namedGuard struct {
	cloud.Guard
	rule string
}

// guards makes a guard of every rule that watches the VM.
func (d *draft) guards(v cloud.VMID) []namedGuard {
	var out []namedGuard
	for _, rule := range d.rules {
		if vms := rule.Watches(); vms == nil || slices.Contains(vms, v) {
			out = append(out, namedGuard{rule.NewGuard(d.state), rule.String()})
		}
	}
	return out
}
