package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/fatih/color"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// stepList is some of a plan's steps as people read them.
type stepList struct {
	in       *cloud.Instance
	plan     *cloud.Plan
	show     []stretch
	spent    []int64                   // by step: what it costs with all before it
	makesWay map[int]int               // by bypass shown: the step that it makes room for, -1 where none is known
	broken   []cloud.Violation         // what the initial placement breaks and a path mends, by rule and place
	mends    map[int][]cloud.Violation // by step: those that are gone when it has ended

	mark, faint *color.Color
}

// stretch is a range of steps, first … last-1.
type stretch struct{ first, last int }

// newStepList prepares a list of stretches of a plan, which stand in their order, under the rules
// in force on the way. The plan may be any that can be read; what bypasses are for and what steps
// mend is known as far as it can be carried out.
func newStepList(in *cloud.Instance, rules []cloud.Rule, plan *cloud.Plan, show []stretch, colored bool) *stepList {
	l := &stepList{in: in, plan: plan, show: show, spent: make([]int64, len(plan.Steps)), makesWay: map[int]int{}}
	l.broken = cloud.Distinct(cloud.Breaches(in, rules, in.Initial))
	l.mends, _ = cloud.Mends(in, rules, plan)
	l.mark, l.faint = paint(colored, color.FgYellow, color.Bold), paint(colored, color.Faint)
	sum := int64(0)
	for i := range plan.Steps {
		sum = paths.Plus(sum, plan.Steps[i].Cost)
		l.spent[i] = sum
	}
	for _, r := range show {
		found, _ := cloud.Bypasses(in, rules, plan, r.first, r.last)
		for _, b := range found {
			l.makesWay[b.Step] = b.For
		}
	}
	return l
}

// paint is a colour, or none.
func paint(colored bool, attributes ...color.Attribute) *color.Color {
	c := color.New(attributes...)
	if c.DisableColor(); colored {
		c.EnableColor()
	}
	return c
}

// row is one step in words: a cell per column, and a note.
type row struct {
	cells []string
	note  string
}

// The columns of VMs and routes. They are aligned on their left, all others on their right.
const (
	vmColumn    = 1
	routeColumn = 3
)

// head is what stands over the columns.
func (l *stepList) head() row {
	resource := l.in.Resources[0]
	cells := []string{"step", "VM", shortened(prose.Clean(strings.TrimSpace(resource.Name+" "+resource.Unit)), 16), "from → to"}
	if l.plan.Schedule != nil {
		cells = append(cells, "start", "end")
	}
	return row{cells: append(cells, "cost so far")}
}

// row is a step in words; before is the width of what stands before an arrow.
func (l *stepList) row(i, before int) row {
	s := &l.plan.Steps[i]
	cells := []string{humanize.Comma(int64(i + 1)), l.vm(s), humanize.Comma(l.in.VMs[s.VM].Demand[0]), routeOf(l.in, s, before)}
	if l.plan.Schedule != nil {
		for _, t := range []int64{s.Start, s.End} {
			if unit := l.plan.Schedule.Unit; unit == "step" {
				cells = append(cells, humanize.Comma(t))
			} else {
				cells = append(cells, instant(t, unit))
			}
		}
	}
	return row{append(cells, humanize.Comma(l.spent[i])), l.note(i)}
}

// note says that a step is a bypass, and why, as far as that is known, and what it mends.
func (l *stepList) note(i int) string {
	reason, isBypass := l.makesWay[i]
	var parts []string
	if isBypass && l.plan.Steps[i].Action == cloud.Migrate {
		parts = append(parts, "bypass")
	}
	if isBypass && reason >= 0 {
		parts = append(parts, fmt.Sprintf("makes room for %s, step %s", l.vm(&l.plan.Steps[reason]), humanize.Comma(int64(reason+1))))
	}
	text := strings.Join(parts, ": ")
	if mends := l.mends[i]; len(mends) > 0 {
		if text != "" {
			text += "; "
		}
		text += "mends " + some(prose.Texts(mends, brief), 3)
	}
	return text
}

func (l *stepList) vm(s *cloud.Step) string { return nameInList(l.in.VMs[s.VM].Name) }

// routeOf says where a step leads; what stands before an arrow is so many columns wide.
func routeOf(in *cloud.Instance, s *cloud.Step, before int) string {
	host := func(h cloud.HostID) string { return nameInList(in.Hosts[h].Name) }
	switch s.Action {
	case cloud.Shutdown:
		return "shut down on " + host(s.From)
	case cloud.Suspend:
		return "suspended on " + host(s.From)
	case cloud.Resume:
		return "resumed on " + host(s.To)
	case cloud.Provision:
		return "provisioned on " + host(s.To)
	}
	return fmt.Sprintf("%-*s → %s", before, host(s.From), host(s.To))
}

// nameInList is a name as it stands in a list of steps, on a line that holds it whatever it is.
func nameInList(name string) string { return shortened(prose.Clean(name), screen-20) }

