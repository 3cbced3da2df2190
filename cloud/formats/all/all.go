package exporters

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/exporters/btrplace"
	"github.com/cloudrearrange/rearrange/generators/exporters/csv"
	"github.com/cloudrearrange/rearrange/generators/exporters/fixingthecloud"
	"github.com/cloudrearrange/rearrange/generators/exporters/json"
	"github.com/cloudrearrange/rearrange/generators/exporters/minizinc"
	"github.com/cloudrearrange/rearrange/generators/exporters/pddl"
)

// Exporter writes one foreign format, with the format's parameters filled in.
type Exporter interface {
	// Export writes a checked instance as one file or more, with names that say
	// what each is. The same instance gives the same bytes. Lost says in words, a
	// phrase each, what of the instance the format cannot say. An error is for an
	// instance that the format cannot hold at all.
	Export(in *cloud.Instance) (files []fileio.File, lost []string, err error)
}

// PlanReader reads plans that another solver made.
type PlanReader interface {
	// ReadPlan reads the migrations (suspends and resumes, too) of a plan for the
	// instance that was exported, in the order in which they start. Errors name file
	// and line or path; whether the migrations are sane is not looked at.
	ReadPlan(in *cloud.Instance, file string, data []byte) ([]cloud.Change, error)
}

// Registry lists the formats that can be written.
func Registry() *spec.Registry[Exporter] {
	return spec.NewRegistry("export format", nil,
		entry[Exporter](json.Descriptor(), json.New),
		entry[Exporter](csv.Descriptor(), csv.New),
		entry[Exporter](btrplace.Descriptor(), btrplace.New),
		entry[Exporter](fixingthecloud.Descriptor(), fixingthecloud.New),
		entry[Exporter](pddl.Descriptor(), pddl.New),
		entry[Exporter](minizinc.Descriptor(), minizinc.New),
	)
}

// Plans lists the formats in which plans are read.
func Plans() *spec.Registry[PlanReader] {
	return spec.NewRegistry("plan format", nil,
		entry[PlanReader](btrplace.PlanDescriptor(), btrplace.NewPlanReader),
		entry[PlanReader](fixingthecloud.PlanDescriptor(), fixingthecloud.NewPlanReader),
		entry[PlanReader](pddl.PlanDescriptor(), pddl.NewPlanReader),
	)
}

// entry fits what a format has, which has a type of its own, to a contract.
func entry[T, C any](d spec.Descriptor, build func(spec.Args) (C, error)) spec.Entry[T] {
	return spec.Entry[T]{Descriptor: d, New: func(a spec.Args) (T, error) {
		c, err := build(a)
		if err != nil {
			var none T
			return none, err
		}
		return any(c).(T), nil
	}}
}

// Export writes an instance in the format that a spec names.
func Export(format spec.Spec, in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	exporter, _, err := Registry().Build(format)
	if err != nil {
		return nil, nil, err
	}
	if files, lost, err = exporter.Export(in); err != nil {
		return nil, nil, fmt.Errorf("instance %q cannot be exported as %s: %w", in.Name, format, err)
	}
	return files, lost, nil
}

// ReadPlan reads a file in the plan format that a spec names. Its name may end in .gz or
// .zst, or be `-`.
func ReadPlan(format spec.Spec, in *cloud.Instance, file string) ([]cloud.Change, error) {
	reader, _, err := Plans().Build(format)
	if err != nil {
		return nil, err
	}
	data, err := fileio.Read(file, nil)
	if err != nil {
		return nil, err
	}
	return reader.ReadPlan(in, file, data)
}
