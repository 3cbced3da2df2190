// Package fixingthecloud reads the migration problem "Fixing the cloud": integers between
// white space, hosts and VMs being counted from 0.
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
package fixingthecloud
