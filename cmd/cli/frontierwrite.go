package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// frontierFolder is where a frontier goes.
type frontierFolder struct {
	program
	path    string
	picture string // its format
	request *targets.Request
	found   *targets.Frontier
}

// write writes everything, and tells where the table and the picture are.
func (w frontierFolder) write(t tables.Table) error {
	if err := os.MkdirAll(w.path, 0o777); err != nil {
		return unwritable(w.path, err)
	}
	render, _, err := spec.Build[tables.Renderer](w.catalogue, tables.FormatKind, spec.Named("csv"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := render(&b, t); err != nil {
		return err
	}
	picture, err := plots.Render(frontierFigure(w.request, w.found), w.picture)
	if err != nil {
		return err
	}
	var next atomic.Int64
	errs := make([]error, len(w.found.Points))
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(errs); i = int(next.Add(1)) - 1 {
				errs[i] = w.point(i)
			}
		})
	}
	all.Wait()
	if err := cmp.Or(errs...); err != nil {
		return err
	}
	for _, f := range []made{{"frontier.csv", b.Bytes()}, {"frontier." + w.picture, picture}} {
		path := filepath.Join(w.path, f.name)
		if err := fileio.Write(path, nil, content(f.content)); err != nil {
			return unwritable(path, err)
		}
		fmt.Fprintln(w.err, path)
	}
	return nil
}

// point writes the instance with the target of a point, and its plan once the judge has seen it.
func (w frontierFolder) point(i int) error {
	p := w.found.Points[i]
	in := *w.request.Instance
	in.Target = p.Target
	problem := &paths.Problem{Instance: &in, Rules: w.request.Rules, Cost: w.request.Cost, Start: in.Start(), Goal: in.Goal()}
	result := paths.Result{Status: p.Status, Migrations: p.Path, Cost: p.Cost, LowerBound: p.PathBound}
	plan := result.Plan(problem, "auto")
	if verdict := validate.Plan(&in, w.request.Rules, w.request.Cost, plan); !verdict.OK() {
		return &exitError{exitInvalidPlan, fmt.Errorf("the plan of point %d is invalid and was not written: %s", i+1, strings.Join(texts(verdict.Findings), "\n"))}
	}
	name := filepath.Join(w.path, fmt.Sprintf("point-%02d", i+1))
	for _, f := range []struct {
		path   string
		encode func(io.Writer) error
	}{
		{name + ".json.gz", in.Encode},
		{name + ".plan.json", func(to io.Writer) error { return plan.Encode(to, &in) }},
	} {
		if err := fileio.Write(f.path, nil, f.encode); err != nil {
			return unwritable(f.path, err)
		}
	}
	return nil
}

// frontierFigure is the picture of a frontier.
func frontierFigure(r *targets.Request, f *targets.Frontier) plots.Figure {
	t := plots.Tradeoff{
		Title:     "What better targets cost to reach: " + r.Instance.Name,
		Objective: "objective: " + f.Objective.String() + " (" + f.Objective.Unit() + ")",
		Cost:      "cost of the path (" + cmp.Or(r.Cost.Unit(), r.Cost.String()) + ")",
		Least:     f.Least,
	}
	add := func(group int, score cloud.Score, cost int64, proved bool) {
		if !proved {
			group++
		}
		t.Groups[group] = append(t.Groups[group], plots.Trade{Objective: score[0], Cost: cost})
	}
	for _, p := range f.Points {
		add(0, p.Score, p.Cost, p.Proved)
	}
	for _, p := range f.Unreached {
		add(2, p.Score, p.Direct, p.Status == cloud.Infeasible)
	}
	return plots.Frontier(t)
}

// frontierTable lists the points, the best one first, and then the targets to which no path was found.
func frontierTable(r *targets.Request, f *targets.Frontier, strategy string) tables.Table {
	unit := r.Cost.Unit()
	proved := 0
	t := tables.Table{
		Name: "frontier", Keys: 1,
		Title: "What better targets cost to reach",
		Columns: []tables.Column{
			{Name: "point"},
			{Name: "objective", Unit: f.Objective.Unit()},
			{Name: "path cost", Unit: unit},
			{Name: "direct cost", Unit: unit},
			{Name: "lower bound", Unit: unit},
			{Name: "gap", Unit: "%"},
			{Name: "migrations"},
			{Name: "proved", Align: tables.Left},
		},
	}
	row := func(name tables.Cell, p *targets.Point, cost, gap tables.Cell, proved string) {
		objective := amount(p.Score[0])
		if cloud.Components(f.Objective) > 1 {
			objective = ranks(p.Score[:cloud.Components(f.Objective)])
		}
		t.Rows = append(t.Rows, []tables.Cell{
			name, objective, cost, amount(p.Direct), amount(p.Bound), gap, amount(int64(p.Migrations)), tables.Text(proved),
		})
	}
	for i, p := range f.Points {
		gap, is := missing(), "no"
		switch {
		case p.Proved:
			gap, is = tables.Fixed(0, 2), "yes"
			proved++
		case p.Bound > 0:
			gap = tables.Fixed(100*float64(p.Cost-p.Bound)/float64(p.Bound), 2)
		}
		row(tables.Count(i+1), p, amount(p.Cost), gap, is)
	}
	for _, p := range f.Unreached {
		cost, is := tables.NoValue(), "no path found"
		if p.Status == cloud.Infeasible {
			is = "no path exists"
		}
		row(tables.Text("–"), p, cost, missing(), is)
	}
	t.Caption = fmt.Sprintf("Strategy %s, instance %s. %s, %d of them proved: no target that is at least as good has a cheaper path. The lower bound is that on the cost of "+
		"every path to a target that is at least as good. The objective is %s now", strategy, r.Instance.Name, prose.Count(len(f.Points), "point"), proved, f.Objective.Show(f.Before))
	if f.Bound != (cloud.Score{}) {
		t.Caption += ", and no target goes below " + f.Objective.Show(f.Bound)
	}
	t.Caption += "."
	if f.Complete {
		t.Caption += " This is the whole frontier."
	}
	if len(f.Unreached) > 0 {
		t.Notes = append(t.Notes, "Without a point: targets to which no path was found, each better than every point that is as cheap.")
	}
	return t
}
