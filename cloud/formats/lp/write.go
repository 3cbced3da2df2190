package lp

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// writer writes one program.
type writer struct {
	*formulation.Target
	bytes.Buffer
	index []int    // by VM: its position in VMs
	start int      // where the row begins
	terms int      // in the row
	parts []string // variables that are between 0 and 1 and need not be whole
	err   error    // the program is too large
}

// maxBytes bounds a file: rules about many large groups make many rows.
const maxBytes = 1_000_000_000

// term is a coefficient of the variable of a VM and a host.
type term struct {
	coefficient int64
	vm          cloud.VMID
	host        cloud.HostID
}

// program writes the whole program.
func (w *writer) program() error {
	w.head()
	w.WriteString("Minimize\n")
	w.objective()
	w.WriteString("Subject To\n")
	for i, v := range w.VMs {
		w.row("v" + strconv.Itoa(int(v)))
		for _, h := range w.Hosts[i] {
			w.x(1, v, h)
		}
		w.end("=", 1)
	}
	for i := 0; i < len(w.Counters) && w.err == nil; i++ {
		w.counter(i)
	}
	w.use()
	for _, r := range w.Loads {
		w.load(r)
	}
	for i := 0; i < len(w.Relations) && w.err == nil; i++ {
		w.relation(i)
	}
	w.types()
	w.WriteString("End\n")
	return w.err
}

// head says what the names mean that doc.go leaves open.
func (w *writer) head() {
	comment := func(format string, args ...any) {
		fmt.Fprintf(w, "\\ %s\n", formulation.OneLine(fmt.Sprintf(format, args...)))
	}
	comment("%s: the choice of a target", w.Instance.Name)
	comment("minimises %s", w.Title)
	comment("x3_7 is 1 if VM 3 stands on host 7, both counted from 0")
	for i := range w.Counters {
		comment("c%d: %s, one unit is %d", i, w.Counters[i].Rule, w.Counters[i].Unit())
	}
	for i, r := range w.Relations {
		comment("r%d: %s by %s", i, r.Rule, r.Places.By)
	}
}

func (w *writer) objective() {
	w.row("obj")
	for h, weight := range w.Weights {
		w.term(float64(w.Factor*weight), hostName(h))
	}
	if w.Loads != nil {
		w.term(float64(w.Factor), "peak")
	}
	for i, v := range w.VMs {
		for _, h := range w.Hosts[i] {
			w.x(w.Price(v, h), v, h)
		}
	}
	if w.terms == 0 { // some solvers want an objective
		w.terms++
		w.WriteString(" 0 " + formulation.PairName(w.VMs[0], w.Hosts[0][0]))
	}
	w.WriteByte('\n')
}

func hostName(h int) string { return "y" + strconv.Itoa(h) }

// uses tells whether it counts that a host is in use.
func (w *writer) uses(h int) bool { return w.Weights != nil && w.Weights[h] > 0 }

// counter keeps a counter within its limits. A host that is not in use has no room at all: that follows from
// other rows, and helps solvers that leave out at first that variables are whole.
func (w *writer) counter(i int) {
	c := &w.Counters[i]
	unit := c.Unit()
	for p, terms := range w.byPlace(c.Places, c.Members) {
		limit, used := c.Limit(int32(p))/unit, c.Places.By == "host" && w.uses(p)
		all := demanded(terms) / unit
		if all <= limit && !used {
			continue
		}
		w.row(fmt.Sprintf("c%d_%d", i, p))
		for _, t := range terms {
			w.x(t.coefficient/unit, t.vm, t.host)
		}
		if limit = min(limit, all); used && w.terms > 0 {
			w.term(-float64(limit), hostName(p))
			limit = 0
		}
		w.end("<=", limit)
	}
}

// demanded is what the VMs of some terms demand together, which stand in one place: each VM on one host.
func demanded(terms []term) (sum int64) {
	for i, t := range terms {
		if i == 0 || t.vm != terms[i-1].vm {
			sum += t.coefficient
		}
	}
	return sum
}

// use says which hosts are in use, and bounds what they weigh.
func (w *writer) use() {
	if w.Weights == nil {
		return
	}
	for h, terms := range w.byPlace(w.PlacesBy("host"), w.members(w.VMs)) {
		if len(terms) == 0 || !w.uses(h) {
			continue
		}
		w.row("u" + strconv.Itoa(h))
		w.all(terms)
		w.term(-float64(len(terms)), hostName(h))
		w.end("<=", 0)
	}
	if w.Bounded {
		w.row("most")
		for h, weight := range w.Weights {
			w.term(float64(weight), hostName(h))
		}
		w.end("<=", w.Highest)
	}
}

