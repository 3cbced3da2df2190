package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// helpCommand is `rearrange help COMMAND`, which is the same as COMMAND --help.
func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Aliases:   []string{"h"},
		Usage:     "show what there is to know of a command",
		ArgsUsage: "[COMMAND]",
		Action: action(program{}, 0, 1, func(c *cli.Context, _ program) error {
			name := c.Args().First()
			if name == "" {
				return cli.ShowAppHelp(c)
			}
			if c.App.Command(name) == nil {
				return unknownCommand(c.App, name)
			}
			// Run anew, because the context here is the one of help itself.
			return c.App.RunContext(c.Context, []string{c.App.Name, name, "--help"})
		}),
	}
}

// screen is how many columns help and lists take.
const screen = 80

// writeHelp writes the help of the app and its commands in place of the cli package's,
// whose lines are as long as they come.
func writeHelp(app *cli.App) {
	var b strings.Builder
	section(&b, "NAME", app.Name+" - "+app.Usage)
	section(&b, "USAGE", app.UsageText)
	section(&b, "DESCRIPTION", app.Description)
	b.WriteString("COMMANDS:\n")
	wide := 0
	for _, c := range app.Commands {
		wide = max(wide, len(c.Name))
	}
	for _, c := range app.Commands {
		entry(&b, 3, wide, c.Name, c.Usage)
	}
	b.WriteString("\nFLAGS:\n" + flagHelp(app.Flags))
	app.CustomAppHelpTemplate = b.String()
	for _, c := range app.Commands {
		b.Reset()
		section(&b, "NAME", app.Name+" "+c.Name+" - "+c.Usage)
		text := app.Name + " " + c.Name
		if len(c.Flags) > 0 {
			text += " [flags]"
		}
		section(&b, "USAGE", strings.TrimSpace(text+" "+c.ArgsUsage))
		section(&b, "DESCRIPTION", c.Description)
		b.WriteString("FLAGS:\n" + flagHelp(append(c.Flags[:len(c.Flags):len(c.Flags)], cli.HelpFlag)))
		c.CustomHelpTemplate = b.String()
	}
}

// section writes a headline and a text under it. Lines of the text are joined and
// folded anew, but for empty ones and those that begin with a space.
func section(b *strings.Builder, head, text string) {
	if text == "" {
		return
	}
	b.WriteString(head + ":\n")
	var words []string
	flush := func() {
		if len(words) > 0 {
			fold(b, strings.Join(words, " "), 3)
		}
		words = nil
	}
	for line := range strings.Lines(text + "\n") {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == ' ' {
			flush()
			b.WriteString(strings.TrimRight("   "+line, " ") + "\n")
			continue
		}
		words = append(words, line)
	}
	flush()
	b.WriteString("\n")
}

// entry writes a name and, in a column behind it, what is said of it.
func entry(w io.Writer, indent, wide int, name, text string) {
	column := indent + wide + 2
	fmt.Fprintf(w, "%s%-*s  %s\n", strings.Repeat(" ", indent), wide, name, strings.TrimLeft(folded(text, column, screen), " "))
}

// flagHelp is a table of flags: names and placeholder, then what they are for.
func flagHelp(flags []cli.Flag) string {
	var b strings.Builder
	for _, f := range flags {
		placeholder, text := unquote(f.(cli.DocGenerationFlag).GetUsage())
		head := make([]string, 0, 2)
		for _, n := range f.Names() {
			if len(n) == 1 {
				head = append(head, "-"+n)
			} else {
				head = append(head, "--"+n)
			}
		}
		line := strings.Join(head, ", ")
		if placeholder != "" {
			line += " " + placeholder
		}
		if d := f.(cli.DocGenerationFlag).GetDefaultText(); d != "" && d != "false" && d != `"-"` && d != "0" {
			text += " (default: " + strings.Trim(d, `"`) + ")"
		}
		const column = 28
		fmt.Fprintf(&b, "   %-*s", column-3, line)
		if len(line) > column-4 {
			b.WriteString("\n" + strings.Repeat(" ", column))
		}
		b.WriteString(strings.TrimLeft(folded(text, column, screen), " ") + "\n")
	}
	return b.String()
}

// unquote takes the placeholder, which stands in back quotes, out of a flag's usage.
func unquote(text string) (placeholder, rest string) {
	before, after, ok := strings.Cut(text, "`")
	if !ok {
		return "", text
	}
	placeholder, after, _ = strings.Cut(after, "`")
	return placeholder, strings.TrimSpace(before + placeholder + after)
}

// fold prints a text at an indent, broken between words before the end of the screen.
func fold(w io.Writer, text string, indent int) { fmt.Fprintln(w, folded(text, indent, screen)) }

// folded is a text at an indent, broken between words so that no line is wider than
// so many columns, as far as words allow.
func folded(text string, indent, width int) string {
	margin := strings.Repeat(" ", indent)
	return margin + strings.Join(prose.Wrap(text, width-indent), "\n"+margin)
}
