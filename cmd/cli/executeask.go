package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// approvals are the values of --approve.
var approvals = []string{"each", "batch", "none"}

// approval asks people before steps begin.
type approval struct {
	ctx   context.Context // ends with an interrupt
	w     io.Writer
	lines <-chan string
	each  bool
	all   bool   // nothing more is asked
	quit  func() // ends the execution at once
}

// approval is what --approve asks for; nil for nothing.
func (j *job) approval(simulated bool) (*approval, error) {
	mode := j.c.String("approve")
	if mode == "" {
		mode = "batch"
		if simulated {
			mode = "none"
		}
	}
	if mode == "none" {
		return nil, nil
	}
	if err := checkApproval(j.c, mode); err != nil {
		return nil, err
	}
	if f, isFile := j.program.in.(*os.File); !isFile || !term.IsTerminal(int(f.Fd())) {
		return nil, usage("--approve %s asks on the terminal, and standard input is none: --approve none begins steps without asking", mode)
	}
	return &approval{ctx: j.c.Context, w: j.err, lines: linesOf(j.program.in), each: mode == "each"}, nil
}

// checkApproval finds fault with a value of --approve; "" is none.
func checkApproval(c *cli.Context, mode string) error {
	switch {
	case mode == "" || mode == "none":
	case !slices.Contains(approvals, mode):
		return usage("--approve: unknown %q%s", mode, spec.DidYouMean(mode, approvals, "known are"))
	case c.Args().Get(0) == fileio.Stdio || c.Args().Get(1) == fileio.Stdio:
		return usage("--approve %s asks on standard input, so INSTANCE and PLAN have to be files", mode)
	}
	return nil
}

// linesOf reads lines for as long as somebody asks for them.
func linesOf(r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for scan := bufio.NewScanner(r); scan.Scan(); {
			out <- scan.Text()
		}
	}()
	return out
}

// approve implements the question of [execution.Options].
func (a *approval) approve(together []drivers.Request) bool {
	if a.all {
		return true
	}
	if !a.each {
		for _, q := range together {
			fmt.Fprintln(a.w, "  "+inWords(q))
		}
		return a.ask("begin " + prose.Count(len(together), "step"))
	}
	for _, q := range together {
		if !a.ask("begin " + inWords(q)) {
			return false
		}
	}
	return true
}

// inWords is a request in words.
func inWords(q drivers.Request) string {
	return nameInList(q.VM) + ": " + (&story{}).way(q)
}

// ask asks one question. The end of the input and an interrupt are a no.
func (a *approval) ask(what string) bool {
	for !a.all {
		fmt.Fprintf(a.w, "%s? [y]es, [n]o more, [q]uit at once, [a]ll: ", what)
		select {
		case <-a.ctx.Done():
			fmt.Fprintln(a.w)
			return false
		case line, more := <-a.lines:
			switch strings.ToLower(strings.TrimSpace(line)) {
			case "y", "yes":
				return true
			case "a", "all":
				a.all = true
			case "n", "no":
				return false
			case "q", "quit":
				a.quit()
				return false
			}
			if !more {
				fmt.Fprintln(a.w)
				return false
			}
		}
	}
	return true
}
