// Package stats holds the statistics that reports are made of: plain functions of
// numbers that cite their sources and are tested against worked examples.
//
//	mean := stats.ShiftedGeoMean(seconds, 0.01)
//	box := stats.Summarise(ratios)
//
// Three values mean the same everywhere. +Inf, as a time or a cost, stands for a case that
// was not solved: never within any limit, worse than everything that was found. NaN
// stands for a number that is not known, and what depends on it is NaN; no function
// leaves out a value in silence. A figure of no values is NaN, unless its comment says
// otherwise. Data never causes a panic, apart from negative values where only
// non-negative ones have a meaning; parameters out of their range do.
//
// What gonum/stat computes as this field uses it is taken from there; what differs
// says why. The package knows nothing of records, algorithms or charts, and it
// decides nothing about which values belong together.
package stats
