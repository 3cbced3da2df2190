package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// plain is a cloud that is not known to be simulated. After so many requests it breaks down, once.
type plain struct {
	drivers.Driver
	requests, breaks int
	onBegin          func()
}

func (p *plain) Begin(ctx context.Context, r drivers.Request) error {
	if p.requests++; p.requests == p.breaks {
		return errors.New("connection lost")
	}
	if p.onBegin != nil {
		p.onBegin()
	}
	return p.Driver.Begin(ctx, r)
}

// executing runs commands against one cloud, which lives on from one command to the next.
type executing struct {
	t       *testing.T
	ctx     context.Context
	cloud   *plain
	program program
	out     bytes.Buffer
}

func newExecuting(t *testing.T) *executing {
	x := &executing{t: t, ctx: t.Context(), cloud: &plain{}}
	bind, _, err := spec.Build[drivers.Binder](catalogue.Standard(), drivers.Kind, spec.Named("simulation"))
	if err != nil {
		t.Fatal(err)
	}
	entry := spec.Entry[drivers.Binder]{
		Descriptor: spec.Descriptor{Name: "plain", Synopsis: "a cloud", Citation: "own work"},
		New: func(spec.Args) (drivers.Binder, error) {
			return func(s drivers.Setting) (drivers.Driver, error) {
				var err error
				if x.cloud.Driver == nil {
					x.cloud.Driver, err = bind(s)
				}
				return x.cloud, err
			}, nil
		},
	}
	x.program = program{catalogue: catalogue.Standard().With(drivers.Registry(entry)), in: strings.NewReader(""), out: &x.out, err: &x.out}
	t.Chdir(t.TempDir())
	x.run(0, "generate", "classic", "case=tricky", "-o", "tricky.json")
	x.run(0, "solve", "tricky.json", "-o", "plan.json")
	return x
}

// run runs a command and wants this exit code of it. It returns what the command prints.
func (x *executing) run(code int, args ...string) string {
	x.t.Helper()
	x.out.Reset()
	if got := run(x.ctx, append([]string{"rearrange"}, args...), x.program); got != code {
		x.t.Fatalf("%v: exit code %d, want %d\n%s", args, got, code, &x.out)
	}
	return x.out.String()
}

// on is the command that carries the plan out on the cloud.
func (x *executing) on(more ...string) []string {
	return append([]string{"execute", "tricky.json", "plan.json", "--on", "plain"}, more...)
}

func (x *executing) wants(text string, parts ...string) {
	x.t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			x.t.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}

func TestRealCloudsNeedAJournalAndAskBeforeStepsBegin(t *testing.T) {
	x := newExecuting(t)
	x.wants(x.run(exitBadInput, x.on()...), "--approve batch asks on the terminal")
	x.wants(x.run(exitBadInput, x.on("--approve", "none")...), "plain needs --journal FILE")
	if x.cloud.requests > 0 {
		t.Errorf("the cloud was asked for %d steps", x.cloud.requests)
	}
	if _, err := os.Stat(filepath.Join(".", "j")); err == nil {
		t.Error("a journal was made")
	}
}

func TestExecutionGoesOnWhereTheConnectionBroke(t *testing.T) {
	x := newExecuting(t)
	x.cloud.breaks = 3
	x.wants(x.run(exitFailure, x.on("--approve", "none", "--journal", "j")...),
		"connection lost", "the same command with --resume goes on from j")
	x.wants(x.run(exitOK, x.on("--approve", "none", "--journal", "j", "--resume")...),
		"lost", "target reached", "resumed     once")
	if x.cloud.requests != 7 {
		t.Errorf("6 steps and one more attempt took %d requests", x.cloud.requests)
	}
}

func TestInterruptLetsWhatIsUnderWayEnd(t *testing.T) {
	x := newExecuting(t)
	ctx, interrupt := context.WithCancel(t.Context())
	x.ctx = ctx
	x.cloud.onBegin = func() {
		if x.cloud.requests == 2 {
			interrupt()
		}
	}
	text := x.run(exitInterrupted, x.on("--approve", "none", "--journal", "j")...)
	x.wants(text, "stopped on demand", "the same command with --resume goes on from j")
	if begun, done := strings.Count(text, " begins "), strings.Count(text, " done  "); begun == 0 || begun > 3 || begun != done {
		t.Errorf("%d steps began, and %d ended:\n%s", begun, done, text)
	}
	x.ctx, x.cloud.onBegin = t.Context(), nil
	x.wants(x.run(exitOK, x.on("--approve", "none", "--journal", "j", "--resume")...), "target reached")
}
