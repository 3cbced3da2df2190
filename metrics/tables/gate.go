package tables

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// The tables of a comparison are no entries of the registry: they are about two sets of
// records.

// GateMetrics tells by metric what became of algorithms and pairs.
func GateMetrics(c *gate.Comparison) Table {
	t := Table{
		Name: "metrics", Title: "By metric",
		Caption: "Algorithms, and pairs of runs, by what became of them. A pair is better or worse if it changed beyond the tolerance; " +
			"of time and cpu, pairs are questions, with all their seeds.",
		Columns: []Column{
			{Name: "metric", Align: Left},
			{Name: "algorithms worse"},
			{Name: "tolerated", Optional: true},
			{Name: "better"},
			{Name: "same"},
			{Name: "not compared", Optional: true},
			{Name: "pairs worse"},
			{Name: "better"},
			{Name: "same"},
			{Name: "left out"},
		},
	}
	for _, m := range gate.Metrics() {
		verdicts := map[gate.Verdict]int{}
		var worse, better, same, left int
		for _, r := range c.Rows {
			if r.Metric.Name != m.Name {
				continue
			}
			verdicts[r.Verdict]++
			worse, better, same, left = worse+r.Worse, better+r.Better, same+r.Same, left+r.LeftOut()
		}
		if len(verdicts) == 0 {
			continue
		}
		row := []Cell{Text(m.Name)}
		for _, v := range []gate.Verdict{gate.Worse, gate.Tolerated, gate.Better, gate.Same, gate.NotCompared} {
			row = append(row, Count(verdicts[v]))
		}
		t.Rows = append(t.Rows, append(row, Count(worse), Count(better), Count(same), Count(left)))
	}
	return t
}

// GateRows lists the algorithms and metrics of a verdict.
func GateRows(c *gate.Comparison, v gate.Verdict) Table {
	rows := c.Of(v)
	timed := slices.ContainsFunc(rows, func(r gate.Row) bool { return r.Test != nil })
	t := Table{
		Name: string(v), Title: strings.ToUpper(string(v)[:1]) + string(v)[1:],
		Caption: "Change is that of the geometric mean, and of coverage and proofs their number before and after.",
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "metric", Align: Left},
			{Name: "worse", Unit: "pairs"},
			{Name: "better", Unit: "pairs"},
			{Name: "same", Unit: "pairs"},
			{Name: "change", Unit: "%"},
			{Name: "tolerance", Unit: "%"},
		},
	}
	if timed {
		t.Caption += " Of time and cpu it is that of the median question, less the drift that all other algorithms share; p is of a " +
			"signed-rank test against the tolerance, corrected for all timed rows together (Holm), and A12 the share of questions that took longer."
		t.Columns = append(t.Columns, Column{Name: "p"}, Column{Name: "A12"})
	}
	for _, r := range rows {
		row := []Cell{
			Text(r.Algorithm), Text(r.Metric.Name), Count(r.Worse), Count(r.Better), Count(r.Same), change(r), tolerance(r),
		}
		switch {
		case r.Test != nil:
			row = append(row, Significant(r.Test.Corrected, 2), Fixed(r.Test.A12, 2))
		case timed:
			row = append(row, Text(missing), Text(missing))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func change(r gate.Row) Cell {
	if r.Metric.Answer {
		return Text(fmt.Sprintf("%d → %d", r.Before, r.After))
	}
	return percent(r.Ratio)
}

// percent is the change that a ratio stands for, with its sign.
func percent(ratio float64) Cell {
	if math.IsInf(ratio, 1) {
		return Text("from 0")
	}
	c := Significant(100*(ratio-1), 3)
	if c.Value > 0 {
		c.Text = "+" + c.Text
	}
	return c
}

func tolerance(r gate.Row) Cell {
	if r.Metric.Answer {
		return Text(missing)
	}
	v, _ := new(big.Rat).Mul(r.Threshold.Tolerance, big.NewRat(100, 1)).Float64()
	return Significant(v, 2)
}

// GateChanges lists pairs that changed, of the rows of a verdict: those that got worse, or
// those that got better, the first ones of each row.
func GateChanges(c *gate.Comparison, v gate.Verdict, worse bool, most int) Table {
	title := "Pairs that got better"
	if worse {
		title = "Pairs that got worse"
	}
	t := Table{
		Name: "pairs", Title: title,
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "instance", Align: Left},
			{Name: "metric", Align: Left},
			{Name: "before"},
			{Name: "after"},
			{Name: "change", Unit: "%"},
		},
	}
	for _, r := range c.Of(v) {
		shown, of := 0, r.Better
		if worse {
			of = r.Worse
		}
		for i := range r.Changes {
			x := r.Changes[i]
			if !worse {
				x = r.Changes[len(r.Changes)-1-i] // the greatest improvement stands last
			}
			if x.Worse != worse {
				break
			}
			if shown == most {
				t.Notes = append(t.Notes, fmt.Sprintf("%s, %s: the first %d of %d", r.Algorithm, r.Metric.Name, most, of))
				break
			}
			shown++
			before, after, by := value(r.Metric, x.Before), value(r.Metric, x.After), percent(x.Ratio)
			if r.Metric.Answer {
				before, after, by = Text(string(x.Base.Outcome)), Text(string(x.Cand.Outcome)), Text(missing)
			}
			t.Rows = append(t.Rows, []Cell{Text(r.Algorithm), Text(about(c, x.Pair)), Text(r.Metric.Name), before, after, by})
		}
	}
	return t
}

