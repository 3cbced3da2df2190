package tables

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// testEntry is a table that tests a column, given by the parameter metric.
func testEntry(d spec.Descriptor, make func(*summary.Summary, summary.Column, spec.Args) (Table, error)) spec.Entry[Builder] {
	d.Properties = []spec.Property{Wide}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) {
			col, err := s.Column(a.Spec("metric").String())
			if err != nil {
				return Table{}, err
			}
			if col.Kind != summary.Number {
				return Table{}, fmt.Errorf("%s is %s, not a number", col.Name, spec.WithArticle(col.Kind.String()))
			}
			if err := s.OneCase(); err != nil {
				return Table{}, err
			}
			t, err := make(s, col, a)
			t.Timed = col.Timed
			return t, err
		}, nil
	})
}

// testParams are those of tests of significance.
func testParams(doc string) []spec.Param {
	return []spec.Param{
		{Name: "metric", Type: spec.Term, Default: "cost", Doc: doc},
		{Name: "alpha", Type: spec.Float, Default: "0.05", Bounds: spec.Between(1e-6, 0.5), Doc: "level of significance, for all pairs together"},
		{
			Name: "unit", Type: spec.Choice, Choices: []string{"case", "source"}, Default: "case",
			Doc: "what counts as one: each case, or all cases that were made out of one cloud, averaged",
		},
	}
}

// level says at which level a test is, and what counts as one where that is not each case.
func level(a spec.Args) string {
	text := "α = " + strconv.FormatFloat(a.Float("alpha"), 'g', -1, 64) + "."
	if a.String("unit") == "source" {
		text += " Cases made out of one cloud are averaged, and count as one."
	}
	return text
}

func ranksTable() spec.Entry[Builder] {
	return testEntry(spec.Descriptor{
		Name:     "ranks",
		Synopsis: "mean ranks of algorithms, and which are not told apart: Friedman's test and Nemenyi's",
		Doc: "In each case the algorithms are ranked by the metric, 1 for the best; what has no value ranks last, and equal ones share " +
			"their rank. It applies where two algorithms or more were run on two cases or more.",
		Params: testParams("what algorithms are ranked by"),
		Citation: "Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7, " +
			"https://jmlr.org/papers/v7/demsar06a.html",
	}, ranks)
}

func ranks(s *summary.Summary, col summary.Column, a spec.Args) (Table, error) {
	alpha := a.Float("alpha")
	r := s.Ranking(col, alpha, a.String("unit") == "source")
	cases := prose.Count(len(r.Cases), "case")
	if len(r.Test.Ranks) == 0 {
		return Table{}, fmt.Errorf("ranks take two algorithms, and two cases that all were run on; there are %s and %s",
			prose.Count(len(s.Algorithms), "algorithm"), cases)
	}
	t := Table{
		Title: "Ranks by " + col.Doc, Keys: 1,
		Columns: []Column{
			{Name: s.Compared(), Align: Left},
			{Name: "mean rank", Better: summary.Lower},
			{Name: "not told apart", Unit: "letters"},
			{Name: "coverage", Unit: "%", Better: summary.Higher},
		},
	}
	t.notUsed(r.NotRun, "not all algorithms were run")
	t.notUsed(r.Infeasible, "proved to have no plan")
	if r.Without == len(r.Cases) {
		t.Caption = fmt.Sprintf("No run has a value (%s) in any of the %s that all algorithms were run on.", col.Doc, cases)
		return t, nil
	}
	t.Caption = fmt.Sprintf("Over %s. Rank 1 is the best; an algorithm without a value ranks last. Coverage: the share of cases with a value. "+
		"Friedman's test: χ² %s, p %s; F of Iman and Davenport: p %s. Algorithms that share a letter are not told apart: their mean ranks differ by less "+
		"than Nemenyi's critical difference, %s at %s", cases, Significant(r.Test.ChiSquare, 3), Chance(r.Test.ChiSquareP), Chance(r.Test.FP),
		Significant(r.Critical, 3), level(a))
	if !(r.Test.FP <= alpha) {
		t.Notes = append(t.Notes, "Friedman's test finds no difference between the algorithms.")
	}
	if r.Without > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("In %s no algorithm has a value, and all rank alike.", prose.Count(r.Without, "case")))
	}
	for a, rank := range r.Test.Ranks {
		letters := ""
		for i, set := range r.Cliques {
			if slices.Contains(set, a) {
				letters += letter(i)
			}
		}
		coverage := Fixed(0, 1)
		for _, v := range r.Values[a] {
			if !math.IsInf(v, 1) {
				coverage.N++
			}
		}
		coverage.Of = float64(len(r.Cases))
		coverage.Value = 100 * coverage.N / coverage.Of
		t.Rows = append(t.Rows, []Cell{Text(s.Label(s.Algorithms[a])), Fixed(rank, 2), Text(cmp.Or(letters, missing)), coverage})
	}
	slices.SortStableFunc(t.Rows, func(a, b []Cell) int { return cmp.Compare(a[1].Value, b[1].Value) })
	t.MarkBest()
	return t, nil
}

