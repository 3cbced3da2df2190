package main

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func patient() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{Name: "patient", Synopsis: "direct migrations in random orders", Citation: "own work"},
		New:        func(spec.Args) (func() paths.Searcher, error) { return searcher, nil },
	}
}

func searcher() paths.Searcher { return paths.SearcherFunc(search) }

func search(run *paths.Run) error {
	p := run.Problem
	for tries := 100; tries > 0 && run.Expand(); tries-- {
		s := cloud.NewState(p.Instance, p.Rules, p.Start)
		for before := -1; before < len(s.Moves()); {
			before = len(s.Moves())
			for _, v := range run.Rand.Perm(len(p.Goal)) {
				if vm, to := cloud.VMID(v), p.Goal[v]; s.HostOf(vm) != to && s.Allows(vm, to) {
					s.Move(vm, to)
				}
			}
		}
		if s.Placement().Equal(p.Goal) {
			run.Found(s.Moves())
			break
		}
	}
	return nil
}
