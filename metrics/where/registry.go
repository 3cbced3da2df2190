package where

import "github.com/cloudrearrange/rearrange/cloud/spec"

// Kind is the kind of filters in a catalogue.
const Kind = "filter"

// Registry makes filters known to a catalogue.
func Registry(entries ...spec.Entry[string]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "filters", Synopsis: "which runs a report shows",
	}, entries...)
}

// Entries lists the filters of this package. What is made is the text of the expression,
// which [Parse] reads once there are records.
func Entries() []spec.Entry[string] {
	return []spec.Entry[string]{{
		Descriptor: spec.Descriptor{
			Name: "where", Synopsis: "the runs for which an expression holds",
			Doc: "Suites and the flag --where take the expression alone. It may use every column, " +
				"parameters and features included: hosts >= 10 && algorithm startsWith \"astar\".",
			Citation: "own work",
			Params:   []spec.Param{{Name: "expression", Type: spec.String, Required: true, Doc: "the expression, in quotes"}},
		},
		New: func(a spec.Args) (string, error) {
			return a.String("expression"), Check(a.Catalogue(), a.String("expression"))
		},
	}}
}
