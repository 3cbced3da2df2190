package gate

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// Format is the version of the format of comparisons for machines; results/FORMAT.md documents it.
const Format = "rearrange/comparison/2"

const (
	mostOnTerminal = 10 // alarms, and problems; files have them all
	mostChanges    = 5  // pairs of one algorithm and metric; JSON has them all
)

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
	rows := map[Reason]int{}
	for _, r := range c.Rows {
		rows[r.Why]++
	}
	for _, why := range []Reason{TooFew, Alone, UnevenLoad, Unconfirmed} {
		if n := rows[why]; n > 0 {
			add("not compared: times in %s: %s", prose.Count(n, "row"), why)
		}
	}
	if rows[UnevenLoad] > 0 {
		shown := func(r Ratio) string { return tables.Fixed(float64(r), 2).String() }
		b, k := c.Baseline, c.Candidate
		add("time over CPU time: %s, then %s; other processes: %s, then %s", shown(b.Waiting), shown(k.Waiting), shown(b.Load), shown(k.Load))
	}
	for _, pattern := range c.Idle {
		add("thresholds: no algorithm fits %q", pattern)
	}
	return out
}

// about tells how many records there are, and of which revision if that is known.
func (s Side) about() string {
	text := prose.Count(s.Records, "record")
	if len(s.Revisions) == 0 || slices.Equal(s.Revisions, []string{"unknown"}) {
		return text
	}
	return text + " of revision " + strings.Join(prose.Texts(s.Revisions, func(revision string) string {
		hash, _, _ := strings.Cut(revision, "+")
		return hash[:min(len(hash), 12)] + revision[len(hash):]
	}), ", ")
}

