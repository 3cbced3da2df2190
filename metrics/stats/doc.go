// Package stats holds the statistics that reports are made of: plain functions of
// numbers that cite their sources and are tested against worked examples.
//
//	mean := stats.ShiftedGeoMean(seconds, 0.01)
//	box := stats.Summarise(ratios)
//
// What gonum/stat computes as this field uses it is taken from there; what differs
// says why. The package knows nothing of records, algorithms or charts, and it
// decides nothing about which values belong together.
package stats
