package tables

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// numbered are tables with every kind of cell: bounds, counts, fractions, chances, missing
// ones.
func numbered(t testing.TB) []Table {
	t.Helper()
	s := of(grouping())
	var out []Table
	for _, text := range append(onTypical(),
		"outcomes(group=hosts)", "versus(baseline=greedy, group=hosts)", "class-effort(group=hosts)", "quality(group=hosts)",
		"table(rows=[hosts], across=yes, columns=[count(found, counts=yes), median(time, counts=yes)])",
		"table(columns=[spread(cost), share(found, counts=yes), mean(steps, over=solved), sum(cost), median(expanded)])") {
		out = append(out, made(t, text, s))
	}
	return append(out, marked())
}

// A table that was written as JSON reads on a terminal as it did before.
func TestJSONReadBackMakesTheSameText(t *testing.T) {
	for _, x := range numbered(t) {
		back, err := decodeJSON([]byte(as(t, "json", x)))
		if err != nil {
			t.Fatalf("%s: %v", x.Name, err)
		}
		for _, format := range []string{"terminal", "terminal(width=130, color=yes)", "markdown", "latex", "csv(comments=yes)", "json", "ndjson"} {
			if want, got := as(t, format, x), as(t, format, back); got != want {
				t.Errorf("%s as %s differs once it was read back:\n%s\n%s", x.Name, format, want, got)
			}
		}
	}
}

// The numbers of a CSV file, with bounds and counts beside them, are all that cells show.
func TestCSVReadBackMakesTheSameCells(t *testing.T) {
	for _, x := range numbered(t) {
		lines, err := csv.NewReader(strings.NewReader(as(t, "csv", x))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) != 1+len(x.Rows) {
			t.Fatalf("%s: %d lines for %d rows", x.Name, len(lines), len(x.Rows))
		}
		number := func(s string) float64 {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return math.NaN()
			}
			return v
		}
		at := 0
		for c, col := range x.Columns {
			head := prose.Clean(col.Name)
			if want := head + map[bool]string{true: " (" + col.Unit + ")"}[col.Unit != ""]; lines[0][at] != want {
				t.Fatalf("%s: column %q, expected %q", x.Name, lines[0][at], want)
			}
			next := at + 1
			beside := func(name string) int {
				if next < len(lines[0]) && lines[0][next] == head+name {
					next++
					return next - 1
				}
				return -1
			}
			bound, n, of := beside(" bound"), beside(" n"), beside(" of")
			for r, row := range x.Rows {
				line := lines[r+1]
				got := Cell{Value: number(line[at]), Format: row[c].Format}
				if math.IsNaN(got.Value) {
					got.Text = line[at]
				}
				if row[c].IsText() { // the name of a group may be a number
					got.Text = line[at]
				}
				if bound >= 0 {
					got.AtLeast = line[bound] == ">="
				}
				if of >= 0 && line[of] != "" {
					got.N, got.Of = number(line[n]), number(line[of])
				}
				if got.String() != prose.Clean(row[c].String()) {
					t.Errorf("%s: %s of row %d reads %q, was %q: %v", x.Name, head, r, got, row[c], line)
				}
			}
			at = next
		}
	}
}

// Every column of numbers has one format, so that a file without formats can be shown as
// the table was.
func TestColumnsHaveOneFormat(t *testing.T) {
	for _, x := range numbered(t) {
		for c, col := range x.Columns {
			seen := map[Format]bool{}
			for _, row := range x.Rows {
				if row[c].HasValue() && !row[c].IsText() {
					seen[row[c].Format] = true
				}
			}
			if len(seen) > 1 {
				t.Errorf("%s: %s is shown in several ways: %v", x.Name, col.Name, seen)
			}
		}
	}
}

