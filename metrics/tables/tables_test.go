package tables

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs, -want +got (write it anew with -update):\n%s", path, d)
	}
}

// records of four algorithms on twelve instances, among them one that is
// infeasible, one with a bound of zero and one that only greedy finds a plan for.
func records() []results.Record {
	var out []results.Record
	add := func(a, instance string, o results.Outcome, cost, bound, expanded int64, wall float64) {
		r := results.Record{
			RunKey: a + instance, Name: results.Name{Instance: instance}, InstanceSHA256: instance, Algorithm: a, CostFunction: "ram",
			Features: map[string]any{"vms": 4 + int(instance[len(instance)-1]-'0')}, Outcome: o, WallS: wall, CPUS: wall * 0.9, PeakBytes: 4096 * expanded, Counters: map[string]int64{"expanded": expanded, "generated": 9 * expanded},
		}
		if o.HasPlan() {
			r.Cost = &cost
		}
		if bound >= 0 {
			r.LowerBound = &bound
		}
		out = append(out, r)
	}
	for i := range int64(10) {
		name := fmt.Sprintf("chain%02d", i)
		best := 1000 + 300*i
		add("dijkstra", name, results.Optimal, best, best, 20<<i, 0.0001*float64(int64(1)<<i))
		add("astar(heuristic=misplaced)", name, results.Optimal, best, best, 3<<i, 0.00003*float64(int64(1)<<i))
		add("greedy", name, results.Feasible, best+100*(i%4), -1, i+2, 0.00001*float64(i+1))
	}
	add("dijkstra", "dead", results.Infeasible, 0, -1, 8, 0.0001)
	add("astar(heuristic=misplaced)", "dead", results.Infeasible, 0, -1, 8, 0.0001)
	add("greedy", "dead", results.Unknown, 0, -1, 2, 0.0001)
	add("dijkstra", "large", results.Unknown, 0, 5000, 1_000_000, 10)
	add("astar(heuristic=misplaced)", "large", results.Unknown, 0, 7000, 900_000, 10)
	add("greedy", "large", results.Feasible, 9000, -1, 120, 0.01)
	return out
}

// of sums up records.
func of(records []results.Record) *summary.Summary {
	return summary.Of(records, summary.WithCatalogue(testCatalogue()))
}

// try makes a table of a spec.
func try(text string, s *summary.Summary) (Table, error) {
	sp, err := spec.Parse(text)
	if err != nil {
		return Table{}, err
	}
	build, _, err := spec.Build[Builder](testCatalogue(), Kind, sp)
	if err != nil {
		return Table{}, err
	}
	return build(s)
}

func made(t testing.TB, text string, s *summary.Summary) Table {
	t.Helper()
	x, err := try(text, s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return x
}

// onTypical is a spec of each table there is that records() can fill.
func onTypical() []string {
	var out []string
	for _, d := range testCatalogue().Descriptors(Kind) {
		switch d.Name {
		case "targets", "target-time": // see TestTargetsAreToldByStrategy
		case "schedules", "schedule-time": // see TestSchedulesAreToldByScheduler
		case "executions": // see TestExecutionsAreToldByExecutor
		case "versus":
			out = append(out, "versus(baseline=greedy)")
		case "table":
			out = append(out, "table(rows=[class, algorithm], columns=[coverage, sgm(expanded), mean(gap)], over=common)")
		default:
			out = append(out, d.Name)
		}
	}
	return out
}

// typical are the tables of records().
func typical(t testing.TB) []Table {
	t.Helper()
	var out []Table
	for _, text := range onTypical() {
		out = append(out, made(t, text, of(records())))
	}
	return out
}

func render(t testing.TB, table Table, width int) (terminal, markdown string) {
	t.Helper()
	var term, md bytes.Buffer
	if err := Terminal(&term, table, Screen{Width: width}); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&md, table); err != nil {
		t.Fatal(err)
	}
	return term.String(), md.String()
}

func TestGolden(t *testing.T) {
	for _, x := range typical(t) {
		term, md := render(t, x, 80)
		golden(t, x.Name+".txt", term)
		golden(t, x.Name+".md", md)
		for l := range strings.SplitSeq(term, "\n") {
			if utf8.RuneCountInString(l) > 80 {
				t.Errorf("%s: wider than 80 columns: %q", x.Name, l)
			}
		}
	}
}

