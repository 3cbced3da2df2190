package gate

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// Format is the version of the format of comparisons for machines; results/FORMAT.md
// documents it.
const Format = "rearrange/comparison/2"

// mostOnTerminal is how many alarms, and how many problems, a terminal shows.
const mostOnTerminal = 10

// verdict is whether there is a regression, and what speaks for it.
func (c *Comparison) verdict() (word string, parts []string) {
	if n := len(c.Alarms); n > 0 {
		word, parts = "ALARM", append(parts, prose.Count(n, "alarm"))
	}
	if c.Regression() {
		word = "REGRESSION"
		for _, g := range stats.GroupBy(c.Of(Worse), func(r Row) string { return r.Algorithm }) {
			parts = append(parts, g.Key+": "+strings.Join(prose.Texts(g.Items, func(r Row) string { return r.Name }), ", "))
		}
		if n := c.Missing(); n > 0 && c.Thresholds.RefuseUnpaired {
			parts = append(parts, fmt.Sprintf("runs of the baseline without a counterpart: %d", n))
		}
	}
	if word != "" {
		return word, parts
	}
	var counts []string
	for _, v := range []Verdict{Tolerated, Better, Same, NotCompared} {
		if n := len(c.Of(v)); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return "no regression", []string{fmt.Sprintf("%d pairs of runs", c.Pairs), "algorithms × metrics: " + strings.Join(counts, ", ")}
}

// Headline is the verdict in one line.
func (c *Comparison) Headline() string {
	word, parts := c.verdict()
	return prose.Clean(word + ": " + strings.Join(parts, "; "))
}

// about are remarks that stand below the headline.
func (c *Comparison) about() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, side := range []struct {
		name string
		Side
	}{{"baseline", c.Baseline}, {"candidate", c.Candidate}} {
		text := fmt.Sprintf("%s: %s", side.name, prose.Count(side.Records, "record"))
		if len(side.Revisions) > 0 && !slices.Equal(side.Revisions, []string{"unknown"}) {
			text += " of revision " + strings.Join(prose.Texts(side.Revisions, short), ", ")
		}
		add("%s", text)
	}
	if c.Thresholds.Untimed {
		add("timed metrics were not compared, as was asked")
	}
	for _, m := range slices.Sorted(maps.Keys(c.Drift)) {
		how := "no regression by itself"
		if c.Thresholds.KeepDrift {
			how = "it counts, as thresholds say"
		}
		add("drift of %s, all algorithms together: ×%.2f; %s", m, c.Drift[m], how)
	}
	reasons := map[Reason]int{}
	lost, gained := 0, 0
	for _, r := range c.Rows {
		if r.Why != "" {
			reasons[r.Why]++
		}
		if r.Name == "coverage" {
			lost, gained = lost+r.Left[ClockLost], gained+r.Left[ClockGained]
		}
	}
	for _, why := range []Reason{TooFew, Alone, UnevenLoad, Unconfirmed} {
		if n := reasons[why]; n > 0 {
			add("not compared: times in %s: %s", prose.Count(n, "row"), why)
		}
	}
	if b, k := c.Baseline, c.Candidate; reasons[UnevenLoad] > 0 {
		if !(b.Waiting - k.Waiting).IsZero() {
			add("time over CPU time: %.2f in the baseline, %.2f in the candidate", b.Waiting, k.Waiting)
		}
		if !(b.Load - k.Load).IsZero() {
			add("other processes: %.1f in the baseline, %.1f in the candidate", b.Load, k.Load)
		}
	}
	if lost+gained > 0 {
		add("answers lost to the clock: %d, gained: %d; they count as times", lost, gained)
	}
	for _, pattern := range c.Idle {
		add("thresholds: no algorithm fits %q", pattern)
	}
	return out
}

// short is the beginning of a revision, by which people know it.
func short(revision string) string {
	hash, dirty, changed := strings.Cut(revision, "+")
	hash = hash[:min(len(hash), 12)]
	if changed {
		hash += "+" + dirty
	}
	return hash
}

