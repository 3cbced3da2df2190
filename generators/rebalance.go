package generators

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func rebalanceEntry() spec.Entry[Family] {
	return strategyEntry(targets.Rebalance().Descriptor, "rebalancing", "In the target the most loaded hosts have less to carry, under all rules of the instance. "+
		"The strategy moves one VM at a time, sanely, so a path exists.", Reachable)
}