// Of no records there is no table, or an empty one, but no panic and no row.
func TestNoRecordsMakeNoRows(t *testing.T) {
	for _, text := range onTypical() {
		x, err := try(text, of(nil))
		if err != nil {
			continue
		}
		term, md := render(t, x, 80)
		if len(x.Rows) > 0 || !strings.Contains(term, "no data") || !strings.Contains(md, "No data") {
			t.Errorf("%s:\n%s\n%s", text, term, md)
		}
	}
}

func TestLongNamesAreBrokenNotCut(t *testing.T) {
	name := "portfolio(first=greedy(order=largest), then=improve(base=astar(heuristic=misplaced, weight=1.5), window=8))"
	rs := records()
	for i := range rs {
		if rs[i].Algorithm == "dijkstra" {
			rs[i].Algorithm = name
		}
		if rs[i].Instance == "dead" {
			rs[i].Outcome = results.Invalid // so that all columns are shown
		}
	}
	term, _ := render(t, made(t, "outcomes", of(rs)), 80)
	golden(t, "long.txt", term)
	for l := range strings.SplitSeq(term, "\n") {
		if utf8.RuneCountInString(l) > 80 {
			t.Errorf("wider than 80 columns: %q", l)
		}
	}
}

func TestHostileTextStaysInItsCell(t *testing.T) {
	table := Table{
		Title: "x|y", Columns: []Column{{Name: "a|b", Align: Left}, {Name: "n"}},
		Rows: [][]Cell{{Text("evil|`<b>\x1b[2J\n| # *x*"), Count(1)}},
	}
	term, md := render(t, table, 80)
	if strings.Contains(term, "\x1b") || strings.Count(term, "\n") != 5 {
		t.Errorf("terminal: %q", term)
	}
	if want := "| evil\\|\\`\\<b\\>\uFFFD\\[2J\uFFFD\\| \\# \\*x\\* | 1 |\n"; !strings.HasSuffix(md, want) {
		t.Errorf("markdown %q\nexpected the row %q", md, want)
	}
}

func TestBestIsMarkedByWhatIsRead(t *testing.T) {
	table := Table{
		Columns: []Column{{Name: "low", Better: summary.Lower}, {Name: "high", Better: summary.Higher}, {Name: "none"}, {Name: "equal", Better: summary.Lower}},
		Rows: [][]Cell{
			{Fixed(1.0001, 2), Count(3), Count(1), Count(5)},
			{Fixed(1, 2), Count(7), Count(2), Count(5)},
			{Fixed(math.NaN(), 2), Count(3), Count(3), Count(5)},
		},
	}
	table.MarkBest()
	got := ""
	for _, row := range table.Rows {
		for _, c := range row {
			got += map[bool]string{true: "*", false: "."}[c.Best]
		}
		got += " "
	}
	// The first two of "low" differ only past what is shown, so all that can be
	// read is equal.
	if got != ".... .*.. .... " {
		t.Errorf("marked %s", got)
	}
}

func TestNumbers(t *testing.T) {
	for want, c := range map[string]Cell{
		"1,234,567": Count(1234567), "-1,234.50": Fixed(-1234.5, 2), "999": Count(999), "–": Fixed(math.Inf(1), 1),
		"0.00123": Significant(0.001234, 3), "12,346": Significant(12345.6, 3), "1.23": Significant(1.234, 3), "0": Significant(0, 3), "0.0": Fixed(-0.01, 1), "< 0.001": Chance(1e-9), "0.050": Chance(0.05),
		"≥ 12.0 (3/4)": {Value: 12, AtLeast: true, N: 3, Of: 4, Format: Format{Style: SignificantDigits, Digits: 3, Counts: true}},
		"2.5/1,000":    {Value: 1, N: 2.5, Of: 1000, Format: Format{Style: Fraction}},
	} {
		if c.String() != want {
			t.Errorf("%v reads %q, expected %q", c.Value, c, want)
		}
	}
}

func ExampleTerminal() {
	t := Table{
		Title: "Outcomes", Columns: []Column{{Name: "algorithm", Align: Left}, {Name: "coverage", Unit: "%", Better: summary.Higher}},
		Rows: [][]Cell{{Text("dijkstra"), Fixed(61.5, 1)}, {Text("greedy"), Fixed(92.3, 1)}},
	}
	t.MarkBest()
	_ = Terminal(os.Stdout, t, Screen{})
	// Output:
	// Outcomes
	//
	// algorithm coverage
	//                  %
	// ────────────────────
	// dijkstra      61.5
	// greedy        92.3*
}
