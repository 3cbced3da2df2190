package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func latexFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "latex",
		Synopsis: "a LaTeX table with booktabs, numbers aligned at their points, best values in bold",
		Doc: "The text is to be \\input, and begins with a comment that names the packages it needs, which are in Debian's " +
			"texlive-latex-recommended. A table of more rows than a page holds is a longtable, which goes on on the next page; any " +
			"other is scaled down where it is wider than the line. Optional columns of zeros are left out and named below.",
		Params: []spec.Param{
			{Name: "label", Type: spec.String, Doc: "what \\ref calls it; tab: and the table's name unless given"},
			{Name: "columns", Type: spec.String, List: true, Doc: "the columns to show, by their heads, in this order; all unless given"},
			{Name: "wide", Type: spec.Bool, Default: "no", Doc: "whether the table spans both columns of text: table*"},
			{Name: "caption", Type: spec.Bool, Default: "yes", Doc: "whether there is a caption, with notes; without one there is only the tabular, to be put into a table of your own"},
			{Name: "document", Type: spec.Bool, Default: "no", Doc: "whether to write a whole document, which compiles by itself"},
		},
		Citation: "S. Fear, Publication quality tables in LaTeX, https://ctan.org/pkg/booktabs",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(a spec.Args) (Renderer, error) {
		o := Paper{Label: a.String("label"), Document: a.Bool("document"), Bare: !a.Bool("caption"), Wide: a.Bool("wide"), Columns: a.Strings("columns")}
		return func(w io.Writer, t Table) error { return LaTeX(w, t, o) }, nil
	}}
}

// Paper says how a table is written for LaTeX.
type Paper struct {
	Label    string   // "tab:" and the table's name if empty
	Document bool     // a whole document
	Wide     bool     // across two columns of text: table*
	Columns  []string // shown, by their heads; all if empty
	Bare     bool     // the tabular alone, without caption and notes
}

// packages are what tables need of LaTeX.
const packages = "booktabs,graphicx,longtable"

// mostLines is how many lines and gaps between rows a page of A4 holds beside a caption, at
// ten points; mostLetters is how many digits a line holds in the smallest letters.
const (
	mostLines   = 40
	mostLetters = 96
)

// LaTeX renders a table for LaTeX, by the rules of booktabs: no vertical lines, and few
// horizontal ones.
func LaTeX(w io.Writer, t Table, o Paper) error {
	if o.Label == "" {
		o.Label = "tab:" + t.Name
	}
	t, err := t.only(o.Columns)
	if err != nil {
		return err
	}
	l := layOut(t)
	var b bytes.Buffer
	if o.Document {
		fmt.Fprintf(&b, "\\documentclass%s{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n\\usepackage{%s}\n\\begin{document}\n",
			map[bool]string{true: "[twocolumn]"}[o.Wide], packages)
	} else {
		fmt.Fprintf(&b, "%% needs \\usepackage{%s}\n", packages)
	}
	environment := "table"
	if o.Wide {
		environment = "table*"
	}
	tabular := fmt.Sprintf("\\begin{tabular}{%s}\n\\toprule\n%s\\midrule\n%s\\bottomrule\n\\end{tabular}", l.preamble, l.head, strings.Join(l.rows, ""))
	switch {
	case o.Bare:
		b.WriteString(tabular + "\n")
	case l.lines > mostLines && !o.Wide: // a longtable cannot span two columns
		long(&b, t, l, o.Label)
	default:
		fmt.Fprintf(&b, "\\begin{%s}[htbp]\n\\centering\n%s\\smallskip\n\n", environment, caption(t, o.Label))
		if len(t.Rows) == 0 {
			b.WriteString("\\emph{No data.}\n")
		} else {
			b.WriteString("\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n" + tabular + "}\n")
		}
		notes(&b, l.notes)
		fmt.Fprintf(&b, "\\end{%s}\n", environment)
	}
	if o.Document {
		b.WriteString("\\end{document}\n")
	}
	_, err = w.Write(b.Bytes())
	return err
}

// long writes a table that goes on over pages. It cannot be scaled, so its letters are
// chosen by how many digits a line has to hold: \linewidth of the article class holds 69
// of Computer Modern at ten points, and 75, 81, 87 and 101 of the smaller sizes.
func long(b *bytes.Buffer, t Table, l laidOut, label string) {
	size := "\\normalsize"
	for _, s := range []struct {
		letters int
		size    string
	}{{68, "\\small"}, {74, "\\footnotesize"}, {80, "\\scriptsize"}, {87, "\\tiny"}} {
		if l.letters > s.letters {
			size = s.size
		}
	}
	fmt.Fprintf(b, "{%s\\setlength{\\tabcolsep}{0.5em}\n\\begin{longtable}{%s}\n%s\\\\\n\\toprule\n%s\\midrule\n\\endfirsthead\n", size, l.preamble, caption(t, label), l.head)
	fmt.Fprintf(b, "\\toprule\n%s\\midrule\n\\endhead\n", l.head)
	fmt.Fprintf(b, "\\midrule\n\\multicolumn{%d}{r@{}}{\\emph{continued on the next page}}\\\\\n\\endfoot\n\\bottomrule\n\\endlastfoot\n", l.columns)
	b.WriteString(strings.Join(l.rows, ""))
	b.WriteString("\\end{longtable}\n")
	notes(b, l.notes)
	b.WriteString("}\n")
}

