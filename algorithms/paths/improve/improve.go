package improve

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "improve",
			Synopsis: "large-neighbourhood search: improves the plan of another algorithm",
			Params: []spec.Param{
				{Name: "base", Type: spec.Ref, Of: paths.Kind, Default: "greedy", Doc: "the algorithm that finds the first plan"},
			},
			Citation:   "adaptive large-neighbourhood search: Ropke and Pisinger 2006, doi 10.1287/trsc.1050.0135",
			Properties: []spec.Property{paths.Deterministic},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			base := spec.Built[func() paths.Searcher](a, "base")
			return func() paths.Searcher { return searcher{base} }, nil
		},
	}
}

type searcher struct{ base func() paths.Searcher }

// Search implements [paths.Searcher].
func (s searcher) Search(run *paths.Run) error {
	first, err := run.Nested(paths.Subtask{Searcher: s.base(), Problem: run.Problem})
	if err != nil {
		return err
	}
	run.Bound(first.LowerBound)
	switch first.Status {
	case cloud.Optimal, cloud.Feasible:
		run.Found(first.Migrations)
	case cloud.Infeasible:
		run.GiveUp(first.Reason)
		run.Exhausted()
		return nil
	case cloud.Unsupported:
		run.Unsupported(first.Reason)
		return nil
	default:
		run.GiveUp(first.Reason)
		return nil
	}
	if first.Status == cloud.Feasible && run.Look() {
		_, err = Plan(run, first.Migrations, Options{Bound: first.LowerBound})
	}
	return err
}