// Terminal prints the comparison.
func (c *Comparison) Terminal(w io.Writer, screen tables.Screen) error {
	head := c.Headline()
	if word, parts := c.verdict(); utf8.RuneCountInString(head) > screen.Columns() {
		head = word + "\n- " + strings.Join(prose.Texts(parts, prose.Clean), "\n- ")
	}
	head += "\n" + strings.Join(prose.Texts(c.about(), prose.Clean), "\n") + "\n"
	list := func(heading string, lines []string) string {
		return fmt.Sprintf("\n%s\n- %s\n", strings.ToUpper(heading), strings.Join(prose.First(lines, mostOnTerminal), "\n- "))
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
func (c *Comparison) write(
	w io.Writer, head string, list func(heading string, lines []string) string, table func(io.Writer, tables.Table) error,
) error {
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

// JSON writes the comparison for machines, with every pair that changed. Equal comparisons give equal bytes.
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
				Target         string   `json:"target,omitzero"`
				results.Scheduling
				results.Executing
			}{r.Algorithm, r.Instance, r.InstanceSHA256, r.CostFunction, r.Rules, r.Seed, r.RunKey, target(r)[0], r.Scheduling(), r.Executing()})
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

// tables are the tables that have something to show: what is worse first.
func (c *Comparison) tables() []tables.Table {
	all := []tables.Table{
		c.rowTable(Worse), c.changeTable(Worse), c.rowTable(Tolerated), c.rowTable(Better), c.changeTable(Better),
		c.rowTable(NotCompared), c.metricTable(), c.leftTable(), c.unpairedTable(),
	}
	return slices.DeleteFunc(all, func(t tables.Table) bool { return len(t.Rows) == 0 })
}

// columns are texts at first, then numbers, which may have a unit behind a comma.
func columns(texts int, names ...string) []tables.Column {
	out := make([]tables.Column, len(names))
	for i, name := range names {
		out[i].Name, out[i].Unit, _ = strings.Cut(name, ", ")
		if i < texts {
			out[i].Align = tables.Left
		}
	}
	return out
}

// cells are those of texts, counts and other cells.
func cells(of ...any) []tables.Cell {
	out := make([]tables.Cell, len(of))
	for i, x := range of {
		switch x := x.(type) {
		case tables.Cell:
			out[i] = x
		case int:
			out[i] = tables.Count(x)
		default:
			out[i] = tables.Text(fmt.Sprint(x))
		}
	}
	return out
}

// metricTable tells by metric what became of algorithms and pairs.
func (c *Comparison) metricTable() tables.Table {
	t := tables.Table{
		Name: "metrics", Title: "By metric",
		Caption: "Algorithms, and pairs of runs, by what became of them. A pair is better or worse if it changed beyond the tolerance; " +
			"of time and cpu, an instance, over all its seeds.",
		Columns: columns(1, "metric", "algorithms worse", "tolerated", "better", "same", "not compared", "pairs worse", "better", "same", "left out"),
	}
	t.Columns[2].Optional, t.Columns[5].Optional = true, true
	names := MetricNames()
	for _, g := range stats.GroupBy(c.Rows, func(r Row) int { return slices.Index(names, r.Name) }) {
		v := map[Verdict]int{}
		var worse, better, same, left int
		for _, r := range g.Items {
			v[r.Verdict]++
			worse, better, same = worse+r.Worse, better+r.Better, same+r.Same
			for _, n := range r.Left {
				left += n
			}
		}
		t.Rows = append(t.Rows, cells(names[g.Key], v[Worse], v[Tolerated], v[Better], v[Same], v[NotCompared], worse, better, same, left))
	}
	return t
}

// rowTable lists the algorithms and metrics of a verdict; of those that have none, timed
// ones that changed beyond the tolerance even so.
func (c *Comparison) rowTable(v Verdict) tables.Table {
	t := tables.Table{
		Name: string(v), Title: prose.Sentence(string(v)),
		Caption: "Change is that of the geometric mean; of coverage and proofs, the number of answers before and after.",
		Columns: columns(2, "algorithm", "metric", "worse", "better", "same", "change, %", "tolerance, %"),
	}
	rows := c.Of(v)
	if v == NotCompared {
		rows = slices.DeleteFunc(rows, func(r Row) bool {
			return r.Test == nil || !(math.Abs(math.Log(float64(r.Ratio))) > math.Log1p(float64(r.Test.Tolerance)))
		})
	}
	if slices.ContainsFunc(rows, func(r Row) bool { return r.Timed }) {
		t.Caption += " Of time and cpu it is the median over instances, less the drift of the other algorithms; " +
			"p is of a sign test against the tolerance, corrected for all timed rows together (Holm)."
		t.Columns = append(t.Columns, columns(0, "p")...)
	}
	if v == NotCompared {
		t.Columns = append(t.Columns, columns(1, "because")...)
	}
	for _, r := range rows {
		tolerance, _ := r.Threshold.Tolerance.Float64()
		change, p := percent(r.Ratio), math.NaN()
		if r.Answers != nil {
			change, tolerance = tables.Text(fmt.Sprintf("%d → %d", r.Answers[0], r.Answers[1])), math.NaN()
		}
		if r.Test != nil {
			tolerance, p = float64(r.Test.Tolerance), float64(r.Test.Corrected)
		}
		row := cells(r.Algorithm, r.Name, r.Worse, r.Better, r.Same, change, tables.Significant(100*tolerance, 2), tables.Significant(p, 2), r.Why)
		t.Rows = append(t.Rows, slices.Delete(row, len(t.Columns), len(row)))
	}
	return t
}

// percent is the change that a ratio stands for, with its sign.
func percent(ratio Ratio) tables.Cell {
	change := 100 * float64(ratio-1)
	if math.IsInf(change, 1) {
		return tables.Text("from 0")
	} else if change > 0 {
		digits := min(max(0, 2-int(math.Floor(math.Log10(change)))), 6)
		return tables.Text(fmt.Sprintf("+%.*f", digits, change))
	}
	return tables.Significant(change, 3)
}

// changeTable lists pairs that changed, of the rows of a verdict and in its direction: the first ones of each row.
func (c *Comparison) changeTable(v Verdict) tables.Table {
	t := tables.Table{
		Name: "pairs", Title: "Pairs that got " + string(v), Caption: "Memory is in MiB, times are in s; makespans in s, or steps.",
		Columns: columns(3, "algorithm", "instance", "metric", "before", "after", "change, %"),
	}
	for _, r := range c.Of(v) {
		changes := slices.DeleteFunc(slices.Clone(r.Changes), func(x Change) bool { return x.Worse != (v == Worse) })
		if v == Better {
			slices.Reverse(changes) // the greatest improvement stands last
		}
		if of := len(changes); of > mostChanges {
			t.Notes = append(t.Notes, fmt.Sprintf("%s, %s: the first %d of %d", r.Algorithm, r.Name, mostChanges, of))
			changes = changes[:mostChanges]
		}
		for _, x := range changes {
			before, after, by := tables.Fixed(x.Before, 0), tables.Fixed(x.After, 0), percent(x.Ratio)
			if r.work { // measured, not counted
				before, after = tables.Significant(x.Before, 3), tables.Significant(x.After, 3)
			} else if r.schedule {
				before, after = tables.Text(strconv.FormatFloat(x.Before, 'f', -1, 64)), tables.Text(strconv.FormatFloat(x.After, 'f', -1, 64))
			} else if r.Answer {
				before, after, by = tables.Text(string(x.Base.Outcome)), tables.Text(string(x.Cand.Outcome)), tables.NoValue()
			}
			instance := x.Base.Instance
			if strategy := target(x.Base)[0]; strategy != "" {
				instance += ", target " + strategy
			}
			if s := x.Base.Scheduling(); r.schedule {
				instance += ", model " + s.Model + ", duration " + s.Duration
			}
			if c.severalCosts {
				instance += ", " + x.Base.CostFunction
			}
			if c.severalSeeds && !r.Timed {
				instance += fmt.Sprintf(", seed %d", x.Base.Seed)
			}
			t.Rows = append(t.Rows, cells(r.Algorithm, instance, r.Name, before, after, by))
		}
	}
	return t
}

// leftTable tells how many pairs were not compared in which metric, and why.
func (c *Comparison) leftTable() tables.Table {
	type place struct {
		why    Reason
		metric string
	}
	left, reasons := map[place]int{}, map[Reason]bool{}
	var names []string // of metrics, in their order, as rows are
	for _, r := range c.Rows {
		for why, n := range r.Left {
			left[place{why, r.Name}] += n
			reasons[why], names = true, append(names, r.Name)
		}
	}
	names = slices.Compact(names)
	t := tables.Table{Name: "left-out", Title: "Pairs that were not compared", Columns: columns(1, append([]string{"because"}, names...)...)}
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		row := cells(why)
		for _, name := range names {
			row = append(row, tables.Count(left[place{why, name}]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// unpairedTable lists what was on one side only, and what changed under its name.
func (c *Comparison) unpairedTable() tables.Table {
	t := tables.Table{Name: "unpaired", Title: "Runs without a counterpart", Columns: columns(3, "what", "algorithm", "first instance", "runs")}
	runs := map[string][]*results.Record{"only in the baseline": c.Baseline.Only, "only in the candidate": c.Candidate.Only}
	for _, p := range c.Changed {
		runs["the instance has changed"] = append(runs["the instance has changed"], p.Base)
	}
	for _, what := range slices.Sorted(maps.Keys(runs)) {
		for _, g := range stats.GroupBy(runs[what], func(r *results.Record) string { return r.Algorithm }) {
			t.Rows = append(t.Rows, cells(what, g.Key, g.Items[0].Instance, len(g.Items)))
		}
	}
	return t
}
