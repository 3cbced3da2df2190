// Package greedy finds a path fast: direct migrations first, bypasses and chains of
// displacements to break deadlocks. It proves nothing but the simple bound that every
// misplaced VM is moved once, and does not find every path; it always ends, and says
// where it got stuck when it found none.
//
// # How it works
//
// Direct migrations (direct.go) are driven by a worklist: a host that a VM leaves
// wakes those who wait for it, largest first, and of them only those who now fit. Who
// enters is chosen by the room that this makes: the size of the VM and that of the one
// that can follow it, so that a hole travels backwards along the chain of those who
// wait, as far as it goes. When a sweep over all hosts that are waited for finds no
// direct migration, that is a deadlock.
//
// While very many VMs are misplaced, deadlocks are broken at the host where the room
// that one VM lacks is cheapest to make, by the size of that VM (relief.go, cover.go):
// some VMs leave the host, misplaced ones, which costs one more migration, rather than
// settled ones, which costs two, for hosts that nobody waits for rather than others,
// and if need be after those were cleared in turn. Each host offers its cheapest remedy
// in a queue, and makes a new offer only when a VM has come or gone. Hosts are found by
// the room they have in an index (rooms.go), or among the few that filters admit a VM to
// (homes.go).
//
// The rest is weighed one by one (deadlock.go): remedies are tried for one blocked VM
// after the other, at rising effort: one bypass; several displacements
// from one host; chains of them (ejection chains, Glover 1996, doi
// 10.1016/0166-218X(94)00037-E; chain.go). An interruptible VM, a blocked one or one
// that stands in the way, may be suspended in place of a bypass (suspend.go); suspended,
// it is misplaced and waits for room like any other. Each remedy is tried out together
// with the direct migrations that it sets free; the cheapest that leaves less misplaced
// is taken. When none does, a bounded local search looks for any sequence of migrations
// that does, in the manner of enforced hill climbing (Hoffmann and Nebel 2001, doi
// 10.1613/jair.855; local.go); and when that fails, the least harmful remedy is taken, a
// limited number of times.
//
// A walk that is stuck for good goes back to its best placement, and another walk is
// begun at the target, towards that placement: migrations can be taken back, so what
// is a deadlock from one end may be none from the other. Suspends and resumes are taken
// back too, but are not each other's reverse: from any host into suspension, and out of
// it to the target host alone. So backwards a VM vanishes from its target host alone,
// and may appear anywhere. The two ends approach each other until they meet or neither
// moves (search.go); while very many VMs are misplaced they take turns before they are
// stuck, which spares the room at both. Under a one-way rule that looks at more than
// arrivals only the start does. In the end the plan is tidied: migrations of one VM are
// merged where those in between allow it (tidy.go), which the timeline of one host tells
// (timeline.go).
//
// # Why it ends
//
// Progress is the sum, over misplaced VMs, of their sizes, each at least 1, times the
// direct moves to go: one, or two where an end of the path has suspended the VM and the
// other has moved it. The sum is the same from either end. Direct migrations lower it,
// and so does every remedy of relief; the comment on solver argues why one walk ends
// with the others. Walks from the two ends alternate until two in a row bring no
// progress, and the number of attempts, each in another order, is a parameter.
//
// # Complexity
//
// A direct migration takes O(log w) steps where w VMs wait for a host, and a look at
// those of them who fit, up to 64, each with a look at one more list. An offer takes
// O(n log n) where n VMs stand on a host, for each size of VM that waits for it, and n
// is looked at up to 256; a remedy has offers renewed of the hosts it touched. With a
// bounded number of VMs per host all that is O(1), so that everything takes
// O(log w) per migration, and time grows as the cloud does. Remedies that are weighed one by one
// take O(VMs on a host) questions to the rules and as many walks through what
// they set free at the least effort, and a constant factor more per level. Memory is
// that of two states, the index, the plan, and what the local search stores, which it
// accounts for.
package greedy
