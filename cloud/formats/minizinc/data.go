package minizinc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// data writes data.dzn.
func (m *instance) data() []byte {
	w := &writer{}
	in := m.Instance
	w.comment(fmt.Sprintf("%s, cost function %s in %s", in.Name, m.Cost, m.Cost.Unit()))
	w.comment("Plans of at most so many steps:")
	w.value("horizon", m.horizon)
	if m.Obstacle != "" {
		w.comment("There is no path: " + m.Obstacle)
	}
	w.value("possible", m.Obstacle == "")
	w.value("vms", len(m.VMs))
	w.value("hosts", len(in.Hosts))
	w.list("vm_name", len(m.VMs), func(i int) string { return strconv.Quote(formulation.VMName(in, m.VMs[i])) })
	w.list("host_name", len(in.Hosts), func(h int) string { return strconv.Quote(formulation.HostName(in, cloud.HostID(h))) })
	w.list("start", len(m.VMs), func(i int) string { return strconv.Itoa(int(m.Start[m.VMs[i]]) + 1) })
	w.list("goal", len(m.VMs), func(i int) string { return strconv.Itoa(int(m.Goal[m.VMs[i]]) + 1) })
	w.list("may_arrive", len(m.VMs), func(i int) string { return m.mayArrive(m.VMs[i]) })
	w.list("interruptible", len(m.VMs), func(i int) string { return strconv.FormatBool(in.VMs[m.VMs[i]].Interruptible) })
	m.places(w)
	m.counters(w)
	m.relations(w)
	m.prices(w)
	return w.Bytes()
}

func (m *instance) mayArrive(v cloud.VMID) string {
	hosts := len(m.Instance.Hosts)
	if !m.Restricted {
		return fmt.Sprintf("1..%d", hosts)
	}
	var allowed []int
	for h := range hosts {
		if m.MayArrive(v, cloud.HostID(h)) {
			allowed = append(allowed, h+1)
		}
	}
	return set(allowed)
}

func (m *instance) places(w *writer) {
	w.value("kinds", len(m.kinds))
	w.list("places", len(m.kinds), func(k int) string { return strconv.Itoa(len(m.kinds[k].Names)) })
	w.table("place", []string{span(1, len(m.kinds)), span(1, len(m.Instance.Hosts))}, len(m.kinds), func(k int) []int64 {
		row := make([]int64, len(m.Instance.Hosts))
		for h, p := range m.kinds[k].Of {
			row[h] = int64(p) + 1
		}
		return row
	})
}

// counters writes amounts in units of their greatest common divisor, and no limit above
// what all VMs together take, so that they stay small.
func (m *instance) counters(w *writer) {
	widest := 0
	for _, k := range m.kinds {
		widest = max(widest, len(k.Names))
	}
	w.value("counters", len(m.Counters))
	w.list("counter_kind", len(m.Counters), func(i int) string { return strconv.Itoa(m.kind(m.Counters[i].Places)) })
	for i := range m.Counters {
		w.comment(fmt.Sprintf("counter %d: %s, one unit is %d", i+1, m.Counters[i].Rule, m.Counters[i].Unit()))
	}
	w.table("demand", []string{span(1, len(m.Counters)), span(1, len(m.VMs))}, len(m.Counters), func(i int) []int64 {
		c := &m.Counters[i]
		row := make([]int64, len(m.VMs))
		for _, member := range c.Members {
			row[m.index[member.VM]-1] = member.Demand / c.Unit()
		}
		return row
	})
	w.table("limit", []string{span(1, len(m.Counters)), span(1, widest)}, len(m.Counters), func(i int) []int64 {
		c := &m.Counters[i]
		var all int64
		for _, member := range c.Members {
			all += member.Demand
		}
		row := make([]int64, widest) // places that the kind does not have hold nothing
		for p := range c.Places.Names {
			row[p] = min(c.Limit(int32(p)), all) / c.Unit()
		}
		return row
	})
}

