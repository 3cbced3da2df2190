// Package displacement is the method of the first published path finder for VM
// placements (Spiers 2015), kept as the historical baseline: what a person would do. It
// tries to migrate each misplaced VM to its target, in the order of names. Where that
// target is full it first displaces a VM that stands there, and for that, by recursion,
// others elsewhere.
//
// # How it works
//
// To make room for a VM on a host, candidates are tried in this order, until the VM fits:
//
//  1. a misplaced VM of that host goes to its own target, for which others may be
//     displaced in turn;
//  2. a misplaced VM of that host goes to any other host that takes it at once;
//  3. a settled VM of that host does.
//
// VMs are tried from the last name to the first, hosts from the last of the instance to
// the first. The published code takes both from hash tables, whose order is about that
// for names like its own; with the opposite order neither it nor this search solves the
// published case called slow.
//
// A VM that waits for room is locked: displacements made for its sake leave it where it
// is. No VM migrates twice in a row. When a misplaced VM has arrived, the rest is solved
// from there; when that fails, its migrations are taken back and the next misplaced VM is
// tried instead.
//
// # What it does not do
//
// It finds neither every path nor a cheapest one, and proves nothing but the bound that
// every misplaced VM migrates once. One displacement at a time makes room for a VM; a
// second one in the same place only comes about when the first needs it, or when another
// misplaced VM was tried before. The author's comments call for as many displacements as
// it takes, while the published code stops after one; several=yes does as the comments
// say. VMs are never suspended: the method knew live migrations only.
//
// # Why it ends
//
// A displacement locks one VM more than the one that it serves, so that recursion is no
// deeper than there are VMs. What comes of a placement depends on nothing but the
// placement and the VM that moved last; each such pair is entered once. Coming back to a
// pair that failed could only fail again, and coming back to a pair that is still being
// solved is where the published code went in circles for ever. So this search finds
// whatever that one finds, and ends where that one does not. Since the pairs may be as
// many as there are placements times VMs, a limit on displacements ends it long before.
//
// # Complexity
//
// One displacement tries every VM of a host on every host; recursion multiplies that by
// the misplaced VMs of one host per level. Memory is one packed placement per pair.
package displacement
