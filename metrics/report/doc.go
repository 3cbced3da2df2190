// Package report renders the results of a set of records: the main tables on a terminal, or a
// folder with an index in Markdown, tables and pictures.
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
//	timing.md     everything that depends on the speed of the machine
//	tables/*.md   each table alone, and the same as *.tex and *.csv
//	plots/*.svg   each picture, and the same as *.png and *.pdf
//
// and those of a group of runs in folders of its name, such as tables/published/*.md.
// [experiments.Report] selects contents and runs; by default, all that apply are shown.
//
// Two sets of runs with the same seeds give the same files, byte for byte, except timing.md and the tables and pictures
// that it links to, unless a time limit ends a run. Every file is written whole or not at all.
//
// The package selects and orders tables and plots; packages tables and plots make them.
package report
