// Package openstack reads a cloud as the command-line client of OpenStack lists it:
//
//	openstack server list --all-projects --long -f json > servers.json
//	openstack hypervisor list --long -f json > hypervisors.json
//	openstack flavor list --all --long -f json > flavors.json
//	openstack server group list --all-projects --long -f json > groups.json
//
// The last file may be left out. Which columns there are, and whether a column holds a
// number, a text or an object, depends on the version of the client and of the compute
// API: the shapes that the client printed from 2018 to 2026 are understood. Columns that
// say nothing of a placement are ignored.
//
// Hypervisors become hosts and servers VMs, with the resources `ram` (MiB; what Nova
// calls MB) and `vcpu`. A server demands what its flavor says; the file of flavors
// must hold it, by id or name. A server stands where its host is, matched exactly or,
// where that finds nothing, by the first label of the name. Without a host, as under
// BUILD, ERROR and SHELVED_OFFLOADED, it is absent; deleted servers are left out. A
// server keeps its name where no other has it, and is called name/id otherwise; its
// id, project, flavor, status and power state are labels, and so is `cpu_policy` where
// the flavor dedicates cores. A host stands in the zone that most of its servers name,
// the list of hypervisors naming none. That a hypervisor is disabled its servers tell,
// too.
//
//	allocation ratios          capacity(overcommit.vcpu=…), of what is not reserved
//	architecture of a flavor   arch
//	down or disabled           maintenance(hosts=[…])
//	pinned availability zone   fence(vms=[…], zones=…), from API version 2.96 on
//	server groups              anti-affinity(group=…), affinity(group=…)
//
// Soft policies of server groups are wishes and left out. So are disks, which the list
// of hypervisors does not tell, NUMA topology, host aggregates and the traits that
// flavors ask for. A server under migration or resize counts on the one host that the
// list names, though Nova holds room for it on two. Dedicated cores count like shared
// ones: the lists do not say which cores of a host are dedicated.
//
// Columns: https://docs.openstack.org/python-openstackclient/latest/
// and its neighbours. Allocation ratios, reserved memory and their defaults:
// https://docs.openstack.org/nova/latest/configuration/config.html
package openstack
