// Package occupancy tells how VMs fill the hosts of an instance, before and after its migrations, in one resource: the load of each
// host against its limit, and what becomes of its VMs.
//
//	o := occupancy.Of(in, bound, 0, nil)
//	for _, l := range o.Sides[0] {
//		fmt.Println(in.Hosts[l.Host].Name, l.Used(), l.Limit)
//	}
//
// It measures only: [cloud.State] judges what may move.
package occupancy
