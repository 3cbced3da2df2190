// Package greedy finds a path fast: direct migrations first, bypasses and chains of
// displacements to break deadlocks. It proves nothing but the simple bound that every
// misplaced VM is moved once, and does not find every path; it always ends, and says
// where it got stuck when it found none.
//
// # How it works
//
// Direct migrations (direct.go) are driven by a worklist: a host that a VM leaves
// wakes those who wait for it. When a sweep over all hosts that are waited for finds
// no direct migration, that is a deadlock (deadlock.go). Remedies are then weighed for
// one blocked VM after the other, at rising effort: one bypass; several displacements
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
// moves (search.go); under a one-way rule that looks at more than arrivals only the start
// does. In the end the plan is tidied: migrations of one VM are merged
// where those in between allow it (tidy.go).
//
// # Why it ends
//
// Progress is the sum, over misplaced VMs, of their sizes, each at least 1, times the
// direct moves to go: one, or two where an end of the path has suspended the VM and the
// other has moved it. The sum is the same from either end. The comment on solver argues
// why one walk ends. Walks from the two ends alternate until two in a row bring no
// progress, and the number of attempts, each in another order, is a parameter.
//
// # Complexity
//
// Direct migrations take O(migrations × VMs waiting for a host) questions to the rules;
// a remedy takes O(VMs on a host × hosts) of them at the least effort, and a constant
// factor more per level. Memory is that of two states, the plan, and what the local
// search stores, which it accounts for.
package greedy
