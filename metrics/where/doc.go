// Package where chooses among runs by an expression, as --where and suites have it:
//
//	hosts >= 10 && algorithm startsWith "astar"
//	family == "random" && feature.utilisation > 0.9 && outcome != "unsupported"
//	solved and cost == lower_bound
//
//	s := summary.Of(records, summary.WithCatalogue(catalogue))
//	filter, err := where.Parse(s, `hosts >= 10`)
//	shown, chosen := filter.Of(s)
//
// The language is that of rules and costs, see package expression; numbers are exact. Names are those of columns, with
// _ for each - in them: algorithm, cost, seed, time_limit …; param.anti_affinity, feature.utilisation.ram,
// counter.expanded and algorithm.window. The prefixes param., feature. and counter. may be left out. A name that is
// both a parameter and a feature, with different values, is an error.
//
// A run is chosen if the expression holds under one of the names of its instance. A run
// without a value that the expression needs is left out, and reports say so.
package where
