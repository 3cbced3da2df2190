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
	var words []string
	if n := len(c.Alarms); n > 0 {
		words, parts = []string{"ALARM"}, []string{prose.Count(n, "alarm")}
	}
	if c.Regression() {
		words = append(words, "REGRESSION")
		for _, g := range stats.GroupBy(c.Of(Worse), func(r Row) string { return r.Algorithm }) {
			parts = append(parts, g.Key+": "+strings.Join(prose.Texts(g.Items, func(r Row) string { return r.Name }), ", "))
		}
		if n := c.Missing(); n > 0 && c.Thresholds.RefuseUnpaired {
			parts = append(parts, fmt.Sprintf("runs of the baseline without a counterpart: %d", n))
		}
	}
	if len(words) > 0 {
		return strings.Join(words, " and "), parts
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
	out := []string{"baseline: " + c.Baseline.about(), "candidate: " + c.Candidate.about()}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if c.Thresholds.Untimed {
		add("timed metrics were not compared, as was asked")
	}
	how := "no regression by itself"
	if c.Thresholds.KeepDrift {
		how = "it counts, as thresholds say"
	}
	for _, m := range slices.Sorted(maps.Keys(c.Drift)) {
		add("drift of %s, all algorithms together: ×%.2f; %s", m, c.Drift[m], how)
	}
	rows, lost, gained := map[Reason]int{}, 0, 0
	for _, r := range c.Rows {
		rows[r.Why]++
		if r.Name == "coverage" {
			lost, gained = lost+r.Left[ClockLost], gained+r.Left[ClockGained]
		}
	}
	for _, why := range []Reason{TooFew, Alone, UnevenLoad, Unconfirmed} {
		if n := rows[why]; n > 0 {
			add("not compared: times in %s: %s", prose.Count(n, "row"), why)
		}
	}
	if b, k := c.Baseline, c.Candidate; rows[UnevenLoad] > 0 {
		add("time over CPU time: %s, then %s; other processes: %s, then %s", b.Waiting, k.Waiting, b.Load, k.Load)
	}
	if lost+gained > 0 {
		add("answers lost to the clock: %d, gained: %d; they count as times", lost, gained)
	}
	for _, pattern := range c.Idle {
		add("thresholds: no algorithm fits %q", pattern)
	}
	return out
}

// about tells how many records there are, and of which revision if that is known.
func (s Side) about() string {
	text := prose.Count(s.Records, "record")
	if len(s.Revisions) > 0 && !slices.Equal(s.Revisions, []string{"unknown"}) {
		text += " of revision " + strings.Join(prose.Texts(s.Revisions, short), ", ")
	}
	return text
}

// short is the beginning of a revision, by which people know it.
func short(revision string) string {
	hash, dirty, changed := strings.Cut(revision, "+")
	return hash[:min(len(hash), 12)] + map[bool]string{true: "+" + dirty}[changed]
}

// Terminal prints the comparison.
func (c *Comparison) Terminal(w io.Writer, screen tables.Screen) error {
	head := c.Headline()
	if word, parts := c.verdict(); utf8.RuneCountInString(head) > screen.Columns() {
		head = word + "\n- " + strings.Join(prose.Texts(parts, prose.Clean), "\n- ")
	}
	head += "\n" + strings.Join(prose.Texts(c.about(), prose.Clean), "\n") + "\n"
	list := func(heading string, lines []string) string {
		if more := len(lines) - mostOnTerminal; more > 0 {
			lines = append(lines[:mostOnTerminal], fmt.Sprintf("… and %d more", more))
		}
		return fmt.Sprintf("\n%s\n- %s\n", strings.ToUpper(heading), strings.Join(lines, "\n- "))
	}
	return c.write(w, head, list, func(w io.Writer, t tables.Table) error { return tables.Terminal(w, t, screen) })
}

// Markdown writes the comparison in GitHub's dialect of Markdown.
func (c *Comparison) Markdown(w io.Writer) error {
	head := fmt.Sprintf("# Comparison\n\n**%s**\n\n- %s\n", tables.Escape(c.Headline()), strings.Join(prose.Texts(c.about(), tables.Escape), "\n- "))
	list := func(heading string, lines []string) string {
		return fmt.Sprintf("\n## %s\n\n- %s\n", heading, strings.Join(prose.Texts(lines, tables.Escape), "\n- "))
	}
	return c.write(w, head, list, tables.Markdown)
}

// write writes the head, alarms and problems if there are any, and the tables.
func (c *Comparison) write(w io.Writer, head string, list func(heading string, lines []string) string, table func(io.Writer, tables.Table) error) error {
	b := bytes.NewBufferString(head)
	if n := len(c.Alarms); n > 0 {
		b.WriteString(list(fmt.Sprintf("Alarms (%d)", n), cleaned(c.Alarms)))
	}
	if n := len(c.Problems); n > 0 {
		b.WriteString(list(fmt.Sprintf("Problems in the records (%d)", n), cleaned(c.Problems)))
	}
	for _, t := range c.tables() {
		b.WriteString("\n")
		if err := table(b, t); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// cleaned are the texts of things, fit to be shown.
func cleaned[T fmt.Stringer](things []T) []string {
	return prose.Texts(things, func(x T) string { return prose.Clean(x.String()) })
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
	)
	out := struct {
		Format      string   `json:"format"`
		Regression  bool     `json:"regression"`
		Headline    string   `json:"headline"`
		Alarms      []string `json:"alarms"`
		Problems    []string `json:"problems"`
		*Comparison `json:",inline"`
	}{Format, c.Regression(), c.Headline(), cleaned(c.Alarms), cleaned(c.Problems), c}
	err := json.MarshalWrite(w, out, json.WithMarshalers(texts), json.Deterministic(true), jsontext.WithIndent(" "))
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	return err
}
