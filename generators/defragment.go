package generators

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func defragmentEntry() spec.Entry[Family] {
	return strategyEntry(targets.Defragment().Descriptor, "defragmentation", "The target has fewer hosts in use, where the strategy finds out how, under all rules of the instance. "+
		"A path is known to exist unless VMs had to move together; the description says which.")
}