// caption is title and caption; lists of tables show the title alone.
func caption(t Table, label string) string {
	title := texText(strings.TrimSuffix(t.Title, "."))
	text := "\\textbf{" + title + ".}"
	if t.Caption != "" {
		text += " " + texText(t.Caption)
	}
	if t.anyMarks() {
		text += " Best values are bold."
	}
	return fmt.Sprintf("\\caption[{%s}]{%s}\\label{%s}", title, text, texLabel(label))
}

func notes(b *bytes.Buffer, list []string) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\\par\\smallskip\n\\noindent\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n")
	for _, n := range list {
		b.WriteString(texText(n) + "\\par\n")
	}
	b.WriteString("\\end{minipage}\n")
}

// laidOut is a table as LaTeX's columns, of which a column of numbers with different
// numbers of digits after the point takes two: what stands before the point and what
// stands after it.
type laidOut struct {
	preamble string
	columns  int
	head     string
	rows     []string
	notes    []string
	letters  int // across a row; columns are two apart
	lines    int // of rows, and gaps between them
}

func layOut(t Table) laidOut {
	l := layOutIn(t, 40)
	for _, narrower := range []int{28, 20, 14} { // a longtable is not scaled down
		if l.lines > mostLines && (narrower == 28 || l.letters > mostLetters) {
			l = layOutIn(t, narrower)
		}
	}
	return l
}

// layOutIn breaks texts into lines of so many letters.
func layOutIn(t Table, textWidth int) laidOut {
	var l laidOut
	shown, hidden := t.shown()
	split := map[int]bool{}
	var heads []string
	for _, c := range shown {
		col := t.Columns[c]
		align := "r"
		if col.Align == Left {
			align = "l"
		}
		head := headLines(col)
		widest := 0
		for _, line := range head {
			widest = max(widest, utf8.RuneCountInString(line))
		}
		for _, row := range t.Rows {
			for _, line := range texLines(row[c], col, textWidth) {
				widest = max(widest, utf8.RuneCountInString(line))
			}
		}
		l.letters += widest + 2
		text := stacked(head, align, "b")
		if split[c] = differentDecimals(t, c); split[c] {
			l.preamble += "r@{}l"
			l.columns += 2
			text = "\\multicolumn{2}{r}{" + text + "}"
		} else {
			l.preamble += align
			l.columns++
		}
		heads = append(heads, text)
	}
	l.head = strings.Join(heads, " & ") + " \\\\\n"
	for r, row := range t.Rows {
		tallest := 1
		for _, c := range shown {
			tallest = max(tallest, len(texLines(row[c], t.Columns[c], textWidth)))
		}
		l.lines += tallest
		cells := prose.Texts(shown, func(c int) string { return texCell(row[c], t.Columns[c], textWidth, split[c]) })
		text := strings.Join(cells, " & ") + " \\\\\n"
		if t.Keys > 1 && r > 0 && !t.sameGroup(r-1, r) {
			text = "\\addlinespace\n" + text
			l.lines++
		}
		l.rows = append(l.rows, text)
	}
	l.notes = t.Notes
	if len(hidden) > 0 {
		l.notes = append([]string{"None: " + strings.Join(hidden, ", ") + "."}, l.notes...)
	}
	return l
}

// differentDecimals tells whether a column holds numbers, or has none, and these differ
// in how many digits they have after the point.
func differentDecimals(t Table, c int) bool {
	first, differ := -1, false
	for _, row := range t.Rows {
		x := row[c]
		if !x.HasValue() {
			continue
		}
		if !x.plain() || t.Columns[c].Align == Left {
			return false
		}
		_, decimals, _ := strings.Cut(x.String(), ".")
		differ = differ || (first >= 0 && len(decimals) != first)
		first = len(decimals)
	}
	return differ
}

// texLines are the lines of a cell: texts longer than most have several.
func texLines(x Cell, col Column, most int) []string {
	text := prose.Clean(x.String())
	if col.Align == Right {
		return []string{text}
	}
	return Break(text, most)
}

func texCell(x Cell, col Column, most int, split bool) string {
	lines := texLines(x, col, most)
	if x.plain() {
		lines[0] = strings.Replace(lines[0], "-", "−", 1) // a minus, not a hyphen
	}
	bold := func(text string) string {
		if x.Best && text != "" {
			return "\\textbf{" + text + "}"
		}
		return text
	}
	switch {
	case split && !x.plain():
		return "\\multicolumn{2}{r}{" + texText(lines[0]) + "}"
	case split:
		whole, decimals, point := strings.Cut(lines[0], ".")
		if point {
			decimals = "." + decimals
		}
		return bold(texText(whole)) + " & " + bold(texText(decimals))
	}
	return bold(stacked(lines, "l", "t"))
}

// stacked is a cell of one line or more, of which the first or the last stands on the
// line of the row.
func stacked(lines []string, align, on string) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, " "))
		texts[i] = strings.Repeat("~", indent) + texText(l[indent:])
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return fmt.Sprintf("\\begin{tabular}[%s]{@{}%s@{}}%s\\end{tabular}", on, align, strings.Join(texts, "\\\\"))
}
