package tables

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func pairwiseTable() spec.Entry[Builder] {
	d := spec.Descriptor{
		Name:     "pairwise",
		Synopsis: "each algorithm against each other: signed-rank tests with Holm's correction, and A12",
		Doc: "Case by case, over those in which both have a value; in how many only one has one stands beside it. A12 is the " +
			"probability that the value of the first is larger, equal ones counting half: 0.5 says that neither tends to be; " +
			"0.44, 0.36 and 0.29 are small, medium and large effects towards smaller values of the first, 0.56, 0.64 and 0.71 towards larger ones.",
		Params: testParams("what is compared", "cost"),
		Citation: "Wilcoxon 1945, doi 10.2307/3001968, with zeros by Pratt 1959, doi 10.1080/01621459.1959.10501526; Holm 1979, " +
			"https://www.jstor.org/stable/4615733; Vargha and Delaney 2000, doi 10.3102/10769986025002101",
		Properties: []spec.Property{Wide},
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) { return pairwise(s, a) }, nil
	})
}

func pairwise(s *summary.Summary, a spec.Args) (Table, error) {
	col, err := tested(s, a)
	if err != nil {
		return Table{}, err
	}
	if len(s.Algorithms) < 2 {
		return Table{}, errors.New("there are no two algorithms to compare")
	}
	alpha := a.Float("alpha")
	t := Table{
		Title: "Pairs of algorithms by " + col.Doc, Timed: col.Timed, Keys: 2,
		Caption: fmt.Sprintf("Less, equal, more: the cases in which the algorithm's value is less than, equal to or more than the other's; only it, only other: those "+
			"in which just one has a value. Ratio: geometric mean of its value over the other's. A12: probability that its value is larger. "+
			"p: Wilcoxon's signed-rank test, with Holm's correction for all pairs; the verdict is at α = %s.%s", strconv.FormatFloat(alpha, 'g', -1, 64), unitDoc(a)),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "other", Align: Left},
			{Name: "less"},
			{Name: "equal"},
			{Name: "more"},
			{Name: "only it"},
			{Name: "only other"},
			{Name: "ratio"},
			{Name: "A12"},
			{Name: "p"},
			{Name: "verdict"},
		},
	}
	for _, p := range s.PairTests(col, a.String("unit") == "source") {
		verdict := "none"
		switch {
		case len(p.Points) == 0:
			verdict = missing
		case p.P <= alpha && p.Wilcoxon.Z < 0:
			verdict = "less"
		case p.P <= alpha:
			verdict = "more"
		}
		x, y := s.Label(p.X), s.Label(p.Y)
		t.Rows = append(t.Rows, []Cell{
			Text(x), Text(y), Count(p.More), Count(p.Same), Count(p.Less), Count(len(p.OnlyX)), Count(len(p.OnlyY)),
			Fixed(p.Ratio, 3), Fixed(p.A12, 3), Chance(p.P), Text(verdict),
		})
		t.Notes = append(t.Notes, notUsed(because{p.NotRun, "case", fmt.Sprintf("one of %s and %s was not run there", x, y)})...)
	}
	return t, nil
}
