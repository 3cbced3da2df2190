package minizinc

import (
	_ "embed"
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

//go:embed model.mzn
var model []byte

// maxSize bounds the numbers of the data and the terms that the model's constraints have
// once they are spelled out, as every solver needs them.
const maxSize = 10_000_000

// source is where the language is defined.
const source = "Nethercote, Stuckey, Becket, Brand, Duck and Tack, MiniZinc: Towards a Standard CP Modelling Language, CP 2007, " +
	"doi 10.1007/978-3-540-74970-7_38"

// tooLarge is the error for what no constraint solver could hold.
func tooLarge(terms float64, format string, args ...any) error {
	count := func(n float64) string { return humanize.Comma(int64(min(n, 1e18))) }
	return fmt.Errorf(format+" make constraints of about %s terms, and no more than %s are written: no constraint solver could hold them",
		append(args, count(terms), count(maxSize))...)
}

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "minizinc",
			Synopsis: "a model and its data for constraint solvers",
			Doc: "Writes model.mzn and data.dzn, to be solved by `minizinc --solver gecode model.mzn data.dzn`; the plan format " +
				"pddl reads the answer. What the solver proves is proved of plans with no more steps than the horizon. " +
				"All rules are exported but expressions about all VMs of a host. An instance whose initial placement breaks a rule is " +
				"refused: how it is mended cannot be said. Gecode counts in 32 bits.",
			Params: append([]spec.Param{
				{
					Name: "horizon", Type: spec.Int, Bounds: spec.Between(0, 100_000), Unit: "steps",
					Doc: "migrations, suspends and resumes of a plan at the most; unless given, twice the misplaced VMs and two more",
				},
			}, formulation.Params()...),
			Citation: source,
		},
		New: newExporter,
	}
}

// exporter writes the format.
type exporter struct {
	horizon   int // below 0: chosen by the instance
	catalogue *spec.Catalogue
	cost      costs.Binder
	partial   bool
}

// newExporter makes an exporter.
func newExporter(a spec.Args) (formats.Exporter, error) {
	e := exporter{horizon: -1, catalogue: a.Catalogue(), cost: spec.Built[costs.Binder](a, "cost"), partial: a.Bool("partial")}
	if a.Has("horizon") {
		e.horizon = int(a.Int("horizon"))
	}
	return e, nil
}

// Export writes model.mzn and data.dzn. It takes time and memory linear in the size of
// the data, which is bounded.
func (e exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	f, err := formulation.New(e.catalogue, in, e.cost)
	if err != nil {
		return nil, nil, err
	}
	relations, unsaid := f.Relations()
	if lost, err = formulation.Lost(unsaid, e.partial); err != nil {
		return nil, nil, err
	}
	m := newInstance(f, relations)
	if m.horizon = e.horizon; m.horizon < 0 {
		m.horizon = m.defaultHorizon()
	}
	m.uniform = m.isUniform()
	if n := m.size(); n > maxSize {
		return nil, nil, tooLarge(n, "its %d VMs, %d hosts and %d counters in %d steps", len(f.VMs), len(in.Hosts), len(f.Counters), m.horizon)
	}
	return []fileio.File{
		{Name: "model.mzn", Data: model},
		{Name: "data.dzn", Data: m.data()},
	}, lost, nil
}

// instance is what the data is written from. VMs, hosts and places are counted from 1, as
// they are in the model.
type instance struct {
	*formulation.Formulation
	horizon int
	uniform bool  // hosts make no difference to prices
	index   []int // by VM: its number in the model
	kinds   []*formulation.Places

	affinities, spreads, dependencies, interferences []relation
}

func newInstance(f *formulation.Formulation, relations []formulation.Relation) *instance {
	m := &instance{Formulation: f, index: make([]int, len(f.Instance.VMs))}
	for i, v := range f.VMs {
		m.index[v] = i + 1
	}
	m.take(relations)
	return m
}

// defaultHorizon is what doc.go says of it.
func (m *instance) defaultHorizon() int {
	steps := 2
	for _, v := range m.VMs {
		if m.Start[v] != m.Goal[v] {
			steps += 2
		}
	}
	return steps
}

// isUniform tells whether every price depends on the VM alone.
func (m *instance) isUniform() bool {
	if _, ok := m.Formulation.Uniform(); !ok {
		return false
	}
	for _, v := range m.VMs {
		if !m.Instance.VMs[v].Interruptible {
			continue
		}
		for h := range m.Instance.Hosts {
			if m.Cost.Suspend(v, cloud.HostID(h)) != m.Cost.Suspend(v, 0) {
				return false
			}
		}
	}
	return true
}

// classes is the number of classes of hosts that prices tell apart.
func (m *instance) classes() int {
	if m.uniform {
		return 1
	}
	return len(m.Instance.Hosts)
}

// size estimates the numbers of the data and the terms of the constraints.
func (m *instance) size() float64 {
	vms, hosts, states := float64(len(m.VMs)), float64(len(m.Instance.Hosts)), float64(m.horizon+1)
	classes := float64(m.classes() + 1)
	n := states*vms + vms*classes*classes
	if m.Restricted {
		n += vms * hosts
	}
	for i := range m.Counters {
		c := &m.Counters[i]
		n += hosts + vms + states*float64(len(c.Places.Names))*float64(len(c.Members))
	}
	for _, relations := range [][]relation{m.affinities, m.spreads, m.dependencies, m.interferences} {
		for _, r := range relations {
			places := float64(len(m.kinds[r.kind-1].Names))
			n += states * places * float64(len(r.vms)+len(r.others))
		}
	}
	return n
}
