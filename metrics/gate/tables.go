package gate

import (
	"fmt"
	"math"
	"math/big"
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
		c.undecidedTable(), c.metricTable(), c.leftTable(), c.unpairedTable(),
	}
	return slices.DeleteFunc(all, func(t tables.Table) bool { return len(t.Rows) == 0 })
}

// columns are texts first, then numbers.
func columns(texts []string, numbers ...tables.Column) []tables.Column {
	var out []tables.Column
	for _, name := range texts {
		out = append(out, tables.Column{Name: name, Align: tables.Left})
	}
	return append(out, numbers...)
}

// metricTable tells by metric what became of algorithms and pairs.
func (c *Comparison) metricTable() tables.Table {
	t := tables.Table{
		Name: "metrics", Title: "By metric",
		Caption: "Algorithms, and pairs of runs, by what became of them. A pair is better or worse if it changed beyond the tolerance; " +
			"of time and cpu, an instance, over all its seeds.",
		Columns: columns([]string{"metric"}, tables.Column{Name: "algorithms worse"}, tables.Column{Name: "tolerated", Optional: true},
			tables.Column{Name: "better"}, tables.Column{Name: "same"}, tables.Column{Name: "not compared", Optional: true},
			tables.Column{Name: "pairs worse"}, tables.Column{Name: "better"}, tables.Column{Name: "same"}, tables.Column{Name: "left out"}),
	}
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
		if len(verdicts) == 0 {
			continue
		}
		row := []tables.Cell{tables.Text(m.Name)}
		for _, v := range []Verdict{Worse, Tolerated, Better, Same, NotCompared} {
			row = append(row, tables.Count(verdicts[v]))
		}
		t.Rows = append(t.Rows, append(row, tables.Count(worse), tables.Count(better), tables.Count(same), tables.Count(left)))
	}
	return t
}

// rowTable lists the algorithms and metrics of a verdict.
func (c *Comparison) rowTable(v Verdict) tables.Table {
	rows := c.Of(v)
	t := tables.Table{
		Name: string(v), Title: strings.ToUpper(string(v)[:1]) + string(v)[1:],
		Caption: "Change is that of the geometric mean; of coverage and proofs, the number of answers before and after.",
		Columns: columns([]string{"algorithm", "metric"}, tables.Column{Name: "worse"}, tables.Column{Name: "better"},
			tables.Column{Name: "same"}, tables.Column{Name: "change", Unit: "%"}, tables.Column{Name: "tolerance", Unit: "%"}),
	}
	timed := slices.ContainsFunc(rows, func(r Row) bool { return r.Test != nil })
	if timed {
		t.Caption += " Of time and cpu it is the median over instances, less the drift of the other algorithms on the same instances; " +
			"p is of a sign test against the tolerance, corrected for all timed rows together (Holm)."
		t.Columns = append(t.Columns, tables.Column{Name: "p"})
	}
	for _, r := range rows {
		tolerance, _ := new(big.Rat).Mul(r.Threshold.Tolerance, big.NewRat(100, 1)).Float64()
		change, p := percent(r.Ratio), math.NaN()
		if r.Answers != nil {
			change, tolerance = tables.Text(fmt.Sprintf("%d → %d", r.Answers[0], r.Answers[1])), math.NaN()
		}
		if r.Test != nil {
			tolerance, p = float64(100*r.Test.Tolerance), float64(r.Test.Corrected)
		}
		row := []tables.Cell{
			tables.Text(r.Algorithm), tables.Text(r.Name), tables.Count(r.Worse), tables.Count(r.Better), tables.Count(r.Same),
			change, tables.Significant(tolerance, 2),
		}
		if timed {
			row = append(row, tables.Significant(p, 2))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// percent is the change that a ratio stands for, with its sign.
func percent(ratio Ratio) tables.Cell {
	change := 100 * float64(ratio-1)
	switch digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(change))))); {
	case math.IsInf(change, 1):
		return tables.Text("from 0")
	case change > 0:
		return tables.Text(fmt.Sprintf("+%.*f", min(digits, 6), change))
	}
	return tables.Significant(change, 3)
}

