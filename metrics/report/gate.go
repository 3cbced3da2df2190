package report

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// Gate is the report on a comparison of two sets of records.
type Gate struct {
	Comparison *gate.Comparison
	// Problems are the faults in the files of the records.
	Problems []results.Problem
}

// mostChanges is how many pairs of one algorithm and metric are shown; JSON has them all.
const mostChanges = 5

// verdict is whether there is a regression, and what speaks for it.
func (g Gate) verdict() (word string, parts []string) {
	c := g.Comparison
	if !c.Regression() {
		return "no regression", []string{fmt.Sprintf("%d pairs of runs", c.Pairs), counted(c)}
	}
	parts = byAlgorithm(c.Of(gate.Worse))
	if len(c.Alarms) > 0 {
		parts = append(parts, fmt.Sprintf("alarms: %d", len(c.Alarms)))
	}
	if n := c.Missing(); n > 0 && c.Thresholds.RefuseUnpaired {
		parts = append(parts, fmt.Sprintf("runs of the baseline without a counterpart: %d", n))
	}
	return "REGRESSION", parts
}

// Headline is the verdict in one line.
func (g Gate) Headline() string {
	word, parts := g.verdict()
	return word + ": " + strings.Join(parts, "; ")
}

// counted lists how many rows came to which verdict.
func counted(c *gate.Comparison) string {
	var parts []string
	for _, v := range []gate.Verdict{gate.Tolerated, gate.Better, gate.Same, gate.NotCompared} {
		if n := len(c.Of(v)); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return "algorithms × metrics: " + strings.Join(parts, ", ")
}

// byAlgorithm names the metrics of rows, a text for each algorithm.
func byAlgorithm(rows []gate.Row) []string {
	metrics := map[string][]string{}
	for _, r := range rows {
		metrics[r.Algorithm] = append(metrics[r.Algorithm], r.Metric.Name)
	}
	var out []string
	for _, algorithm := range slices.Sorted(maps.Keys(metrics)) {
		out = append(out, algorithm+": "+strings.Join(metrics[algorithm], ", "))
	}
	return out
}

// about are remarks that stand below the headline.
func (g Gate) about() []string {
	c := g.Comparison
	var out []string
	side := func(name string, s gate.Side) {
		text := fmt.Sprintf("%s: %d records", name, s.Records)
		if len(s.Revisions) > 0 && !slices.Equal(s.Revisions, []string{"unknown"}) {
			text += " of revision " + strings.Join(short(s.Revisions), ", ")
		}
		out = append(out, text)
	}
	side("baseline", c.Baseline)
	side("candidate", c.Candidate)
	if c.Thresholds.Untimed {
		out = append(out, "timed metrics were not compared, as was asked")
	}
	for _, m := range gate.Metrics() {
		drift, known := c.Drift[m.Name]
		switch {
		case !known:
		case c.Thresholds.KeepDrift:
			out = append(out, fmt.Sprintf("drift of %s, all algorithms together: ×%.2f; it counts, as thresholds say", m.Name, drift))
		default:
			out = append(out, fmt.Sprintf("drift of %s, all algorithms together: ×%.2f; no regression by itself", m.Name, drift))
		}
	}
	for _, pattern := range c.Idle {
		out = append(out, fmt.Sprintf("thresholds: no algorithm fits %q", pattern))
	}
	return out
}

// short are the beginnings of revisions, by which people know them.
func short(revisions []string) []string {
	out := make([]string, len(revisions))
	for i, r := range revisions {
		hash, dirty, _ := strings.Cut(r, "+")
		if out[i] = hash[:min(len(hash), 12)]; dirty != "" {
			out[i] += "+" + dirty
		}
	}
	return out
}

// tables are the tables that have something to show: what is worse first.
func (g Gate) tables() []tables.Table {
	c := g.Comparison
	all := []tables.Table{
		tables.GateRows(c, gate.Worse), tables.GateChanges(c, gate.Worse, true, mostChanges), tables.GateRows(c, gate.Tolerated),
		tables.GateRows(c, gate.Better), tables.GateChanges(c, gate.Better, false, mostChanges),
		tables.GateMetrics(c), tables.GateLeft(c), tables.GateUnpaired(c),
	}
	return slices.DeleteFunc(all, func(t tables.Table) bool { return len(t.Rows) == 0 })
}

// lists are alarms and problems.
func (g Gate) lists(list func(heading string, lines []string)) {
	for _, l := range []struct {
		heading string
		lines   []string
	}{{"Alarms", cleaned(g.Comparison.Alarms)}, {"Problems in the records", cleaned(g.Problems)}} {
		if len(l.lines) > 0 {
			list(fmt.Sprintf("%s (%d)", l.heading, len(l.lines)), l.lines)
		}
	}
}

// cleaned are the texts of things, fit to be shown.
func cleaned[T fmt.Stringer](things []T) []string {
	return prose.Texts(things, func(x T) string { return prose.Clean(x.String()) })
}

// Terminal prints the comparison.
func (g Gate) Terminal(w io.Writer, screen tables.Screen) error {
	var b bytes.Buffer
	if line := prose.Clean(g.Headline()); utf8.RuneCountInString(line) <= screen.Columns() {
		fmt.Fprintln(&b, line)
	} else {
		word, parts := g.verdict()
		fmt.Fprintf(&b, "%s\n", word)
		for _, p := range parts {
			fmt.Fprintf(&b, "- %s\n", prose.Clean(p))
		}
	}
	for _, line := range g.about() {
		fmt.Fprintln(&b, prose.Clean(line))
	}
	g.lists(func(heading string, lines []string) {
		b.WriteString("\n")
		listFirst(&b, strings.ToUpper(heading), lines)
	})
	for _, t := range g.tables() {
		b.WriteString("\n")
		if err := tables.Terminal(&b, t, screen); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Markdown writes the comparison in GitHub's dialect of Markdown.
func (g Gate) Markdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Comparison\n\n**%s**\n\n", tables.Escape(g.Headline()))
	for _, line := range g.about() {
		fmt.Fprintf(&b, "- %s\n", tables.Escape(line))
	}
	g.lists(func(heading string, lines []string) {
		fmt.Fprintf(&b, "\n## %s\n\n", heading)
		for _, line := range lines {
			fmt.Fprintf(&b, "- %s\n", tables.Escape(line))
		}
	})
	for _, t := range g.tables() {
		b.WriteString("\n")
		if err := tables.Markdown(&b, t); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}
