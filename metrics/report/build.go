package report

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/metrics/where"
)

// builtPart is a part with its tables and figures made.
type builtPart struct {
	name     string
	summary  *summary.Summary // of the runs that it shows
	about    []string         // which runs these are, in sentences; none if it shows all
	notShown []string         // tables and plots that were asked for and cannot be made, and why
	tables   []builtTable
	plots    []builtPlot
}

type builtTable struct {
	table tables.Table
	path  string // of its files, without the ends of their names
	wide  bool   // not for the terminal
}

type builtPlot struct {
	figure   plots.Figure
	path     string // of its files, without the ends of their names
	synopsis string
}

// has reports whether there are tables or pictures that are timed, or any that are not.
func (p *builtPart) has(timed bool) bool {
	return slices.ContainsFunc(p.tables, func(t builtTable) bool { return t.table.Timed == timed }) ||
		slices.ContainsFunc(p.plots, func(f builtPlot) bool { return f.figure.Timed == timed })
}

// build makes all parts.
func build(s *summary.Summary, o Options) ([]builtPart, error) {
	all := o.Content.Part
	var about []string
	if o.Where != "" {
		chosen, choice, err := Where(s, o.Where)
		if err != nil {
			return nil, err
		}
		s, about = chosen, append(about, chose(o.Where, choice))
	}
	first, err := buildPart(s, all, about, "", o)
	if err != nil {
		return nil, err
	}
	parts := []builtPart{first}
	for _, g := range o.Content.Groups {
		if g.Tables == nil {
			g.Tables = all.Tables
		}
		if g.Plots == nil {
			g.Plots = all.Plots
		}
		part, err := buildPart(first.summary, g, nil, g.Folder(), o)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func chose(expression string, c where.Choice) string {
	return fmt.Sprintf("Only runs where %s: %s.", expression, c)
}

// buildPart makes a part of the runs of s that it chooses.
func buildPart(s *summary.Summary, p experiments.Part, about []string, folder string, o Options) (builtPart, error) {
	out := builtPart{name: p.Name, summary: s, about: about}
	if p.Where != "" {
		f, err := where.Parse(s, p.Where)
		if err != nil { // records of another version, or of other suites, may lack a column
			out.notShown = append(out.notShown, fmt.Sprintf("where %s: %v", p.Where, err))
			return out, nil
		}
		chosen, choice := f.Of(s)
		s = chosen
		out.summary = s
		if choice.Chosen == 0 {
			out.notShown = append(out.notShown, fmt.Sprintf("where %s holds for none of %s", p.Where, prose.Count(choice.Runs, "run")))
			return out, nil
		}
		out.about = append(about, chose(p.Where, choice))
	}
	taken := map[string]int{}
	// place returns the path of the files of a table or plot, with a number if the name is taken, and whether it is shown.
	place := func(kind, name string, asked bool, err error) (string, bool, error) {
		if _, none := errors.AsType[*NotApplicableError](err); none {
			if asked {
				out.notShown = append(out.notShown, err.Error())
			}
			return "", false, nil
		}
		if err != nil && asked { // by a suite that another version ran
			out.notShown = append(out.notShown, err.Error())
			return "", false, nil
		}
		if err != nil {
			return "", false, err
		}
		file := path.Join(kind, folder, name)
		if taken[file]++; taken[file] > 1 {
			file = fmt.Sprintf("%s-%d", file, taken[file])
		}
		return file, true, nil
	}
	for _, sp := range orAll(p.Tables, o.Catalogue, tables.Kind) {
		t, err := Table(s, sp)
		file, shown, err := place("tables", sp.Name, p.Tables != nil, err)
		if err != nil {
			return out, err
		}
		if shown {
			d, _ := o.Catalogue.Lookup(tables.Kind, sp.Name)
			out.tables = append(out.tables, builtTable{t, file, d.Has(tables.Wide)})
		}
	}
	for _, sp := range orAll(p.Plots, o.Catalogue, plots.Kind) {
		f, err := Plot(s, sp, o.Size)
		file, shown, err := place("plots", sp.Name, p.Plots != nil, err)
		if err != nil {
			return out, err
		}
		if shown {
			d, _ := o.Catalogue.Lookup(plots.Kind, sp.Name)
			out.plots = append(out.plots, builtPlot{f, file, d.Synopsis})
		}
	}
	return out, nil
}

// orAll returns the specs asked for, or else all of the kind that are not on demand.
func orAll(asked []spec.Spec, c *spec.Catalogue, kind string) []spec.Spec {
	if asked != nil {
		return asked
	}
	var out []spec.Spec
	for _, d := range c.Descriptors(kind) {
		if !d.Has(tables.OnDemand) {
			out = append(out, spec.Named(d.Name))
		}
	}
	return out
}

// NotApplicableError says why a table or plot that was asked for cannot be made of the records.
type NotApplicableError struct{ error }

func notApplicable(kind string, sp spec.Spec, reason string) error {
	return &NotApplicableError{fmt.Errorf("%s %s: %s", kind, sp, strings.TrimSuffix(reason, "."))}
}

// Table makes one table. If it cannot be made of the records, the error is a [NotApplicableError].
func Table(s *summary.Summary, sp spec.Spec) (tables.Table, error) {
	build, _, err := spec.Build[tables.Builder](s.Catalogue, tables.Kind, sp)
	if err != nil {
		return tables.Table{}, err
	}
	t, err := build(s)
	if err != nil {
		return t, notApplicable("table", sp, err.Error())
	}
	return t, nil
}

// Plot makes one figure, of the size given unless the spec has one; an empty size is the
// plot's own. If it cannot be made of the records, the error is a [NotApplicableError].
func Plot(s *summary.Summary, sp spec.Spec, size string) (plots.Figure, error) {
	if _, has := sp.Value(plots.SizeParam); !has && size != "" {
		sp = sp.WithValue(plots.SizeParam, spec.Value{Text: size})
	}
	build, _, err := spec.Build[plots.Builder](s.Catalogue, plots.Kind, sp)
	if err != nil {
		return plots.Figure{}, err
	}
	f := build(s)
	if f.NotApplicable {
		return f, notApplicable("plot", sp, f.Caption)
	}
	return f, nil
}
