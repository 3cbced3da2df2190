package formats_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// solverLimit ends a solver that hangs.
const solverLimit = 2 * time.Minute

// miniZincRules are all rules that a model can express.
var miniZincRules = append([]string{
	"spread(group=a, min=2)", "spread(group=b, min=2, by=zone)", "depends(group=a, on=[b], by=zone)", "depends(group=b, on=[a, b])",
	"interference(group=a, with=b, max=1)", "interference(group=b, with=b, max=0, by=zone)", "interference(group=b, with=a, max=0, by=disk)",
}, pddlRules...)

// The optimum that a real constraint solver reports must be ours, its answer must read
// back as a sane plan of that cost, and it must find none where there is none.
func TestMiniZincFindsOurOptimum(t *testing.T) {
	all := cases(t, 0, 30, miniZincRules)
	for _, rule := range miniZincRules {
		all = append(all, decisive(t, rule))
	}
	compareMiniZinc(t, all)
}

func compareMiniZinc(t *testing.T, cases []solverCase) {
	t.Helper()
	solver := miniZincSolver(t)
	for _, c := range cases {
		want, exists := optimum(t, c.in, c.cost)
		folder := write(t, exported(t, c.in, "minizinc(cost="+c.cost+")"))
		answer := run(t, folder, "minizinc", "--solver", solver, "model.mzn", "data.dzn")
		if !exists {
			if !strings.Contains(answer, "=====UNSATISFIABLE=====") {
				t.Errorf("%s: no path exists, MiniZinc answers\n%s", c.name, answer)
			}
			continue
		}
		if line := fmt.Sprintf("; cost = %d\n", want); !strings.Contains(answer, line) || !strings.Contains(answer, "==========") {
			t.Fatalf("%s: the optimum is %d, MiniZinc answers\n%s", c.name, want, answer)
		}
		judge(t, problem(t, c.in, c.cost), readPlan(t, c.in, answer), want)
	}
}

// The horizon must bound the length of plans, exactly.
func TestMiniZincKeepsToTheHorizon(t *testing.T) {
	solver := miniZincSolver(t)
	in := classic(t, "swap_with_one_temp") // takes three migrations
	there := *in
	there.Target = there.Initial
	if err := there.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in      *cloud.Instance
		horizon int
		want    string
	}{
		{in, 2, "=====UNSATISFIABLE====="},
		{in, 3, "; cost = 9768\n"},
		{&there, 0, "; cost = 0\n"},
	} {
		folder := write(t, exported(t, c.in, fmt.Sprintf("minizinc(horizon=%d)", c.horizon)))
		if answer := run(t, folder, "minizinc", "--solver", solver, "model.mzn", "data.dzn"); !strings.Contains(answer, c.want) {
			t.Errorf("horizon %d: expected %q, MiniZinc answers\n%s", c.horizon, c.want, answer)
		}
	}
}

// miniZincSolver is the name of a solver that the installed MiniZinc can run.
func miniZincSolver(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("minizinc"); err != nil {
		t.Skip("minizinc is not installed (Debian: apt-get install minizinc)")
	}
	out, err := exec.Command("minizinc", "--solvers").Output()
	if err != nil {
		t.Skipf("minizinc --solvers: %v", err)
	}
	for _, name := range []string{"gecode", "chuffed", "coin-bc", "cbc"} {
		if strings.Contains(strings.ToLower(string(out)), "."+name) {
			return name
		}
	}
	t.Skipf("minizinc is installed without a solver that is known here (Debian: apt-get install flatzinc); it has\n%s", out)
	return ""
}

// The optimum that a classical planner reports must be ours, and its plan sane.
func TestClassicalPlannersFindOurOptimum(t *testing.T) {
	planner := installed(t, "Fast Downward", "REARRANGE_FAST_DOWNWARD", "fast-downward", "fast-downward.py", "downward")
	comparePlanner(t, "no", func(folder string) string {
		return run(t, folder, planner, "--plan-file", "plan", "domain.pddl", "problem.pddl", "--search", "astar(lmcut())")
	})
}

