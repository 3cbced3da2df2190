package tables

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/cloudrearrange/rearrange/cloud/spec"
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
	list := append(typical(t), Table{Name: "empty", Title: "Empty", Columns: []Column{{Name: "algorithm", Align: Left}, {Name: "n"}}})
	for i, text := range []string{"quality(group=hosts)", "class-plans(group=hosts)"} {
		x := made(t, text, of(grouping()))
		x.Name += fmt.Sprint("-grouped", i)
		list = append(list, x)
	}
	tall := Table{Name: "tall", Title: "Tall", Keys: 2, Columns: []Column{{Name: "instances", Align: Left}, {Name: "algorithm", Align: Left}}}
	for c := range 5 {
		tall.Columns = append(tall.Columns, Column{Name: fmt.Sprint("column", c)})
	}
	for r := range 20 { // each of several lines
		row := []Cell{Text(fmt.Sprintf("random(hosts=%d, vms=4096, utilisation=0.95, tries=200, target=shuffle, moved=1)", r)), Text("improve(base=greedy(order=largest), window=8)")}
		for range 5 {
			row = append(row, Fixed(1234.5, 3))
		}
		tall.Rows = append(tall.Rows, row)
	}
	list = append(list, tall)
	list = slices.DeleteFunc(list, func(x Table) bool { return x.Name == "runs" }) // of fifty columns
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
	if err := r(&b, made(t, "quality", of(records()))); err != nil {
		t.Fatal(err)
	}
	compile(t, b.String())
}

// A paper chooses columns, spans two columns of text, and has captions of its own.
func TestLaTeXForAPaper(t *testing.T) {
	x := made(t, "quality", of(records()))
	for options, want := range map[string][]string{
		"latex(document=yes, columns=[algorithm, \"gap mean\", cheapest])":             {"\\begin{table}", "greedy", "\\caption"},
		"latex(document=yes, wide=yes)":                                                {"\\begin{table*}", "\\end{table*}", "twocolumn"},
		"latex(document=yes, caption=no)":                                              {"\\begin{tabular}"},
		"latex(document=yes, caption=no, wide=yes, columns=[algorithm, \"gap mean\"])": {"\\begin{tabular}"},
	} {
		text := as(t, options, x)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %s:\n%s", options, w, text)
			}
		}
		if bare := strings.Contains(options, "caption=no"); bare && (strings.Contains(text, "caption") || strings.Contains(text, "{table")) {
			t.Errorf("%s has more than the tabular:\n%s", options, text)
		}
		if strings.Contains(options, "columns") && strings.Contains(text, "median") {
			t.Errorf("%s shows other columns:\n%s", options, text)
		}
		if bad := troubles.FindAllString(compile(t, text), -1); bad != nil && !strings.Contains(options, "caption=no)") { // which is not scaled
			t.Errorf("%s:\n%s", options, strings.Join(bad, "\n"))
		}
	}
	var b bytes.Buffer
	err := LaTeX(&b, x, Paper{Columns: []string{"cheapst"}})
	if want := `the table has no column "cheapst", did you mean "cheapest"?`; err == nil || err.Error() != want {
		t.Errorf("error %v, expected %s", err, want)
	}
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
