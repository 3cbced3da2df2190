// Package btrplace reads and writes instances of the scheduler BtrPlace, and reads its
// plans: JSON, as its package org.btrplace.json writes it.
//
// # Import
//
// Nodes become hosts node0, node1, …, VMs vm0, vm1, … after their numbers and in the order of
// these, or with the names that a naming service (view ns) gives. A view shareableResource is
// a resource, in the order of the views.
//
// A running VM stands on its node. One that is ready or asleep is nowhere, since it holds
// nothing; the label btrplace.asleep keeps the number of the node that it sleeps on. An
// offline node is a host with the label btrplace.offline. No VM may stand there, unless a constraint
// online asks for the node or a fence to this one node sends a VM there: BtrPlace itself may boot any
// node that no constraint keeps off.
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
//	preserve              the demand of its VM, where that is less; the description counts
//	                      such VMs
//	running               nothing, where the VM runs already or a fence to one node is its
//	                      target; else the label btrplace.waits
//	online                nothing, but for a node that is off: VMs may stand there
//
// A VM with the label btrplace.waits stands nowhere and shall run: BtrPlace chooses its node. It has no
// target, and a target strategy places it if told absent=place.
//
// A VM that grows demands from the start what it shall have. Its host is too full then where it
// has no room for that: the initial placement breaks capacity, and solvers mend it.
//
// All others would change what a plan may do and cannot be said: they are errors, and the
// parameter ignore leaves them out, as it does with unknown views. Groups are named after
// the constraint: spread0, spread1, gather0, ….
//
// Attributes are labels, and numbers are kept as they are written. Of those that BtrPlace's
// model of migrations knows, hotDirtySize (MB) is the working set, and the rate at which
// memory is dirtied is hotDirtySize / hotDirtyDuration + coldDirtyRate (MB/s), not known
// where hotDirtyDuration and coldDirtyRate are missing; both are turned into MiB. Its bandwidth in MB/s is that of the network in Mbit/s divided by 9, not
// by 8, since real bandwidth is less than nominal: the cost precopy(share=8/9) does the
// same. A network view that is a tree of switches (or several) becomes our network of switches switch0, switch1,
// …; a capacity that does not bind is 0. A host's link gives it its bandwidth and its switch, which is its rack,
// too. Any other network is left out, which the description says.
//
// The objective is left out: it ranks plans.
//
// A plan is imported, too: its origin is the model, and where its actions lead is the target. It has no constraints,
// and of BtrPlace's release of 2015 no network. The attributes maxDirtySize, maxDirtyDuration and dirtyRate of that release are those of
// the model of migrations above.
//
// # Export
//
// Hosts and VMs with names such as node3 and vm7, in ascending order, keep these
// numbers; others are counted from 0, and naming services (views ns) keep their names. A
// VM that has a target gets a discrete fence to that node, one that shall be gone the
// constraint ready. VMs that wait get the constraint running, and nodes that are off and may hold VMs
// the constraint online. Rules become constraints:
//
//	capacity                        overbook, where there is an overcommit
//	anti-affinity                   spread, by host
//	affinity                        gather by host, among by anything else
//	interference(max=0)             lonely or split, by host
//	fence, ban                      fence, ban
//	pin, quarantine                 root, quarantine; continuous ones
//	max-vms                         offline or runningCapacity; discrete ones, and max=0 of
//	                                nodes that are off
//
// Attributes that begin with rearrange. keep what BtrPlace has no notion of, so that an
// import brings it back: architectures, zones, racks, reserved amounts, groups, pages.
// They bind nobody there. Switches and the links of hosts are a network view; parts that no switch joins
// stay apart, and BtrPlace finds no way between them. Where there are no switches, and the bandwidth of hosts and the
// memory of VMs is known, the network has one switch for each rack and one above them, neither of which limits
// anything. The attributes of BtrPlace's model of migrations are written, too.
//
// # Plans
//
// Actions are taken in the order of their start, of their end where these are
// equal, and of the list where both are. Migrations, suspends and resumes are read, and when VMs boot, shut down or are
// killed; whether they do is left to the instance, whose placements
// say so too. Nodes that boot or shut down, VMs that are forged, and allocations are no steps of ours.
//
// BtrPlace's scheduler of migrations gives each the bandwidth of the slowest link on its way, and lets a link carry
// in each direction, and a switch in all, as many as fit. That is our model bandwidth, under which a plan is judged if
// the instance says anything of its network. If not, or without that scheduler, nothing limits what runs at the same
// time, which slots(total=2147483647) says.
//
// Source: https://github.com/btrplace/scheduler, module json; its release of 2015,
// https://github.com/btrplace/scheduler-UCC-15; V. Kherbache, F. Hermenier,
// E. Madelaine: Scheduling live migration of virtual machines. IEEE TCC, 2017.
// https://doi.org/10.1109/TCC.2017.2754279
package btrplace
