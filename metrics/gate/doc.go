// Package gate tells whether a solver got worse: it compares the records of a candidate
// with those of a baseline, run by run.
//
//	c := gate.Compare(baseline, candidate, gate.Thresholds{})
//	if c.Regression() {
//		for _, row := range c.Rows { … } // one per algorithm and metric
//	}
//
// Two runs are a pair when they have the same instance, to the last byte, the same cost
// function and rules, the same algorithm and the same seed. A run without a counterpart,
// and one whose instance has changed under its name, is reported and not compared.
//
// # Which pairs count
//
// Most metrics are the same for the same program on every machine, as long as the clock
// does not end a run. They are compared exactly, pair by pair, and only where that is
// sound:
//
//   - coverage and proofs in all pairs: an answer that is lost is lost, whatever ended the
//     run;
//   - cost and lower bound where both runs have one and neither was ended by the clock.
//     Limits of expansions and memory end a run at the same point everywhere, so what it
//     had found by then counts;
//   - expanded and generated states where both runs were solved and ended by themselves:
//     at a limit, they measure the limit;
//   - memory and times there, too, and where the same limit of expansions ended both, which
//     is the same amount of work.
//
// Runs that a limit ended are only compared under the same limits. A pair that does not
// count for a metric is counted under its [Reason].
//
// # Noise
//
// Times are noisy: single runs take much longer now and then, and the whole machine is
// slower on some days. They are compared as ratios of the candidate to the baseline, of
// each question the median over its seeds. Drift is the median of what all other algorithms
// changed by, and what an algorithm changed by in the same direction is set against it: a
// slowdown that is common to all algorithms cannot be told from a slower machine. It is
// reported as drift and is no regression, unless thresholds say that drift counts. An
// algorithm got slower when the median ratio is beyond the tolerance even so, and a
// signed-rank test says that ratios lie beyond it and not about it, at a significance that
// holds for all algorithms and timed metrics together. Times of different machines are not
// compared at all.
//
// The package neither formats nor reads files.
package gate
