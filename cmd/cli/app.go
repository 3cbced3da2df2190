package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/prose"
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
	exitRegression  = 6
	exitInterrupted = 130
)

// program is what every command is given: the streams, and everything that is pluggable.
type program struct {
	catalogue *spec.Catalogue
	in        io.Reader
	out, err  io.Writer
	began     time.Time
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

// Main is the whole program but for the process around it: args are those of the process,
// its name first, and the result is its exit code. Commands know what stands in the
// catalogue, and nothing else; one that has faults is refused. The first SIGINT, SIGTERM or SIGHUP asks them to finish in
// good order, as the end of ctx does; the next one ends the process at once.
func Main(ctx context.Context, catalogue *spec.Catalogue, args []string, streams Streams) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop)
	if problems := catalogue.Problems(); len(problems) > 0 {
		fmt.Fprintf(streams.Err, "rearrange: the catalogue has faults:\n%v\n", errors.Join(problems...))
		return exitFailure
	}
	return run(ctx, args, program{catalogue: catalogue, in: streams.In, out: streams.Out, err: streams.Err})
}

// run is [Main] without signals. A result that could not be written is a failure, whatever
// the command made of it.
func run(ctx context.Context, args []string, s program) (code int) {
	out := &watched{Writer: s.out}
	s.out, s.err, s.began = out, prose.Writer{To: s.err}, time.Now()
	code, err := runCommandLine(ctx, args, s)
	if out.err != nil && !errors.Is(err, out.err) {
		err = errors.Join(err, out.err)
	}
	if out.err != nil {
		code = exitFailure
	}
	if err == nil {
		return code
	}
	if msg := strings.TrimSpace(err.Error()); msg != "" {
		fmt.Fprintln(s.err, "rearrange: "+msg)
	}
	return code
}

// runCommandLine runs a command. The error is what is still to be said.
func runCommandLine(ctx context.Context, args []string, s program) (code int, err error) {
	defer func() {
		if p := recover(); p != nil {
			// Go's own exit code for a panic, 2, is the one for bad input here.
			fmt.Fprintf(s.err, "rearrange: this should not have happened: panic: %v\n%s", p, debug.Stack())
			code = exitFailure
		}
	}()
	app := newApp(s)
	if n := len(args); n > 0 && args[n-1] == completionFlag {
		for _, word := range completions(s.catalogue, app, args[1:n-1]) {
			fmt.Fprintln(s.out, word)
		}
		return exitOK, nil
	}
	args, err = flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	var exit *exitError
	switch {
	case err == nil:
		return exitOK, nil
	case errors.As(err, &exit):
		return exit.code, err
	case errors.Is(err, context.Canceled):
		return exitInterrupted, err
	}
	return exitFailure, err
}

func newApp(s program) *cli.App {
	app := &cli.App{
		Name:      "rearrange",
		Usage:     "find, compare and prove migration paths for the VMs of a cloud",
		UsageText: "rearrange COMMAND [flags] ARGUMENTS\n\nrearrange COMMAND --help tells more of a command.",
		Description: "A FAMILY, ALGORITHM, STRATEGY, COST or RULE is a name, or a name with arguments, such as\n" +
			"\"astar(heuristic=misplaced)\"; `rearrange list` shows them all. Quote it for the\n" +
			"shell. Files that end in .gz, .zst or .xz are compressed, - is stdin or stdout.\n\n" +
			"Exit codes: 0 done, 1 unexpected failure, 2 bad usage or bad input, 3 proved\n" +
			"infeasible, 4 limit reached without a plan or target, or target not reached, 5 plan\n" +
			"invalid, 6 regression found, 130 interrupted.",
		Reader: s.in, Writer: s.out, ErrWriter: s.err,
		HideHelpCommand:           true, // ours has its own words
		HideVersion:               true, // the package's own version flag is global state
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true},
			cli.HelpFlag, // the package leaves it out where there is a command help
		},
		Commands: []*cli.Command{
			generateCommand(s),
			importCommand(s),
			exportCommand(s),
			targetCommand(s),
			frontierCommand(s),
			solveCommand(s),
			scheduleCommand(s),
			planCommand(s),
			executeCommand(s),
			validateCommand(s),
			importPlanCommand(s),
			importTargetCommand(s),
			showCommand(s),
			runCommand(s),
			reportCommand(s),
			tableCommand(s),
			plotCommand(s),
			compareCommand(s),
			bestCommand(s),
			bundleCommand(s),
			listCommand(s),
			completionCommand(s),
			helpCommand(),
		},
	}
	app.Action = func(c *cli.Context) error {
		switch {
		case c.Bool("version"):
			fmt.Fprintf(s.out, "rearrange %s (%s, %s, %s/%s)\n", version, experiments.Revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		case c.Args().Present():
			return unknownCommand(app, c.Args().First())
		}
		return cli.ShowAppHelp(c)
	}
	writeHelp(app)
	return app
}
