package gate

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// mostChanges is how many pairs of one algorithm and metric are shown; JSON has them all.
const mostChanges = 5

// tables are the tables that have something to show: what is worse first.
func (c *Comparison) tables() []tables.Table {
	all := []tables.Table{
		c.rowTable(Worse), c.changeTable(Worse), c.rowTable(Tolerated), c.rowTable(Better), c.changeTable(Better),
		c.rowTable(NotCompared), c.metricTable(), c.leftTable(), c.unpairedTable(),
	}
	return slices.DeleteFunc(all, func(t tables.Table) bool { return len(t.Rows) == 0 })
}

// columns are texts at first, then numbers, which may have a unit behind a comma.
func columns(texts int, names ...string) []tables.Column {
	out := make([]tables.Column, len(names))
	for i, name := range names {
		out[i].Name, out[i].Unit, _ = strings.Cut(name, ", ")
		if i < texts {
			out[i].Align = tables.Left
		}
	}
	return out
}

// cells are those of texts, counts and other cells.
func cells(of ...any) []tables.Cell {
	out := make([]tables.Cell, len(of))
	for i, x := range of {
		switch x := x.(type) {
		case tables.Cell:
			out[i] = x
		case int:
			out[i] = tables.Count(x)
		default:
			out[i] = tables.Text(fmt.Sprint(x))
		}
	}
	return out
}

// metricTable tells by metric what became of algorithms and pairs.
func (c *Comparison) metricTable() tables.Table {
	t := tables.Table{
		Name: "metrics", Title: "By metric",
		Caption: "Algorithms, and pairs of runs, by what became of them. A pair is better or worse if it changed beyond the tolerance; " +
			"of time and cpu, an instance, over all its seeds.",
		Columns: columns(1, "metric", "algorithms worse", "tolerated", "better", "same", "not compared", "pairs worse", "better", "same", "left out"),
	}
	t.Columns[2].Optional, t.Columns[5].Optional = true, true
	for _, m := range Metrics() {
		verdicts := map[Verdict]int{}
		var worse, better, same, left int
		for _, r := range c.Rows {
			if r.Name != m.Name {
				continue
			}
			verdicts[r.Verdict]++
			worse, better, same = worse+r.Worse, better+r.Better, same+r.Same
			for _, n := range r.Left {
				left += n
			}
		}
		if v := verdicts; len(v) > 0 {
			t.Rows = append(t.Rows, cells(m.Name, v[Worse], v[Tolerated], v[Better], v[Same], v[NotCompared], worse, better, same, left))
		}
	}
	return t
}

// rowTable lists the algorithms and metrics of a verdict; of those that have none, timed
// ones that changed beyond the tolerance even so.
func (c *Comparison) rowTable(v Verdict) tables.Table {
	t := tables.Table{
		Name: string(v), Title: strings.ToUpper(string(v)[:1]) + string(v)[1:],
		Caption: "Change is that of the geometric mean; of coverage and proofs, the number of answers before and after.",
		Columns: columns(2, "algorithm", "metric", "worse", "better", "same", "change, %", "tolerance, %"),
	}
	rows := c.Of(v)
	if v == NotCompared {
		rows = slices.DeleteFunc(rows, func(r Row) bool {
			return r.Test == nil || !(math.Abs(math.Log(float64(r.Ratio))) > math.Log1p(float64(r.Test.Tolerance)))
		})
	}
	if slices.ContainsFunc(rows, func(r Row) bool { return r.Timed }) {
		t.Caption += " Of time and cpu it is the median over instances, less the drift of the other algorithms; " +
			"p is of a sign test against the tolerance, corrected for all timed rows together (Holm)."
		t.Columns = append(t.Columns, columns(0, "p")...)
	}
	if v == NotCompared {
		t.Columns = append(t.Columns, columns(1, "because")...)
	}
	for _, r := range rows {
		tolerance, _ := r.Threshold.Tolerance.Float64()
		change, p := percent(r.Ratio), math.NaN()
		if r.Answers != nil {
			change, tolerance = tables.Text(fmt.Sprintf("%d → %d", r.Answers[0], r.Answers[1])), math.NaN()
		}
		if r.Test != nil {
			tolerance, p = float64(r.Test.Tolerance), float64(r.Test.Corrected)
		}
		row := cells(r.Algorithm, r.Name, r.Worse, r.Better, r.Same, change, tables.Significant(100*tolerance, 2), tables.Significant(p, 2), r.Why)
		t.Rows = append(t.Rows, slices.Delete(row, len(t.Columns), len(row)))
	}
	return t
}

