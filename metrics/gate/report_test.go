package gate_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// gateRecords are runs of two algorithms, whose costs and times are scaled.
func gateRecords(cost int64, times float64) []results.Record {
	var out []results.Record
	for _, algorithm := range []string{"astar", "improve(base=greedy, window=8)"} {
		for i := range 14 {
			c := int64(100+i) * cost
			out = append(out, results.Record{
				Format: results.RecordFormat, RunKey: fmt.Sprint(algorithm, i), Name: results.Name{Instance: fmt.Sprint("random(hosts=3)#", i)},
				InstanceSHA256: fmt.Sprint(i), Algorithm: algorithm, CostFunction: "ram", Outcome: results.Feasible, Cost: &c,
				WallS: 1, CPUS: 1, Counters: map[string]int64{"expanded": 10, "generated": 20},
				Provenance: results.Provenance{Revision: "0123456789abcdef0123+dirty"},
			})
		}
	}
	for i := 14; i < 28; i++ {
		out[i].WallS *= times
		out[i].CPUS *= times
	}
	return out
}

func TestComparisonSaysWhatGotWorseFirst(t *testing.T) {
	base, cand := gateRecords(2, 1), gateRecords(3, 2)
	cand = append(cand, cand[27])
	cand[28].Seed, cand[3].InstanceSHA256 = 7, "changed"
	cand[5].Outcome, cand[5].Message = results.Failed, "panic: evil\x1b[2J | text"
	g := gate.Compare(base, cand, gate.Thresholds{})
	g.Problems = []results.Problem{{File: "a.jsonl", Line: 3, Reason: "torn"}}
	var terminal, markdown bytes.Buffer
	if err := g.Terminal(&terminal, tables.Screen{}); err != nil {
		t.Fatal(err)
	}
	if err := g.Markdown(&markdown); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"terminal": terminal.String(), "markdown": markdown.String()} {
		last := -1
		for _, want := range []string{
			"REGRESSION", "improve", "0123456789ab+dirty", "panic: evil", "a.jsonl", "Worse", "Pairs that got worse", "By metric",
			"Pairs that were not compared", "Runs without a counterpart", "the instance has changed",
		} {
			at := strings.Index(strings.ReplaceAll(text, "\\", ""), want)
			if at < 0 || at < last {
				t.Errorf("%s: %q is not there, or not in its place:\n%s", name, want, text)
			}
			last = at
		}
		if strings.Contains(text, "\x1b") {
			t.Errorf("%s: text of records moves the cursor", name)
		}
	}
	for line := range strings.Lines(terminal.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 && !strings.Contains(line, "panic") {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
}

// What machines read must agree with the comparison, to the last pair.
func TestComparisonForMachinesIsWhole(t *testing.T) {
	g := gate.Compare(gateRecords(2, 1), gateRecords(3, 2), gate.Thresholds{})
	var first, second bytes.Buffer
	if err := g.JSON(&first); err != nil {
		t.Fatal(err)
	}
	if err := g.JSON(&second); err != nil || first.String() != second.String() {
		t.Error("the same comparison is written differently", err)
	}
	var got struct {
		Format     string
		Regression bool
		Pairs      int
		Rows       []struct {
			Algorithm, Metric, Verdict string
			Worse                      int
			Ratio                      float64
			Test                       *struct {
				PCorrected float64 `json:"p_corrected"`
			}
			Changes []struct{ Before, After float64 }
		}
	}
	if err := json.Unmarshal(first.Bytes(), &got, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if got.Format != gate.Format || !got.Regression || got.Pairs != 28 || len(got.Rows) != 2*(len(gate.Metrics())-5) {
		t.Errorf("%+v", got)
	}
	for _, r := range got.Rows {
		switch r.Metric {
		case "cost":
			if r.Verdict != "worse" || r.Worse != 14 || len(r.Changes) != 14 || r.Changes[0].After != 1.5*r.Changes[0].Before {
				t.Errorf("%+v", r)
			}
		case "time":
			if slow := r.Algorithm != "astar"; (r.Verdict == "worse") != slow || r.Test == nil || (slow && r.Test.PCorrected > 0.01) {
				t.Errorf("%+v", r)
			}
		}
	}
}
