package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// testParams are those of tables that test a column.
func testParams(doc, preset string) []spec.Param {
	return []spec.Param{
		{Name: "metric", Type: spec.Term, Default: preset, Doc: doc},
		{
			Name: "alpha", Type: spec.Float, Default: "0.05", Bounds: spec.Between(1e-6, 0.5),
			Doc: "level of significance, for all pairs together",
		},
		{
			Name: "unit", Type: spec.Choice, Choices: []string{"case", "source"}, Default: "case",
			Doc: "what counts as one: each case, or all cases that were made out of one cloud, averaged",
		},
	}
}

// tested finds the column of a test.
func tested(s *summary.Summary, a spec.Args) (summary.Column, error) {
	col, err := s.Column(a.Spec("metric").String())
	if err == nil && col.Kind != summary.Number {
		err = fmt.Errorf("%s is %s, not a number", col.Name, spec.WithArticle(col.Kind.String()))
	}
	return col, err
}

// unitDoc says what counts as one, where that is not each case.
func unitDoc(a spec.Args) string {
	if a.String("unit") == "source" {
		return " Cases made out of one cloud are averaged, and count as one."
	}
	return ""
}

func ranksTable() spec.Entry[Builder] {
	d := spec.Descriptor{
		Name:     "ranks",
		Synopsis: "mean ranks of algorithms, and which are not told apart: Friedman's test and Nemenyi's",
		Doc: "In each case the algorithms are ranked by the metric, 1 for the best; what has no value ranks last, and equal ones share " +
			"their rank. It applies where two algorithms or more were run on two cases or more.",
		Params: testParams("what algorithms are ranked by", "cost"),
		Citation: "Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7, " +
			"https://jmlr.org/papers/v7/demsar06a.html",
		Properties: []spec.Property{Wide},
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) { return ranks(s, a) }, nil
	})
}

func ranks(s *summary.Summary, a spec.Args) (Table, error) {
	col, err := tested(s, a)
	if err != nil {
		return Table{}, err
	}
	alpha := a.Float("alpha")
	r := s.Ranking(col, alpha, a.String("unit") == "source")
	if len(r.Test.Ranks) == 0 {
		return Table{}, fmt.Errorf("ranks take two algorithms, and two cases that all were run on; there are %s and %s",
			prose.Count(len(s.Algorithms), "algorithm"), prose.Count(len(r.Cases), "case"))
	}
	t := Table{
		Title: "Ranks by " + col.Doc, Timed: col.Timed, Keys: 1,
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "mean rank", Better: summary.Lower},
			{Name: "not told apart", Unit: "letters"},
			{Name: "coverage", Unit: "%", Better: summary.Higher},
		},
		Notes: notUsed(
			because{r.NotRun, "case", "not all algorithms were run"},
			because{r.Infeasible, "case", "proved to have no plan"},
		),
	}
	if r.Without == len(r.Cases) {
		t.Caption = fmt.Sprintf("No run has a value (%s) in any of the %s that all algorithms were run on.", col.Doc, prose.Count(len(r.Cases), "case"))
		return t, nil
	}
	t.Caption = fmt.Sprintf("Over %s. Rank 1 is the best; an algorithm without a value ranks last. Coverage: the share of cases with a value.%s "+
		"Friedman's test: χ² %s, p %s; F of Iman and Davenport: p %s. Algorithms that share a letter are not told apart: their mean ranks differ by less "+
		"than Nemenyi's critical difference, %s at α = %s.", prose.Count(len(r.Cases), "case"), unitDoc(a), Significant(r.Test.ChiSquare, 3),
		Chance(r.Test.ChiSquareP), Chance(r.Test.FP), Significant(r.Critical, 3), strconv.FormatFloat(alpha, 'g', -1, 64))
	if !(r.Test.FP <= alpha) {
		t.Notes = append(t.Notes, "Friedman's test finds no difference between the algorithms.")
	}
	if r.Without > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("In %s no algorithm has a value, and all rank alike.", prose.Count(r.Without, "case")))
	}
	order := make([]int, len(s.Algorithms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Test.Ranks[a], r.Test.Ranks[b]) })
	for _, a := range order {
		letters := ""
		for i, set := range r.Cliques {
			if slices.Contains(set, a) {
				letters += letter(i)
			}
		}
		valued := 0
		for _, v := range r.Values[a] {
			if !math.IsInf(v, 1) {
				valued++
			}
		}
		t.Rows = append(t.Rows, []Cell{
			Text(s.Label(s.Algorithms[a])), Fixed(r.Test.Ranks[a], 2), Text(cmp.Or(letters, missing)), percentage(valued, len(r.Cases)),
		})
	}
	t.MarkBest()
	return t, nil
}

// percentage is how many of how many.
func percentage(n, of int) Cell {
	c := Fixed(100*float64(n)/float64(of), 1)
	c.N, c.Of = float64(n), float64(of)
	return c
}

// letter names the i-th set: a, b, …, z, a2, …
func letter(i int) string {
	name := string(rune('a' + i%26))
	if i >= 26 {
		name += strconv.Itoa(i/26 + 1)
	}
	return name
}

// because says how many things are not used, and why.
type because struct {
	n    int
	noun string
	why  string
}

func notUsed(list ...because) []string {
	var out []string
	for _, x := range list {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%s not used: %s.", prose.Count(x.n, x.noun), x.why))
		}
	}
	return out
}
