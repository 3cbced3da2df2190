package rearrange_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// extension is the module in testdata, built with a replace directive as its author
// would.
type extension struct {
	t      *testing.T
	dir    string // of the module
	binary string
}

// The requirements are this module's own, so that nothing has to be fetched.
func newExtension(t *testing.T) *extension {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	e := &extension{t, filepath.Join(t.TempDir(), "extension"), filepath.Join(t.TempDir(), "extended")}
	if err := os.CopyFS(e.dir, os.DirFS("testdata/extension")); err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(ours), "\nrequire")
	mod := fmt.Sprintf("module example.org/extension\n\ngo 1.26.0\n\nrequire github.com/cloudrearrange/rearrange v0.0.0\n\n"+
		"replace github.com/cloudrearrange/rearrange => %s\n\nrequire%s", here, requirements)
	if err := os.WriteFile(filepath.Join(e.dir, "go.mod"), []byte(mod), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(e.dir, "go.sum"), sum, 0o600); err != nil {
		t.Fatal(err)
	}
	e.golang("build", "-o", e.binary, ".")
	return e
}

func (e *extension) golang(args ...string) {
	e.t.Helper()
	c := exec.Command("go", args...)
	c.Dir, c.Env = e.dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		e.t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// runs runs the program and wants all of these texts in its output.
func (e *extension) runs(args []string, want ...string) string {
	e.t.Helper()
	c := exec.Command(e.binary, args...)
	c.Dir = e.dir
	out, err := c.CombinedOutput()
	if err != nil {
		e.t.Errorf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	for _, w := range want {
		if !strings.Contains(string(out), w) {
			e.t.Errorf("%s: no %q in\n%s", strings.Join(args, " "), w, out)
		}
	}
	return string(out)
}

// Another module adds an algorithm, a rule, a cost function and a heuristic in a main of its
// own, and every command knows them.
func TestAnotherModuleExtendsTheProgram(t *testing.T) {
	e := newExtension(t)
	source, err := os.ReadFile(filepath.Join(e.dir, "pluggable.go"))
	if lines := strings.Count(string(source), "\n"); err != nil || lines >= 100 {
		t.Errorf("an algorithm, a rule and a cost function take %d lines, expected less than 100 (%v)", lines, err)
	}

	e.runs([]string{"list"}, "patient", "few", "hops", "unfinished")
	e.runs([]string{"list", "algorithms", "patient"}, "direct migrations in random orders")
	e.runs([]string{"solve", "--algorithm", "pat", "--generate-bash-completion"}, "patient")
	e.runs([]string{"solve", "--cost", "ho", "--generate-bash-completion"}, "hops")
	e.runs([]string{"solve", "--rule", "fe", "--generate-bash-completion"}, "few", "fence")

	e.runs([]string{"run", "suite.yaml", "-o", "first"}, "patient", "astar(heuristic=unfinished)")
	e.runs([]string{"run", "suite.yaml", "-o", "second"}, "patient")
	e.runs([]string{"report", "first", "--where", `cost_function == "hops"`, "-o", "hops"}, "patient")
	e.runs([]string{"compare", "first", "second", "--deterministic"}, "no regression")

	e.runs([]string{"generate", "with(of=classic(case=tricky), rules=[few(max=5)], keep=yes)", "-o", "in.json"})
	e.runs([]string{"solve", "in.json", "-a", "astar(heuristic=unfinished)", "-c", "hops", "-o", "plan.json"}, "optimal")
	e.runs([]string{"validate", "in.json", "plan.json"}, "the plan is valid", "hosts")
	e.runs([]string{"export", "pddl(cost=hops)", "in.json", "--rule", "capacity", "-o", "pddl/"})
	if problem, err := os.ReadFile(filepath.Join(e.dir, "pddl", "problem.pddl")); err != nil || len(problem) == 0 {
		t.Error(len(problem), err)
	}
	if testing.Short() {
		return
	}
	e.golang("test", "-count=1", ".")
}
