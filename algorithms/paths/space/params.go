package space

import "github.com/cloudrearrange/rearrange/cloud/spec"

// PruneParam is the parameter prune of a search; [PruningOf] reads it. Excess is offered
// only to searches that know a limit on cost.
func PruneParam(excess bool) spec.Param {
	p := spec.Param{
		Name: "prune", Type: spec.Choice, List: true, Choices: []string{"repeat", "symmetry", "dominance"},
		Default: "[repeat, symmetry, dominance]",
		Doc: "what is left out, each keeping a cheapest path: a VM that moves twice in a row, states alike but for " +
			"interchangeable hosts or VMs, anything before moves to hosts that can hold all VMs",
	}
	if excess {
		p.Choices = append(p.Choices, "excess")
		p.Default = "[repeat, symmetry, dominance, excess]"
		p.Doc += ", migrations that paths cheaper than the best known do not need"
	}
	p.Doc += "; [] for nothing"
	return p
}

// PruningOf reads the parameter prune.
func PruningOf(a spec.Args) Pruning {
	var p Pruning
	for _, name := range a.Strings("prune") {
		switch name {
		case "repeat":
			p.Repeat = true
		case "symmetry":
			p.Symmetry = true
		case "dominance":
			p.Dominance = true
		case "excess":
			p.Excess = true
		}
	}
	return p
}

// LookaheadParam is the parameter lookahead of a search.
func LookaheadParam() spec.Param {
	return spec.Param{
		Name: "lookahead", Type: spec.Bool, Default: "yes",
		Doc: "at every state, try to reach the goal by direct migrations alone",
	}
}
