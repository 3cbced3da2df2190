package tables

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func pairwiseTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "pairwise",
		Synopsis: "each algorithm against each other: signed-rank tests with Holm's correction, and A12",
		Doc: "Case by case, over those in which both have a value; in how many only one has one stands beside it. A12 is the " +
			"probability that the value of the first is larger, equal ones counting half: 0.5 says that neither tends to be, " +
			"0.44, 0.36 and 0.29 are a small, a medium and a large effect in favour of the first, 0.56, 0.64 and 0.71 of the other.",
		Params: []spec.Param{summary.MetricParam("metric", "cost", "what is compared, of which less is better", nil), alphaParam()},
		Citation: "Wilcoxon 1945, doi 10.2307/3001968, with zeros by Pratt 1959, doi 10.1080/01621459.1959.10501526; Holm 1979, " +
			"https://www.jstor.org/stable/4615733; Vargha and Delaney 2000, doi 10.3102/10769986025002101",
		Properties: []spec.Property{Wide},
	}
}

func alphaParam() spec.Param {
	return spec.Param{
		Name: "alpha", Type: spec.Float, Default: "0.05", Bounds: spec.Between(1e-6, 0.5),
		Doc: "level of significance, for all pairs together",
	}
}

func pairwise(s *summary.Summary, a spec.Args) Table {
	m, alpha := summary.MetricNamed(a.String("metric")), a.Float("alpha")
	t := Table{
		Title: "Pairs of algorithms by " + m.Text, Timed: m.Timed,
		Caption: fmt.Sprintf("Less, equal, more: in how many cases the value of the algorithm is less than that of the other; only it, only other: in how many just one has a value. "+
			"Ratio: geometric mean of its value over the other's. A12: the probability that its value is larger. "+
			"p: Wilcoxon's signed-rank test, corrected by Holm for all pairs; its verdict is at α = %s.", strconv.FormatFloat(alpha, 'g', -1, 64)),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "other", Align: Left},
			{Name: "less"},
			{Name: "equal"},
			{Name: "more"},
			{Name: "only it"},
			{Name: "only other"},
			{Name: "ratio", Unit: "mean"},
			{Name: "A12"},
			{Name: "p"},
			{Name: "verdict"},
		},
	}
	if len(s.Algorithms) < 2 {
		t.NotApplicable, t.Caption = true, "There are no two algorithms to compare."
		return t
	}
	for _, p := range s.PairTests(m) {
		verdict := "open"
		switch {
		case len(p.Points) == 0:
			verdict = missing
		case p.P <= alpha && p.Wilcoxon.Z < 0:
			verdict = "less"
		case p.P <= alpha:
			verdict = "more"
		}
		t.Rows = append(t.Rows, []Cell{
			Text(p.X), Text(p.Y), Count(p.More), Count(p.Same), Count(p.Less), Count(len(p.OnlyX)), Count(len(p.OnlyY)),
			Fixed(p.Ratio, 3), Fixed(p.A12, 3), probability(p.P), Text(verdict),
		})
		t.Notes = append(t.Notes, notUsed(
			because{p.NotRun, "case", fmt.Sprintf("one of %s and %s was not run there", p.X, p.Y)},
		)...)
	}
	return t
}

// probability is a cell of a probability, of which only the order of magnitude matters
// where it is small.
func probability(p float64) Cell {
	c := Fixed(p, 3)
	if !math.IsNaN(c.Value) && p < 0.001 {
		c.Text = "< 0.001"
	}
	return c
}
