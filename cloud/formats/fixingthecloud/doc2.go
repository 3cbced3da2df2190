// Package fixingthecloud writes instances as problems of "Fixing the cloud", which the
// package generators/importers/fixingthecloud documents, and reads plans for them.
//
// What migrations are about is written: the VMs that have a host initially and a target.
// VMs that are shut down are gone before the first migration, and those that are
// provisioned come after the last; the format knows neither, and the VMs that remain are
// counted from 0 in their order. Capacities are without what hosts reserve.
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
