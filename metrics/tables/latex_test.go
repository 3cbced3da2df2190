package tables

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// compile has pdflatex make a PDF, and returns what it logged. A tool that is not there
// skips the test.
func compile(t *testing.T, document string) string {
	t.Helper()
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("pdflatex is not installed (Debian: apt-get install texlive-latex-recommended lmodern)")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.tex"), []byte(document), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, references and the widths of long tables are known
		c := exec.CommandContext(t.Context(), "pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "t.tex")
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("pdflatex: %v\n%s", err, out)
		}
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "t.pdf"))
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("no PDF was made: %v", err)
	}
	log, err := os.ReadFile(filepath.Join(dir, "t.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}

// document is one that \inputs tables, as a paper does.
func document(t *testing.T, fonts string, list ...Table) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "\\documentclass[a4paper]{article}\n%s\n\\usepackage{%s}\n\\begin{document}\n\\listoftables\n", fonts, packages)
	for _, x := range list {
		if err := LaTeX(&b, x, Paper{}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\nTable~\\ref{%s}.\\clearpage\n", texLabel("tab:"+x.Name))
	}
	return b.String() + "\\end{document}\n"
}

const (
	oldFonts = ""
	newFonts = "\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}"
)

// troubles are lines of a log that say that something is cut, or misses.
var troubles = regexp.MustCompile(`(?m)^(Overfull \\hbox.*|Missing character.*|LaTeX Warning: .*(undefined|multiply|Float too large).*)$`)

// Every table there is compiles, of typical records and of none, and nothing sticks out.
func TestLaTeXOfEveryTableCompiles(t *testing.T) {
	var list []Table
	for _, records := range []string{"typical", "none"} {
		s := summary.Of(recordsFor(records), summary.WithCatalogue(testCatalogue()))
		for _, d := range testCatalogue().Descriptors(Kind) {
			x := build(t, d.Name, s)
			x.Name += "-" + records
			list = append(list, x)
		}
	}
	list = append(list, made(t, "quality(group=hosts)", summary.Of(grouping(), summary.WithCatalogue(testCatalogue()))), made(t, "class-plans(group=hosts)", summary.Of(grouping(), summary.WithCatalogue(testCatalogue()))))
	list[len(list)-2].Name += "-grouped"
	list[len(list)-1].Name += "-grouped"
	for _, fonts := range []string{oldFonts, newFonts} {
		if bad := troubles.FindAllString(compile(t, document(t, fonts, list...)), -1); bad != nil {
			t.Errorf("with %q:\n%s", fonts, strings.Join(bad, "\n"))
		}
	}
}

// A table as a whole document needs nothing added.
func TestLaTeXDocumentCompilesByItself(t *testing.T) {
	r, _, err := spec.Build[Renderer](testCatalogue(), FormatKind, spec.MustParse("latex(document=yes, label=\"tab:my label_1\")"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r(&b, build(t, "quality", summary.Of(records(), summary.WithCatalogue(testCatalogue())))); err != nil {
		t.Fatal(err)
	}
	compile(t, b.String())
}

// What names of files and algorithms may hold is text, and compiles: each character of
// the first 10,000, and those that LaTeX reads as commands beside others.
func TestLaTeXOfHostileTextCompiles(t *testing.T) {
	x := Table{
		Name: "h_o%s#t", Title: `50% of $x_1$ & {braces} ~^\`, Caption: `\input{/etc/passwd} \end{document} %`,
		Columns: []Column{{Name: "a_b & c", Unit: "%", Align: Left}, {Name: `\n`, Unit: "#"}},
		Notes:   []string{`[x] \write18{id} ~ ^^M ?` + "` !` -- --- ''"},
	}
	for _, text := range []string{`[1ex] \\`, `*`, "[", "a|b`<\x1b>\"", `x\`, "^^41", "日本語 α β", strings.Repeat(`very_long(spec=%, `, 8)} {
		x.Rows = append(x.Rows, []Cell{Text(text), Text(text)})
	}
	for at := rune(0); at < 10_000; at += 50 {
		line := ""
		for r := at; r < at+50; r++ {
			if unicode.IsGraphic(r) {
				line += string(r)
			}
		}
		x.Rows = append(x.Rows, []Cell{Text(line), Count(int(at))})
	}
	short := x
	short.Rows = x.Rows[:12]
	for _, fonts := range []string{oldFonts, newFonts} {
		log := compile(t, document(t, fonts, x, short))
		if bad := regexp.MustCompile(`(?m)^Missing character.*$`).FindAllString(log, -1); bad != nil {
			t.Errorf("with %q:\n%s", fonts, strings.Join(bad, "\n"))
		}
	}
}
