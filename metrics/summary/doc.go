// Package summary turns records into one table of runs, and its columns into the numbers that tables and plots show.
//
//	s := summary.Of(records, summary.WithCatalogue(catalogue))
//	for _, a := range s.Alarms { … }       // first: contradictions and faults
//	cost, err := s.Column("cost")          // or "param.hosts", "feature.vms", "par(factor=10)"
//	v := cost.Of(s.Cases[0], 0)            // of the first algorithm in the first case
//	sample := s.Sample(cost)               // over the cases in which all compared have one
//
// A case is the unit of all figures: an instance, with the target of a strategy if one chose it, under rules, a cost function
// and limits, and how its plans are scheduled and carried out, if they are. Instances are told apart by content, not by name, and the runs of an algorithm with several seeds count as one
// (see [Column.Of]). A value may be a lower bound: a run without an answer took at most as long as an answer takes.
//
// [Summary.By] compares target strategies, schedulers or executors in place of algorithms.
//
// A [Column] is one entry of the list of columns. Records bring further ones along: parameters of the instance's family
// (param.hosts), of the algorithm (algorithm.window) and of whatever else a run is made with, features of the instance (feature.vms), and counters
// (counter.reopened). No value comes from a name or from this program's defaults.
//
// A relative figure covers only the cases in which all compared algorithms succeeded: an average over "solved by at
// least one" makes a slow solver look good. The number of cases and the algorithms left out stand beside it. The order
// of records does not matter, except that the last of several records of one run counts.
//
// The package neither formats nor draws.
package summary
