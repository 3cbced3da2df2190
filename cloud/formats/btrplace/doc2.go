// Package btrplace writes instances for the scheduler BtrPlace, and reads its plans. The
// package generators/importers/btrplace documents the format and what its parts mean.
//
// Hosts and VMs with names such as node3 and vm7, in ascending order, keep these
// numbers; others are counted from 0, and naming services (views ns) keep their names. A
// VM that has a target gets a discrete fence to that node, one that shall be gone the
// constraint ready. Rules become constraints:
//
//	capacity                        overbook, where there is an overcommit
//	anti-affinity                   spread, by host
//	affinity                        gather by host, among by anything else
//	interference(max=0)             lonely or split, by host
//	fence, ban                      fence, ban
//	pin, quarantine                 root, quarantine; continuous ones
//	max-vms                         offline or runningCapacity; discrete ones
//
// Attributes that begin with rearrange. keep what BtrPlace has no notion of, so that an
// import brings it back: architectures, zones, racks, reserved amounts, groups, pages.
// They bind nobody there. Where the bandwidth of hosts and the memory of VMs is known, a
// network view and the attributes of BtrPlace's model of migrations are written, too: one
// switch for each rack and one above them, neither of which limits anything.
//
// In plans, actions are taken in the order of their start, of their end where these are
// equal, and of the list where both are. Migrations, suspends and resumes are read; VMs
// that are forged, boot, shut down or are killed are left to the instance, whose placements
// say so too, and nodes that boot or shut down and allocations are no steps of ours.
package btrplace
