package report

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Options are the options of a report. Only the catalogue is required.
type Options struct {
	Catalogue *spec.Catalogue    // of tables, plots, filters and families
	Title     string             // of the report; "Report" if empty
	Content   experiments.Report // what is shown
	Where     string             // the runs that it is about, to which filters of Content add; empty for all
	Size      string             // of plots whose specs have none, one of [plots.Sizes]
	// Best are best-known values, with which costs and bounds are compared too; nil for none.
	Best *best.Set
	// Several: the records come from several files; problems name their folders.
	Several bool
}

// Report holds the results of a set of records, ready to be shown.
type Report struct {
	options  Options
	records  []results.Record
	problems []results.Problem
	summary  *summary.Summary
	parts    []builtPart // the one about all runs, and then the groups
}

// New reduces records and makes all tables and figures. A fault of Options.Where is a [WhereError].
func New(records []results.Record, problems []results.Problem, o Options) (*Report, error) {
	s := Summary(records, o)
	parts, err := build(s, o)
	if err != nil {
		return nil, err
	}
	return &Report{o, records, problems, s, parts}, nil
}

// Summary reduces records, with the catalogue, the best-known values, and the labels of the options.
func Summary(records []results.Record, o Options) *summary.Summary {
	s := summary.Of(records, summary.WithBest(o.Best), summary.WithCatalogue(o.Catalogue))
	s.Labels, s.Titles = o.Content.Labels, o.Content.Titles
	return s
}

// WhereError is the error of an expression that is invalid or that holds for no run.
type WhereError struct{ error }

// Where chooses the runs for which an expression holds.
func Where(s *summary.Summary, expression string) (*summary.Summary, where.Choice, error) {
	f, err := where.Parse(s, expression)
	if err != nil {
		return nil, where.Choice{}, &WhereError{err}
	}
	out, choice := f.Of(s)
	if choice.Chosen == 0 {
		err = &WhereError{fmt.Errorf("%s holds for %s", f, choice)}
	}
	return out, choice, err
}

// Alarms are the contradictions and faults in all records.
func (r *Report) Alarms() []best.Alarm { return r.summary.Alarms }

// NotShown lists the tables and plots that were asked for and cannot be made, and why.
func (r *Report) NotShown() []string {
	var out []string
	for _, p := range r.parts {
		for _, why := range p.notShown {
			if p.name != "" {
				why = "group " + p.name + ": " + why
			}
			out = append(out, why)
		}
	}
	return out
}
