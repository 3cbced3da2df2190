// Package tables holds the tables of a report: a small model of a table, the
// registry of the tables there are, and renderers.
//
//	build, _, err := tables.Registry().Build(spec.MustParse("quality"))
//	…
//	table := build(summary.Of(records))
//	err = tables.Terminal(os.Stdout, table, 80)
//	err = tables.Markdown(file, table)
//
// A table of the registry has one file, which says what its columns are; a renderer
// has one file and knows no table in particular. A [Cell] keeps its number beside its
// text, so that a renderer for machines can be added without touching a table.
//
// Tables whose figures differ from run to run with the speed of the machine promise
// [Timed]; all others are the same, byte for byte, for runs with the same seeds.
//
// The package computes nothing: figures come from summary.
package tables
