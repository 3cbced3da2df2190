package largefirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "largefirst",
			Synopsis: "moves the largest VMs first, from both ends of the path: for clouds that are nearly full",
			Doc: "A smaller VM moves only when a larger one needs its room, so that small VMs that have to move anyway split and merge " +
				"holes free of charge. Always terminates; failure does not prove that no path exists. An expansion is one host examined.",
			Params: []spec.Param{
				{
					Name: "attempts", Type: spec.Int, Default: "2", Bounds: spec.Between(1, 1e6),
					Doc: "number of plans to make, each in another random order, unless one is proved optimal; the cheapest is kept",
				},
				{
					Name: "rest", Type: spec.Ref, Of: paths.Kind, Default: "greedy",
					Doc: "the algorithm that plans the gap if the two ends do not meet",
				},
			},
			Citation:   "own work; displacements are ejection chains: Glover 1996, doi 10.1016/0166-218X(94)00037-E",
			Properties: []spec.Property{paths.Deterministic},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			x := searcher{int(a.Int("attempts")), spec.Built[func() paths.Searcher](a, "rest")}
			return func() paths.Searcher { return x }, nil
		},
	}
}