// Whoever reads a file by the names of columns finds each of them.
func TestNamesOfColumnsAreUnique(t *testing.T) {
	for _, x := range numbered(t) {
		var names []string
		for _, c := range x.Columns {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		if unique := slices.Compact(slices.Clone(names)); len(unique) < len(names) {
			t.Errorf("%s has columns of one name: %q", x.Name, names)
		}
	}
}

// The table of runs has a row for each, and statistics elsewhere read its numbers as numbers.
func TestRunsReadAsNumbers(t *testing.T) {
	records := grouping()
	for i := range records {
		r := &records[i]
		r.Family, r.Parameters = "chain", results.Values{"length": float64(i % 3), "kind": "x"}
		r.AlgorithmParameters = results.Values{"weight": 1.5}
		r.Limits.TimeoutS = 10
	}
	s := of(records)
	x := made(t, "runs", s)
	if len(x.Rows) != len(records) {
		t.Fatalf("%d rows for %d runs", len(x.Rows), len(records))
	}
	lines, err := csv.NewReader(strings.NewReader(as(t, "csv", x))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	objects := strings.Split(strings.TrimSpace(as(t, "ndjson", x)), "\n")
	if len(lines) != len(records)+1 || len(objects) != len(records) {
		t.Fatalf("%d lines of CSV, %d of NDJSON", len(lines), len(objects))
	}
	numbers := 0
	for _, name := range s.Columns().Names() {
		col, err := s.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		head := strings.ReplaceAll(name, "-", "_")
		at := slices.Index(lines[0], head)
		if head == "counter.expanded" || head == "counter.generated" { // have columns of their own
			if at >= 0 {
				t.Errorf("%s is there twice", head)
			}
			continue
		}
		if at < 0 {
			t.Fatalf("no column %s in %q", head, lines[0])
		}
		for i, line := range lines[1:] {
			var object map[string]any
			if err := json.Unmarshal([]byte(objects[i]), &object); err != nil {
				t.Fatal(err)
			}
			value, told := object[head]
			if told != (line[at] != "") {
				t.Errorf("%s is told in one format alone: %q, %v", head, line[at], value)
			}
			if col.Kind != summary.Number || !told {
				continue
			}
			numbers++
			if v, err := strconv.ParseFloat(line[at], 64); err != nil || v != value {
				t.Errorf("%s: %q in CSV, %v in NDJSON", head, line[at], value)
			}
		}
	}
	if numbers < 10*len(records) {
		t.Errorf("only %d numbers", numbers)
	}
	if !slices.Contains(lines[0], "expanded bound") {
		t.Errorf("which efforts are bounds? %q", lines[0])
	}
	few := made(t, "runs(columns=[instance, cost, param.length, hosts])", s)
	if got, want := as(t, "csv", few), "instance,cost,param.length,hosts\n"; !strings.HasPrefix(got, want) {
		t.Errorf("chosen columns: %q", got[:60])
	}
	if _, err := try("runs(columns=[cots])", s); err == nil || !strings.Contains(err.Error(), `did you mean "cost"?`) {
		t.Errorf("error %v", err)
	}
}

// A column of which one number is beyond what readers take for exact is of digits throughout.
func TestLongNumbersAreInFullAndOfOneType(t *testing.T) {
	list := records()
	for i := range list {
		list[i].Seed, list[i].Parameters = uint64(i), results.Values{"big": true}
	}
	list[1].Seed = 1<<64 - 1
	x := made(t, "runs(columns=[seed, cost])", of(list))
	digits := 0
	for _, row := range x.Rows {
		if !row[0].IsText() || row[1].IsText() {
			t.Errorf("cells %+v", row)
		}
		if row[0].Text == "18446744073709551615" {
			digits++
		}
	}
	if digits != 1 || len(x.Rows) != len(list) {
		t.Errorf("%d seeds in full, %d rows", digits, len(x.Rows))
	}
	// A truth that records bring along is a share.
	if c := figuresOf(t, made(t, "table(columns=[param.big])", of(list)), "greedy")["big"]; c.Value != 100 {
		t.Errorf("%+v", c)
	}
}

// What is about plans is over the plans that were found, and captions say so.
func TestFiguresAboutPlansAreOverPlans(t *testing.T) {
	list := []results.Record{run("a", "i", results.Optimal, 5, 5), run("a", "j", results.Unknown, none, none), run("b", "i", results.Feasible, 7, none), run("b", "j", results.Feasible, 9, none)}
	x := made(t, "table(columns=[share(at-bound), share(cheapest), cpu], over=all)", of(list))
	if c := figuresOf(t, x, "a")["cheapest"]; c.N != 1 || c.Of != 1 || c.Value != 100 || c.Best {
		t.Errorf("%+v", c)
	}
	if want := "Figures about plans are over the plans that the algorithm found."; !strings.Contains(x.Caption, want) {
		t.Errorf("caption %q", x.Caption)
	}
	if want := "CPU time is recorded only with the limit cores: 1."; !slices.Contains(x.Notes, want) {
		t.Errorf("notes %q", x.Notes)
	}
	x = made(t, "table(columns=[mean(steps)], over=solved)", of(list))
	if want := "Figures over solved cases are over those that the algorithm solved"; !strings.Contains(x.Caption, want) {
		t.Errorf("caption %q", x.Caption)
	}
}

func TestBrokenJSONIsRefused(t *testing.T) {
	good := as(t, "json", marked())
	for from, to := range map[string]string{
		`"rearrange/table/2"`: `"rearrange/table/1"`, `"better":"lower"`: `"better":"lowest"`, `"align":"left"`: `"align":"middle"`,
		`"style":"fraction"`: `"style":"roman"`, `{"text":"idle"},`: ``, `"keys"`: `"key"`,
	} {
		if !strings.Contains(good, from) {
			t.Fatalf("no %s in %s", from, good)
		}
		if _, err := decodeJSON(bytes.Replace([]byte(good), []byte(from), []byte(to), 1)); err == nil {
			t.Errorf("%s in place of %s is taken", to, from)
		}
	}
}

// FORMAT.md shows one table in all formats.
func TestExamplesOfTheFormatAreOneTable(t *testing.T) {
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for i, block := range strings.Split(string(doc), "```") {
		if i%2 == 1 {
			_, text, _ := strings.Cut(block, "\n")
			blocks = append(blocks, text)
		}
	}
	x, err := decodeJSON([]byte(blocks[0]))
	if err != nil {
		t.Fatal(err)
	}
	if got := as(t, "csv", x); got != blocks[1] {
		t.Errorf("CSV:\n%s", got)
	}
	if got := as(t, "ndjson", x); !strings.HasPrefix(got, blocks[2]) {
		t.Errorf("NDJSON:\n%s", got)
	}
}
