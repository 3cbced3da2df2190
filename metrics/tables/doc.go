// Package tables holds the tables of a report: a small model of a table, the
// registry of the tables there are, and renderers.
//
//	build, _, err := spec.Build[tables.Builder](catalogue, tables.Kind, spec.MustParse("quality"))
//	…
//	table := build(summary.Of(records))
//	err = tables.Terminal(os.Stdout, table, tables.Screen{Width: 80})
//	render, _, err := spec.Build[tables.Renderer](catalogue, tables.FormatKind, spec.MustParse("latex"))
//	…
//	err = render(file, table)
//
// A table has one file, which says what its columns are; a renderer
// has one file and knows no table in particular. A [Cell] keeps its number beside its
// text, so that renderers for machines write it in full. FORMAT.md in this folder
// documents what they write.
//
// Tables whose figures differ from run to run with the speed of the machine promise
// [Timed]; all others are the same, byte for byte, for runs with the same seeds.
//
// The package computes nothing: figures come from summary.
package tables
