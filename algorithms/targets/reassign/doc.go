// Package reassign searches for placements that are good by the objective reassign, which is that of the ROADEF/EURO challenge
// 2012 on machine reassignment.
//
//	p, ok := reassign.Read(objective, rules, nil)
//	placement := reassign.Anneal(p, start, budget)
//
// # How it works
//
// It anneals: VMs go to other hosts, change places, or eject one another to a third host or home, and a change that makes the
// placement worse is made with a probability that falls as the search cools down. Simulated annealing with shifts and swaps
// ranked fourth in the challenge (Portal, Ritt, Borba and Buriol 2016, doi 10.1007/s10479-014-1771-7).
//
// On the way hosts may hold more than they may, and rules may be broken, at a price that rises: where hosts are nearly full, most
// changes are part of a longer exchange that no sane placement lies within. Ejections matter where resources are transient:
// what has left a host still counts there, so that room for VMs from elsewhere is scarce, and one of them has to go home for
// another one to come.
//
// Searches side by side differ, as those of the challenge did: in how hot they begin and in whether they break rules on the way. The
// best placement counts.
//
// Note: packing, which serves any objective and any rules, asks the rules anew for each change; it tries some thousands of
// changes a second where this search tries millions.
package reassign
