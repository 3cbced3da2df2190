// Package targets answers the first question: given a placement A, which final
// placement B should we head for?
//
// It holds the contract of target strategies and the driver around
// them. A [Strategy] only proposes: the driver has the judge look at every proposal under
// all rules, the continuous and the discrete ones, and never returns a target that breaks
// one. Where a strategy knows a path to its target, or where the VMs can simply migrate
// there one after the other, the path is walked again and returned too.
//
//	r, err := targets.NewRequest(catalogue, inst, nil)
//	choice, err := targets.Choose(ctx, strategy, r)
//	inst.Target = choice.Target
//
// A strategy names the objective that it lowers. Most construct a target in a moment ([Defragment],
// [Rebalance], [Evacuation]) and search from there and from the placement as it is for a better one
// ([Request.Search]): by algorithms/targets/packing, under all rules, on terms that all strategies take, such
// as a budget. Where the start breaks rules, or there is no construction, the search is all there is.
// [Request.Weigh] says what a target is worth and what algorithms/targets/bounds prove of all others.
//
// The package does not look for good paths, which is what algorithms/paths is for; it asks for one where
// only targets that can be reached are wanted. A strategy that finds no target proves nothing by that:
// [Choose] looks for a proof.
//
// To add a strategy: one file with its entry function, and one line in Entries.
package targets
