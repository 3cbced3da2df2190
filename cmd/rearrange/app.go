package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
)

// version is the program's version; the commit it was built from goes with it.
const version = "0.1.0"

// The exit codes, as the README lists them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitBadInput    = 2
	exitInfeasible  = 3
	exitLimit       = 4
	exitInvalidPlan = 5
	exitInterrupted = 130
)

type streams struct {
	in       io.Reader
	out, err io.Writer
}

// exitError carries an exit code. Without an error inside, everything was said
// already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// badInput marks an error as the caller's: bad usage or bad input.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitBadInput, err}
}

func usage(format string, args ...any) error { return badInput(fmt.Errorf(format, args...)) }

// said ends a command with an exit code when all there is to say has been said.
func said(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, s streams) int {
	app := newApp(s)
	if n := len(args); n > 0 && args[n-1] == completionFlag {
		for _, word := range completions(app, args[1:n-1]) {
			fmt.Fprintln(s.out, word)
		}
		return exitOK
	}
	err := app.RunContext(ctx, flagsFirst(app, args))
	if err == nil {
		return exitOK
	}
	code := exitFailure
	var exit *exitError
	switch {
	case errors.As(err, &exit):
		code = exit.code
	case errors.Is(err, context.Canceled):
		code = exitInterrupted
	}
	if msg := strings.TrimSpace(err.Error()); msg != "" {
		fmt.Fprintln(s.err, "rearrange: "+msg)
	}
	return code
}

func newApp(s streams) *cli.App {
	app := &cli.App{
		Name:  "rearrange",
		Usage: "find, compare and prove migration paths for the VMs of a cloud",
		Description: "A FAMILY, ALGORITHM, COST or RULE is a name, or a name with arguments, such as\n" +
			"astar(heuristic=misplaced); `rearrange list` shows them all. Quote parentheses\n" +
			"for the shell. Files ending in .gz and .zst are compressed, - is stdin or stdout.\n\n" +
			"Exit codes: 0 done, 1 unexpected failure, 2 bad usage or bad input, 3 proved\n" +
			"infeasible, 4 limit reached without a plan, 5 plan invalid, 130 interrupted.",
		Reader: s.in, Writer: s.out, ErrWriter: s.err,
		HideVersion:               true, // the package's own version flag is global state
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true},
		},
		Commands: []*cli.Command{
			generateCommand(s),
			importCommand(s),
			solveCommand(s),
			validateCommand(s),
			showCommand(s),
			runCommand(s),
			reportCommand(s),
			listCommand(s),
			completionCommand(s),
		},
	}
	app.Action = func(c *cli.Context) error {
		switch {
		case c.Bool("version"):
			fmt.Fprintf(s.out, "rearrange %s (%s, %s, %s/%s)\n", version, experiments.Revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		case c.Args().Present():
			var names []string
			for _, cmd := range c.App.VisibleCommands() {
				names = append(names, cmd.Name)
			}
			return usage("unknown command %q%s", c.Args().First(), spec.DidYouMean(c.Args().First(), names, "known are"))
		}
		return cli.ShowAppHelp(c)
	}
	onUsage := func(_ *cli.Context, err error, _ bool) error { return badInput(err) }
	app.OnUsageError = onUsage
	for _, c := range app.Commands {
		c.OnUsageError = onUsage
	}
	return app
}

// flagsFirst moves the flags of a command before its arguments: the cli package stops
// reading flags at the first argument. What follows `--` stays an argument.
func flagsFirst(app *cli.App, args []string) []string {
	at := 1
	for at < len(args) && strings.HasPrefix(args[at], "-") {
		at++
	}
	if at >= len(args) {
		return args
	}
	cmd := app.Command(args[at])
	if cmd == nil {
		return args
	}
	var flags, rest []string
	words := args[at+1:]
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--":
			rest = append(rest, words[i+1:]...)
			i = len(words)
		case len(w) > 1 && w[0] == '-':
			flags = append(flags, w)
			if takesValue(cmd, w) && i+1 < len(words) {
				i++
				flags = append(flags, words[i])
			}
		default:
			rest = append(rest, w)
		}
	}
	out := append(append([]string{}, args[:at+1]...), flags...)
	if len(rest) > 0 {
		out = append(append(out, "--"), rest...)
	}
	return out
}

// takesValue tells whether the word after this flag belongs to it.
func takesValue(cmd *cli.Command, word string) bool {
	name := strings.TrimLeft(word, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range cmd.Flags {
		for _, n := range f.Names() {
			if n == name {
				_, isBool := f.(*cli.BoolFlag)
				return !isBool
			}
		}
	}
	return false
}

// checkOutput refuses, before the work begins, a file that cannot be written after it.
func checkOutput(path string) error {
	if path == "" || path == "-" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usage("%s is a folder, expected the name of a file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return usage("cannot write %s: there is no folder %s", path, filepath.Dir(path))
	}
	return nil
}

// arguments checks the number of a command's arguments.
func arguments(c *cli.Context, least, most int) error {
	switch n := c.NArg(); {
	case n < least:
		return usage("%s needs %s; see `rearrange %s --help`", c.Command.Name, c.Command.ArgsUsage, c.Command.Name)
	case most >= 0 && n > most:
		return usage("%s takes %s, found %q too many", c.Command.Name, c.Command.ArgsUsage, c.Args().Get(most))
	}
	return nil
}

// parseSpec reads a spec given on the command line.
func parseSpec(what, text string) (spec.Spec, error) {
	s, err := spec.Parse(text)
	if err != nil {
		return s, usage("%s: %w", what, err)
	}
	return s, nil
}
