package tables

import (
	"bytes"
	"io"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func markdownFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "markdown",
		Synopsis: "a table in GitHub's dialect of Markdown, best values in bold",
		Citation: "https://github.github.com/gfm/#tables-extension-",
	}, New: func(spec.Args) (Renderer, error) { return Markdown, nil }}
}

// Markdown renders a table in GitHub's dialect of Markdown: title as a heading, caption, table with best values in
// bold, notes. Note: tablewriter's Markdown renderer leaves '|' in cells as it is, so this one is ours.
func Markdown(w io.Writer, t Table) error {
	var b bytes.Buffer
	b.WriteString("## " + Escape(t.Title) + "\n\n")
	if t.Caption != "" {
		b.WriteString(Escape(t.Caption) + "\n\n")
	}
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	if len(t.Rows) == 0 {
		b.WriteString("*No data.*\n")
	} else {
		line(prose.Texts(t.Columns, func(c Column) string { return Escape(c.inOneLine()) }))
		rule := prose.Texts(t.Columns, func(c Column) string { return []string{Right: "---:", Left: ":---"}[c.Align] })
		b.WriteString("|" + strings.Join(rule, "|") + "|\n")
	}
	for _, row := range t.Rows {
		line(prose.Texts(row, func(x Cell) string {
			if x.Best {
				return "**" + Escape(x.String()) + "**"
			}
			return Escape(x.String())
		}))
	}
	for i, n := range t.Notes {
		b.WriteString([]string{"\n- ", "- "}[min(i, 1)] + Escape(n) + "\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Escape makes a text mean itself in Markdown, also within a table.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range prose.Clean(s) {
		if strings.ContainsRune("\\`*_[]<>|#~&$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
