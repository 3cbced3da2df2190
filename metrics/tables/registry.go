package tables

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a table of a summary. It handles the summary of no records.
type Builder func(*summary.Summary) Table

// Timed is the property of tables with figures that depend on the speed of the
// machine. All others are the same for all runs with the same seeds, unless told to show
// such figures; see [Table.Timed].
const Timed spec.Property = "timed"

// Wide is the property of tables that are for files, not for the terminal unless asked
// for: they grow with the number of instances or of pairs of algorithms, or say more than
// a first look needs.
const Wide spec.Property = "wide"

// Kind is the kind of tables in a catalogue.
const Kind = "table"

// Registry makes tables known to a catalogue.
func Registry(entries ...spec.Entry[Builder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "tables", Synopsis: "tables of a report", Vocabulary: []spec.Property{Timed, Wide},
	}, entries...)
}

// Entries lists the tables of this package, in the order of a report.
func Entries() []spec.Entry[Builder] {
	return []spec.Entry[Builder]{
		entry(outcomesTable(), outcomes),
		entry(qualityTable(), quality),
		entry(effortTable(), effort),
		entry(timeTable(), timing),
		entry(scoresTable(), scores),
		entry(anytimeTable(), anytime),
		entry(baselinesTable(), baselines),
		entry(ranksTable(), ranks),
		entry(pairwiseTable(), pairwise),
		entry(growthTable(), growth),
		perGroup(classEffortTable(), classEffort),
		perGroup(classTimeTable(), classTime),
		perGroup(classFirstTable(), classFirst),
		perGroup(classPlansTable(), classPlans),
		perGroup(versusTable(), versus),
	}
}

// entry is a table with one row for each algorithm, or the like, which is repeated for
// each group where cases are to be grouped.
func entry(d spec.Descriptor, build func(*summary.Summary, spec.Args) Table) spec.Entry[Builder] {
	return tableEntry(d, "", func(s *summary.Summary, by summary.Groups, a spec.Args) Table {
		if !a.Has(summary.GroupParamName) {
			t := build(s, a)
			t.MarkBest()
			return t
		}
		return grouped(s, by, func(s *summary.Summary) Table { return build(s, a) })
	})
}

// perGroup is a table that is about groups, of which classes of instances are the preset
// ones.
func perGroup(d spec.Descriptor, build func(*summary.Summary, summary.Groups, spec.Args) Table) spec.Entry[Builder] {
	return tableEntry(d, summary.ByClass, func(s *summary.Summary, by summary.Groups, a spec.Args) Table {
		t := build(s, by, a)
		t.MarkBest()
		t.Notes = append(t.Notes, aboutGroups(by)...)
		return t
	})
}

// tableEntry adds to a table what all have: the choice of groups, that of algorithms, and
// a name.
func tableEntry(d spec.Descriptor, presetGroup string, build func(*summary.Summary, summary.Groups, spec.Args) Table) spec.Entry[Builder] {
	d.Params = append(d.Params, summary.GroupParam(presetGroup))
	own := hasParam(d, algorithmsName) // the table itself answers to it
	if !own {
		d.Params = append(d.Params, spec.Param{
			Name: algorithmsName, Type: spec.String, List: true,
			Doc: "the algorithms shown, as records name them; all unless given",
		})
	}
	return spec.Entry[Builder]{Descriptor: d, New: func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) Table {
			t, err := func() (t Table, err error) {
				if names := a.Strings(algorithmsName); !own && len(names) > 0 {
					if s, err = s.Only(names); err != nil {
						return t, err
					}
				}
				var by summary.Groups
				if a.Has(summary.GroupParamName) {
					if by, err = s.GroupBy(a.String(summary.GroupParamName)); err != nil {
						return t, err
					}
				}
				return build(s, by, a), nil
			}()
			if err != nil {
				t = Table{Title: d.Name, Caption: sentence(err.Error()), NotApplicable: true}
			}
			t.Name, t.Timed = d.Name, t.Timed || d.Has(Timed)
			return t
		}, nil
	}}
}

const algorithmsName = "algorithms"

func hasParam(d spec.Descriptor, name string) bool {
	return slices.ContainsFunc(d.Params, func(p spec.Param) bool { return p.Name == name })
}
