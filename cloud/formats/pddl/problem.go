package pddl

import (
	"bytes"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// problem writes problem.pddl.
func (t *task) problem() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "; %s, cost function %s in %s\n", formulation.OneLine(t.Instance.Name), formulation.OneLine(t.Cost.String()), formulation.OneLine(t.Cost.Unit()))
	for i := range t.Counters {
		c := &t.Counters[i]
		fmt.Fprintf(&b, "; counter %s: %s", c.Name, formulation.OneLine(c.Rule))
		if !t.numeric {
			fmt.Fprintf(&b, ", one unit is %d", t.arithmetic.unit[i])
		}
		b.WriteByte('\n')
	}
	if t.Obstacle != "" {
		fmt.Fprintf(&b, "; no plan exists: %s\n", formulation.OneLine(t.Obstacle))
	}
	b.WriteString("(define (problem path)\n  (:domain rearrange)\n  (:objects\n")
	t.objects(&b)
	b.WriteString("  )\n  (:init\n    (settled)\n    (= (total-cost) 0)\n")
	for _, v := range t.VMs {
		t.vm(&b, v)
	}
	t.chains(&b)
	for i := range t.Counters {
		t.counter(&b, i)
	}
	if !t.numeric {
		for _, s := range t.arithmetic.sums {
			fmt.Fprintf(&b, "    (sum n%d n%d n%d)\n", s.x, s.s, s.y)
		}
	}
	b.WriteString("  )\n  (:goal (and\n")
	for _, v := range t.VMs {
		fmt.Fprintf(&b, "    (at %s %s)\n", t.name(v), t.host(t.Goal[v]))
	}
	if t.Obstacle != "" {
		b.WriteString("    (never)\n")
	}
	b.WriteString("  ))\n  (:metric minimize (total-cost))\n)\n")
	return b.Bytes()
}

func (t *task) name(v cloud.VMID) string { return formulation.VMName(t.Instance, v) }

func (t *task) host(h cloud.HostID) string { return formulation.HostName(t.Instance, h) }

func (t *task) objects(b *bytes.Buffer) {
	list := func(kind string, n int, name func(int) string) {
		if n == 0 {
			return
		}
		b.WriteString("   ")
		for i := range n {
			b.WriteString(" " + name(i))
		}
		fmt.Fprintf(b, " - %s\n", kind)
	}
	list("vm", len(t.VMs), func(i int) string { return t.name(t.VMs[i]) })
	list("host", len(t.Instance.Hosts), func(i int) string { return t.host(cloud.HostID(i)) })
	list("counter", len(t.Counters), func(i int) string { return t.Counters[i].Name })
	for i := range t.Counters {
		c := &t.Counters[i]
		if c.Places.By != "host" {
			list("place", len(c.Places.Names), func(p int) string { return t.PlaceName(c, int32(p)) })
		}
	}
	if !t.numeric {
		list("amount", len(t.arithmetic.amounts), func(i int) string { return fmt.Sprintf("n%d", t.arithmetic.amounts[i]) })
	}
}

// vm writes where a VM stands, where it may go and what that costs.
func (t *task) vm(b *bytes.Buffer, v cloud.VMID) {
	name := t.name(v)
	fmt.Fprintf(b, "    (at %s %s)\n", name, t.host(t.Start[v]))
	var allowed []cloud.HostID
	for h := range t.Instance.Hosts {
		if t.Restricted && t.MayArrive(v, cloud.HostID(h)) {
			fmt.Fprintf(b, "    (may-arrive %s %s)\n", name, t.host(cloud.HostID(h)))
		}
		if t.uniform == nil && (!t.Restricted || t.MayArrive(v, cloud.HostID(h))) {
			allowed = append(allowed, cloud.HostID(h))
		}
	}
	if t.uniform != nil {
		fmt.Fprintf(b, "    (= (migration-cost %s) %d)\n", name, t.uniform.MigrateAnywhere(v))
	}
	for _, to := range allowed {
		for from := range t.Instance.Hosts {
			if from := cloud.HostID(from); from != to {
				fmt.Fprintf(b, "    (= (migration-cost %s %s %s) %d)\n", name, t.host(from), t.host(to), t.Cost.Migrate(v, from, to))
			}
		}
	}
	if !t.Instance.VMs[v].Interruptible {
		return
	}
	fmt.Fprintf(b, "    (interruptible %s)\n    (home %s %s)\n    (= (resume-cost %s) %d)\n",
		name, name, t.host(t.Goal[v]), name, t.Cost.Resume(v, t.Goal[v]))
	for h := range t.Instance.Hosts {
		fmt.Fprintf(b, "    (= (suspend-cost %s %s) %d)\n", name, t.host(cloud.HostID(h)), t.Cost.Suspend(v, cloud.HostID(h)))
	}
}

// chains writes which counters each VM is on, in the counters' order.
func (t *task) chains(b *bytes.Buffer) {
	last := make([]string, len(t.Instance.VMs))
	for i := range t.Counters {
		c := &t.Counters[i]
		for _, m := range c.Members {
			t.link(b, m.VM, last[m.VM], c.Name)
			last[m.VM] = c.Name
		}
	}
	for _, v := range t.VMs {
		t.link(b, v, last[v], "none")
	}
}

func (t *task) link(b *bytes.Buffer, v cloud.VMID, from, to string) {
	if from == "" {
		fmt.Fprintf(b, "    (first %s %s)\n", t.name(v), to)
		return
	}
	fmt.Fprintf(b, "    (next %s %s %s)\n", t.name(v), from, to)
}

// counter writes what is counted where, how much is in use, and what fits.
func (t *task) counter(b *bytes.Buffer, i int) {
	c := &t.Counters[i]
	for h, p := range c.Places.Of {
		fmt.Fprintf(b, "    (in %s %s %s)\n", c.Name, t.host(cloud.HostID(h)), t.PlaceName(c, p))
	}
	used := c.Used(t.Start)
	if t.numeric {
		for _, m := range c.Members {
			fmt.Fprintf(b, "    (= (demand %s %s) %d)\n", c.Name, t.name(m.VM), m.Demand)
		}
		for p := range c.Places.Names {
			place := t.PlaceName(c, int32(p))
			fmt.Fprintf(b, "    (= (used %s %s) %d)\n    (= (limit %s %s) %d)\n", c.Name, place, used[p], c.Name, place, c.Limit(int32(p)))
		}
		return
	}
	unit := t.arithmetic.unit[i]
	for _, m := range c.Members {
		fmt.Fprintf(b, "    (demand %s %s n%d)\n", c.Name, t.name(m.VM), m.Demand/unit)
	}
	for p := range c.Places.Names {
		place := t.PlaceName(c, int32(p))
		fmt.Fprintf(b, "    (used %s %s n%d)\n", c.Name, place, used[p]/unit)
		for _, l := range t.arithmetic.levels[i] {
			if l > c.Limit(int32(p))/unit {
				break
			}
			fmt.Fprintf(b, "    (fits %s %s n%d)\n", c.Name, place, l)
		}
	}
}
