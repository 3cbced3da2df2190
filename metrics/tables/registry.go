package tables

import (
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a table of a summary. It handles the summary of no records.
type Builder func(*summary.Summary) Table

// Timed is the property of tables with figures that depend on the speed of the
// machine. All others are the same for all runs with the same seeds.
const Timed spec.Property = "timed"

// Wide is the property of tables that grow with the number of instances: they are for
// files, not for the terminal.
const Wide spec.Property = "wide"

// Registry lists the tables, in the order of a report.
func Registry() *spec.Registry[Builder] {
	return spec.NewRegistry("table", []spec.Property{Timed, Wide},
		entry(outcomesTable(), outcomes),
		entry(qualityTable(), quality),
		entry(effortTable(), effort),
		entry(timeTable(), timing),
		entry(classEffortTable(), classEffort),
		entry(classTimeTable(), classTime),
		entry(classFirstTable(), classFirst),
		entry(classPlansTable(), classPlans),
		versusEntry(),
	)
}

func entry(d spec.Descriptor, build Builder) spec.Entry[Builder] {
	return spec.Entry[Builder]{Descriptor: d, New: func(spec.Args) (Builder, error) { return named(d, build), nil }}
}

// named gives the tables of a builder their name, and marks what is best in them.
func named(d spec.Descriptor, build Builder) Builder {
	return func(s *summary.Summary) Table {
		t := build(s)
		t.Name = d.Name
		t.MarkBest()
		return t
	}
}
