package costs

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Binder binds a cost function to an instance.
type Binder func(*cloud.Instance) (cloud.CostFunction, error)

// Uniform is promised by cost functions that charge the same for a VM wherever it
// goes.
const Uniform spec.Property = "uniform"

// Kind is the kind of cost functions in a catalogue.
const Kind = "cost"

// Registry makes cost functions known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Noun: "cost function", Plural: "costs", Synopsis: "what a migration costs", Vocabulary: []spec.Property{Uniform},
	}, entries...)
}

// Entries lists the cost functions of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{
		ramEntry(),
		countEntry(),
		precopyEntry(),
		downtimeEntry(),
		networkEntry(),
		sumEntry(),
		expressionEntry(),
	}
}

// Bind binds the cost function that a spec names to an instance.
func Bind(c *spec.Catalogue, in *cloud.Instance, s spec.Spec) (cloud.CostFunction, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	cost, err := binder(in)
	if err != nil {
		return nil, fmt.Errorf("cost function %s: %w", s, err)
	}
	return cost, nil
}
