// Package space is what searches over placements share: which VMs and hosts can
// matter, states packed into a few words, the table of states with parent links, the
// open list, and the best-first search that is made of them.
//
// The state space: a state is a placement of the VMs that are present throughout;
// its successors are the placements one sane migration away. Because a continuous
// rule judges both ends of a migration and the time between alike, migrations
// reverse, and the space is an undirected graph; except for suspends, and under one-way
// rules ([cloud.OneWay]).
package space
