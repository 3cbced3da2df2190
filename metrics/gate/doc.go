// Package gate tells whether a solver got worse: it compares the records of a candidate
// with those of a baseline, run by run, and reports what it found.
//
//	c := gate.Compare(baseline, candidate, gate.Thresholds{})
//	if len(c.Alarms) > 0 || c.Regression() {
//		c.Terminal(os.Stdout, tables.Screen{})
//	}
//
// Two runs are a pair when they have the same content of their instance, cost function,
// rules, algorithm and seed. A run without a counterpart, and one whose instance has changed
// under its name, is reported and not compared.
//
// # Which pairs count
//
// Most metrics are the same for the same program on every machine, as long as the clock
// does not end a run. They are compared exactly, pair by pair, and only where that is
// sound:
//
//   - coverage and proofs in all pairs, unless the clock ended the run that lacks the
//     answer;
//   - cost and lower bound where both runs have one and neither was ended by the clock.
//     Limits of expansions and memory end a run at the same point everywhere, so what it
//     had found by then counts;
//   - expanded and generated states where both runs were solved and ended by themselves:
//     at a limit, they measure the limit;
//   - memory and times there, too, and where the same limit of expansions ended both, which
//     is the same amount of work. Where one run came to an answer and the clock ended the
//     other, that is a bound on a ratio of times.
//
// Runs that a limit ended are only compared under the same limits. A pair that does not
// count for a metric is counted under its [Reason].
//
// # Noise
//
// Times are noisy: the machine does other work, on one side more than on the other, for a
// while or all the time. What that does to them must not look like a slowdown.
//
// The unit is the instance: its ratio is the median over its seeds, and it counts if both
// sides took long enough to be timed. Choosing by one side, or by the longer one, would pick
// that side's hiccups.
//
// Drift is what the other algorithms changed by, on the same instance or in general. An
// algorithm got slower if its ratios exceed the tolerance both as they are and over the
// drift, by a sign test over instances; those made out of one cloud count as one. The
// significance holds for all algorithms and timed metrics together. Where other algorithms
// differ in their drift, the tolerance widens by the standard deviation of that, and on a
// busy machine by that of the ratios, both estimated from quartiles: what competes for
// caches and memory slows some algorithms down and not others.
// A slowdown that is common to all algorithms cannot be told from a slower machine: it is
// reported as drift and is no regression, unless thresholds say that drift counts.
//
// Note: a signed-rank test has more power on symmetric noise. Hiccups on one side are not
// symmetric: from a tenth of the runs on, they make it reject too often.
//
// A row has no verdict, and says why, if there are too few instances, or no other algorithm
// to tell the drift. Time has none if the machine was busier on one side, or if it changed
// and CPU time did not, unless both sides show a quiet machine.
//
// Times of different machines, and of different numbers of jobs, are not compared at all.
package gate
