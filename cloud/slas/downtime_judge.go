package slas

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// outage is a time for which a VM is down.
type outage struct {
	vm       cloud.VMID
	from, to int64
	step     int // that begins or makes it
}

// Violations implements [SLA].
func (d *downtime) Violations(steps []cloud.Step) []Violation {
	all := d.outages(steps)
	if !d.perVM {
		return d.judge(all, "the VMs together")
	}
	slices.SortStableFunc(all, func(a, b outage) int { return cmp.Compare(a.vm, b.vm) })
	var out []Violation
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].vm == all[0].vm {
			n++
		}
		out = append(out, d.judge(all[:n], fmt.Sprintf("VM %q", d.in.VMs[all[0].vm].Name))...)
		all = all[n:]
	}
	return out
}

// outages lists when the VMs are down.
func (d *downtime) outages(steps []cloud.Step) []outage {
	order := make([]int, len(steps))
	last := int64(0)
	for i, s := range steps {
		order[i], last = i, max(last, s.End)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(steps[a].Start, steps[b].Start), cmp.Compare(steps[a].End, steps[b].End))
	})
	var out []outage
	down := map[cloud.VMID]int{} // by suspended VM: its outage
	for _, i := range order {
		s := &steps[i]
		if _, counts := slices.BinarySearch(d.list, s.VM); !counts {
			continue
		}
		switch s.Action {
		case cloud.Suspend:
			down[s.VM] = len(out)
			out = append(out, outage{s.VM, s.Start, last, i})
		case cloud.Resume:
			if o, ok := down[s.VM]; ok {
				out[o].to = s.End
				delete(down, s.VM)
			}
		case cloud.Migrate:
			if d.stopping != nil && s.From != cloud.Absent && s.To != cloud.Absent {
				if t := min(d.stopping.Stopped(s), s.End-s.Start); t > 0 {
					out = append(out, outage{s.VM, s.End - t, s.End, i})
				}
			}
		}
	}
	return out
}

// judge sums up outages: all of them, or those in the worst window, which begins when one begins or ends when one ends.
func (d *downtime) judge(list []outage, who string) []Violation {
	worst, at, step := int64(0), int64(0), -1
	sum := func(from, to int64, by int) {
		total := int64(0)
		for _, o := range list {
			total += max(min(o.to, to)-max(o.from, from), 0)
		}
		if total > worst {
			worst, at, step = total, from, by
		}
	}
	for _, o := range list {
		if d.window > 0 {
			sum(o.from, o.from+d.window, o.step)
			sum(o.to-d.window, o.to, o.step)
		} else {
			sum(0, math.MaxInt64, o.step)
		}
	}
	if worst <= d.most {
		return nil
	}
	where, verb := "", "is"
	if !d.perVM {
		verb = "are"
	}
	if d.window > 0 {
		where = fmt.Sprintf(" in the %s from %s on", Text(d.window, d.unit), instant(at, d.unit))
	}
	return []Violation{{step, d.text, fmt.Sprintf("%s %s down for %s%s, at most %s is allowed", who, verb, Text(worst, d.unit), where, Text(d.most, d.unit))}}
}
