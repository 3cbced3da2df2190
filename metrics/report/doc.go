// Package report renders everything that there is to say about a set of records: the
// main tables on a terminal, or a folder with an index in Markdown, tables and
// pictures.
//
//	records, problems, err := results.Read("results/quick")
//	…
//	r, err := report.New(records, problems, report.Options{Catalogue: catalogue, Title: "quick"})
//	…
//	err = r.Terminal(os.Stdout, tables.Screen{})
//	err = r.Write("results/quick")
//
// The folder then holds
//
//	report.md     alarms and problems first, then tables, pictures, limits, provenance
//	timing.md     what depends on the speed of the machine
//	tables/*.md   each table by itself, and the same as *.tex and *.csv
//	plots/*.svg   each picture, and the same as *.png and *.pdf
//
// and those of a group of runs in folders of its name, such as tables/published/*.md.
// [Content] says what is shown, of which runs; without it, all that applies is.
//
// Two sets of runs with the same seeds give the same files, byte for byte, but for
// those that [Report.TimedFiles] lists, as long as no run is ended by a time limit. Every
// file is written whole or not at all.
//
// [Gate] is the report on a comparison of two sets of records.
//
// The package decides what is shown, and in which order; it computes and draws
// nothing by itself.
package report
