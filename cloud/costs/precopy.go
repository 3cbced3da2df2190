package costs

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func precopyEntry() spec.Entry[Binder] {
	return modelEntry(
		"precopy", "the time that a live migration takes, by the pre-copy model",
		"The time that the duration precopy gives, in ms; `rearrange list durations precopy` describes the model.",
		durations.Whole,
	)
}

// modelEntry is the entry of a cost function that charges a part of the time that a live
// migration takes by the pre-copy model.
func modelEntry(name, synopsis, doc string, part durations.Part) spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name: name, Synopsis: synopsis, Doc: doc, Citation: durations.PrecopyCitation,
			Params: slices.Concat(durations.PrecopyParams(), suspensionParams()),
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				t, err := durations.Precopy(in, a, part)
				if err != nil {
					return nil, err
				}
				c := &prices{
					in: in, text: a.Brief().String(), unit: "ms", suspension: newSuspension(a),
					vm: t.VM, ways: t.Ways, way: t.Way, host: t.Host, cost: t.Times, remarks: t.Remarks(),
				}
				return c.ready()
			}, nil
		},
	}
}
