package tables

import (
	"bytes"
	"encoding/csv"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// as renders a table in a format.
func as(t testing.TB, format string, table Table) string {
	t.Helper()
	r, _, err := spec.Build[Renderer](testCatalogue(), FormatKind, spec.MustParse(format))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFilesAreNamedByTheirFormatAndReadBackAsIt(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range testCatalogue().Descriptors(FormatKind) {
		suffix := Suffix(d.Name)
		if suffix == "" || seen[suffix] {
			t.Errorf("%s: the suffix %q is missing, or another format's", d.Name, suffix)
		}
		seen[suffix] = true
		for _, file := range []string{"t" + suffix, "a/b.c/T" + strings.ToUpper(suffix), "t" + suffix + ".zst"} {
			if got, ok := FormatOf(file); !ok || got != d.Name {
				t.Errorf("%s is taken for %q, expected %s", file, got, d.Name)
			}
		}
	}
	if got, ok := FormatOf("tables.d/table"); ok {
		t.Errorf("a name without an end is taken for %s", got)
	}
}

// fraction is a cell of n of so many.
func fraction(n, of float64) Cell {
	return Cell{Value: n, N: n, Of: of, Format: Format{Style: Fraction}}
}

// marked is a table in which one cell of a column of numbers is the best, a share is not
// a number, and one figure has no value.
func marked() Table {
	t := Table{
		Name: "small", Title: "Small", Caption: "Of three.", Notes: []string{"idle was not run."},
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "found"},
			{Name: "none", Optional: true},
			{Name: "cost/bound", Unit: "ratio", Better: summary.Lower},
			{Name: "expanded", Unit: "states", Better: summary.Lower},
		},
		Rows: [][]Cell{
			{Text("astar(heuristic=misplaced)"), fraction(3, 4), Count(0), Fixed(1.00049, 3), Significant(1234.5678, 3)},
			{Text("greedy, \"fast\""), fraction(4, 4), Count(0), Fixed(1.2, 3), Significant(-7.25, 3)},
			{Text("idle"), fraction(0, 4), Count(0), Fixed(math.NaN(), 3), Significant(math.NaN(), 3)},
		},
	}
	t.MarkBest()
	return t
}

// Each format shows the same table; the files are looked at when they change.
func TestGoldenOfEveryFormat(t *testing.T) {
	for _, d := range testCatalogue().Descriptors(FormatKind) {
		golden(t, "format-"+d.Name+Suffix(d.Name), as(t, d.Name, marked()))
	}
	golden(t, "format-csv-comments.csv", as(t, "csv(comments=yes)", marked()))
}

func TestNoFormatFailsOnAnyTableOrLosesANote(t *testing.T) {
	for _, x := range append(typical(t), Table{Name: "none"}) {
		x.Notes = append(x.Notes, "remember this")
		for _, d := range testCatalogue().Descriptors(FormatKind) {
			format := d.Name
			if format == "csv" {
				format += "(comments=yes)"
			}
			if text := as(t, format, x); format != "ndjson" && !strings.Contains(text, "remember this") {
				t.Errorf("%s as %s has no note:\n%s", x.Name, format, text)
			}
		}
	}
}

// What is written for machines is what was computed: all digits, in the same places.
func TestCSVAndJSONHoldNumbersInFull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "value")
		name := rapid.String().Draw(t, "name")
		x := Table{
			Columns: []Column{{Name: "name", Align: Left}, {Name: "n"}},
			Rows:    [][]Cell{{Text(name), Significant(v, 3)}},
		}
		var c, j bytes.Buffer
		if err := CSV(&c, x, false); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&j, x); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&c).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, err := strconv.ParseFloat(lines[1][1], 64)
		if err != nil || got != v || lines[1][0] != prose.Clean(name) {
			t.Fatalf("CSV: %q for the row %q, %v", lines[1], name, v)
		}
		back, err := decodeJSON(j.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if back.Rows[0][1].Value != v || back.Rows[0][0].Text != prose.Clean(name) {
			t.Fatalf("JSON: %+v for the row %q, %v", back.Rows[0], name, v)
		}
	})
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Colours say nothing that is not said without them, and move no column.
func TestColorsAreAddedAndNothingElse(t *testing.T) {
	for _, x := range typical(t) {
		plain, colored := as(t, "terminal", x), as(t, "terminal(color=yes)", x)
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s: colours without being asked:\n%q", x.Name, plain)
		}
		if colored == plain {
			t.Errorf("%s: no colours", x.Name)
		}
		if got := escapes.ReplaceAllString(colored, ""); got != plain {
			t.Errorf("%s differs by more than colours:\n%s\n%s", x.Name, plain, got)
		}
	}
}

// However many columns there are, a terminal of 80 columns shows each of them, beside
// the text of its row.
func TestColumnsForWhichThereIsNoRoomStandBelow(t *testing.T) {
	x := Table{Title: "Wide", Columns: []Column{{Name: "instances", Align: Left}}}
	for _, name := range []string{"auto", "astar(heuristic=deadlock, order=random)", "dijkstra", "greedy", "displacement", "improve(base=greedy, window=8)", "gbfs", "beam"} {
		x.Columns = append(x.Columns, Column{Name: name})
	}
	for _, name := range []string{"random(hosts=10, vms=40, utilisation=0.9)", "chain"} {
		row := []Cell{Text(name)}
		for i := range x.Columns[1:] {
			row = append(row, Count(1_000_000*(i+1)))
		}
		x.Rows = append(x.Rows, row)
	}
	term := as(t, "terminal", x)
	golden(t, "panels.txt", term)
	for l := range strings.SplitSeq(term, "\n") {
		if utf8.RuneCountInString(l) > 80 {
			t.Errorf("wider than 80 columns: %q", l)
		}
	}
	for i := range x.Columns[1:] {
		if want := x.Rows[0][i+1].String(); strings.Count(term, want) != 2 {
			t.Errorf("%s does not stand in both rows:\n%s", want, term)
		}
	}
}
