// Package best keeps what is best known of each question that was ever put to an
// algorithm: the cheapest validated plan, the highest proved bound, or the proof that
// there is no plan, each with the run that it comes from.
//
//	known, problems, err := best.Read("results/best/classic.jsonl", nil)
//	merged := best.Merge(known, best.Of(records))
//	if wrong := merged.Contradictions(); len(wrong) > 0 { … } // one of two runs is wrong
//	for _, c := range best.Changes(known, merged) { … }       // what improved
//
// A question is an instance under rules and a cost function. A file holds one line a
// question; FORMAT.md in the folder above documents it. The files of the committed suites
// lie in this folder, each under its suite's name.
//
// Merging never loses: in whatever order, and however often, sets are merged, the outcome
// is the same, and no plan of it is costlier and no bound lower than those that went in.
package best
