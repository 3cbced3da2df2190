// Package gate tells whether a solver got worse: it compares the records of a candidate
// with those of a baseline, run by run, and reports what it found.
//
//	c := gate.Compare(baseline, candidate, gate.Thresholds{})
//	if len(c.Alarms) > 0 || c.Regression() {
//		c.Terminal(os.Stdout, tables.Screen{})
//	}
//
// Two runs are a pair when they have the same content of their instance, cost function, rules, algorithm and seed. A
// run without a counterpart, and one whose instance has changed under its name, is reported and not compared.
//
// Most metrics are the same for the same program on every machine, as long as the clock does not end a run. They are
// compared exactly, pair by pair, and only where that is sound. results/FORMAT.md says which pairs count for which
// metric; the others are counted under their [Reason].
//
// # Noise
//
// What other work of the machine does to times must not look like a slowdown. The unit is the instance: its ratio is
// the median over its seeds. Drift is what the other algorithms changed by, on the same instance or in general. An
// algorithm got slower if its ratios exceed the tolerance both as they are and over the drift, by a sign test over
// instances; the significance holds for all algorithms and timed metrics together. Where the machine treats algorithms
// or runs unequally, the tolerance widens.
//
// A slowdown that is common to all algorithms cannot be told from a slower machine: it is
// reported as drift and is no regression, unless thresholds say that drift counts.
//
// Note: a signed-rank test has more power on symmetric noise. Hiccups on one side are not
// symmetric: from a tenth of the runs on, they make it reject too often.
package gate
