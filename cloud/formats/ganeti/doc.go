// Package ganeti writes clusters for Ganeti's tools (hbal, hsqueeze, hspace, hinfo) as the text file that
// they read, and reads the migrations that they suggest:
//
//	files, lost, err := formats.Export(catalogue, spec.Named("ganeti"), inst) // hbal -t cluster.data -C
//	target, err := formats.ReadTarget(catalogue, spec.Named("ganeti"), inst, "commands", nil)
//
// # Clusters
//
//	host                    an online node, not the master, of the only group
//	limits on memory        total memory: what VMs may use and what is reserved
//	limits on vcpus         CPUs that are not reserved; the policy's ratio of vcpus to CPUs
//	VM                      a running instance on external storage, which can migrate to every node
//	anti-affinity by host   exclusion tags, which Ganeti obeys where an instance arrives
//
// Nodes and instances have no disks: instances on local disks move between two nodes only, or with their
// disks. The standard instance, for some of which hsqueeze keeps room on each node, is the mean of all VMs.
//
// # Plans and targets
//
// The commands gnt-instance migrate and failover are read in the order of the text. Other text is skipped, so
// that all that hbal prints can be given; commands that move disks are errors. The target is where they lead.
package ganeti
