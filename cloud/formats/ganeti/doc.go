// Package ganeti writes clusters for Ganeti's tools (hbal, hsqueeze, hspace, hinfo) as the text file that
// they read with -t, and reads the commands that they suggest as plans:
//
//	rearrange export ganeti cloud.json -o cluster.data
//	hbal -t cluster.data -C >commands
//	rearrange import-plan ganeti cloud.json commands
//
// # What becomes what
//
//	host                            node of the group default, online, not the master
//	capacity, limits on memory      total memory: what the VMs may use and what is reserved
//	capacity, limits on vcpus       CPUs: those that are not reserved; the ratio of vcpus to them is the policy's
//	VM                              running instance on external storage: it can migrate to every node
//	anti-affinity by host           exclusion tags
//
// Nodes and instances have no disks: Ganeti balances local disks, and VMs that stand on local disks move
// only between two nodes or with their disks. The standard instance of the policy, of which hsqueeze keeps
// room for some on each node, is the mean of all VMs.
//
// # Plans
//
// The commands gnt-instance migrate and gnt-instance failover with a node are read in the order of the text; all other
// text is skipped, so that the whole output of hbal can be given. What moves or replaces disks is an error.
package ganeti
