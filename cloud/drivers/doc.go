// Package drivers holds the interface of clouds that carry migrations out, and a simulated one.
//
// A driver speaks of hosts and VMs by name, and its [Snapshot] is all that is known of the cloud: whether a migration has
// ended or failed is told by where its VM stands and by nothing else, so that an executor that was killed learns
// no less than one that was not.
//
// The simulated cloud ([Simulation]) takes time, fails, loses hosts and lets strangers in, all of it by draws from a seed. To add a
// cloud: one file with its entry, and one line in [Entries].
package drivers
