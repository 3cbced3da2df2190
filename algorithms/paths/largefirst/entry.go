package largefirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the registry.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "largefirst",
			Synopsis: "brings the largest VMs home first, from both ends at once: for clouds that are nearly full",
			Doc: "A smaller VM moves only when a larger one needs its room, so that the small ones split and merge holes free of " +
				"charge. Always terminates; failure does not prove that no path exists. An expansion is one host examined.",
			Params: []spec.Param{
				{
					Name: "attempts", Type: spec.Int, Default: "2", Bounds: spec.Between(1, 1e6),
					Doc: "how many plans are made, each in another random order, unless one is proved optimal; the cheapest is kept",
				},
				{
					Name: "rest", Type: spec.Ref, Default: "greedy",
					Doc: "the algorithm that plans the way between the two ends where they do not meet",
				},
			},
			Citation:   "own; walks of holes: augmenting paths, Edmonds 1965, doi 10.4153/CJM-1965-045-4",
			Properties: []spec.Property{paths.Deterministic},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			x := searcher{int(a.Int("attempts")), spec.Built[func() paths.Searcher](a, "rest")}
			return func() paths.Searcher { return x }, nil
		},
	}
}