func value(m gate.Metric, v float64) Cell {
	if m.Timed {
		return Significant(v, 3)
	}
	return Fixed(v, 0)
}

// about names an instance, with cost function and seed where these differ among pairs.
func about(c *gate.Comparison, p gate.Pair) string {
	text := p.Base.Instance
	if c.SeveralCosts {
		text += ", " + p.Base.CostFunction
	}
	if c.SeveralSeeds {
		text += fmt.Sprintf(", seed %d", p.Base.Seed)
	}
	return text
}

// GateLeft tells how many pairs were not compared in which metric, and why.
func GateLeft(c *gate.Comparison) Table {
	t := Table{
		Name: "left-out", Title: "Pairs that were not compared",
		Columns: []Column{{Name: "because", Align: Left}},
	}
	left := map[gate.Reason]map[string]int{}
	some := map[string]bool{}
	for _, r := range c.Rows {
		for why, n := range r.Left {
			if left[why] == nil {
				left[why] = map[string]int{}
			}
			left[why][r.Metric.Name] += n
			some[r.Metric.Name] = true
		}
	}
	for _, m := range gate.Metrics() {
		if some[m.Name] {
			t.Columns = append(t.Columns, Column{Name: m.Name})
		}
	}
	for _, why := range gate.Reasons() {
		if left[why] == nil {
			continue
		}
		row := []Cell{Text(string(why))}
		for _, col := range t.Columns[1:] {
			row = append(row, Count(left[why][col.Name]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// GateUnpaired lists what was on one side only, and what changed under its name.
func GateUnpaired(c *gate.Comparison) Table {
	t := Table{
		Name: "unpaired", Title: "Runs without a counterpart",
		Columns: []Column{
			{Name: "what", Align: Left},
			{Name: "algorithm", Align: Left},
			{Name: "first instance", Align: Left},
			{Name: "runs"},
		},
	}
	add := func(what string, runs []*results.Record) {
		row := map[string]int{} // of an algorithm
		for _, r := range runs {
			if _, seen := row[r.Algorithm]; !seen {
				row[r.Algorithm] = len(t.Rows)
				t.Rows = append(t.Rows, []Cell{Text(what), Text(r.Algorithm), Text(r.Instance), Count(0)})
			}
			cell := &t.Rows[row[r.Algorithm]][3]
			*cell = Count(int(cell.Value) + 1)
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
