package tables

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

// drawn draws records of up to three algorithms on a few instances, with seeds, without runs,
// with faults and with contradictions.
func drawn(t *rapid.T) []results.Record {
	var out []results.Record
	for _, a := range []string{"a", "b", "c"} {
		for i := range 5 {
			for seed := range rapid.IntRange(0, 2).Draw(t, "seeds") {
				o := rapid.SampledFrom(results.Outcomes()).Draw(t, "outcome")
				cost := int64(none)
				if o.HasPlan() {
					cost = rapid.Int64Range(0, 5).Draw(t, "cost")
				}
				r := took(run(a, fmt.Sprintf("%c#%d", 'p'+i%2, i), o, cost, rapid.Int64Range(none, 4).Draw(t, "bound")), rapid.Float64Range(0, 3).Draw(t, "time"), 3)
				r.Seed, r.Steps = uint64(seed), rapid.IntRange(0, 9).Draw(t, "steps")
				r.Counters = map[string]int64{"expanded": rapid.Int64Range(0, 1000).Draw(t, "expanded")}
				out = append(out, r)
			}
		}
	}
	return out
}

// lawful are specs of tables that draw on all that the machinery can do.
var lawful = []string{
	"outcomes", "quality", "effort", "time", "scores", "anytime", "class-effort", "class-first", "class-plans", "versus(baseline=a)", "pairwise",
	"table(rows=[class, algorithm], total=yes, columns=[coverage, mean(gap), max(cost, over=solved), spread(cost), count(optimal, over=run), median(time, over=common)])",
}

// written is a table as JSON, or why there is none.
func writtenAs(t *rapid.T, text string, records []results.Record) string {
	x, err := try(text, of(records))
	if err != nil {
		return err.Error()
	}
	var b bytesBuffer
	if err := JSON(&b, x); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type bytesBuffer []byte

func (b *bytesBuffer) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }

// Parallel runs finish in any order; none of that may show in a table.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawn(t)
		shuffled := append([]results.Record(nil), records...)
		rng := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "shuffle")))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, text := range lawful {
			if x, y := writtenAs(t, text, records), writtenAs(t, text, shuffled); x != y {
				t.Fatalf("%s:\n%s\n%s", text, x, y)
			}
		}
	})
}

// More seeds that tell the same are no more evidence.
func TestSeedsThatRepeatChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var once []results.Record
		for _, r := range drawn(t) {
			if r.Seed == 0 {
				once = append(once, r)
			}
		}
		thrice := append([]results.Record(nil), once...)
		for seed := range uint64(2) {
			for _, r := range once {
				r.Seed = seed + 7
				thrice = append(thrice, r)
			}
		}
		for _, text := range lawful[:len(lawful)-1] { // but for the spread over seeds
			if x, y := writtenAs(t, text, once), writtenAs(t, text, thrice); x != y {
				t.Fatalf("%s:\n%s\n%s", text, x, y)
			}
		}
	})
}

// What all solved each solved, and what each solved it was run on; a mean over common cases is
// over all of them.
func TestPopulationsContainEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := of(drawn(t))
		for _, column := range []string{"time", "expanded", "cost", "gap", "steps", "first-plan"} {
			x, err := try(fmt.Sprintf("table(columns=[mean(%[1]s, over=common, title=common), mean(%[1]s, over=solved, title=solved), mean(%[1]s, title=all), "+
				"count(solved, over=solved, title=is), count(solved, over=run, title=run)])", column), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range x.Rows {
				common, solved, all, is, run := row[1], row[2], row[3], row[4], row[5]
				if common.HasValue() && (common.N != common.Of || common.Bound != "") {
					t.Fatalf("%s over common cases is over %v of %v, %s", column, common.N, common.Of, common.Bound)
				}
				if common.Of > solved.Of || solved.Of > all.Of || common.N > solved.N || solved.N > all.N || run.Of > all.Of {
					t.Fatalf("%s: common %+v, solved %+v, all %+v, run %+v", column, common, solved, all, run)
				}
				if is.N != is.Of || is.Of != solved.Of {
					t.Fatalf("solved %v of %v solved cases, %v", is.N, is.Of, solved.Of)
				}
				for _, c := range row[1:] {
					if c.N < 0 || c.N > c.Of {
						t.Fatalf("%v of %v cases", c.N, c.Of)
					}
				}
			}
		}
	})
}

// Only an exact figure over all cases that others are over is the best.
func TestBestIsComparable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawn(t)
		for _, text := range lawful {
			x, err := try(text, of(records))
			if err != nil {
				continue
			}
			for _, row := range x.Rows {
				for c, cell := range row {
					if cell.Best && (cell.Bound != "" || !cell.HasValue()) {
						t.Fatalf("%s: best %s is %+v", text, x.Columns[c].Name, cell)
					}
				}
			}
		}
		x, err := try("table(columns=[mean(steps)])", of(records))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range x.Rows {
			for _, other := range x.Rows {
				if row[1].Best && other[1].N > row[1].N {
					t.Fatalf("best over %v cases beside one over %v", row[1].N, other[1].N)
				}
			}
		}
	})
}

// A figure that is a lower bound is no more than what it becomes once the unsolved runs take
// longer and solve their cases.
func TestBoundsAreLowerBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawn(t)
		later := append([]results.Record(nil), records...)
		for i := range later {
			if r := &later[i]; r.Outcome == results.Unknown {
				r.Outcome = results.Infeasible
				r.WallS += rapid.Float64Range(0, 9).Draw(t, "longer")
			}
		}
		for _, figure := range []string{"mean", "sgm", "median", "min", "max", "sum"} {
			text := "table(columns=[" + figure + "(time)])"
			x, err := try(text, of(records))
			if err != nil {
				t.Fatal(err)
			}
			y, err := try(text, of(later))
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range x.Rows {
				before, after := row[1], y.Rows[i][1]
				if math.IsNaN(before.Value) && math.IsNaN(after.Value) {
					continue
				}
				if math.IsNaN(before.Value) != math.IsNaN(after.Value) || after.Bound != "" || (before.Bound == "" && before.Value != after.Value) ||
					before.Value > after.Value+1e-9 {
					t.Fatalf("%s of %s: %+v, then %+v", figure, row[0].Text, before, after)
				}
			}
		}
	})
}