// The same of a numeric planner.
func TestNumericPlannersFindOurOptimum(t *testing.T) {
	planner := installed(t, "ENHSP", "REARRANGE_ENHSP", "enhsp")
	comparePlanner(t, "yes", func(folder string) string {
		return run(t, folder, planner, "-o", "domain.pddl", "-f", "problem.pddl", "-planner", "opt-hrmax", "-sp", "plan")
	})
}

// comparePlanner compares what a planner leaves in the file plan with our optimum.
func comparePlanner(t *testing.T, numeric string, solve func(folder string) string) {
	for _, c := range cases(t, 0, 12, pddlRules) {
		if hasRule(c.in, "affinity") {
			continue // expressed only where nobody is suspended
		}
		want, exists := optimum(t, c.in, c.cost)
		folder := write(t, exported(t, c.in, fmt.Sprintf("pddl(cost=%s, numeric=%s)", c.cost, numeric)))
		answer := solve(folder)
		plan, err := os.ReadFile(filepath.Join(folder, "plan"))
		if exists != (err == nil) {
			t.Fatalf("%s: a path exists: %v, the planner says\n%s", c.name, exists, answer)
		}
		if exists {
			judge(t, problem(t, c.in, c.cost), readPlan(t, c.in, string(plan)), want)
		}
	}
}

// installed finds a program in the path, or where an environment variable says.
func installed(t *testing.T, what, variable string, names ...string) string {
	t.Helper()
	if named := os.Getenv(variable); named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	t.Skipf("%s is not installed (looked for %s; %s names another)", what, strings.Join(names, ", "), variable)
	return ""
}

// solverCase is an instance small enough for any solver.
type solverCase struct {
	name string
	in   *cloud.Instance
	cost string
}

// cases are published ones that are small, and so many random ones with and without a path.
func cases(t *testing.T, first, random uint64, optional []string) []solverCase {
	t.Helper()
	var out []solverCase
	for _, name := range []string{
		"simple_swap", "simple_cessation", "simple_deadlock", "swap_with_one_temp",
		"complex_swap", "complex_pair_swap", "shutdown_and_swap", "tricky", "weird", "circles",
	} {
		out = append(out, solverCase{name, classic(t, name), "ram"})
	}
	for seed := first; seed < first+random; seed++ {
		rng := rand.New(rand.NewPCG(seed, 2))
		cost := someCost(rng)
		out = append(out, solverCase{fmt.Sprintf("seed %d", seed), small(rng, optional), cost})
	}
	return out
}

func classic(t *testing.T, name string) *cloud.Instance {
	t.Helper()
	instances, err := generators.Generate(catalogue.Standard(), spec.Named("classic").With("case", name), 1)
	if err != nil || len(instances) != 1 {
		t.Fatalf("case %s: %d instances, %v", name, len(instances), err)
	}
	return instances[0]
}

func hasRule(in *cloud.Instance, name string) bool {
	return slices.ContainsFunc(in.Rules, func(r spec.Spec) bool { return r.Name == name })
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// run runs a solver in a folder and returns what it prints. That it found nothing may be
// an exit code.
func run(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), solverLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			t.Fatalf("%s did not end in %s", program, solverLimit)
		}
		return out.String() + errs.String()
	}
	return out.String()
}

// The exports of an instance must not vary.
func TestExportsAreReproducible(t *testing.T) {
	for seed := range uint64(10) {
		in := small(rand.New(rand.NewPCG(seed, 3)), miniZincRules)
		for _, format := range []string{"pddl(partial=yes)", "pddl(partial=yes, numeric=yes)", "minizinc", "minizinc-target", "lp"} {
			first, _, err := formats.Export(catalogue.Standard(), spec.MustParse(format), in)
			if err != nil {
				t.Fatal(err)
			}
			second, _, _ := formats.Export(catalogue.Standard(), spec.MustParse(format), in)
			for i := range first {
				if !bytes.Equal(first[i].Data, second[i].Data) {
					t.Errorf("seed %d: %s differs", seed, first[i].Name)
				}
			}
		}
	}
}