// shortened cuts a text that is wider than so many columns in its middle: names often differ
// at one end only.
func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	tail := (most - 1) / 2
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// scheduleTime is a time of a schedule in words.
func scheduleTime(t int64, unit string) string {
	if unit == "ms" && t <= math.MaxInt64/int64(time.Millisecond) {
		return prose.Duration(time.Duration(t) * time.Millisecond)
	}
	if unit == "step" {
		return prose.Count(t, unit)
	}
	return humanize.Comma(t) + " " + unit
}

// instant is a time of a schedule in words, rounded to a second at most: steps of a minute are told
// apart even after a day.
func instant(t int64, unit string) string {
	const second, minute, hour = 1000, 60_000, 3_600_000
	if unit != "ms" || t < hour {
		return scheduleTime(t, unit)
	}
	t = (t + second/2) / second * second
	text := humanize.Comma(t/hour) + " h"
	if m := t % hour / minute; m > 0 {
		text += fmt.Sprint(" ", m, " min")
	}
	if s := t % minute / second; s > 0 {
		text += fmt.Sprint(" ", s, " s")
	}
	return text
}

// print lists the steps at an indent, one a line. Where the screen is too narrow for that,
// all notes stand on lines of their own, and if need be all routes too.
func (l *stepList) print(w io.Writer, indent int) {
	before := 0
	l.each(func(i int) {
		if s := &l.plan.Steps[i]; s.Action == cloud.Migrate {
			before = max(before, width(nameInList(l.in.Hosts[s.From].Name)))
		}
	})
	head := l.head()
	t := stepTable{indent: indent, widths: make([]int, len(head.cells))}
	t.fit(head)
	l.each(func(i int) { t.fit(l.row(i, before)) })
	t.arrange()
	t.print(w, head, l.faint, l.faint)
	next, plain := 0, paint(false)
	for _, r := range l.show {
		if next > 0 && r.first > next {
			fmt.Fprintln(w, l.faint.Sprint(folded(l.leftOut(next, r.first), indent, screen)))
		}
		for i := r.first; i < r.last; i++ {
			t.print(w, l.row(i, before), plain, l.mark)
		}
		next = r.last
	}
}

// leftOut stands for the steps first … last-1.
func (l *stepList) leftOut(first, last int) string {
	text := "… and " + prose.Count(last-first, "more step")
	var notes []string
	if n := l.bypasses(first, last); n != "" {
		notes = append(notes, n)
	}
	if n := l.mended(first, last); n > 0 {
		notes = append(notes, "mending "+countBreaches(n))
	}
	if notes != nil {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return fmt.Sprintf("%s: --steps %d-%d, or --steps all", text, first+1, min(first+2*mostSteps, last))
}

// bypasses counts those among the steps first … last-1 in words; none is "".
func (l *stepList) bypasses(first, last int) string {
	n := 0
	for i := first; i < last; i++ {
		if s := &l.plan.Steps[i]; s.Action == cloud.Migrate && l.in.IsBypass(s) {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return "1 bypass"
	}
	return humanize.Comma(int64(n)) + " bypasses"
}

// mended counts the breaches that the steps first … last-1 mend.
func (l *stepList) mended(first, last int) (n int) {
	for i := first; i < last; i++ {
		n += len(l.mends[i])
	}
	return n
}

func (l *stepList) each(do func(i int)) {
	for _, r := range l.show {
		for i := r.first; i < r.last; i++ {
			do(i)
		}
	}
}

// stepTable arranges rows on the screen.
type stepTable struct {
	indent     int
	widths     []int // by column
	note       int   // the width of the widest
	notesBelow bool
	stacked    bool // routes stand below, too
}

// fit makes room for a row.
func (t *stepTable) fit(r row) {
	for c, text := range r.cells {
		t.widths[c] = max(t.widths[c], width(text))
	}
	t.note = max(t.note, width(r.note))
}

// arrange decides what stands below. Where not even that is enough, names of VMs are cut.
func (t *stepTable) arrange() {
	const gap = 2
	total := t.indent - gap
	for _, n := range t.widths {
		total += gap + n
	}
	t.notesBelow = t.note > 0 && total+gap+t.note > screen
	if t.stacked = total > screen; t.stacked {
		total -= gap + t.widths[routeColumn]
		t.widths[vmColumn] = max(min(t.widths[vmColumn], t.widths[vmColumn]+screen-total), len("VM"))
	}
}

// print writes a row in a colour, and its note in another.
func (t *stepTable) print(w io.Writer, r row, text, note *color.Color) {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", t.indent))
	for c, cell := range r.cells {
		switch n := t.widths[c]; {
		case c == routeColumn && t.stacked:
			continue
		case c == vmColumn || c == routeColumn:
			fmt.Fprintf(&b, "%-*s  ", n, shortened(cell, n))
		default:
			fmt.Fprintf(&b, "%*s  ", n, cell)
		}
	}
	line := text.Sprint(strings.TrimRight(b.String(), " "))
	if r.note != "" && !t.notesBelow {
		line += "  " + note.Sprint(r.note)
	}
	fmt.Fprintln(w, line)
	below := t.indent + t.widths[0] + 2
	if t.stacked {
		fold(w, r.cells[routeColumn], below)
	}
	if r.note != "" && t.notesBelow {
		for _, part := range prose.Wrap(r.note, screen-below) {
			fmt.Fprintln(w, strings.Repeat(" ", below)+note.Sprint(part))
		}
	}
}
