package main

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// unfinished is the bound of the misplaced VMs under another name.
func unfinished() spec.Entry[bounds.Maker] {
	return spec.Entry[bounds.Maker]{
		Descriptor: spec.Descriptor{
			Name: "unfinished", Synopsis: "VMs that are not on their target host", Citation: "own work",
			Properties: []spec.Property{bounds.Admissible, bounds.Consistent},
		},
		New: func(spec.Args) (bounds.Maker, error) { return bounds.Misplaced, nil },
	}
}
