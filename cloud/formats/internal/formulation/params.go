package formulation

import (
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Params are the parameters that exports of formulations have in common.
func Params() []spec.Param {
	return []spec.Param{
		{
			Name: "cost", Type: spec.Ref, Of: costs.Kind, Default: "ram",
			Doc: "the cost function that the solver minimises",
		},
		{
			Name: "partial", Type: spec.Bool, Default: "no",
			Doc: "yes: rules that cannot be expressed are left out and listed, and answers may break them; no: they are an error",
		},
	}
}
