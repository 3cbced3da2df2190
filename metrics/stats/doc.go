// Package stats holds the statistics that reports are made of: plain functions of
// numbers that cite their sources and are tested against worked examples.
//
//	mean := stats.ShiftedGeoMean(seconds, 0.01)
//	box := stats.Summarise(ratios)
//
// Three values mean the same everywhere. +Inf, as a time or a cost, stands for an unsolved case: above every limit,
// worse than every solution. NaN stands for an unknown number, and results that depend on it are NaN; no function drops
// a value silently. The result for empty input is NaN, unless the function's comment says otherwise. Parameters out of
// their range cause a panic, and so do negative values that have no meaning; other data does not.
//
// The package builds on gonum/stat and says why where it differs. It knows nothing of
// records, algorithms or charts, and does not decide which values belong together.
package stats
