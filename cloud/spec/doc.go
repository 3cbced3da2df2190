// Package spec is the grammar by which everything pluggable is named, and the catalogue
// in which those names are looked up.
//
// A spec is a name, or a name with arguments, and arguments may nest:
//
//	greedy
//	astar(heuristic=misplaced)
//	capacity(overcommit.vcpu=4, overcommit.ram=1.5)
//	anti-affinity(group="web *")
//	depends(group=a, on=[b, c])
//
// The same grammar serves the command line, suites and the "rules" of an
// instance. A [Descriptor] says what a name means: its parameters with types,
// defaults, bounds and units, its citation and the properties it promises. A
// [Registry] is an ordered list of descriptors of one [Kind] with their constructors. A
// [Catalogue] holds all registries of a program and is passed down to whatever reads a
// spec; [Build] constructs what a spec names:
//
//	heuristic, _, err := spec.Build[bounds.Maker](catalogue, "heuristic", spec.MustParse("pdb(states=1000000)"))
//
// Help texts, `rearrange list` and the checking of arguments all come from the
// descriptors, so there is no second place to keep up to date.
//
// The package knows nothing of clouds, algorithms or files.
package spec
