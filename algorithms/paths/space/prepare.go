package space

import "github.com/cloudrearrange/rearrange/algorithms/paths"

// What a search keeps beside its layout, whatever states it stores, in bytes: of each VM, of
// each host, and of each of them for each resource.
const (
	statePerVM     = 112
	statePerHost   = 96
	statePerAmount = 20
)

// Prepare lays out the states for a search. False ends it before it began: a VM cannot get
// to its goal, which proves that there is no path, or a limit was reached. The search then
// makes its heuristic, which keeps what memory it takes itself.
func Prepare(run *paths.Run) (*Layout, bool) {
	if !run.KeepEach(statePerVM, statePerHost, statePerAmount) {
		return nil, false
	}
	layout := LayoutWithin(run)
	if layout == nil {
		return nil, false
	}
	if why, stuck := layout.Stuck(); stuck {
		run.GiveUp(why)
		run.Exhausted()
		return nil, false
	}
	return layout, true
}
