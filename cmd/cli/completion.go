package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// completionFlag, as the last word, asks for completions of the words before it
// instead of running them. The scripts below use it.
const completionFlag = "--generate-bash-completion"

func completionCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that teaches a shell to complete commands, flags and names",
		ArgsUsage: "bash|zsh|fish",
		Description: "  bash: source <(rearrange completion bash)\n" +
			"  zsh:  source <(rearrange completion zsh)\n" +
			"  fish: rearrange completion fish | source",
		Action: action(s, 1, 1, func(c *cli.Context, s program) error {
			script, ok := completionScripts[c.Args().First()]
			if !ok {
				return usage("unknown shell %q; known are bash, zsh, fish", c.Args().First())
			}
			_, err := fmt.Fprint(s.out, script)
			return err
		}),
	}
}

var completionScripts = map[string]string{
	"bash": `_rearrange() {
  local words
  words=$("${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:COMP_CWORD}" ` + completionFlag + ` 2>/dev/null)
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _rearrange rearrange
`,
	"zsh": `#compdef rearrange
_rearrange() {
  local -a found
  found=("${(@f)$("${words[1]}" "${(@)words[2,CURRENT]}" ` + completionFlag + ` 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
}
compdef _rearrange rearrange
`,
	"fish": `complete -c rearrange -a '(set -l w (commandline -opc); $w[1] $w[2..-1] (commandline -ct) ` + completionFlag + ` 2>/dev/null)'
`,
}

// completions lists what may stand in place of the last word. Nothing means that a
// file name is expected.
func completions(catalogue *spec.Catalogue, app *cli.App, words []string) []string {
	last, before := "", []string(nil)
	if n := len(words); n > 0 {
		last, before = words[n-1], words[:n-1]
	}
	if len(before) == 0 {
		return starting(append(commandNames(app.Commands), "--help", "--version"), last)
	}
	cmd := app.Command(before[0])
	if cmd == nil {
		return nil
	}
	// Shells may take a word apart at the equals sign: --cost = r.
	if last == "=" {
		before, last = append(before, "="), ""
	}
	if n := len(before); n > 1 && before[n-1] == "=" {
		before = before[:n-1]
	}
	if name, value, ok := strings.Cut(last, "="); ok && strings.HasPrefix(name, "-") {
		return prose.Texts(starting(flagValues(catalogue, cmd, name), value), func(v string) string { return name + "=" + v })
	}
	if prev := before[len(before)-1]; strings.HasPrefix(prev, "-") && takesValue(cmd, prev) {
		return starting(flagValues(catalogue, cmd, prev), last)
	}
	if strings.HasPrefix(last, "-") {
		return starting(flagNames(cmd.Flags), last)
	}
	return starting(argumentValues(catalogue, app, cmd, before), last)
}

func commandNames(commands []*cli.Command) []string {
	return prose.Texts(commands, func(c *cli.Command) string { return c.Name })
}

// flagNames are the long names of flags, with that of help.
func flagNames(flags []cli.Flag) []string {
	return append(prose.Texts(flags, func(f cli.Flag) string { return "--" + f.Names()[0] }), "--help")
}

func flagValues(catalogue *spec.Catalogue, cmd *cli.Command, flag string) []string {
	for _, f := range cmd.Flags {
		if !slices.Contains(f.Names(), strings.TrimLeft(flag, "-")) {
			continue
		}
		switch f.Names()[0] {
		case "algorithm":
			return namesOf(catalogue, paths.Kind)
		case "target":
			return namesOf(catalogue, targets.Kind)
		case "lanes":
			return laneKinds
		case "scheduler", "schedule":
			return namesOf(catalogue, schedules.Kind)
		case "model":
			return namesOf(catalogue, concurrency.Kind)
		case "duration":
			return namesOf(catalogue, durations.Kind)
		case "cost":
			return namesOf(catalogue, costs.Kind)
		case "on":
			return namesOf(catalogue, drivers.Kind)
		case "executor":
			return namesOf(catalogue, execution.Kind)
		case "approve":
			return approvals
		case "rule", "also":
			return namesOf(catalogue, rules.Kind)
		case "format":
			return append(namesOf(catalogue, tables.FormatKind), plots.Formats()...)
		case "size":
			return plots.Sizes()
		case "color":
			return []string{"auto", "always", "never"}
		}
	}
	return nil
}

func argumentValues(catalogue *spec.Catalogue, app *cli.App, cmd *cli.Command, before []string) []string {
	switch {
	case cmd.Name == "table" && len(before) == 1:
		return namesOf(catalogue, tables.Kind)
	case cmd.Name == "plot" && len(before) == 1:
		return namesOf(catalogue, plots.Kind)
	case cmd.Name == "generate" && len(before) == 1:
		return namesOf(catalogue, generators.Kind)
	case cmd.Name == "import" && len(before) == 1:
		return namesOf(catalogue, formats.ImporterKind)
	case cmd.Name == "export" && len(before) == 1:
		return namesOf(catalogue, formats.ExporterKind)
	case cmd.Name == "import-plan" && len(before) == 1:
		return namesOf(catalogue, formats.PlanKind)
	case cmd.Name == "import-target" && len(before) == 1:
		return namesOf(catalogue, formats.TargetKind)
	case cmd.Name == "target" && len(before) == 1:
		return namesOf(catalogue, targets.Kind)
	case cmd.Name == "help" && len(before) == 1:
		return commandNames(app.Commands)
	case cmd.Name == "completion" && len(before) == 1:
		return []string{"bash", "zsh", "fish"}
	case cmd.Name == "list" && len(before) == 1:
		return kindsOf(catalogue)
	case cmd.Name == "list" && len(before) == 2:
		for _, k := range catalogue.Kinds() {
			if k.Plural == before[1] {
				return namesOf(catalogue, k.Name)
			}
		}
	}
	return nil
}

// kindsOf are the names of all kinds.
func kindsOf(catalogue *spec.Catalogue) []string {
	return prose.Texts(catalogue.Kinds(), func(k spec.Kind) string { return k.Plural })
}

// namesOf are the names of everything of a kind.
func namesOf(catalogue *spec.Catalogue, kind string) []string {
	return prose.Texts(catalogue.Descriptors(kind), func(d spec.Descriptor) string { return d.Name })
}

func starting(words []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, prefix) })
}

// takesValue tells whether the word after this flag belongs to it.
func takesValue(cmd *cli.Command, word string) bool {
	f := findFlag(cmd.Flags, word)
	_, isBool := f.(*cli.BoolFlag)
	return f != nil && !isBool && !strings.Contains(word, "=")
}
