package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// mostOnTerminal is how many alarms, and how many problems, a terminal shows; the
// report has them all.
const mostOnTerminal = 10

// Terminal prints alarms and problems, if there are any, and all tables.
func Terminal(w io.Writer, records []results.Record, problems []results.Problem, o Options) error {
	s := summary.Of(records, summary.WithBest(o.Best))
	var b bytes.Buffer
	list := func(heading string, n int, line func(int) string) {
		if n == 0 {
			return
		}
		fmt.Fprintf(&b, "%s (%d)\n", heading, n)
		for i := range min(n, mostOnTerminal) {
			fmt.Fprintf(&b, "- %s\n", tables.Clean(line(i)))
		}
		if n > mostOnTerminal {
			fmt.Fprintf(&b, "- … and %d more\n", n-mostOnTerminal)
		}
		b.WriteString("\n")
	}
	list("ALARMS", len(s.Alarms), func(i int) string { return s.Alarms[i].String() })
	list("PROBLEMS IN THE RECORDS", len(problems), func(i int) string { return problems[i].String() })
	ts, err := buildTables(s)
	if err != nil {
		return err
	}
	ts = slices.DeleteFunc(ts, func(t builtTable) bool { return t.wide })
	for i, t := range ts {
		if i > 0 {
			b.WriteString("\n")
		}
		if err := tables.Terminal(&b, t.table, tables.Screen{Width: o.Width}); err != nil {
			return err
		}
	}
	_, err = w.Write(b.Bytes())
	return err
}
