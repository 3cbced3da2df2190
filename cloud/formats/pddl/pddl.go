package pddl

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// maxFacts bounds how many facts a problem file lists. A planner grounds actions out of
// them and needs far more than it reads.
const maxFacts = 2_000_000

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "pddl",
			Synopsis: "domain and problem for planners: typed STRIPS with action costs, or numeric fluents",
			Doc: "Writes domain.pddl and problem.pddl. Capacity, rules that look at one VM and one host, and rules that " +
				"bound how many VMs of a group stand in a place are exported; a plan costs what it costs here. Costs are " +
				"not scaled: Fast Downward counts them in 32 bits. An instance whose initial placement breaks a rule is refused: " +
				"how it is mended cannot be said. Its plans are read by the plan format of the same name.",
			Params: append([]spec.Param{
				{
					Name: "numeric", Type: spec.Bool, Default: "no",
					Doc: "yes: what is used is a numeric fluent, for numeric planners; no: an object, for classical ones",
				},
				{
					Name: "levels", Type: spec.Int, Default: "1000", Bounds: spec.Between(1, 100_000), Unit: "amounts",
					Doc: "how many different amounts of one resource may occur on a host when they are objects; more is an error",
				},
			}, formulation.Params()...),
			Citation: "Maria Fox and Derek Long, PDDL2.1: An Extension to PDDL for Expressing Temporal Planning Domains, JAIR 20, 2003, " +
				"doi 10.1613/jair.1129; action costs: International Planning Competition 2008, PDDL 3.1",
		},
		New: newExporter,
	}
}

// exporter writes the format.
type exporter struct {
	numeric   bool
	levels    int
	catalogue *spec.Catalogue
	cost      costs.Binder
	partial   bool
}

// newExporter makes an exporter.
func newExporter(a spec.Args) (formats.Exporter, error) {
	return exporter{
		numeric: a.Bool("numeric"), levels: int(a.Int("levels")),
		catalogue: a.Catalogue(), cost: spec.Built[costs.Binder](a, "cost"), partial: a.Bool("partial"),
	}, nil
}

// Export writes domain.pddl and problem.pddl. It takes time and memory linear in the
// number of facts, which is bounded.
func (e exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	f, err := formulation.New(e.catalogue, in, e.cost)
	if err != nil {
		return nil, nil, err
	}
	if lost, err = formulation.Lost(f.Others, e.partial); err != nil {
		return nil, nil, err
	}
	t := &task{Formulation: f, numeric: e.numeric}
	t.uniform, _ = f.Uniform()
	if !e.numeric {
		if t.arithmetic, err = newArithmetic(f.Counters, e.levels); err != nil {
			return nil, nil, err
		}
	}
	if n := t.facts(); n > maxFacts {
		return nil, nil, tooMany(fmt.Sprintf("its %d VMs, %d hosts and %d counters take", len(f.VMs), len(in.Hosts), len(f.Counters)), n)
	}
	return []fileio.File{
		{Name: "domain.pddl", Data: t.domain()},
		{Name: "problem.pddl", Data: t.problem()},
	}, lost, nil
}

// tooMany is the error of a problem that no planner could ground.
func tooMany(what string, facts float64) error {
	return fmt.Errorf("%s about %s facts, and no more than %s are written: no planner could ground them",
		what, humanize.Comma(int64(min(facts, 1e18))), humanize.Comma(maxFacts))
}

// task is what the two files are written from.
type task struct {
	*formulation.Formulation
	numeric    bool
	uniform    cloud.HostIndependent // nil when costs depend on the hosts
	arithmetic *arithmetic           // nil when numeric
}

// facts estimates how many facts the problem has.
func (t *task) facts() float64 {
	vms, hosts := float64(len(t.VMs)), float64(len(t.Instance.Hosts))
	n := vms + hosts
	if t.Restricted {
		n += vms * hosts
	}
	if t.Interruptible() {
		n += vms * hosts
	}
	if t.uniform == nil {
		n += vms * hosts * hosts
	}
	for i := range t.Counters {
		c := &t.Counters[i]
		perPlace := 2.0
		if !t.numeric {
			perPlace += float64(len(t.arithmetic.levels[i]))
		}
		n += hosts + perPlace*float64(len(c.Places.Names)) + 2*float64(len(c.Members))
	}
	if !t.numeric {
		n += float64(len(t.arithmetic.sums))
	}
	return n
}
