package costs

import (
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func downtimeEntry() spec.Entry[Binder] {
	return modelEntry(
		"downtime", "the time for which a VM stands still in a live migration, by the pre-copy model",
		"The length of the last round of the model described with the duration precopy: what is left, over the bandwidth, in ms. It is "+
			"at most max-downtime, rounded up, unless max-rounds rounds do not get that far: a VM that dirties memory as fast as it is "+
			"sent stands still for its working set over the bandwidth. Waking the VM up and announcing its new place, which takes "+
			"the same time for all, is not counted.",
		durations.Downtime,
	)
}
