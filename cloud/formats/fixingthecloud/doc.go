// Package fixingthecloud reads and writes the migration problem "Fixing the cloud", and reads
// plans for it: integers between white space, hosts and VMs being counted from 0.
//
//	N M                N hosts and M VMs
//	cpu ram            N times: what a host has
//	cpu ram            M times: what a VM demands
//	old-host new-host  M times: where a VM stands, and where it shall stand
//
// Hosts become host0, host1, …, VMs vm0, vm1, …. The resources are ram and cpu, in this
// order: the first is the one that the default cost function charges. Everything is kept.
// The problem knows of no rule besides capacity, which is the default here; no unit is given
// for either resource.
//
// Note: no public description of the problem was found that could be cited. The format is
// the one above, and nothing else is read into it.
//
// # Export
//
// What migrations are about is written: the VMs that have a host initially and a target.
// VMs that are shut down are gone before the first migration, and those that are
// provisioned come after the last; the format knows neither, and the VMs that remain are
// counted from 0 in their order. Capacities are without what hosts reserve.
//
// # Plans
//
// A plan is plain text, integers between white space: the number of migrations, then for each,
// in the order in which they are made,
//
//	vm host            the VM, and the host that it migrates to
//
// both counted from 0 as in the problem.
//
// Note: no description of the problem's own output was found, so that this form of a plan
// is our choice: the problem's way of counting, and no more than is needed.
package fixingthecloud
