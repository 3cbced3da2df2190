// Package tables holds the tables of a report: a small model of a table, the registry of the tables there are, and renderers.
//
//	build, _, err := spec.Build[tables.Builder](catalogue, tables.Kind, spec.MustParse("quality"))
//	…
//	table, err := build(summary.Of(records, summary.WithCatalogue(catalogue)))
//	err = tables.Terminal(os.Stdout, table, tables.Screen{Width: 80})
//	render, _, err := spec.Build[tables.Renderer](catalogue, tables.FormatKind, spec.MustParse("latex"))
//	…
//	err = render(file, table)
//
// A table is a spec of rows, figures and a population; ready-made tables are specs, too,
// except for tests and fits, which have a file each. A [Cell] is a number with what qualifies
// it, and only renderers make text of it. FORMAT.md documents the formats for machines.
package tables
