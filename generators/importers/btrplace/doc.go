// Package btrplace reads instances of the scheduler BtrPlace: JSON, as its package
// org.btrplace.json writes it.
//
// Nodes become hosts node0, node1, …, VMs vm0, vm1, … after their numbers and in the order of
// these, or with the names that a naming service (view ns) gives. A view shareableResource is
// a resource, in the order of the views.
//
// A running VM stands on its node. One that is ready or asleep is nowhere, since it holds
// nothing; the label btrplace.asleep keeps the number of the node that it sleeps on. An
// offline node is a host like the others, with the label btrplace.offline.
//
// A discrete fence to one node is the target of its VM. Where there are any, VMs without
// one keep their host, as they do in BtrPlace; VMs that shall be ready, killed or asleep are
// absent from the target. Other constraints become rules, with `continuous` as they say:
//
//	fence, ban            fence, ban; VMs with the same nodes share a rule
//	root                  pin
//	quarantine            quarantine
//	spread                anti-affinity
//	gather                affinity
//	lonely, split         interference(max=0)
//	among                 affinity by zone, rack or a label, and a fence around all parts
//	overbook              capacity(overcommit.…), or larger capacities where nodes differ
//	runningCapacity       max-vms, of one node
//	offline               max-vms(max=0), discrete unless the node is offline to begin with
//	preserve, running     nothing, where they ask for no more than there is
//	online                nothing: hosts do not go off
//
// All others would change what a plan may do and cannot be said: they are errors, and the
// parameter ignore leaves them out, as it does with unknown views. Groups are named after
// the constraint: spread0, spread1, gather0, ….
//
// Attributes are labels, and numbers are kept as they are written. Of those that BtrPlace's
// model of migrations knows, hotDirtySize (MB) is the working set, and the rate at which
// memory is dirtied is hotDirtySize / hotDirtyDuration + coldDirtyRate (MB/s); both are
// turned into MiB. Its bandwidth in MB/s is that of the network in Mbit/s divided by 9, not
// by 8, since real bandwidth is less than nominal: the cost precopy(share=8/9) does the
// same. A network view that is a tree of switches gives each host its bandwidth,
// its switch as its rack, and in the label btrplace.uplinks the way up from there; any
// other is left out, which the description says.
//
// Attributes that begin with rearrange. are written by the exporter for what BtrPlace has
// no notion of, and read back here.
//
// The objective is left out: it ranks plans.
//
// Source: https://github.com/btrplace/scheduler, module json; V. Kherbache, F. Hermenier,
// E. Madelaine: Scheduling live migration of virtual machines. IEEE TCC, 2017.
// https://doi.org/10.1109/TCC.2017.2754279
package btrplace
