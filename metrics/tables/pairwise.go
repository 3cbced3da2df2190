package tables

import (
	"errors"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

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
