package stats

// Cactus is the number of cases that are solved within a time each, as a curve over the
// time. A case that was not solved has the time +Inf and is never counted, so the curve
// ends at the number of solved cases. Without cases it is 0 everywhere. O(n log n).
//
// Source: M. Brain, J. H. Davenport, A. Griggio, Benchmarking Solvers, SAT-style, SC²
// 2017, http://ceur-ws.org/Vol-1974/RP3.pdf.
func Cactus(seconds []float64) Curve { return cumulative(seconds, 1) }
