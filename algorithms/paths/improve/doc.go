// Package improve is anytime large-neighbourhood search over a plan: it takes the plan of
// another algorithm and makes it cheaper, step by step, for as long as it may. It finds no
// plan where there is none yet, and proves nothing.
//
// # How it works
//
// A plan is kept as a timetable (timetable.go): for each VM its route, for each host the
// events on it and the room that is left between them (timeline.go). In a timetable a VM
// can be taken out and put in again by another route, at a cost that depends on the hosts
// that it touches and not on the length of the plan; the moments of events are numbers
// with much space between them.
//
// A VM that pays more than it would alone in the cloud is taken out. The room that is left
// on its host tells until when it could stay there, that on its target since when it could
// have come. Where the one is after the other, it goes straight in between, at a moment at
// which it could not before because it stood elsewhere: bypasses that are not needed any
// more vanish, needed migrations come earlier or later. Where it is not, the VM goes
// straight nevertheless, and VMs that are in its way are put in by other routes, for which
// the same holds: earlier, later, or by way of another host, whichever costs least for the
// room that it gives (chain.go, push.go). So a bypass of a large VM is replaced by one of a
// small VM, where little room is lacking. What costs as much as before, or more, is undone.
//
// This is an ejection chain (Glover 1996, doi 10.1016/0166-218X(94)00037-E). First every VM
// that pays too much is tried, the costliest first, once as it is and once with others taken
// out of its way. Then comes the search of large neighbourhoods (Ropke and Pisinger 2006,
// doi 10.1287/trsc.1050.0135): a VM that pays too much is taken out together with some that
// are entangled with it, that come to its hosts or leave them while it is on its way; all
// are put in again, in random order, each by the cheapest route that is found; and what
// costs no more than before is kept, so that the plan also changes where it does not get
// cheaper at once (ruin.go), until that has bought nothing for long.
//
// What is left then needs many changes at once, of which each by itself costs something. So
// windows are opened: an interval of time and a few hosts, cut out of the plan as a problem
// of its own (package part) and searched exactly, from the placement where it begins to
// that where it ends. Migrations that belong together lie far apart in the plan of a large
// cloud; they are first moved to one moment, with all those that the room left between
// them makes come along (window.go), as block deordering does. VMs that stand still there
// may step aside for less than there is to gain, and where that is not enough, more hosts
// are added as places to bypass by (guests.go). What the plan pays there bounds the search
// from above. Many windows are searched side by side, and put back one by one where they
// still fit (windows.go), so that the plan is the same at any number of cores. As long as
// windows buy something, all begins again; then it ends.
//
// For plans in general, action elimination takes out needless actions (Nakhost and Müller 2010,
// Action elimination and plan neighborhood graph search, ICAPS), and block deordering
// reorders actions before parts of a plan are replaced
// (Siddiqui and Haslum 2015, Continuing plan quality optimisation, JAIR 54,
// https://jair.org/index.php/jair/article/view/10966).
//
// # Rules
//
// Capacity is judged by the timelines, rules about a VM and a host where a VM is put in.
// Rules that watch some VMs are judged by a replay of the migrations of those VMs alone,
// rules that look at everything by a replay of the whole plan for each change that is
// worth it (law.go). Every plan is replayed from start to end, under all rules, before it
// is announced.
package improve