// lists are alarms and problems, at most so many of each.
func (c *Comparison) lists(most int, list func(heading string, lines []string)) {
	show := func(heading string, lines []string) {
		if len(lines) == 0 {
			return
		}
		heading = fmt.Sprintf("%s (%d)", heading, len(lines))
		if more := len(lines) - most; more > 0 {
			lines = append(lines[:most], fmt.Sprintf("… and %d more", more))
		}
		list(heading, lines)
	}
	show("Alarms", cleaned(c.Alarms))
	show("Problems in the records", cleaned(c.Problems))
}

// cleaned are the texts of things, fit to be shown.
func cleaned[T fmt.Stringer](things []T) []string {
	return prose.Texts(things, func(x T) string { return prose.Clean(x.String()) })
}

// Terminal prints the comparison.
func (c *Comparison) Terminal(w io.Writer, screen tables.Screen) error {
	var b bytes.Buffer
	if line := c.Headline(); utf8.RuneCountInString(line) <= screen.Columns() {
		fmt.Fprintln(&b, line)
	} else {
		word, parts := c.verdict()
		fmt.Fprintln(&b, word)
		for _, p := range parts {
			fmt.Fprintf(&b, "- %s\n", prose.Clean(p))
		}
	}
	for _, line := range c.about() {
		fmt.Fprintln(&b, prose.Clean(line))
	}
	c.lists(mostOnTerminal, func(heading string, lines []string) {
		fmt.Fprintf(&b, "\n%s\n- %s\n", strings.ToUpper(heading), strings.Join(lines, "\n- "))
	})
	for _, t := range c.tables() {
		b.WriteString("\n")
		if err := tables.Terminal(&b, t, screen); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Markdown writes the comparison in GitHub's dialect of Markdown.
func (c *Comparison) Markdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Comparison\n\n**%s**\n\n", tables.Escape(c.Headline()))
	for _, line := range c.about() {
		fmt.Fprintf(&b, "- %s\n", tables.Escape(line))
	}
	c.lists(len(c.Alarms)+len(c.Problems), func(heading string, lines []string) {
		fmt.Fprintf(&b, "\n## %s\n\n- %s\n", heading, strings.Join(prose.Texts(lines, tables.Escape), "\n- "))
	})
	for _, t := range c.tables() {
		b.WriteString("\n")
		if err := tables.Markdown(&b, t); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// JSON writes the comparison for machines, with every pair that changed. Equal
// comparisons give equal bytes.
func (c *Comparison) JSON(w io.Writer) error {
	texts := json.JoinMarshalers(
		json.MarshalToFunc(func(e *jsontext.Encoder, r *results.Record) error {
			return json.MarshalEncode(e, struct {
				Algorithm      string   `json:"algorithm"`
				Instance       string   `json:"instance"`
				InstanceSHA256 string   `json:"instance_sha256"`
				CostFunction   string   `json:"cost_function"`
				Rules          []string `json:"rules"`
				Seed           uint64   `json:"seed"`
				RunKey         string   `json:"run_key"`
			}{r.Algorithm, r.Instance, r.InstanceSHA256, r.CostFunction, r.Rules, r.Seed, r.RunKey})
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, p Pair) error { return json.MarshalEncode(e, p.Base) }),
		json.MarshalToFunc(func(e *jsontext.Encoder, r *big.Rat) error {
			v, _ := r.Float64()
			return e.WriteToken(jsontext.Float(v))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, s fmt.Stringer) error {
			return e.WriteToken(jsontext.String(prose.Clean(s.String())))
		}),
	)
	out := struct {
		Format      string `json:"format"`
		Regression  bool   `json:"regression"`
		Headline    string `json:"headline"`
		*Comparison `json:",inline"`
	}{Format, c.Regression(), c.Headline(), c}
	err := json.MarshalWrite(w, out, json.WithMarshalers(texts), json.Deterministic(true), jsontext.WithIndent(" "))
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	return err
}
