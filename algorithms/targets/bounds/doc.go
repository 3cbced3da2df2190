// Package bounds proves how good a target can be at best, and that none exists.
//
// A bound holds for all placements that keep every rule, the discrete ones too, on hosts that are
// not closed, and place at least the VMs that have to stand somewhere. Each bound and each proof says
// why, in words for operators.
//
//	b := bounds.New(bounds.Question{Instance: inst, Rules: rules, Closed: closed})
//	if proof, none := b.Infeasible(); none {
//		return proof.Reason
//	}
//	least := b.Hosts(objective) // least.Score, least.Reason
//
// Rules are understood by what they can do: a [cloud.Limiter] and a [cloud.Quota] of all VMs say how
// much a host holds, a [cloud.HostFilter] says where a VM may stand, a [cloud.Quota] keeps VMs apart
// and a [cloud.Span] keeps them together or spreads them. What else a rule asks is ignored: the bound
// is then lower than it could be, and no less right.
//
// The bounds are for all resources one by one, with dual feasible functions for VMs that are large or
// awkward: Martello and Toth 1990, doi 10.1016/0166-218X(90)90094-S; Fekete and Schepers, New classes
// of fast lower bounds for bin packing problems; a survey is Clautiaux, Alves and Valério de Carvalho,
// doi 10.1007/s10479-008-0453-8. VMs that may stand on few hosts are counted on these hosts, too.
//
// The package looks for no placement: how close a bound is, only a strategy can tell.
package bounds
