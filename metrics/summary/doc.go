// Package summary turns records into one table of runs, and its columns into the numbers
// that tables and plots show.
//
//	s := summary.Of(records, summary.WithCatalogue(catalogue))
//	for _, a := range s.Alarms { … }       // first: what cannot be true
//	cost, err := s.Column("cost")          // or "param.hosts", "feature.vms", "par(factor=10)"
//	v := cost.Of(s.Cases[0], 0)            // of the first algorithm in the first case
//	sample := s.Sample(cost)               // over the cases in which all compared have one
//
// A case is an instance under rules and a cost function, and the unit of everything:
// instances are told apart by content, not by name, and the runs of an algorithm with several
// seeds are one (see [Column.Of]). A value may be a lower bound: what a run without an answer
// took is at least what an answer takes.
//
// A [Column] is one entry of the list of columns; records bring further ones along:
// parameters of the instance's family (param.hosts) and of the algorithm (algorithm.window),
// features of the instance (feature.vms), counters (counter.reopened). Nothing is read off
// names, and nothing depends on what this program's defaults are today.
//
// A relative figure is computed only over the cases in which all compared algorithms
// succeeded: an average over "solved by at least one" makes a slow solver look good. How many
// cases that are, and which algorithms were left out, stands beside it. The result does not
// depend on the order of the records, except that the last of several records of one run
// counts.
//
// With best-known values (see [WithBest]), a case's bound and its cheapest plan are the best
// known, and a run that contradicts them is an alarm.
//
// The package neither formats nor draws.
package summary