// load keeps the peak above the loads by one resource.
func (w *writer) load(r int) {
	members := make([]formulation.Member, 0, len(w.VMs))
	unit := int64(0)
	for _, v := range w.VMs {
		if d := w.Instance.VMs[v].Demand[r]; d > 0 {
			members = append(members, formulation.Member{VM: v, Demand: d})
			unit = formulation.GCD(d, unit)
		}
	}
	for h, terms := range w.byPlace(w.PlacesBy("host"), members) {
		if len(terms) == 0 {
			continue
		}
		w.row(fmt.Sprintf("l%d_%d", r, h))
		for _, t := range terms {
			w.x(t.coefficient/unit, t.vm, t.host)
		}
		w.term(-float64(w.LoadLimit(cloud.HostID(h), r))/(1e6*float64(unit)), "peak")
		w.end("<=", 0)
	}
}

// members are VMs that count 1 each.
func (w *writer) members(vms []cloud.VMID) []formulation.Member {
	out := make([]formulation.Member, len(vms))
	for i, v := range vms {
		out[i] = formulation.Member{VM: v, Demand: 1}
	}
	return out
}

// byPlace lists the terms of members by place, those of one VM beside each other.
func (w *writer) byPlace(places *formulation.Places, members []formulation.Member) [][]term {
	out := make([][]term, len(places.Names))
	for _, m := range members {
		for _, h := range w.Hosts[w.index[m.VM]] {
			p := places.Of[h]
			out[p] = append(out[p], term{m.Demand, m.VM, h})
		}
	}
	return out
}

// types bounds variables and says which of them are whole.
func (w *writer) types() {
	w.WriteString("Bounds\n")
	for _, z := range w.parts {
		w.WriteString(" 0 <= " + z + " <= 1\n")
	}
	if w.Loads != nil {
		fmt.Fprintf(w, " 0 <= peak <= %d\nGenerals\n peak\n", w.Highest)
	}
	w.WriteString("Binaries\n")
	for h := range w.Weights {
		w.WriteString(" " + hostName(h) + "\n")
	}
	for i, v := range w.VMs {
		for _, h := range w.Hosts[i] {
			w.WriteByte(' ')
			w.pair(v, h)
			w.WriteByte('\n')
		}
	}
}

// row begins a row.
func (w *writer) row(name string) {
	if w.start, w.terms = w.Len(), 0; w.start > maxBytes && w.err == nil {
		w.err = fmt.Errorf("its %d counters and %d relations make more than %s, and no more are written", len(w.Counters), len(w.Relations), humanize.Bytes(maxBytes))
	}
	w.WriteString(" " + name + ":")
}

// end ends a row. One without terms is left out: 0 is in the relation.
func (w *writer) end(relation string, rhs int64) {
	if w.terms == 0 {
		w.Truncate(w.start)
		return
	}
	fmt.Fprintf(w, " %s %d\n", relation, rhs)
}

// all adds terms as they are.
func (w *writer) all(terms []term) {
	for _, t := range terms {
		w.x(t.coefficient, t.vm, t.host)
	}
}

// x adds a coefficient of the variable of a VM and a host.
func (w *writer) x(coefficient int64, v cloud.VMID, h cloud.HostID) {
	if w.coefficient(float64(coefficient)) {
		w.pair(v, h)
	}
}

// pair writes [formulation.PairName].
func (w *writer) pair(v cloud.VMID, h cloud.HostID) {
	b := append(w.AvailableBuffer(), 'x')
	b = strconv.AppendInt(b, int64(v), 10)
	b = append(b, '_')
	w.Write(strconv.AppendInt(b, int64(h), 10))
}

// term adds a coefficient of a variable.
func (w *writer) term(coefficient float64, name string) {
	if w.coefficient(coefficient) {
		w.WriteString(name)
	}
}

// lineOfTerms is how many terms stand in a line: CPLEX takes lines of 510 characters at the most.
const lineOfTerms = 10

// coefficient writes what stands before a variable, unless that is 0.
func (w *writer) coefficient(c float64) bool {
	if c == 0 {
		return false
	}
	if w.terms++; w.terms%lineOfTerms == 0 {
		w.WriteString("\n ")
	}
	sign := " + "
	if c < 0 {
		sign, c = " - ", -c
	}
	w.WriteString(sign)
	if c != 1 {
		w.Write(append(strconv.AppendFloat(w.AvailableBuffer(), c, 'f', -1, 64), ' '))
	}
	return true
}
