package report

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// index renders report.md, which holds nothing that depends on time.
func (r *Report) index() []byte {
	var b bytes.Buffer
	s := r.summary
	fmt.Fprintf(&b, "# %s\n\n", r.heading())
	fmt.Fprintf(&b, "%s of %s on %s (instance, cost function, rules and limits; seeds of one case count as one). "+
		"Every plan was replayed and its cost recomputed by the validator. Times are in [%s](%s).\n\n",
		prose.Count(len(r.records), "record"), prose.Count(len(s.Algorithms), "algorithm"), prose.Count(len(s.Cases), "case"), timingFile, timingFile)
	if s.Duplicates > 0 {
		fmt.Fprintf(&b, "%s: the content is that of an instance with another name, which counts once.\n\n", prose.Count(s.Duplicates, "duplicate instance"))
	}
	if text := Superseded(s); text != "" {
		b.WriteString(text + "\n\n")
	}
	if builds := MixedBuilds(s); builds != "" {
		fmt.Fprintf(&b, "**%s**\n\n", tables.Escape(builds))
	}
	if r.options.Best != nil {
		fmt.Fprintf(&b, "Best-known values are taken in, for %d of these cases: bounds and cheapest plans are the best that any run ever had.\n\n", s.Known())
	}
	b.WriteString("## Alarms\n\n")
	for _, a := range s.Alarms {
		fmt.Fprintf(&b, "- **%s**: %s\n", tables.Escape(a.Kind), tables.Escape(a.Text))
	}
	if len(s.Alarms) == 0 {
		b.WriteString("None: no run failed, no plan was rejected, and no two runs contradict each other.\n")
	}
	b.WriteString("\n## Problems in the records\n\n")
	for _, p := range r.problems {
		p.File = r.fileName(p.File)
		fmt.Fprintf(&b, "- %s\n", tables.Escape(p.String()))
	}
	if len(r.problems) == 0 {
		b.WriteString("None.\n")
	}
	b.WriteString("\n")
	if lines := r.NotShown(); len(lines) > 0 {
		b.WriteString("## Not shown\n\n")
		for _, why := range lines {
			fmt.Fprintf(&b, "- %s\n", tables.Escape(why))
		}
		b.WriteString("\n")
	}
	r.contents(&b, false)

	limits(&b, r.records)
	b.WriteString("## Provenance\n\n")
	tally(&b, []string{"version", "revision", "build", "Go", "system"}, r.records, func(r *results.Record) []string {
		p := r.Provenance
		return []string{p.Version, p.Revision, p.Build, p.GoVersion, p.OS}
	})
	return b.Bytes()
}

// fileName is the part of the name of a file of records that does not depend on where the report is made.
func (r *Report) fileName(path string) string {
	if folder := filepath.Base(filepath.Dir(path)); r.options.Several && folder != "." {
		return folder + "/" + filepath.Base(path)
	}
	return filepath.Base(path)
}

func (r *Report) heading() string { return tables.Escape(cmp.Or(r.options.Title, "Report")) }

// timing renders timing.md.
func (r *Report) timing() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s: time\n\nWhat depends on the speed of the machine. Everything else is in [%s](%s).\n\n",
		r.heading(), indexFile, indexFile)
	r.contents(&b, true)
	b.WriteString("## Machine\n\n")
	known := func(n int, unit string) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n) + unit
	}
	tally(&b, []string{"CPU", "cores", "memory", "GOMAXPROCS", "runs at a time"}, r.records, func(r *results.Record) []string {
		p := r.Provenance
		return []string{p.CPUModel, fmt.Sprint(p.Cores), known(int(p.MemoryBytes>>20), " MiB"), known(p.GOMAXPROCS, ""), known(p.Jobs, "")}
	})
	if lo, hi := span(r.records, func(p results.Provenance) float64 { return p.Load }); hi > 0 {
		fmt.Fprintf(&b, "\nLoad of the machine as runs began: %.2f to %.2f.\n", lo, hi)
	}
	// RFC 3339 in UTC sorts as text.
	if first, last := span(r.records, func(p results.Provenance) string { return p.Date }); last != "" {
		fmt.Fprintf(&b, "\nRun from %s to %s.\n", tables.Escape(first), tables.Escape(last))
	}
	return b.Bytes()
}

