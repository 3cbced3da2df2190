package tables

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func terminalFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "terminal",
		Synopsis: "plain text for a terminal, best values with an asterisk",
		Doc: "Optional columns of zeros are left out and named below. Texts too long for the width are broken into more lines after commas and " +
			"parentheses, numbers are never cut; columns for which there is no room stand below the others, beside the same texts.",
		Params: []spec.Param{
			{Name: "width", Type: spec.Int, Default: "80", Bounds: spec.Between(60, 1000), Unit: "columns", Doc: "how wide the table may be"},
			{Name: "color", Type: spec.Bool, Default: "no", Doc: "whether best values have a colour too"},
		},
		Citation: "https://no-color.org says when not to ask for colours",
	}, New: func(a spec.Args) (Renderer, error) {
		screen := Screen{Width: int(a.Int("width")), Color: a.Bool("color")}
		return func(w io.Writer, t Table) error { return Terminal(w, t, screen) }, nil
	}}
}

// Screen is what a table is shown on.
type Screen struct {
	Width int // columns; at least 60 are used, and 80 if it is 0
	Color bool
}

// Columns is how many columns are used.
func (s Screen) Columns() int { return max(cmp.Or(s.Width, 80), 60) }

// Terminal renders a table as plain text. Best values have an asterisk, and perhaps a colour.
func Terminal(w io.Writer, t Table, screen Screen) error {
	screen.Width = screen.Columns()
	var b bytes.Buffer
	b.WriteString(screen.paint(prose.Clean(t.Title), color.Bold) + "\n")
	for _, l := range prose.Wrap(prose.Clean(t.Caption), screen.Width) {
		b.WriteString(l + "\n")
	}
	b.WriteString("\n")
	if len(t.Rows) == 0 {
		b.WriteString("no data\n")
	} else if err := grid(&b, t, screen); err != nil {
		return err
	}
	for _, n := range t.Notes {
		b.WriteString("- " + strings.Join(prose.Wrap(prose.Clean(n), screen.Width-2), "\n  ") + "\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// paint gives a text a colour, where there are colours.
func (s Screen) paint(text string, how ...color.Attribute) string {
	if !s.Color || text == "" {
		return text
	}
	c := color.New(how...)
	c.EnableColor() // the caller has asked the terminal and the environment
	return c.Sprint(text)
}

// column is a column as it is written: its head and its cells, of one line or more.
type column struct {
	head  string
	cells []string
	best  []bool
	align Align
}

func (c column) width() int {
	return widest(strings.Split(c.head+"\n"+strings.Join(c.cells, "\n"), "\n"))
}

// widestText is how wide a text is that says not what its row is about.
const widestText = 32

func grid(b *bytes.Buffer, t Table, screen Screen) error {
	t, hidden := t.withoutZeros()
	var texts, numbers []column
	for c := range t.Columns {
		switch col := written(t, c); {
		case col.align == Left && (c < t.Keys || t.Keys == 0):
			texts = append(texts, col)
		case col.align == Left:
			breakTexts([]column{col}, widestText)
			fallthrough
		default:
			numbers = append(numbers, col)
		}
	}
	for i, p := range panels(texts, numbers, screen.Width) {
		if i > 0 {
			b.WriteString("\n")
		}
		if err := draw(b, t, p, screen); err != nil {
			return fmt.Errorf("table %q: %w", t.Name, err)
		}
	}
	if hidden != "" {
		b.WriteString(strings.Join(prose.Wrap("none: "+hidden, screen.Width), "\n") + "\n")
	}
	return nil
}

// written writes a column. Where some of its cells are marked, the others end with a space, which keeps digits aligned.
func written(t Table, c int) column {
	out := column{align: t.Columns[c].Align}
	end := ""
	if t.any(c, Cell.isBest) {
		end = " "
	}
	out.head = strings.Join(headLines(t.Columns[c]), end+"\n") + end
	for _, row := range t.Rows {
		mark := end
		if row[c].Best {
			mark = "*"
		}
		out.cells = append(out.cells, prose.Clean(row[c].String())+mark)
		out.best = append(out.best, row[c].Best)
	}
	return out
}

// panels distributes columns over as many tables as it takes to keep to the width; all begin with the texts.
//
// Note: what a row is about stands at the left of every table, so that this changes no order.
func panels(texts, numbers []column, width int) [][]column {
	const least = 16 // characters, for a text
	needed := 0
	for _, c := range texts {
		needed += min(c.width(), least) + 1
	}
	room := width - span(numbers)
	if room < needed {
		room = max(2*width/5, needed)
	}
	breakTexts(texts, room)
	var out [][]column
	panel := slices.Clone(texts)
	for _, c := range numbers {
		if len(panel) > len(texts) && span(append(panel, c)) > width {
			out = append(out, panel)
			panel = slices.Clone(texts)
		}
		panel = append(panel, c)
	}
	return append(out, panel)
}

// span is the width of columns beside each other.
func span(columns []column) int {
	sum := 0
	for _, c := range columns {
		sum += c.width() + 1
	}
	return sum
}

// breakTexts breaks texts so that their columns fit into that many characters together.
// Narrow ones keep their width, the others share what is left.
func breakTexts(texts []column, room int) {
	narrowFirst := slices.Clone(texts) // of which the cells are the same
	slices.SortStableFunc(narrowFirst, func(a, b column) int { return a.width() - b.width() })
	for done, c := range narrowFirst {
		share := max(room/(len(texts)-done)-1, 1)
		for r, s := range c.cells {
			c.cells[r] = strings.Join(prose.Break(s, share), "\n")
		}
		room -= c.width() + 1
	}
}

// draw writes one table of columns.
func draw(b *bytes.Buffer, t Table, columns []column, screen Screen) error {
	rows := make([][]string, 1+len(t.Rows))
	var aligns []tw.Align
	for _, c := range columns {
		aligns = append(aligns, []tw.Align{Right: tw.AlignRight, Left: tw.AlignLeft}[c.align])
		rows[0] = append(rows[0], c.head)
		for r, s := range c.cells {
			if c.best[r] {
				s = screen.paint(s, color.FgGreen, color.Bold)
			}
			rows[r+1] = append(rows[r+1], s)
		}
	}
	var drawn bytes.Buffer
	table := tablewriter.NewTable(&drawn,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off, ShowFooterLine: tw.Off},
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off), // or "cost/bound" would become "COST BOUND"
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(aligns),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: " ", Overwrite: true}),
	)
	table.Header(rows[0])
	if err := cmp.Or(table.Bulk(rows[1:]), table.Render()); err != nil {
		return err
	}
	for l := range strings.SplitSeq(strings.TrimRight(drawn.String(), "\n"), "\n") {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	return nil
}
