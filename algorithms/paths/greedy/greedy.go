package greedy

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "greedy",
			Synopsis: "direct migrations first, bypasses and chains of displacements to break deadlocks",
			Doc: "Always ends, and says so when it found no path; that is no proof that there is none. " +
				"Interruptible VMs are suspended where that costs less than a bypass, or where nothing else helps. " +
				"An expansion is one decision: a host looked at for those who wait for it, a host cleared for a VM, " +
				"or a placement expanded in the local search that is the last resort.",
			Params: []spec.Param{
				{
					Name: "window", Type: spec.Int, Default: "16", Unit: "VMs", Bounds: spec.Between(1, math.MaxInt32),
					Doc: "blocked VMs whose remedies are compared before the cheapest is taken",
				},
				{
					Name: "patience", Type: spec.Int, Default: "30", Unit: "remedies", Bounds: spec.Between(0, math.MaxInt32),
					Doc: "remedies that may be taken in a row without getting nearer to the target",
				},
				{
					Name: "local", Type: spec.Int, Default: "5000", Unit: "expansions", Bounds: spec.Between(0, 1e8),
					Doc: "limit on each local search for a way out of a deadlock; 0: none; a tenth of it at first",
				},
				{
					Name: "attempts", Type: spec.Int, Default: "8", Bounds: spec.Between(1, 1e6),
					Doc: "how often to begin anew, in another order, after getting stuck for good; twice as often where there are many hosts",
				},
				{
					Name: "both_ends", Type: spec.Bool, Default: "yes",
					Doc: "yes: when stuck, go on from the target towards the start; no: give up",
				},
			},
			Citation:   "local search: enforced hill climbing, Hoffmann and Nebel 2001, doi 10.1613/jair.855",
			Properties: []spec.Property{paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			g := searcher{params{
				window: int(a.Int("window")), patience: int(a.Int("patience")),
				local: int(a.Int("local")), attempts: int(a.Int("attempts")), both: a.Bool("both_ends"),
			}}
			return func() paths.Searcher { return g }, nil
		},
	}
}