// percent is the change that a ratio stands for, with its sign.
func percent(ratio Ratio) tables.Cell {
	change := 100 * float64(ratio-1)
	if math.IsInf(change, 1) {
		return tables.Text("from 0")
	} else if change > 0 {
		digits := min(max(0, 2-int(math.Floor(math.Log10(change)))), 6)
		return tables.Text(fmt.Sprintf("+%.*f", digits, change))
	}
	return tables.Significant(change, 3)
}

// changeTable lists pairs that changed, of the rows of a verdict and in its direction: the
// first ones of each row.
func (c *Comparison) changeTable(v Verdict) tables.Table {
	t := tables.Table{
		Name: "pairs", Title: "Pairs that got " + string(v), Caption: "Memory is in MiB, times are in s.",
		Columns: columns(3, "algorithm", "instance", "metric", "before", "after", "change, %"),
	}
	for _, r := range c.Of(v) {
		changes := slices.DeleteFunc(slices.Clone(r.Changes), func(x Change) bool { return x.Worse != (v == Worse) })
		if v == Better {
			slices.Reverse(changes) // the greatest improvement stands last
		}
		if of := len(changes); of > mostChanges {
			t.Notes = append(t.Notes, fmt.Sprintf("%s, %s: the first %d of %d", r.Algorithm, r.Name, mostChanges, of))
			changes = changes[:mostChanges]
		}
		for _, x := range changes {
			before, after, by := tables.Fixed(x.Before, 0), tables.Fixed(x.After, 0), percent(x.Ratio)
			if r.work { // measured, not counted
				before, after = tables.Significant(x.Before, 3), tables.Significant(x.After, 3)
			} else if r.Answer {
				before, after, by = tables.Text(string(x.Base.Outcome)), tables.Text(string(x.Cand.Outcome)), tables.NoValue()
			}
			instance := x.Base.Instance
			if c.severalCosts {
				instance += ", " + x.Base.CostFunction
			}
			if c.severalSeeds && !r.Timed {
				instance += fmt.Sprintf(", seed %d", x.Base.Seed)
			}
			t.Rows = append(t.Rows, cells(r.Algorithm, instance, r.Name, before, after, by))
		}
	}
	return t
}

// leftTable tells how many pairs were not compared in which metric, and why.
func (c *Comparison) leftTable() tables.Table {
	left, some := map[Reason]map[string]int{}, map[string]bool{}
	for _, r := range c.Rows {
		for why, n := range r.Left {
			if left[why] == nil {
				left[why] = map[string]int{}
			}
			left[why][r.Name] += n
			some[r.Name] = true
		}
	}
	names := slices.DeleteFunc(MetricNames(), func(name string) bool { return !some[name] })
	t := tables.Table{Name: "left-out", Title: "Pairs that were not compared", Columns: columns(1, append([]string{"because"}, names...)...)}
	for _, why := range slices.Sorted(maps.Keys(left)) {
		row := cells(why)
		for _, name := range names {
			row = append(row, tables.Count(left[why][name]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// unpairedTable lists what was on one side only, and what changed under its name.
func (c *Comparison) unpairedTable() tables.Table {
	t := tables.Table{
		Name: "unpaired", Title: "Runs without a counterpart",
		Columns: columns(3, "what", "algorithm", "first instance", "runs"),
	}
	add := func(what string, runs []*results.Record) {
		for _, g := range stats.GroupBy(runs, func(r *results.Record) string { return r.Algorithm }) {
			t.Rows = append(t.Rows, cells(what, g.Key, g.Items[0].Instance, len(g.Items)))
		}
	}
	add("only in the baseline", c.Baseline.Only)
	add("only in the candidate", c.Candidate.Only)
	var changed []*results.Record
	for _, p := range c.Changed {
		changed = append(changed, p.Base)
	}
	add("the instance has changed", changed)
	return t
}
