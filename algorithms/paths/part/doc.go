// Package part cuts small problems out of large ones: some of the VMs may move, among
// some of the hosts, and everything else stands still. A part is an instance of its own
// with few VMs and few hosts, so that whatever takes time or memory for each VM and each
// host is cheap in it, and any algorithm takes it. Its rules and its cost function are
// those of the problem that it was cut from, exactly:
//
//   - limits of hosts become limits less what those demand that stand still;
//   - rules that look at nothing but a VM and a host are asked about that VM and host;
//   - all other continuous rules look at a state of the whole in which the part's VMs
//     stand where they stand in the part.
//
// So a path of a part is a sane stretch of a path of the whole, which [Part.Lift] makes of
// it. The reverse holds for paths that move none but the part's VMs and use none but its
// hosts: that a part has no path proves nothing about the whole.
package part