// letter names the i-th set: a, b, …, z, a2, …
func letter(i int) string {
	name := string(rune('a' + i%26))
	if i >= 26 {
		name += strconv.Itoa(i/26 + 1)
	}
	return name
}

// notUsed notes why some cases are not used, if there are any.
func (t *Table) notUsed(n int, why string) {
	if n > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s not used: %s.", prose.Count(n, "case"), why))
	}
}

func pairwiseTable() spec.Entry[Builder] {
	return testEntry(spec.Descriptor{
		Name:     "pairwise",
		Synopsis: "each algorithm against each other: signed-rank tests with Holm's correction, and A12",
		Doc: "Case by case, over those in which both have a value; in how many only one has one stands beside it. A12 is the " +
			"probability that the value of the first is larger, equal ones counting half: 0.5 says that neither tends to be; " +
			"0.44, 0.36 and 0.29 are small, medium and large effects towards smaller values of the first, 0.56, 0.64 and 0.71 towards larger ones.",
		Params: testParams("what is compared"),
		Citation: "Wilcoxon 1945, doi 10.2307/3001968, with zeros by Pratt 1959, doi 10.1080/01621459.1959.10501526; Holm 1979, " +
			"https://www.jstor.org/stable/4615733; Vargha and Delaney 2000, doi 10.3102/10769986025002101",
	}, pairwise)
}

func pairwise(s *summary.Summary, col summary.Column, a spec.Args) (Table, error) {
	if len(s.Algorithms) < 2 {
		return Table{}, errors.New("there are no two algorithms to compare")
	}
	t := Table{
		Title: "Pairs of algorithms by " + col.Doc, Keys: 2,
		Caption: "Less, equal, more: the cases in which the algorithm's value is less than, equal to or more than the other's; only it, only other: those " +
			"in which just one has a value. Ratio: geometric mean of its value over the other's. A12: probability that its value is larger. " +
			"p: Wilcoxon's signed-rank test, with Holm's correction for all pairs; the verdict is at " + level(a),
		Columns: []Column{{Name: "algorithm", Align: Left}, {Name: "other", Align: Left}},
	}
	for _, name := range []string{"less", "equal", "more", "only it", "only other", "ratio", "A12", "p", "verdict"} {
		t.Columns = append(t.Columns, Column{Name: name})
	}
	notRun := false
	for _, p := range s.PairTests(col, a.String("unit") == "source") {
		verdict := "none"
		switch {
		case len(p.Points) == 0:
			verdict = missing
		case p.P <= a.Float("alpha") && p.Wilcoxon.Z < 0:
			verdict = "less"
		case p.P <= a.Float("alpha"):
			verdict = "more"
		}
		t.Rows = append(t.Rows, []Cell{
			Text(s.Label(p.X)), Text(s.Label(p.Y)), Count(p.More), Count(p.Same), Count(p.Less), Count(len(p.OnlyX)), Count(len(p.OnlyY)),
			Fixed(p.Ratio, 3), Fixed(p.A12, 3), Chance(p.P), Text(verdict),
		})
		notRun = notRun || p.NotRun > 0
	}
	if notRun {
		t.Notes = append(t.Notes, "Pairs are compared in the cases that both were run on; these are not the same for all pairs.")
	}
	return t, nil
}
