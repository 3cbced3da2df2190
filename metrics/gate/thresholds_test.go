package gate

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

const thresholdsHead = "format: rearrange/thresholds/1\n"

func TestThresholdsAreReadAsWritten(t *testing.T) {
	got, err := DecodeThresholds("t.yaml", []byte(thresholdsHead+`
algorithms:
  - algorithm: "improve*"
    metrics: {cost: {tolerance: 0.5%}}
metrics:
  cost: {tolerance: 2 %, pairs: 3}
  time: {tolerance: 40%, significance: 0.01}
  memory: {ignore: yes}
timed: no
drift: counted
unpaired: refused
`))
	if err != nil {
		t.Fatal(err)
	}
	if !got.Untimed || !got.KeepDrift || !got.RefuseUnpaired {
		t.Errorf("timed, drift or unpaired is lost: %+v", got)
	}
	for _, tc := range []struct{ algorithm, metric, want string }{
		{"astar", "cost", "1/50 3 0 false"},
		{"improve(base=greedy)", "cost", "1/200 3 0 false"}, // though the pattern stands first
		{"astar", "time", "2/5 0 0.01 false"},
		{"astar", "cpu", "1/10 0 0.05 false"},
		{"astar", "memory", "1/20 0 0 true"},
		{"astar", "expanded", "0/1 0 0 false"},
	} {
		m, _ := MetricNamed(tc.metric)
		x := got.Of(tc.algorithm, m)
		if text := fmt.Sprint(x.Tolerance, *x.Pairs, *x.Significance, *x.Ignore); text != tc.want {
			t.Errorf("%s of %s: %s, want %s", tc.metric, tc.algorithm, text, tc.want)
		}
	}
	if empty, err := DecodeThresholds("t.yaml", []byte(thresholdsHead)); err != nil || !reflect.DeepEqual(empty, Thresholds{}) {
		t.Errorf("a file that says nothing: %+v, %v", empty, err)
	}
}

func TestBadThresholdsAreToldWhatIsWrong(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"", "t.yaml:1: expected a file of thresholds, found an empty file"},
		{"metrics: {}", `t.yaml:1: field "format" is missing: a file of thresholds begins with "format: rearrange/thresholds/1"`},
		{"format: rearrange/suite/1", `t.yaml:1: format: expected "rearrange/thresholds/1", found "rearrange/suite/1"`},
		{thresholdsHead + "metrics: {cots: {pairs: 1}}", `t.yaml:2: metrics: unknown metric "cots", did you mean "cost"?`},
		{thresholdsHead + "metrics:\n  cost: {pair: 1}", `t.yaml:3: metrics.cost: unknown field "pair", did you mean "pairs"?`},
		{thresholdsHead + "metrics: {cost: 5%}", `t.yaml:2: metrics.cost: expected a mapping, found "5%"`},
		{thresholdsHead + "metrics: {cost: {tolerance: 0.05}}", `t.yaml:2: metrics.cost.tolerance: expected a percentage such as 5% or 0.5%, found "0.05"`},
		{thresholdsHead + "metrics: {cost: {tolerance: -5%}}", `expected a percentage`},
		{thresholdsHead + "metrics: {cost: {tolerance: 1/3%}}", `expected a percentage`},
		{thresholdsHead + "metrics: {cost: {tolerance: '%'}}", `expected a percentage`},
		{thresholdsHead + "metrics: {cost: {pairs: -1}}", `t.yaml:2: metrics.cost.pairs: expected an integer of at least 0, found "-1"`},
		{thresholdsHead + "metrics: {cost: {significance: 0.05}}", `metrics.cost.significance: cost is compared exactly: it takes no significance`},
		{thresholdsHead + "metrics: {time: {significance: 1}}", `expected a number between 0 and 1, such as 0.05, found "1"`},
		{thresholdsHead + "metrics: {time: {pairs: 1}}", `time is noisy and judged over all pairs`},
		{thresholdsHead + "metrics: {coverage: {tolerance: 1%}}", `coverage counts answers`},
		{thresholdsHead + "timed: maybe", `t.yaml:2: timed: expected yes or no, found "maybe"`},
		{thresholdsHead + "unpaired: refuse", `t.yaml:2: unpaired: unknown value "refuse", did you mean "refused"?`},
		{thresholdsHead + "drift: kept", `t.yaml:2: drift: unknown value "kept"; expected one of excused, counted`},
		{thresholdsHead + "algorithms: [{metrics: {}}]", `t.yaml:2: algorithms[0]: field "algorithm" is missing`},
		{thresholdsHead + "algorithms: [{algorithm: x}]", `t.yaml:2: algorithms[0]: field "metrics" is missing`},
		{thresholdsHead + "algorithms: [{algorithm: '', metrics: {}}]", `found an empty text`},
		{thresholdsHead + "algorithms: [improve]", `t.yaml:2: algorithms[0]: expected a mapping, found "improve"`},
	} {
		_, err := DecodeThresholds("t.yaml", []byte(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "t.yaml:") {
			t.Errorf("%q:\n%v\nwant %s", tc.text, err, tc.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: one fault is told more than once:\n%v", tc.text, err)
		}
	}
}

func TestThresholdsOfTheDocumentationAreRead(t *testing.T) {
	doc, err := os.ReadFile("../../results/FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(doc), "```yaml\n"+thresholdsHead)
	text, _, ok := strings.Cut(text, "```")
	if _, err := DecodeThresholds("FORMAT.md", []byte(thresholdsHead+text)); err != nil || !ok {
		t.Error(err)
	}
}

func FuzzDecodeThresholds(f *testing.F) {
	f.Add([]byte(thresholdsHead + "metrics: {cost: {tolerance: 0.5%, pairs: 2}, time: {significance: 0.1, ignore: yes}}\n"))
	f.Add([]byte(thresholdsHead + "timed: no\ndrift: counted\nunpaired: refused\nalgorithms: [{algorithm: a*, metrics: {memory: {}}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeThresholds("t.yaml", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "t.yaml:") {
				t.Fatalf("the error names no place: %v", err)
			}
			return
		}
		for _, m := range Metrics() {
			if x := got.Of("astar", m); x.Tolerance.Sign() < 0 || *x.Pairs < 0 || (m.Timed && !(*x.Significance > 0 && *x.Significance < 1)) {
				t.Fatalf("%s: %+v", m.Name, x)
			}
		}
	})
}
