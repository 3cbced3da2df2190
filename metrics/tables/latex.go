package tables

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func latexFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "latex",
		Synopsis: "a LaTeX table with booktabs, numbers aligned at their points, best values in bold",
		Doc: "The text is to be \\input, and begins with a comment that names the packages it needs, all in Debian's " +
			"texlive-latex-recommended. A table that is longer than a page is a longtable; any other is scaled down if it is wider than the " +
			"line. Optional columns of zeros are left out and named below.",
		Params: []spec.Param{
			{Name: "label", Type: spec.String, Doc: "what \\ref calls it; tab: and the table's name unless given"},
			{Name: "columns", Type: spec.String, List: true, Doc: "the columns to show, by their heads, in this order; all unless given"},
			{Name: "wide", Type: spec.Bool, Default: "no", Doc: "whether the table spans both columns of text: table*"},
			{Name: "caption", Type: spec.Bool, Default: "yes", Doc: "whether there is a caption, with notes; without one there is only the tabular"},
			{Name: "document", Type: spec.Bool, Default: "no", Doc: "whether to write a whole document, which compiles by itself"},
		},
		Citation: "S. Fear, Publication quality tables in LaTeX, https://ctan.org/pkg/booktabs",
	}, New: func(a spec.Args) (Renderer, error) {
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

// LaTeX renders a table for LaTeX, by the rules of booktabs: no vertical lines, and few horizontal ones.
func LaTeX(w io.Writer, t Table, o Paper) error {
	t, err := t.only(o.Columns)
	if err != nil {
		return err
	}
	var hidden string
	if t, hidden = t.withoutZeros(); hidden != "" {
		t.Notes = append([]string{"None: " + hidden + "."}, t.Notes...)
	}
	l := layOut(t, 40)
	for _, narrower := range []int{28, 20, 14} { // a longtable is not scaled down
		if l.lines > mostLines && (narrower == 28 || l.letters > mostLetters) {
			l = layOut(t, narrower)
		}
	}
	l.label = cmp.Or(o.Label, "tab:"+t.Name)
	var b bytes.Buffer
	environment, class := "table", ""
	if o.Wide {
		environment, class = "table*", "[twocolumn]"
	}
	if o.Document {
		const preamble = "\\documentclass%s{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n\\usepackage{%s}\n\\begin{document}\n"
		fmt.Fprintf(&b, preamble, class, packages)
	} else {
		fmt.Fprintf(&b, "%% needs \\usepackage{%s}\n", packages)
	}
	tabular := fmt.Sprintf("\\begin{tabular}{%s}\n\\toprule\n%s\\midrule\n%s\\bottomrule\n\\end{tabular}", l.preamble, l.head, l.body)
	switch {
	case o.Bare:
		b.WriteString(tabular + "\n")
	case l.lines > mostLines && !o.Wide: // a longtable cannot span two columns
		l.long(&b)
	default:
		fmt.Fprintf(&b, "\\begin{%s}[htbp]\n\\centering\n%s\\smallskip\n\n", environment, l.caption())
		if len(t.Rows) == 0 {
			b.WriteString("\\emph{No data.}\n")
		} else {
			b.WriteString("\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n" + tabular + "}\n")
		}
		fmt.Fprintf(&b, "%s\\end{%s}\n", l.notes(), environment)
	}
	if o.Document {
		b.WriteString("\\end{document}\n")
	}
	_, err = w.Write(b.Bytes())
	return err
}

// laidOut is a table in the words of LaTeX.
type laidOut struct {
	Table
	label, preamble, head, body string
	letters                     int // across a row; columns are two apart
	lines                       int // of rows, and gaps between them
}

// layOut breaks texts into lines of so many letters.
func layOut(t Table, textWidth int) laidOut {
	l := laidOut{Table: t}
	heads, decimals := make([]string, len(t.Columns)), make([]int, len(t.Columns))
	for c, col := range t.Columns {
		align := []string{Right: "r", Left: "l"}[col.Align]
		l.preamble += align
		lines := headLines(col)
		heads[c] = stacked(lines, align, "b")
		for _, row := range t.Rows {
			lines = append(lines, texLines(row[c], col, textWidth)...)
			if _, after, _ := strings.Cut(row[c].String(), "."); row[c].plain() && col.Align == Right {
				decimals[c] = max(decimals[c], len(after))
			}
		}
		l.letters += widest(lines) + 2
	}
	var body strings.Builder
	l.head = strings.Join(heads, " & ") + " \\\\\n"
	for r, row := range t.Rows {
		tallest := 1
		cells := make([]string, len(row))
		for c, x := range row {
			lines := texLines(x, t.Columns[c], textWidth)
			tallest = max(tallest, len(lines))
			cells[c] = texCell(x, lines, decimals[c])
		}
		l.lines += tallest
		if t.Keys > 1 && r > 0 && !t.sameGroup(r-1, r) {
			body.WriteString("\\addlinespace\n")
			l.lines++
		}
		body.WriteString(strings.Join(cells, " & ") + " \\\\\n")
	}
	l.body = body.String()
	return l
}

// long writes a table that goes on over pages. It cannot be scaled, so its letters are
// chosen by how many digits a line has to hold: \linewidth of the article class holds 69
// of Computer Modern at ten points, and 75, 81, 87 and 101 of the smaller sizes.
func (l laidOut) long(b *bytes.Buffer) {
	size := "\\normalsize"
	for i, letters := range []int{68, 74, 80, 87} {
		if l.letters > letters {
			size = []string{"\\small", "\\footnotesize", "\\scriptsize", "\\tiny"}[i]
		}
	}
	fmt.Fprintf(b, "{%s\\setlength{\\tabcolsep}{0.5em}\n\\begin{longtable}{%s}\n%s\\\\\n", size, l.preamble, l.caption())
	fmt.Fprintf(b, "\\toprule\n%[1]s\\midrule\n\\endfirsthead\n\\toprule\n%[1]s\\midrule\n\\endhead\n", l.head)
	fmt.Fprintf(b, "\\midrule\n\\multicolumn{%d}{r@{}}{\\emph{continued on the next page}}\\\\\n\\endfoot\n\\bottomrule\n\\endlastfoot\n", len(l.Columns))
	fmt.Fprintf(b, "%s\\end{longtable}\n%s}\n", l.body, l.notes())
}

// caption is title and caption; lists of tables show the title alone.
func (l laidOut) caption() string {
	title := texText(strings.TrimSuffix(l.Title, "."))
	text := "\\textbf{" + title + ".}"
	if l.Caption != "" {
		text += " " + texText(l.Caption)
	}
	if l.anyMarks() {
		text += " Best values are bold."
	}
	return fmt.Sprintf("\\caption[{%s}]{%s}\\label{%s}", title, text, texLabel(l.label))
}

func (l laidOut) notes() string {
	if len(l.Notes) == 0 {
		return ""
	}
	return "\\par\\smallskip\n\\noindent\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n" +
		strings.Join(prose.Texts(l.Notes, texText), "\\par\n") + "\\par\n\\end{minipage}\n"
}

// texLines are the lines of a cell: long texts have several.
func texLines(x Cell, col Column, most int) []string {
	text := prose.Clean(x.String())
	if col.Align == Right {
		return []string{text}
	}
	return prose.Break(text, most)
}

// texCell is a cell of one line or more. A number with fewer decimals than others of its column
// ends with room for them, so that points stand below each other.
func texCell(x Cell, lines []string, decimals int) string {
	room := ""
	if x.plain() {
		whole, after, _ := strings.Cut(strings.Replace(lines[0], "-", "−", 1), ".") // a minus, not a hyphen
		lines[0] = strings.TrimSuffix(whole+"."+after, ".")
		if missing := decimals - len(after); missing > 0 {
			room = "\\phantom{" + map[bool]string{true: "."}[after == ""] + strings.Repeat("0", missing) + "}"
		}
	}
	text := stacked(lines, "l", "t")
	if x.Best && text != "" {
		text = "\\textbf{" + text + "}"
	}
	return text + room
}

// stacked is a cell of one line or more, of which the first or the last stands on the line of the row.
func stacked(lines []string, align, on string) string {
	texts := prose.Texts(lines, func(l string) string {
		text := strings.TrimLeft(l, " ")
		return strings.Repeat("~", len(l)-len(text)) + texText(text)
	})
	if len(texts) == 1 {
		return texts[0]
	}
	return fmt.Sprintf("\\begin{tabular}[%s]{@{}%s@{}}%s\\end{tabular}", on, align, strings.Join(texts, "\\\\"))
}

// texText makes a text mean itself in LaTeX, in any encoding of fonts. A character that pdflatex does not know as it is
// installed shows its number, for an unknown one is an error.
func texText(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range prose.Clean(s) {
		switch command, special := texCommands[r]; {
		case special:
			b.WriteString(command)
		case (r == '-' && last == '-') || (r == '\'' && last == '\''):
			b.WriteString("{}" + string(r)) // no dash of two hyphens
		case r < 0x80 || strings.ContainsRune(texLetters, r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "{[}U+%04X{]}", r)
		}
		last = r
	}
	return b.String()
}

// texLetters are those beyond ASCII that LaTeX makes of what even its oldest fonts have.
const texLetters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ" +
	"ĀāĂăĆćĈĉĊċČčĎďĒēĔĕĖėĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŴŵŶŷŸŹźŻżŽž"

// texCommands are characters that LaTeX would take for its own, or does not have.
var texCommands = map[rune]string{
	'\\': "\\textbackslash{}", '{': "\\{", '}': "\\}", '$': "\\$", '&': "\\&", '#': "\\#", '%': "\\%", '_': "\\_",
	'^': "\\textasciicircum{}", '~': "\\textasciitilde{}", '<': "\\textless{}", '>': "\\textgreater{}", '|': "\\textbar{}",
	'"': "\\symbol{34}", '`': "\\textasciigrave{}", '\u00a0': "~",
	'[': "{[}", ']': "{]}", '*': "{*}", // behind \\ they would be its arguments
	'–': "--", '—': "---", '…': "\\dots{}", '’': "'", '‘': "`", '“': "``", '”': "''", '−': "$-$",
	'≥': "$\\geq$", '≤': "$\\leq$", '≠': "$\\neq$", '≈': "$\\approx$", '×': "$\\times$", '±': "$\\pm$", '·': "$\\cdot$", '→': "$\\to$",
	'∞': "$\\infty$", '√': "$\\surd$", '°': "$^\\circ$", '²': "$^2$", '³': "$^3$", 'µ': "$\\mu$", 'μ': "$\\mu$", 'α': "$\\alpha$", 'τ': "$\\tau$",
	'χ': "$\\chi$", '§': "\\S{}", '\uFFFD': "{[}?{]}",
}

// texLabel keeps of a label what \ref can take.
func texLabel(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && !strings.ContainsRune("\\{}$&#%_^~,", r) && r > ' ' {
			return r
		}
		return '-'
	}, s)
}
