// Package bytedance2025 reads the clusters that were published with a study of VM rescheduling: Ding et al.,
// Towards VM Rescheduling Optimization Through Deep Reinforcement Learning, EuroSys 2025,
// https://doi.org/10.1145/3689031.3717476. A file is one JSON document with a list of clusters.
//
//	node of a host             a host pm_0/0, with the label machine=pm_0, rack and zone (the cluster)
//	cores, memory              resources ram (MiB, which the cost function ram charges) and cpu (cores)
//	VM on one node             a VM on that host
//	VM on both nodes           a VM with the label numa=2 that demands the sum, on the first of its nodes
//	capacity                   numa(pair=machine)
//	allow_migration false      pin
//	deployment set             anti-affinity of its VMs by host (by machine), or by rack
//
// A VM of the study may stand on either node of any host, and so it may here. All clusters of a file make one
// instance unless one is chosen, as the authors measure a file; rules such as affinity by zone keep a VM in its cluster.
//
// The free amounts of the file disagree with its VMs in places. They are recomputed from totals and VMs, and the
// description of the instance counts the nodes where the file says otherwise. There is no target.
//
// Left out: what kinds of VMs there are (vm_type_list, vm_type_info) and what the authors' program is asked for
// (general_requirement).
package bytedance2025
