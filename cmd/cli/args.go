package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// flagsFirst moves the flags of a command before its arguments, because the cli package
// stops reading flags at the first argument, and checks them, because its messages do
// not say what was expected. What follows `--` stays an argument.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	at := 1
	for at < len(args) && isFlag(args[at]) {
		if findFlag(app.Flags, args[at]) == nil && !asksHelp(args[at]) {
			return nil, unknownFlag(args[at], app.Name, app.Flags)
		}
		at++
	}
	if at >= len(args) {
		return args, nil
	}
	cmd := app.Command(args[at])
	if cmd == nil {
		return args, nil // what the command should have been is said by the app
	}
	var flags, rest []string
	words := args[at+1:]
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if word == "--" {
			rest = append(rest, words...)
			break
		}
		if !isFlag(word) {
			rest = append(rest, word)
			continue
		}
		if asksHelp(word) {
			return []string{args[0], cmd.Name, "--help"}, nil
		}
		flag := findFlag(cmd.Flags, word)
		if flag == nil {
			return nil, unknownFlag(word, cmd.Name, cmd.Flags)
		}
		name, value, given := strings.Cut(word, "=")
		if _, isBool := flag.(*cli.BoolFlag); !isBool && !given {
			if len(words) == 0 {
				return nil, usage("%s of %s needs a value", name, cmd.Name)
			}
			value, words = words[0], words[1:]
		}
		if err := checkFlag(flag, name, value, given); err != nil {
			return nil, err
		}
		if _, isBool := flag.(*cli.BoolFlag); isBool {
			flags = append(flags, word)
		} else {
			flags = append(flags, name+"="+value)
		}
	}
	out := append(slices.Clone(args[:at+1]), flags...)
	if len(rest) > 0 {
		out = append(append(out, "--"), rest...)
	}
	return out, nil
}

func isFlag(word string) bool { return len(word) > 1 && word[0] == '-' && word != "--" }

func asksHelp(word string) bool {
	return slices.Contains([]string{"-h", "--help", "-help", "--h"}, word)
}

// findFlag finds the flag that a word such as -o, --output or --output=x names; nil if
// there is none.
func findFlag(flags []cli.Flag, word string) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-"), "=")
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func unknownFlag(word, of string, flags []cli.Flag) error {
	word, _, _ = strings.Cut(word, "=")
	return usage("unknown flag %s of %s%s", word, of, spec.DidYouMean(word, flagNames(flags), "known are"))
}

// checkFlag says what a flag expects where its value is something else.
func checkFlag(flag cli.Flag, name, value string, given bool) error {
	var expected string
	var ok bool
	switch flag.(type) {
	case *cli.BoolFlag:
		_, err := strconv.ParseBool(value)
		expected, ok = "no value", !given || err == nil
	case *cli.DurationFlag:
		d, err := time.ParseDuration(value)
		expected, ok = "a duration such as 30s or 5m, or 0", err == nil && d >= 0
	case *cli.IntFlag, *cli.Int64Flag:
		n, err := strconv.ParseInt(value, 10, 64)
		_, isInt := flag.(*cli.IntFlag)
		expected, ok = "an integer of at least 0", err == nil && n >= 0 && (!isInt || n <= math.MaxInt)
	case *cli.Uint64Flag:
		_, err := strconv.ParseUint(value, 10, 64)
		expected, ok = "an integer of at least 0", err == nil
	default:
		return nil
	}
	if !ok {
		return usage("%s: expected %s, found %q", name, expected, value)
	}
	return nil
}

// action is what a command does that takes so many arguments; most is -1 for any number.
func action(s program, least, most int, do func(*cli.Context, program) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := arguments(c, least, most); err != nil {
			return err
		}
		return do(c, s)
	}
}

// arguments checks the number of a command's arguments.
func arguments(c *cli.Context, least, most int) error {
	switch n := c.NArg(); {
	case n < least:
		return usage("%s needs %s; see `rearrange %s --help`", c.Command.Name, c.Command.ArgsUsage, c.Command.Name)
	case most >= 0 && n > most:
		if c.Command.ArgsUsage == "" {
			return usage("%s takes no arguments, found %q", c.Command.Name, c.Args().First())
		}
		return usage("unexpected argument %q: %s takes %s", c.Args().Get(most), c.Command.Name, c.Command.ArgsUsage)
	}
	return nil
}

// parseSpec reads a spec given on the command line; what says where.
func (p program) parseSpec(what, text, kind string) (spec.Spec, error) {
	s, err := spec.Parse(text)
	if err == nil {
		_, err = p.catalogue.Resolve(kind, s)
	}
	if err != nil {
		return s, usage("%s: %w", what, err)
	}
	return s, nil
}

// firstSpec reads the spec that is a command's first argument. Where that names a file and
// a later one is such a spec, their order is what is wrong.
func (p program) firstSpec(c *cli.Context, what, kind string) (spec.Spec, error) {
	first := c.Args().First()
	s, err := p.parseSpec(what, first, kind)
	if _, missing := os.Stat(first); err == nil || missing != nil {
		return s, err
	}
	for _, later := range c.Args().Tail() {
		if _, e := p.parseSpec(what, later, kind); e == nil {
			return s, swapped(c, first, "a file", later, spec.WithArticle(p.catalogue.Noun(kind)))
		}
	}
	return s, err
}

// swapped says that two arguments have changed places.
func swapped(c *cli.Context, first, is, second, isToo string) error {
	return usage("the arguments seem swapped: %s takes %s, found %s, which is %s, before %s, which is %s",
		c.Command.Name, c.Command.ArgsUsage, first, is, second, isToo)
}

// orSwapped explains why an instance cannot be read by a plan in its place, if there is an
// instance in the place of the plan.
func orSwapped(c *cli.Context, s program, err error, instance, plan string) error {
	var e *cloud.DocumentError
	if plan == "" || plan == fileio.Stdio || !errors.As(err, &e) || e.Pointer != "/format" || !strings.Contains(e.Msg, cloud.PlanFormat) {
		return err
	}
	if _, other := readInstance(s, plan); other == nil {
		return swapped(c, instance, "a plan", plan, "an instance")
	}
	return err
}

func unknownCommand(app *cli.App, name string) error {
	return usage("unknown command %q%s", name, spec.DidYouMean(name, commandNames(app.VisibleCommands()), "known are"))
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

// bare is an error without the path that it names.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// unwritable says in words of our own that a folder cannot be written to.
func unwritable(dir string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		where := dir
		if filepath.Clean(e.Path) != filepath.Clean(dir) {
			where += ": " + e.Path
		}
		err = fmt.Errorf("cannot write to %s: %w", where, e.Err)
	}
	return badInput(err)
}
