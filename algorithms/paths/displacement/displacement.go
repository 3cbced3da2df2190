package displacement

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "displacement",
			Synopsis: "the first published path finder: displace what stands in the way, recursively",
			Doc: "To move a VM to a host that is full, it displaces a VM there, first of all one that must move anyway, " +
				"and locks who waits. A historical baseline: it does not find every path, proves no absence of one, and " +
				"never suspends a VM. An expansion is one decision: a placement gone on from, or a host on which room is made.",
			Params: []spec.Param{
				{
					Name: "several", Type: spec.Bool, Default: "no",
					Doc: "no: room for a VM is made by one displacement, as the published code does; " +
						"yes: by as many as it takes, as its comments say",
				},
				{
					Name: "effort", Type: spec.Int, Default: "200000", Unit: "expansions", Bounds: spec.Between(0, math.MaxInt64),
					Doc: "decisions after which it gives up; 0: never",
				},
			},
			Citation:   "Spiers 2015, https://github.com/aspiers/migrationpaths",
			Properties: []spec.Property{paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			d := searcher{several: a.Bool("several"), effort: a.Int("effort")}
			return func() paths.Searcher { return d }, nil
		},
	}
}
