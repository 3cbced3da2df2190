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

func ranksTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "ranks",
		Synopsis: "mean ranks of algorithms, and which are not told apart: Friedman's test and Nemenyi's",
		Doc: "In each case the algorithms are ranked by the metric, 1 for the best; what has no value ranks last, and equal ones share " +
			"their rank. It applies where two algorithms or more were run on two cases or more.",
		Params: []spec.Param{summary.MetricParam("metric", "cost", "what algorithms are ranked by", nil), alphaParam()},
		Citation: "Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7, " +
			"https://jmlr.org/papers/v7/demsar06a.html",
		Properties: []spec.Property{Wide},
	}
}

func ranks(s *summary.Summary, a spec.Args) Table {
	m, alpha := summary.MetricNamed(a.String("metric")), a.Float("alpha")
	r := s.Ranking(m, alpha)
	t := Table{
		Title: "Ranks by " + m.Text, Timed: m.Timed,
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "mean rank", Better: Lower},
			{Name: "not told apart", Unit: "letters"},
			{Name: "coverage", Unit: "%", Better: Higher},
		},
		Notes: notUsed(
			because{r.NotRun, "case", "some algorithm was not run there"},
			because{r.Infeasible, "case", "proved to have no plan"},
		),
	}
	switch {
	case len(r.Test.Ranks) == 0:
		t.NotApplicable = true
		t.Caption = fmt.Sprintf("Ranks take two algorithms, and two cases on which all were run: here are %s and %s.",
			prose.Count(len(s.Algorithms), "algorithm"), prose.Count(len(r.Cases), "case"))
		return t
	case r.Without == len(r.Cases):
		t.Caption = fmt.Sprintf("No run tells its %s in any of the %s on which all algorithms were run.", m.Text, prose.Count(len(r.Cases), "case"))
		return t
	}
	t.Caption = fmt.Sprintf("Over %s; 1 is the best rank, and what has no value ranks last. Coverage is the share of cases with a value. "+
		"Friedman's test: χ² %s, p %s; F of Iman and Davenport, p %s. Algorithms that share a letter are not told apart: their mean ranks differ by less "+
		"than the critical difference of Nemenyi, %s at α = %s.", prose.Count(len(r.Cases), "case"), Significant(r.Test.ChiSquare, 3).Text,
		probability(r.Test.ChiSquareP).Text, probability(r.Test.FP).Text, Significant(r.Critical, 3).Text, strconv.FormatFloat(alpha, 'g', -1, 64))
	if !(r.Test.FP <= alpha) {
		t.Notes = append(t.Notes, "Friedman's test finds no difference, so none may be read off the ranks.")
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
			Text(s.Algorithms[a]), Fixed(r.Test.Ranks[a], 2), Text(letters), percentage(valued, len(r.Cases)),
		})
	}
	return t
}

// letter names the i-th set: a, b, …, z, a2, …
func letter(i int) string {
	name := string(rune('a' + i%26))
	if i >= 26 {
		name += strconv.Itoa(i/26 + 1)
	}
	return name
}
