package lp

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// source is where the format is defined.
const source = "IBM ILOG CPLEX Optimization Studio, Using the LP format: https://www.ibm.com/docs/en/icos/22.2.0?topic=problem-using-lp-format"

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "lp",
			Synopsis: "the choice of a target as a mixed-integer linear program, in CPLEX's LP format; file target.lp",
			Doc: "To be solved by glpsol, cbc, HiGHS, SCIP or any other solver; `rearrange import-target lp` reads the answer. " +
				"The target of the instance is left out. All rules hold in the end; those that are expressions about all VMs of a host cannot be said.",
			Params:   formulation.ChoiceParams(),
			Citation: source,
		},
		New: func(a spec.Args) (formats.Exporter, error) { return exporter{formulation.NewChoice(a)}, nil },
	}
}

// exporter writes the format.
type exporter struct{ formulation.Choice }

// Export writes one file. It takes time linear in VMs × hosts, and memory linear in the pairs of them
// that rules about single VMs allow, of which there are [formulation.MaxPairs] at the most.
func (e exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	t, lost, err := e.NewTarget(in)
	if err != nil {
		return nil, nil, err
	}
	w := &writer{Target: t, index: make([]int, len(in.VMs))}
	for i, v := range t.VMs {
		w.index[v] = i
	}
	if err := w.program(); err != nil {
		return nil, nil, err
	}
	return []fileio.File{{Name: "target.lp", Data: w.Bytes()}}, lost, nil
}

// TargetReader is the entry of the format's reader of answers.
func TargetReader() spec.Entry[formats.TargetReader] {
	return spec.Entry[formats.TargetReader]{
		Descriptor: spec.Descriptor{
			Name:     "lp",
			Synopsis: "solutions that solvers print for an export of the format lp",
			Doc: "The reader looks for names of variables, such as x0_1, and takes the next word as the value. It reads the solutions of glpsol (-o), " +
				"cbc, HiGHS, SCIP and others. Variables that are missing are 0.",
			Citation: source,
		},
		New: func(spec.Args) (formats.TargetReader, error) { return reader{}, nil },
	}
}

// reader reads answers.
type reader struct{}

// ReadTarget implements [formats.TargetReader].
func (reader) ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	return formulation.ReadTarget(in, file, data)
}