// changeTable lists pairs that changed, of the rows of a verdict and in its direction: the
// first ones of each row.
func (c *Comparison) changeTable(v Verdict) tables.Table {
	t := tables.Table{
		Name: "pairs", Title: "Pairs that got " + string(v),
		Columns: columns([]string{"algorithm", "instance", "metric"},
			tables.Column{Name: "before"}, tables.Column{Name: "after"}, tables.Column{Name: "change", Unit: "%"}),
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
			switch {
			case r.Timed:
				before, after = tables.Significant(x.Before, 3), tables.Significant(x.After, 3)
			case r.Answer:
				before, after, by = tables.Text(string(x.Base.Outcome)), tables.Text(string(x.Cand.Outcome)), tables.Fixed(math.NaN(), 0)
			}
			t.Rows = append(t.Rows, []tables.Cell{tables.Text(r.Algorithm), tables.Text(c.name(x.Base, r)), tables.Text(r.Name), before, after, by})
		}
	}
	return t
}

// name tells what a row compares: an instance, with the cost function and, where a seed is
// a pair of its own, the seed, if these differ among pairs.
func (c *Comparison) name(r *results.Record, row Row) string {
	text := r.Instance
	if c.severalCosts {
		text += ", " + r.CostFunction
	}
	if c.severalSeeds && !row.Timed {
		text += fmt.Sprintf(", seed %d", r.Seed)
	}
	return text
}

// undecidedTable lists timed rows that changed beyond the tolerance and have no verdict.
func (c *Comparison) undecidedTable() tables.Table {
	t := tables.Table{
		Name: "undecided", Title: "Times that were not compared",
		Columns: columns([]string{"algorithm", "metric", "because"}, tables.Column{Name: "instances"}, tables.Column{Name: "change", Unit: "%"}),
	}
	for _, r := range c.Of(NotCompared) {
		if r.Why != "" && math.Abs(math.Log(float64(r.Ratio))) > math.Log1p(float64(r.Test.Tolerance)) {
			t.Rows = append(t.Rows, []tables.Cell{
				tables.Text(r.Algorithm), tables.Text(r.Name), tables.Text(string(r.Why)), tables.Count(r.Compared()), percent(r.Ratio),
			})
		}
	}
	return t
}

// leftTable tells how many pairs were not compared in which metric, and why.
func (c *Comparison) leftTable() tables.Table {
	t := tables.Table{Name: "left-out", Title: "Pairs that were not compared", Columns: columns([]string{"because"})}
	left := map[Reason]map[string]int{}
	some := map[string]bool{}
	for _, r := range c.Rows {
		for why, n := range r.Left {
			if left[why] == nil {
				left[why] = map[string]int{}
			}
			left[why][r.Name] += n
			some[r.Name] = true
		}
	}
	for _, m := range Metrics() {
		if some[m.Name] {
			t.Columns = append(t.Columns, tables.Column{Name: m.Name})
		}
	}
	for _, why := range Reasons() {
		if left[why] == nil {
			continue
		}
		row := []tables.Cell{tables.Text(string(why))}
		for _, col := range t.Columns[1:] {
			row = append(row, tables.Count(left[why][col.Name]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// unpairedTable lists what was on one side only, and what changed under its name.
func (c *Comparison) unpairedTable() tables.Table {
	t := tables.Table{
		Name: "unpaired", Title: "Runs without a counterpart",
		Columns: columns([]string{"what", "algorithm", "first instance"}, tables.Column{Name: "runs"}),
	}
	add := func(what string, runs []*results.Record) {
		for _, g := range stats.GroupBy(runs, func(r *results.Record) string { return r.Algorithm }) {
			t.Rows = append(t.Rows, []tables.Cell{tables.Text(what), tables.Text(g.Key), tables.Text(g.Items[0].Instance), tables.Count(len(g.Items))})
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
