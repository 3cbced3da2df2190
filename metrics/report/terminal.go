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

// Terminal prints alarms and problems, if there are any, and the tables, but for those
// that are for files.
func (r *Report) Terminal(w io.Writer, screen tables.Screen) error {
	var b bytes.Buffer
	list := func(heading string, n int, line func(int) string) {
		if n == 0 {
			return
		}
		fmt.Fprintf(&b, "%s (%d)\n", heading, n)
		for i := range min(n, mostOnTerminal) {
			fmt.Fprintf(&b, "- %s\n", prose.Clean(line(i)))
		}
		if n > mostOnTerminal {
			fmt.Fprintf(&b, "- … and %d more\n", n-mostOnTerminal)
		}
		b.WriteString("\n")
	}
	list("ALARMS", len(r.summary.Alarms), func(i int) string { return r.summary.Alarms[i].String() })
	list("PROBLEMS IN THE RECORDS", len(r.problems), func(i int) string { return r.problems[i].String() })
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
