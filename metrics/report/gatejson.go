package report

import (
	"io"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// ComparisonFormat is the version of the format of comparisons for machines;
// results/FORMAT.md documents it.
const ComparisonFormat = "rearrange/comparison/1"

type jsonComparison struct {
	Format     string             `json:"format"`
	Regression bool               `json:"regression"`
	Headline   string             `json:"headline"`
	Pairs      int                `json:"pairs"`
	Baseline   jsonSide           `json:"baseline"`
	Candidate  jsonSide           `json:"candidate"`
	Alarms     []string           `json:"alarms"`
	Problems   []string           `json:"problems"`
	Drift      map[string]float64 `json:"drift,omitempty"`
	Rows       []jsonRow          `json:"rows"`
	Changed    []jsonRun          `json:"changed_instances"`
}

type jsonSide struct {
	Records   int       `json:"records"`
	Revisions []string  `json:"revisions"`
	Only      []jsonRun `json:"only"`
}

type jsonRun struct {
	Algorithm      string   `json:"algorithm"`
	Instance       string   `json:"instance"`
	InstanceSHA256 string   `json:"instance_sha256"`
	CostFunction   string   `json:"cost_function"`
	Rules          []string `json:"rules"`
	Seed           uint64   `json:"seed"`
	RunKey         string   `json:"run_key"`
}

type jsonRow struct {
	Algorithm   string              `json:"algorithm"`
	Metric      string              `json:"metric"`
	Unit        string              `json:"unit,omitempty"`
	Verdict     gate.Verdict        `json:"verdict"`
	Worse       int                 `json:"worse"`
	Better      int                 `json:"better"`
	Same        int                 `json:"same"`
	NotCompared map[gate.Reason]int `json:"not_compared"`
	Before      *int64              `json:"before,omitempty"`
	After       *int64              `json:"after,omitempty"`
	Ratio       *float64            `json:"ratio,omitempty"`
	Tolerance   *float64            `json:"tolerance,omitempty"`
	Excused     int                 `json:"excused_pairs"`
	Ignored     bool                `json:"ignored"`
	Timed       *jsonTest           `json:"timed,omitempty"`
	Changes     []jsonChange        `json:"changes"`
}

type jsonTest struct {
	Drift        float64  `json:"drift"`
	A12          *float64 `json:"a12,omitempty"`
	P            *float64 `json:"p,omitempty"`
	PCorrected   *float64 `json:"p_corrected,omitempty"`
	Significance float64  `json:"significance"`
}

type jsonChange struct {
	Run    jsonRun  `json:"run"`
	Worse  bool     `json:"worse"`
	Before float64  `json:"before"`
	After  float64  `json:"after"`
	Ratio  *float64 `json:"ratio,omitempty"`
}

// JSON writes the comparison for machines, with every pair that changed. Equal
// comparisons give equal bytes.
func (g Gate) JSON(w io.Writer) error {
	c := g.Comparison
	out := jsonComparison{
		Format: ComparisonFormat, Regression: c.Regression(), Headline: prose.Clean(g.Headline()), Pairs: c.Pairs,
		Baseline: sideJSON(c.Baseline), Candidate: sideJSON(c.Candidate), Drift: c.Drift,
		Alarms: cleaned(c.Alarms), Problems: cleaned(g.Problems),
	}
	for _, r := range c.Rows {
		out.Rows = append(out.Rows, rowJSON(r))
	}
	for _, p := range c.Changed {
		out.Changed = append(out.Changed, runJSON(p.Base))
	}
	text, err := json.Marshal(out, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func sideJSON(s gate.Side) jsonSide {
	out := jsonSide{Records: s.Records, Revisions: s.Revisions}
	for _, r := range s.Only {
		out.Only = append(out.Only, runJSON(r))
	}
	return out
}

func runJSON(r *results.Record) jsonRun {
	return jsonRun{
		Algorithm: r.Algorithm, Instance: r.Instance, InstanceSHA256: r.InstanceSHA256, CostFunction: r.CostFunction,
		Rules: r.Rules, Seed: r.Seed, RunKey: r.RunKey,
	}
}

func rowJSON(r gate.Row) jsonRow {
	out := jsonRow{
		Algorithm: r.Algorithm, Metric: r.Metric.Name, Unit: r.Metric.Unit, Verdict: r.Verdict,
		Worse: r.Worse, Better: r.Better, Same: r.Same, NotCompared: r.Left, Ratio: finite(r.Ratio),
		Excused: r.Threshold.Pairs, Ignored: r.Threshold.Ignore,
	}
	if r.Metric.Answer {
		out.Before, out.After = &r.Before, &r.After
	} else {
		tolerance, _ := r.Threshold.Tolerance.Float64()
		out.Tolerance = &tolerance
	}
	if t := r.Test; t != nil {
		out.Timed = &jsonTest{
			Drift: t.Drift, A12: finite(t.A12), P: finite(t.P), PCorrected: finite(t.Corrected), Significance: r.Threshold.Significance,
		}
	}
	for _, x := range r.Changes {
		change := jsonChange{Run: runJSON(x.Base), Worse: x.Worse, Before: x.Before, After: x.After}
		if !r.Metric.Answer {
			change.Ratio = finite(x.Ratio)
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}

// finite is a number that JSON can say; nil for others.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
