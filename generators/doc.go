// Package generators makes instances out of parameters and a seed: one file per
// family.
//
// A [Family] is a family with its parameters filled in; it yields one or more
// instances, each complete and checked, and the same bytes for the same parameters
// and seed. [Entries] lists the families of this package; one of them, import, reads
// foreign formats. A catalogue knows them by name:
//
//	instances, err := generators.Generate(catalogue, spec.MustParse("drift(of=random(hosts=40), migrations=500)"), 7)
//
// File names in specs are relative to the working directory. A suite, whose files lie
// beside it, passes its specs through [Rebase] first.
//
// Of some families something is proved: what the cheapest path costs, in closed form
// ([PermutationOptimum] and its like), or that there is none. Their instances say so in
// their descriptions, and the arguments stand beside the code.
//
// A utilisation that a family is asked for is what cloud/features measures of its instances, to a
// hundredth, or an error: see tuning.
//
// The package solves nothing, writes no files, and chooses targets only where the
// choice is part of what a family is; scenarios leave it to algorithms/targets.
//
// To add a family: one file with its entry function, and one line in Entries. One whose
// instances are laid out by hand, as those with a proof are, starts from designed.
package generators