// span returns the least and the largest value of records that have one.
func span[T cmp.Ordered](records []results.Record, of func(results.Provenance) T) (lo, hi T) {
	var unknown T
	for i := range records {
		if x := of(records[i].Provenance); x > unknown {
			if lo == unknown {
				lo = x
			}
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	return lo, hi
}

// contents writes the tables and pictures that are timed, or those that are not, part by
// part. Within a group their headings are a level below its name.
func (r *Report) contents(b *bytes.Buffer, timed bool) {
	for i, p := range r.parts {
		level := "##"
		if i > 0 {
			if !p.has(timed) {
				continue
			}
			fmt.Fprintf(b, "## %s\n\n", tables.Escape(p.name))
			level = "###"
		}
		for _, line := range p.about {
			fmt.Fprintf(b, "%s\n\n", tables.Escape(line))
		}
		for _, t := range p.tables {
			if t.table.Timed != timed {
				continue
			}
			var text bytes.Buffer
			_ = tables.Markdown(&text, t.table) // a buffer takes everything
			b.WriteString(level + strings.TrimPrefix(text.String(), "##"))
			fmt.Fprintf(b, "\n[LaTeX](%s), [CSV](%s)\n\n", tableFile(t, "latex"), tableFile(t, "csv"))
		}
		for _, f := range p.plots {
			if f.figure.Timed == timed {
				fmt.Fprintf(b, "%s %s\n\n![%s](%s.png)\n\n[SVG](%s.svg), [PDF](%s.pdf)\n\n",
					level, tables.Escape(f.figure.Title), tables.Escape(f.synopsis), f.path, f.path, f.path)
			}
		}
	}
}

// limits writes the limits of runs and how they were enforced.
func limits(b *bytes.Buffer, records []results.Record) {
	b.WriteString("## Limits, and how they were enforced\n\n")
	tally(b, []string{"limits", "enforced"}, records, func(r *results.Record) []string {
		how := make([]string, 0, len(r.Enforced))
		for _, limit := range slices.Sorted(maps.Keys(r.Enforced)) {
			how = append(how, limit+": "+r.Enforced[limit])
		}
		return []string{r.Limits.Text(), strings.Join(how, "; ")}
	})
	b.WriteString("\n")
}

// tally writes a table of the distinct values of some fields, with how many records have them.
func tally(b *bytes.Buffer, names []string, records []results.Record, of func(*results.Record) []string) {
	if len(records) == 0 {
		b.WriteString("No records.\n")
		return
	}
	counts := map[string]int{}
	for i := range records {
		counts[strings.Join(prose.Texts(of(&records[i]), prose.Clean), "\x00")]++ // no NUL within a value
	}
	fmt.Fprintf(b, "| %s | records |\n|%s---:|\n", strings.Join(names, " | "), strings.Repeat(":---|", len(names)))
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		for v := range strings.SplitSeq(key, "\x00") {
			fmt.Fprintf(b, "| %s ", cmp.Or(tables.Escape(v), "–"))
		}
		fmt.Fprintf(b, "| %d |\n", counts[key])
	}
}

// Superseded says how many records do not count; nothing if all do.
func Superseded(s *summary.Summary) string {
	if s.Superseded == 0 {
		return ""
	}
	return prose.Count(s.Superseded, "record") + " left out: a later one is of the same algorithm, seed and case."
}

// MixedBuilds says which algorithms have runs of several builds, and of how many; nothing if
// none has. The hash of the code tells builds apart, if records have one.
func MixedBuilds(s *summary.Summary) string {
	builds := map[string]map[string]bool{}
	for _, r := range s.All() {
		a, p := s.Label(r.Algorithm), r.Provenance
		if builds[a] == nil {
			builds[a] = map[string]bool{}
		}
		builds[a][cmp.Or(p.Code, p.Build, p.Revision)] = true
	}
	var out []string
	for _, a := range slices.Sorted(maps.Keys(builds)) {
		if n := len(builds[a]); n > 1 {
			out = append(out, fmt.Sprintf("%d of %s", n, a))
		}
	}
	if out == nil {
		return ""
	}
	return "The records are of several builds of the program: " + strings.Join(out, ", ") + "."
}
