package report

import (
	"bytes"
	"fmt"
	"io"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// mostOnTerminal is how many alarms, and how many problems, a terminal shows; the
// report has them all.
const mostOnTerminal = 10

// listFirst writes as many lines as a terminal shows, and counts the others.
func listFirst(b *bytes.Buffer, heading string, lines []string) {
	fmt.Fprintln(b, heading)
	for _, line := range lines[:min(len(lines), mostOnTerminal)] {
		fmt.Fprintf(b, "- %s\n", line)
	}
	if more := len(lines) - mostOnTerminal; more > 0 {
		fmt.Fprintf(b, "- … and %d more\n", more)
	}
}

// Terminal prints alarms and problems, if there are any, and the tables, but for those
// that are for files.
func (r *Report) Terminal(w io.Writer, screen tables.Screen) error {
	var b bytes.Buffer
	list := func(heading string, lines []string) {
		if len(lines) > 0 {
			listFirst(&b, fmt.Sprintf("%s (%d)", heading, len(lines)), lines)
			b.WriteString("\n")
		}
	}
	list("ALARMS", cleaned(r.summary.Alarms))
	list("PROBLEMS IN THE RECORDS", cleaned(r.problems))
	above := false // something stands above, to be kept apart from
	for i, p := range r.parts {
		var shown []tables.Table
		for _, t := range p.tables {
			if !t.wide {
				shown = append(shown, t.table)
			}
		}
		if i > 0 && len(shown) == 0 {
			continue
		}
		if i > 0 {
			fmt.Fprintf(&b, "%s── %s ──\n", map[bool]string{true: "\n"}[above], prose.Clean(p.name))
			above = true
		}
		for _, line := range p.about {
			fmt.Fprintln(&b, prose.Clean(line))
			above = true
		}
		for _, t := range shown {
			if above {
				b.WriteString("\n")
			}
			above = true
			if err := tables.Terminal(&b, t, screen); err != nil {
				return err
			}
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// cleaned are the texts of things, fit to be shown.
func cleaned[T fmt.Stringer](things []T) []string {
	return prose.Texts(things, func(x T) string { return prose.Clean(x.String()) })
}
