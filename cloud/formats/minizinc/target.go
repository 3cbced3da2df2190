package minizinc

import (
	_ "embed"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

//go:embed target.mzn
var targetModel []byte

// TargetExporter is the entry of the exporter of the choice of a target.
func TargetExporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "minizinc-target",
			Synopsis: "the choice of a target for constraint solvers: a model and its data",
			Doc: "Writes target.mzn and data.dzn, to be solved by `minizinc --solver gecode target.mzn data.dzn`; " +
				"`rearrange import-target minizinc-target` reads the answer. The target of the instance is left out. All rules hold in the " +
				"end; those that are expressions about all VMs of a host cannot be said. Gecode counts in 32 bits.",
			Params:   formulation.ChoiceParams(),
			Citation: source,
		},
		New: func(a spec.Args) (formats.Exporter, error) { return targetExporter{formulation.NewChoice(a)}, nil },
	}
}

// targetExporter writes the choice of a target.
type targetExporter struct{ formulation.Choice }

// Export writes target.mzn and data.dzn. It takes time linear in VMs × hosts and in the size of the data, which is
// bounded.
func (e targetExporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	t, lost, err := e.NewTarget(in)
	if err != nil {
		return nil, nil, err
	}
	m := target{Target: t, model: newInstance(t.Formulation, t.Relations)}
	_, m.model.uniform = t.Uniform()
	if n := m.model.size(); n > maxSize {
		return nil, nil, tooLarge(n, "its %d VMs, %d hosts and %d counters", len(t.VMs), len(in.Hosts), len(t.Counters))
	}
	return []fileio.File{
		{Name: "target.mzn", Data: targetModel},
		{Name: "data.dzn", Data: m.data()},
	}, lost, nil
}

// target is what the data is written from.
type target struct {
	*formulation.Target
	model *instance
}

// data writes data.dzn.
func (m target) data() []byte {
	w, in := &writer{}, m.Instance
	hosts := len(in.Hosts)
	w.comment(in.Name + ": the choice of a target")
	w.comment("minimises " + m.Title)
	w.value("vms", len(m.VMs))
	w.value("hosts", hosts)
	w.list("vm_number", len(m.VMs), func(i int) string { return strconv.Itoa(int(m.VMs[i])) })
	w.list("start", len(m.VMs), func(i int) string { return strconv.Itoa(int(m.Start[m.VMs[i]]) + 1) })
	w.list("may_stand", len(m.VMs), func(i int) string { return m.mayStand(i) })
	m.model.places(w)
	m.model.counters(w)
	m.model.relations(w)
	w.value("factor", m.Factor)
	w.value("highest", m.Highest)
	w.list("host_weight", hosts, func(h int) string {
		if m.Weights == nil {
			return "0"
		}
		return strconv.FormatInt(m.Weights[h], 10)
	})
	m.loads(w)
	classes := m.model.classes()
	w.value("classes", classes)
	w.list("class", hosts, func(h int) string { return strconv.Itoa(min(h+1, classes)) })
	w.value("price_unit", m.Unit())
	w.table("price", []string{span(1, len(m.VMs)), span(1, classes)}, len(m.VMs), m.priceRow)
	return w.Bytes()
}

func (m target) mayStand(i int) string {
	hosts := m.Hosts[i]
	if n := len(m.Instance.Hosts); len(hosts) == n {
		return span(1, n)
	}
	numbers := make([]int, len(hosts))
	for k, h := range hosts {
		numbers[k] = int(h) + 1
	}
	return set(numbers)
}

// loads writes amounts in units of the greatest common divisor of all of a resource.
func (m target) loads(w *writer) {
	in := m.Instance
	w.value("loads", len(m.Loads))
	units := make([]int64, len(m.Loads))
	for i, r := range m.Loads {
		for h := range in.Hosts {
			units[i] = formulation.GCD(m.LoadLimit(cloud.HostID(h), r), units[i])
		}
		for _, v := range m.VMs {
			units[i] = formulation.GCD(in.VMs[v].Demand[r], units[i])
		}
		units[i] = max(units[i], 1)
	}
	w.table("load_demand", []string{span(1, len(m.Loads)), span(1, len(m.VMs))}, len(m.Loads), func(i int) []int64 {
		row := make([]int64, len(m.VMs))
		for k, v := range m.VMs {
			row[k] = in.VMs[v].Demand[m.Loads[i]] / units[i]
		}
		return row
	})
	w.table("load_limit", []string{span(1, len(m.Loads)), span(1, len(in.Hosts))}, len(m.Loads), func(i int) []int64 {
		row := make([]int64, len(in.Hosts))
		for h := range row {
			row[h] = m.LoadLimit(cloud.HostID(h), m.Loads[i]) / units[i]
		}
		return row
	})
}

// priceRow is what a VM pays by class of hosts.
func (m target) priceRow(i int) []int64 {
	v, row := m.VMs[i], make([]int64, m.model.classes())
	for c := range row {
		h := cloud.HostID(c)
		if m.model.uniform && h == m.Start[v] { // another one, if there is one, says what they all cost
			h = (h + 1) % cloud.HostID(len(m.Instance.Hosts))
		}
		row[c] = m.Price(v, h)
	}
	return row
}

// TargetReader is the entry of the reader of answers.
func TargetReader() spec.Entry[formats.TargetReader] {
	return spec.Entry[formats.TargetReader]{
		Descriptor: spec.Descriptor{
			Name:     "minizinc-target",
			Synopsis: "answers of MiniZinc to an export of the format minizinc-target",
			Doc:      "Of several solutions the last one is read, each of which ends in a line of ten hyphens.",
			Citation: source,
		},
		New: func(spec.Args) (formats.TargetReader, error) { return targetReader{}, nil },
	}
}

// targetReader reads answers.
type targetReader struct{}

// ReadTarget implements [formats.TargetReader].
func (targetReader) ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	return formulation.ReadTarget(in, file, data)
}