func (m *instance) relations(w *writer) {
	write := func(name, plural string, rs []relation, others, n string) {
		w.value(plural, len(rs))
		w.list(name+"_kind", len(rs), func(i int) string { return strconv.Itoa(rs[i].kind) })
		w.list(name+"_vms", len(rs), func(i int) string { return set(rs[i].vms) })
		if others != "" {
			w.list(name+others, len(rs), func(i int) string { return set(rs[i].others) })
		}
		if n != "" {
			w.list(name+n, len(rs), func(i int) string { return strconv.FormatInt(rs[i].n, 10) })
		}
	}
	write("affinity", "affinities", m.affinities, "", "")
	write("spread", "spreads", m.spreads, "", "_min")
	write("dependency", "dependencies", m.dependencies, "_on", "")
	write("interference", "interferences", m.interferences, "_with", "_max")
}

// prices writes what each VM costs from class to class: the classes are single hosts, or
// one where hosts make no difference. Class 0 is to be suspended.
func (m *instance) prices(w *writer) {
	classes := m.classes()
	w.value("classes", classes)
	w.list("class", len(m.Instance.Hosts), func(h int) string { return strconv.Itoa(min(h+1, classes)) })
	rows, unit := m.priceRows(classes)
	w.value("price_unit", unit)
	w.table("price", []string{span(1, len(m.VMs)), span(0, classes), span(0, classes)}, len(rows), func(i int) []int64 { return rows[i] })
}

// priceRows are the prices of each VM in units of the divisor that all of them have in
// common.
func (m *instance) priceRows(classes int) (rows [][]int64, unit int64) {
	for _, v := range m.VMs {
		row := make([]int64, 0, (classes+1)*(classes+1))
		for a := range classes + 1 {
			for b := range classes + 1 {
				price := m.price(v, cloud.HostID(a-1), cloud.HostID(b-1))
				unit = formulation.GCD(price, unit)
				row = append(row, price)
			}
		}
		rows = append(rows, row)
	}
	unit = max(unit, 1)
	for _, row := range rows {
		for i := range row {
			row[i] /= unit
		}
	}
	return rows, unit
}

// price is what a VM pays from host to host. What is no migration is priced nothing.
func (m *instance) price(v cloud.VMID, from, to cloud.HostID) int64 {
	switch {
	case from == cloud.Absent && to == cloud.Absent:
		return 0
	case (from == cloud.Absent || to == cloud.Absent) && !m.Instance.VMs[v].Interruptible:
		return 0
	case from == to && !m.uniform:
		return 0
	case from == to:
		u, _ := m.Formulation.Uniform()
		return u.MigrateAnywhere(v)
	}
	return cloud.CostOf(m.Cost, cloud.Change{VM: v, From: from, To: to})
}

// writer writes assignments.
type writer struct{ bytes.Buffer }

func (w *writer) comment(text string) {
	fmt.Fprintf(w, "%% %s\n", formulation.OneLine(text))
}

func (w *writer) value(name string, v any) { fmt.Fprintf(w, "%s = %v;\n", name, v) }

func (w *writer) list(name string, n int, element func(int) string) {
	fmt.Fprintf(w, "%s = [", name)
	for i := range n {
		if i > 0 {
			w.WriteString(", ")
		}
		w.WriteString(element(i))
	}
	w.WriteString("];\n")
}

// table writes an array of several dimensions, one row of the first a line.
func (w *writer) table(name string, dimensions []string, rows int, row func(int) []int64) {
	fmt.Fprintf(w, "%s = array%dd(%s, [", name, len(dimensions), strings.Join(dimensions, ", "))
	for i := range rows {
		w.WriteString("\n  ")
		for _, n := range row(i) {
			fmt.Fprintf(w, "%d, ", n)
		}
	}
	w.WriteString("]);\n")
}

func span(from, to int) string { return fmt.Sprintf("%d..%d", from, to) }

func set(elements []int) string {
	return "{" + strings.Join(prose.Texts(elements, strconv.Itoa), ", ") + "}"
}
