package tables

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Terminal renders a table as plain text for a terminal of so many columns, at
// least 60. Best values carry an asterisk. Optional columns of zeros are left out
// and named below. Texts too long for the width are broken at commas and
// parentheses into more lines; numbers are never cut.
func Terminal(w io.Writer, t Table, width int) error {
	width = max(width, 60)
	var b bytes.Buffer
	b.WriteString(Clean(t.Title) + "\n")
	for _, l := range wrap(Clean(t.Caption), width) {
		b.WriteString(l + "\n")
	}
	b.WriteString("\n")
	if len(t.Rows) == 0 {
		b.WriteString("no data\n")
	} else if err := grid(&b, t, width); err != nil {
		return err
	}
	for _, n := range t.Notes {
		for i, l := range wrap(Clean(n), width-2) {
			b.WriteString([]string{"- ", "  "}[min(i, 1)] + l + "\n")
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func grid(b *bytes.Buffer, t Table, width int) error {
	var shown []int
	var hidden []string
	for c, col := range t.Columns {
		if col.Optional && t.zero(c) {
			hidden = append(hidden, col.Name)
		} else {
			shown = append(shown, c)
		}
	}
	cells := make([][]string, 1+len(t.Rows))
	var aligns []tw.Align
	for _, c := range shown {
		col := t.Columns[c]
		align := tw.AlignRight
		if col.Align == Left {
			align = tw.AlignLeft
		}
		aligns = append(aligns, align)
		head := strings.ReplaceAll(Clean(col.Name), " ", "\n")
		if col.Align == Left {
			head = Clean(col.Name)
		}
		if col.Unit != "" {
			head += "\n" + Clean(col.Unit)
		}
		marked := slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[c].Best })
		if marked { // keeps digits aligned where only some cells are marked
			head = strings.ReplaceAll(head, "\n", " \n") + " "
		}
		cells[0] = append(cells[0], head)
		for r, row := range t.Rows {
			text := Clean(row[c].Text)
			switch {
			case row[c].Best:
				text += "*"
			case marked:
				text += " "
			}
			cells[r+1] = append(cells[r+1], text)
		}
	}
	breakTexts(cells, aligns, width)

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
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: " ", Overwrite: true}),
	)
	table.Header(cells[0])
	for _, row := range cells[1:] {
		if err := table.Append(row); err != nil {
			return fmt.Errorf("table %q: %w", t.Name, err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("table %q: %w", t.Name, err)
	}
	for l := range strings.SplitSeq(strings.TrimRight(drawn.String(), "\n"), "\n") {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	if len(hidden) > 0 {
		for _, l := range wrap("none: "+strings.Join(hidden, ", "), width) {
			b.WriteString(l + "\n")
		}
	}
	return nil
}

// breakTexts breaks the texts of left-aligned columns so that rows fit the width.
func breakTexts(cells [][]string, aligns []tw.Align, width int) {
	room, texts := width, 0
	for c, align := range aligns {
		if align == tw.AlignLeft {
			texts++
			room--
			continue
		}
		widest := 0
		for _, row := range cells {
			for l := range strings.SplitSeq(row[c], "\n") {
				widest = max(widest, utf8.RuneCountInString(l))
			}
		}
		room -= widest + 1
	}
	if texts == 0 {
		return
	}
	room = max(room/texts, 16)
	for c, align := range aligns {
		if align != tw.AlignLeft {
			continue
		}
		for _, row := range cells {
			row[c] = strings.Join(Break(row[c], room), "\n")
		}
	}
}

// Break breaks a spec into lines of at most so many characters, after commas,
// parentheses and spaces where it can, and anywhere where it must. Lines after the
// first are indented by two.
func Break(s string, most int) []string {
	var lines []string
	rest := []rune(s)
	for indent := ""; ; indent = "  " {
		room := max(most-len(indent), 1)
		if len(rest) <= room {
			return append(lines, indent+string(rest))
		}
		cut := room
		for i := room; i > room/3; i-- {
			if strings.ContainsRune(",( ", rest[i-1]) {
				cut = i
				break
			}
		}
		lines = append(lines, indent+strings.TrimRight(string(rest[:cut]), " "))
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " "))
	}
}

// wrap breaks a text between words.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
