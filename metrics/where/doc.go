// Package where chooses among records by an expression, as --where and suites have it:
//
//	hosts >= 10 && algorithm startsWith "astar"
//	family == "random" && utilisation > 0.9 && outcome != "unsupported"
//	solved and cost == lower_bound
//
//	filter, err := where.Parse(catalogue, `hosts >= 10`, records)
//	shown, chosen, err := filter.Of(summary.Of(records))
//
// The language is that of rules and costs, see package expression; numbers are exact. A
// name stands for, in this order,
//
//   - a field of the record, as results/FORMAT.md lists them: algorithm, cost, seed,
//     counters.expanded, limits.timeout_s …; class, the name of the instance without its
//     seed; family, what made the instance, "" for files; solved, whether the run has a
//     plan or a proof that there is none;
//   - a parameter of the family that made the instance, its default where it was left out,
//     with _ for each - in its name: hosts, anti_affinity, of.hosts in a nested spec;
//   - a feature of the instance: misplaced, entangled, utilisation.ram …
//
// Where a parameter is a text and a feature of the same name a number, as sizes are, the
// name is the feature's. param.sizes and feature.sizes ask for one of the two alone. A record without a
// value that the expression asks for is neither chosen nor refused: it is left out, and
// reports say so.
package where
