package cli

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results/best"
)

// changesTable counts the questions by what became of them; in says of which file, if of one.
func changesTable(in string, changes []best.Change) tables.Table {
	t := tables.Table{
		Title: "Best-known values" + in,
		Caption: "A question is an instance under rules, and a cost function for plans, an objective for targets, or a model of concurrency for schedules " +
			"of some moves. It is closed when its plan costs as much as its bound, its target is as good as its bound, its schedule takes no longer than its " +
			"bound, or when it is proved that there is no plan.",
		Columns: []tables.Column{
			{Name: "change", Align: tables.Left},
			{Name: "questions"},
			{Name: "plans"},
			{Name: "targets", Optional: true},
			{Name: "schedules", Optional: true},
			{Name: "bounds"},
			{Name: "infeasible"},
			{Name: "closed"},
		},
	}
	var all counts
	for _, kind := range best.ChangeKinds() {
		var n counts
		for _, c := range changes {
			if c.Kind == kind {
				n.add(c.After)
				all.add(c.After)
			}
		}
		if kind == best.Credited && n.questions == 0 {
			continue // rare: it takes runs that were made before those that were merged first
		}
		t.Rows = append(t.Rows, n.row(string(kind)))
		if kind == best.Credited {
			t.Notes = append(t.Notes, "credited: the same values, for which an earlier run is named now.")
		}
	}
	t.Rows = append(t.Rows, all.row("together"))
	return t
}

// counts says how many questions there are of each kind.
type counts struct{ questions, plans, targets, schedules, bounds, infeasible, closed int }

func (n *counts) add(v best.Value) {
	n.questions++
	for _, x := range []struct {
		is  bool
		sum *int
	}{{v.Plan != nil, &n.plans}, {v.Target != nil, &n.targets}, {v.Schedule != nil, &n.schedules}, {v.Bound != nil || v.TargetBound != nil, &n.bounds}, {v.Infeasible != nil, &n.infeasible}, {v.Closed(), &n.closed}} {
		if x.is {
			*x.sum++
		}
	}
}

func (n *counts) row(of string) []tables.Cell {
	return []tables.Cell{
		tables.Text(of), tables.Count(n.questions), tables.Count(n.plans), tables.Count(n.targets), tables.Count(n.schedules), tables.Count(n.bounds),
		tables.Count(n.infeasible), tables.Count(n.closed),
	}
}

// improvedTable lists what is better than it was, one line a plan, bound or proof.
func improvedTable(changes []best.Change) tables.Table {
	t := tables.Table{
		Title:   "Improved",
		Caption: "Costs and bounds are in the unit of the cost function, of the objective, or of the duration.",
		Columns: []tables.Column{
			{Name: "instance", Align: tables.Left},
			{Name: "measured by", Align: tables.Left},
			{Name: "what", Align: tables.Left},
			{Name: "by", Align: tables.Left},
			{Name: "before"},
			{Name: "now"},
		},
	}
	for _, c := range changes {
		if c.Kind != best.Improved {
			continue
		}
		add := func(what string, by best.Run, before, now tables.Cell) {
			t.Rows = append(t.Rows, []tables.Cell{
				tables.Text(c.After.Instance), tables.Text(cmp.Or(c.After.CostFunction, c.After.Objective, c.After.Model)), tables.Text(what), tables.Text(by.Algorithm), before, now,
			})
		}
		if c.Cheaper() {
			before := missing()
			if c.Before.Plan != nil {
				before = amount(c.Before.Plan.Cost)
			}
			add("plan", c.After.Plan.Run, before, amount(c.After.Plan.Cost))
		}
		if c.Higher() {
			before := missing()
			if c.Before.Bound != nil {
				before = amount(c.Before.Bound.Value)
			}
			add("bound", c.After.Bound.Run, before, amount(c.After.Bound.Value))
		}
		if c.BetterTarget() {
			before := missing()
			if c.Before.Target != nil {
				before = ranks(c.Before.Target.Value)
			}
			add("target", c.After.Target.Run, before, ranks(c.After.Target.Value))
		}
		if c.HigherTargetBound() {
			before := missing()
			if c.Before.TargetBound != nil {
				before = ranks(c.Before.TargetBound.Value)
			}
			add("bound on targets", c.After.TargetBound.Run, before, ranks(c.After.TargetBound.Value))
		}
		if c.Shorter() {
			before := missing()
			if c.Before.Schedule != nil {
				before = amount(c.Before.Schedule.Makespan)
			}
			add("schedule", c.After.Schedule.Run, before, amount(c.After.Schedule.Makespan))
		}
		if c.Refuted() {
			add("infeasible", *c.After.Infeasible, missing(), tables.Text("proved"))
		}
	}
	return t
}

// ranks is the value of an objective: a number for each rank.
func ranks(value []int64) tables.Cell {
	if len(value) == 1 {
		return amount(value[0])
	}
	return tables.Text(strings.Trim(fmt.Sprint(value), "[]"))
}

func missing() tables.Cell { return tables.Fixed(math.NaN(), 0) }

// amount is a cost in full: as a float it would be rounded.
func amount(n int64) tables.Cell { return tables.Fixed(float64(n), 0) }
