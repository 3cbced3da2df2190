package tables

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// grouping is records of which all but two tell how many hosts there are.
func grouping() []results.Record {
	out := records()
	for i := range out {
		if r := &out[i]; r.Instance != "dead" {
			r.Features["hosts"] = 4 + 4*((len(r.Instance)+int(r.Instance[len(r.Instance)-1]))%3)
		}
	}
	return out
}

func made(t testing.TB, text string, s *summary.Summary) Table {
	t.Helper()
	b, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return b(s)
}

func TestGroupedGolden(t *testing.T) {
	s := summary.Of(grouping(), summary.WithCatalogue(testCatalogue()))
	for _, name := range []string{"quality", "outcomes", "class-effort"} {
		x := made(t, name+"(group=hosts)", s)
		golden(t, "hosts-"+name+".txt", as(t, "terminal", x))
	}
	golden(t, "hosts-quality.tex", as(t, "latex", made(t, "quality(group=hosts)", s)))
}

// Any table can be grouped, says so, and says what is in no group.
func TestEveryTableCanBeGrouped(t *testing.T) {
	s := summary.Of(grouping(), summary.WithCatalogue(testCatalogue()))
	for _, d := range testCatalogue().Descriptors(Kind) {
		if !hasParam(d, summary.GroupParamName) {
			t.Errorf("%s has no groups", d.Name)
			continue
		}
		text := d.Name + "(group=hosts)"
		if d.Name == "versus" {
			text = "versus(group=hosts, baseline=greedy)"
		}
		x := made(t, text, s)
		if x.NotApplicable || len(x.Rows) == 0 || !strings.Contains(x.Title, "by hosts") {
			t.Errorf("%s: %+v", text, x)
		}
		if !slices.ContainsFunc(x.Notes, func(n string) bool { return strings.HasPrefix(n, "1 case in no group") }) {
			t.Errorf("%s says nothing of the case without hosts: %q", text, x.Notes)
		}
		if none := made(t, d.Name+"(group=hosts)", summary.Of(nil, summary.WithCatalogue(testCatalogue()))); len(none.Rows) > 0 {
			t.Errorf("%s makes rows of no records", text)
		}
		wrong := made(t, d.Name+"(group=host)", s)
		if !wrong.NotApplicable || !strings.HasSuffix(wrong.Caption, `did you mean "hosts"?`) {
			t.Errorf("%s(group=host): %q", d.Name, wrong.Caption)
		}
	}
}

// What is best is so within its group, and what is said of one group names it.
func TestGroupsAreComparedApart(t *testing.T) {
	x := made(t, "quality(group=hosts)", summary.Of(grouping(), summary.WithCatalogue(testCatalogue())))
	best := map[string]bool{}
	for _, row := range x.Rows {
		if row[2].Best {
			best[row[0].Text] = true
		}
	}
	for _, row := range x.Rows {
		if !best[row[0].Text] {
			t.Errorf("nobody is best with %s hosts", row[0].Text)
		}
	}
	for _, n := range x.Notes {
		if strings.Contains(n, "Over the") && !strings.HasPrefix(n, "hosts ") {
			t.Errorf("of which group is this said? %s", n)
		}
	}
	if strings.Contains(x.Caption, "Over the") {
		t.Errorf("this is said of all groups: %s", x.Caption)
	}
}

// Where groups have as many cases each, what is said of every one is not of all together.
func TestGroupsOfOneSizeAreNotTakenTogether(t *testing.T) {
	cost := int64(1)
	var runs []results.Record
	for _, hosts := range []string{"5", "9"} {
		for _, algorithm := range []string{"astar", "greedy"} {
			in := "random(hosts=" + hosts + ")#1"
			runs = append(runs, results.Record{
				RunKey: in + algorithm, Name: results.Name{Instance: in}, InstanceSHA256: in, Algorithm: algorithm, Outcome: results.Optimal, Cost: &cost, LowerBound: &cost,
			})
		}
	}
	for spec, want := range map[string]string{
		"outcomes(group=hosts)": "Each group by itself. How the runs on 1 case ended. ",
		"quality(group=hosts)":  "Each group by itself. Over the 1 of 1 case that both compared algorithms found a plan for. ",
	} {
		if x := made(t, spec, summary.Of(runs, summary.WithCatalogue(testCatalogue()))); !strings.HasPrefix(x.Caption, want) {
			t.Errorf("%s: %s", spec, x.Caption)
		}
	}
}

func TestTablesOfSomeAlgorithms(t *testing.T) {
	x := made(t, "outcomes(algorithms=[greedy, dijkstra])", summary.Of(records(), summary.WithCatalogue(testCatalogue())))
	if len(x.Rows) != 2 || x.Rows[0][0].Text != "dijkstra" || x.Rows[1][0].Text != "greedy" {
		t.Errorf("rows %+v", x.Rows)
	}
	x = made(t, "outcomes(algorithms=[greed])", summary.Of(records(), summary.WithCatalogue(testCatalogue())))
	if !x.NotApplicable || x.Caption != `No record of the algorithm greed, did you mean "greedy"?` {
		t.Errorf("%+v", x)
	}
}
