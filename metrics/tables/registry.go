package tables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a table of a summary. An error says why the table cannot be made of it.
type Builder func(*summary.Summary) (Table, error)

// Timed is the property of tables with figures that depend on the speed of the machine. All
// others are the same for all runs with the same seeds; but see [Table.Timed].
const Timed spec.Property = "timed"

// Wide is the property of tables that the terminal shows only if asked to: they grow with the
// number of instances or of pairs of algorithms, or say more than a first look needs.
const Wide spec.Property = "wide"

// OnDemand is the property of tables that no report shows unless asked to.
const OnDemand spec.Property = "on-demand"

// Kind is the kind of tables in a catalogue.
const Kind = "table"

// Registry makes tables known to a catalogue.
func Registry(entries ...spec.Entry[Builder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: Kind, Plural: "tables", Synopsis: "tables of a report", Vocabulary: []spec.Property{Timed, Wide, OnDemand}}, entries...)
}

// Entries lists the tables of this package, in the order of a report.
func Entries() []spec.Entry[Builder] {
	return append(readyMade(), ranksTable(), pairwiseTable(), growthTable(), runsTable(), tableEntry())
}

// Parameters of several tables.
const (
	algorithms = "algorithms"
	baseline   = "baseline"
)

// withAlgorithms adds to a table what all have: the choice of algorithms, and its name. A
// table with a preset of algorithms takes those that have records.
func withAlgorithms(d spec.Descriptor, make func(spec.Args) (Builder, error)) spec.Entry[Builder] {
	has := func(name string) bool {
		return slices.ContainsFunc(d.Params, func(p spec.Param) bool { return p.Name == name })
	}
	preset := has(algorithms)
	if !has("compare") {
		d.Params = append(d.Params, summary.CompareParam(""))
	}
	if !preset {
		d.Params = append(d.Params, spec.Param{
			Name: algorithms, Type: spec.String, List: true, Doc: "the algorithms shown, as records name them; all unless given",
		})
	}
	return spec.Entry[Builder]{Descriptor: d, New: func(a spec.Args) (Builder, error) {
		build, err := make(a)
		if err != nil {
			return nil, err
		}
		return func(s *summary.Summary) (Table, error) {
			s, err := s.By(a.Strings("compare"))
			if err != nil {
				return Table{}, err
			}
			var absent []string
			names := slices.Clone(a.Strings(algorithms))
			if preset {
				names = slices.DeleteFunc(names, func(name string) bool {
					_, err := s.Algorithm(name)
					if err != nil {
						absent = append(absent, name)
					}
					return err != nil
				})
				if len(names) < 2 {
					return Table{}, fmt.Errorf("there are records of fewer than two of the algorithms %s", strings.Join(a.Strings(algorithms), ", "))
				}
			}
			if len(names) > 0 {
				if has(baseline) {
					names = append(names, a.String(baseline))
				}
				if s, err = s.Only(names); err != nil {
					return Table{}, err
				}
			}
			t, err := build(s)
			t.Name, t.Timed = d.Name, t.Timed || d.Has(Timed)
			if absent != nil {
				t.Notes = append(t.Notes, fmt.Sprintf("No records of %s.", strings.Join(absent, ", ")))
			}
			return t, err
		}, nil
	}}
}
