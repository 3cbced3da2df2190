// Package results keeps what experiments yield: the record of one run, and the
// append-only store of records.
//
// A record is one line of JSON in records.jsonl; FORMAT.md in this folder
// documents it. The store survives interruption: a torn last line is reported
// and its run is made again.
//
//	store, err := results.Open("results/quick") // locks the folder for this process
//	…
//	defer store.Close()
//	if _, made := store.Find(key); !made {
//		err = store.Append(record) // on disk, or an error
//	}
//
// [Read] reads a store, or one file, without locking it. One faulty line never
// stops a read: it becomes a [Problem] with its place and reason, and the rest is
// returned.
//
// The package computes no statistics; that is what metrics is for. It knows
// nothing of instances, plans or solvers either.
package results
