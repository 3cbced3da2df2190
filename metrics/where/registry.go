package where

import "github.com/cloudrearrange/rearrange/cloud/spec"

// Kind is the kind of filters in a catalogue.
const Kind = "filter"

// Registry makes filters known to a catalogue.
func Registry(entries ...spec.Entry[*Filter]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "filters", Synopsis: "which runs a report shows",
	}, entries...)
}

// Entries lists the filters of this package.
func Entries() []spec.Entry[*Filter] {
	return []spec.Entry[*Filter]{{
		Descriptor: spec.Descriptor{
			Name: "where", Synopsis: "the runs for which an expression holds",
			Doc: "Suites and the flag --where take the expression alone. It may use fields of records, " +
				"parameters of families, and features: hosts >= 10 && algorithm startsWith \"astar\".",
			Citation: "own work",
			Params:   []spec.Param{{Name: "expression", Type: spec.String, Required: true, Doc: "the expression, in quotes"}},
		},
		New: func(a spec.Args) (*Filter, error) { return Parse(a.Catalogue(), a.String("expression"), nil) },
	}}
}
