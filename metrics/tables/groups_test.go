package tables

import (
	"slices"
	"strings"
	"testing"

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

func TestGroupedGolden(t *testing.T) {
	s := of(grouping())
	for _, name := range []string{"quality", "outcomes", "class-effort"} {
		golden(t, "hosts-"+name+".txt", as(t, "terminal", made(t, name+"(group=hosts)", s)))
	}
	golden(t, "hosts-quality.tex", as(t, "latex", made(t, "quality(group=hosts)", s)))
}

// Any table of groups says so, and says what is in none.
func TestEveryReadyMadeTableCanBeGrouped(t *testing.T) {
	s := of(grouping())
	for _, e := range readyMade() {
		text := e.Name + "(group=hosts)"
		if e.Name == "versus" {
			text = "versus(group=hosts, baseline=greedy)"
		}
		if strings.HasPrefix(e.Name, "schedule") || e.Name == "executions" {
			continue // see TestSchedulesAreToldByScheduler and TestExecutionsAreToldByExecutor
		}
		x := made(t, text, s)
		if len(x.Rows) == 0 || !strings.HasSuffix(x.Title, ", by hosts") {
			t.Errorf("%s: %+v", text, x)
		}
		if !slices.ContainsFunc(x.Notes, func(n string) bool { return strings.HasPrefix(n, "1 case left out of the groups") }) {
			t.Errorf("%s says nothing of the case without hosts: %q", text, x.Notes)
		}
		if _, err := try(text, of(nil)); err == nil {
			t.Errorf("%s makes groups of no records", text)
		}
		if _, err := try(e.Name+"(group=host)", s); err == nil || err.Error() != e.Name+`(group=host): no column "host", did you mean "feature.hosts"?` {
			t.Errorf("%s(group=host): %v", e.Name, err)
		}
	}
}

// What is best is so within its group, and what is said of one group names it.
func TestGroupsAreComparedApart(t *testing.T) {
	x := made(t, "quality(group=hosts)", of(grouping()))
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
		if i := strings.Index(n, "Over the"); i == 0 {
			t.Errorf("of which group is this said? %s", n)
		}
	}
	if strings.Contains(x.Caption, "Over the") && !strings.Contains(x.Caption, "common cases of each group") {
		t.Errorf("this is said of all groups: %s", x.Caption)
	}
}

// Groups of which the same can be said share a note, and all of them are named.
func TestGroupsOfOneSizeShareANote(t *testing.T) {
	cost := int64(1)
	var runs []results.Record
	for _, hosts := range []string{"5", "9"} {
		for _, algorithm := range []string{"astar", "greedy"} {
			in := "random(hosts=" + hosts + ")#1"
			runs = append(runs, results.Record{
				RunKey: in + algorithm, Name: results.Name{Instance: in, Parameters: results.Values{"hosts": hosts}}, InstanceSHA256: in,
				Algorithm: algorithm, Outcome: results.Optimal, Cost: &cost, LowerBound: &cost,
			})
		}
	}
	x := made(t, "quality(group=hosts)", of(runs))
	if want := "5; 9: Over the 1 case for which both algorithms compared found a plan with a known gap."; !slices.Equal(x.Notes, []string{want}) {
		t.Errorf("%q", x.Notes)
	}
}

func TestTablesOfSomeAlgorithms(t *testing.T) {
	x := made(t, "outcomes(algorithms=[greedy, dijkstra])", of(records()))
	if len(x.Rows) != 2 || x.Rows[0][0].Text != "dijkstra" || x.Rows[1][0].Text != "greedy" {
		t.Errorf("rows %+v", x.Rows)
	}
	_, err := try("outcomes(algorithms=[greed])", of(records()))
	if want := `no record of the algorithm greed, did you mean "greedy"?`; err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}

// A case belongs to the groups of its names, and is put into none by what its runs differ in.
func TestWhatRunsDifferInMakesNoGroups(t *testing.T) {
	list := records()
	for i := range list {
		list[i].Seed = uint64(i)
	}
	for _, column := range []string{"seed", "outcome", "time"} {
		if _, err := try("outcomes(group="+column+")", of(list)); err == nil || !strings.Contains(err.Error(), "differ in "+column) {
			t.Errorf("%s: %v", column, err)
		}
	}
	list = list[:3]
	for i := range list {
		list[i].Class, list[i].Aliases = "a", []results.Name{{Instance: "other", Class: "b"}}
	}
	if x := made(t, "outcomes(group=class)", of(list)); len(x.Rows) != 6 || x.Rows[0][0].Text != "a" || x.Rows[3][0].Text != "b" {
		t.Errorf("%+v", x.Rows)
	}
}
