// Package results keeps what experiments yield: the record of one run, and the
// append-only store of records.
//
// A record is one line of JSON in records.jsonl; FORMAT.md in this folder
// documents it. The store survives interruption: a torn last line is reported
// and its run is made again. The package computes no statistics; that is what
// metrics is for.
package results
