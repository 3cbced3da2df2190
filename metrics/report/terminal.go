package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// mostOnTerminal is the number of alarms, and of problems, that a terminal shows; the report has them all.
const mostOnTerminal = 10

// listFirst writes as many of some things as a terminal shows, and counts the others.
func listFirst[T fmt.Stringer](b *bytes.Buffer, heading string, things []T) {
	if len(things) > 0 {
		lines := prose.First(prose.Texts(things, func(x T) string { return prose.Clean(x.String()) }), mostOnTerminal)
		fmt.Fprintf(b, "%s (%d)\n- %s\n\n", heading, len(things), strings.Join(lines, "\n- "))
	}
}

// Terminal prints alarms and problems, if there are any, and the tables, except those that are for files.
func (r *Report) Terminal(w io.Writer, screen tables.Screen) error {
	var b bytes.Buffer
	listFirst(&b, "ALARMS", r.summary.Alarms)
	listFirst(&b, "PROBLEMS IN THE RECORDS", r.problems)
	above := false // whether to leave a blank line first
	for _, line := range []string{MixedBuilds(r.summary), Superseded(r.summary)} {
		if line != "" {
			fmt.Fprintln(&b, prose.Clean(line))
			above = true
		}
	}
	for i, p := range r.parts {
		var shown []tables.Table
		for _, t := range p.tables {
			if !t.wide {
				shown = append(shown, t.table)
			}
		}
		if i > 0 {
			if len(shown) == 0 {
				continue
			}
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
