package tables

import (
	"bytes"
	"io"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func markdownFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "markdown",
		Synopsis: "a table in GitHub's dialect of Markdown, best values in bold",
		Citation: "https://github.github.com/gfm/#tables-extension-",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(spec.Args) (Renderer, error) { return Markdown, nil }}
}

// Markdown renders a table in GitHub's dialect of Markdown: title as a heading,
// caption, table with best values in bold, notes. Note: tablewriter's Markdown
// renderer leaves '|' in cells as it is, so this one is ours.
func Markdown(w io.Writer, t Table) error {
	var b bytes.Buffer
	b.WriteString("## " + Escape(t.Title) + "\n\n")
	if t.Caption != "" {
		b.WriteString(Escape(t.Caption) + "\n\n")
	}
	if len(t.Rows) == 0 {
		b.WriteString("*No data.*\n")
	} else {
		b.WriteString("|")
		for _, c := range t.Columns {
			name := Escape(c.Name)
			if c.Unit != "" {
				name += " (" + Escape(c.Unit) + ")"
			}
			b.WriteString(" " + name + " |")
		}
		b.WriteString("\n|")
		for _, c := range t.Columns {
			if c.Align == Right {
				b.WriteString("---:|")
			} else {
				b.WriteString(":---|")
			}
		}
		b.WriteString("\n")
		for _, row := range t.Rows {
			b.WriteString("|")
			for _, c := range row {
				text := Escape(c.String())
				if c.Best {
					text = "**" + text + "**"
				}
				b.WriteString(" " + text + " |")
			}
			b.WriteString("\n")
		}
	}
	for i, n := range t.Notes {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("- " + Escape(n) + "\n")
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
