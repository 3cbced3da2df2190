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

// Registry lists every cost function.
func Registry() *spec.Registry[Binder] {
	return spec.NewRegistry("cost function", []spec.Property{Uniform},
		ramEntry(),
		countEntry(),
		precopyEntry(),
		downtimeEntry(),
		networkEntry(),
		sumEntry(),
		expressionEntry(),
	)
}

// Bind binds the cost function that a spec names to an instance.
func Bind(in *cloud.Instance, s spec.Spec) (cloud.CostFunction, error) {
	binder, _, err := Registry().Build(s)
	if err != nil {
		return nil, err
	}
	c, err := binder(in)
	if err != nil {
		return nil, fmt.Errorf("cost function %s: %w", s, err)
	}
	return c, nil
}
