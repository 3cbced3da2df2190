// Package kernel makes problems smaller before they are searched, and loses no cheapest
// path by it: what it takes out is proved to be needless to think about.
//
// [Split] finds problems that have nothing to do with each other. [Reduce] takes out the
// migrations that may as well come first or last, and of what remains the parts that do not
// touch each other.
//
// # Why not simply carry out what is sane
//
// A direct migration that is sane now is not always harmless. It takes room at its target,
// which may be the only room by which others can bypass; and where a VM came from, another
// may go that was better off elsewhere. So Reduce asks for more than sanity, and to know
// what others could need it is told how much they may spend.
//
// # What may be taken out
//
// Reduce is for problems in which limits and host filters are all that decides what is
// sane, a VM is charged the same wherever it goes, and nobody may be suspended. The excess
// of a path is its cost less what it costs to migrate every misplaced VM once, which no path
// can do without. Let paths of an excess below Δ be all that is of interest, as they are
// where a plan of excess Δ is known.
//
// A VM is astray while it stands on a host that is neither its start nor its target. Whoever
// ever is adds its price to the excess: that of one more migration if it is misplaced, of
// two if it is settled. So of those whom one path leads astray, the prices add up to less
// than Δ, and what they demand to no more than some amount, the strays' demand: a bound on
// it is that of the fractional knapsack.
//
// Call a host open when it has room for all who stand there at the start, all who are still
// to come, and the strays' demand, at once. Whatever happens on a path of an excess below Δ,
// an open host can never be too full. A host that is too full, as the start may have it, is not open,
// and VMs leave it whatever room there is. Therefore:
//
//   - A misplaced VM whose target is open goes there first, and stays. Take any such path,
//     put that migration before it and strike the VM's own migrations out: on the target,
//     nothing can be too full; everywhere else there is only more room; and the VM, which
//     migrated at least once, pays for one migration.
//   - A misplaced VM whose start is open stays there until all others are done, and goes
//     last. This is the same on the way back, for a path can be walked backwards as far as
//     limits and filters decide.
//   - A settled VM on an open host stays. Strike its migrations out.
//
// Who was taken out stands still from then on and counts on one host only, so that other
// hosts may open, and so on until none does. What comes first is carried out in the order
// in which it was taken out, what comes last in the reverse order. The VMs that are left
// are on hosts that are not open, and bound for such.
//
// A VM that is left and may go astray needs no host for it but one, if there is an open host
// where it may arrive, its haven: in any such path, let it stand there wherever it is
// astray. The haven is open, and elsewhere there is only more room; no migration is added.
// So hosts that are not open have to do with each other only where a VM that is left goes
// from one to the other, or has no haven: what is left falls into pieces. A settled VM
// whose price is Δ or more stays where it is.
//
// The cheapest paths of the pieces, one after the other between what comes first and what
// comes last, are a path of the whole. When its excess is below Δ it is cheapest; otherwise
// no path has an excess below Δ. Both are of use, so that Δ may also be a guess.
package kernel
