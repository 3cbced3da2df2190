package formats_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// targetRules are rules that the choice of a target can express.
var targetRules = append([]string{
	"anti-affinity(group=a, continuous=no)", "affinity(group=b, by=zone, continuous=no)", "spread(group=a, min=2, continuous=no)",
	"max-vms(max=2, hosts=[\"Host 0\"], continuous=no)", "fence(group=a, hosts=[\"Host 0\", \"Host 1\"], continuous=no)",
	"direction(label=disk, order=[hdd, ssd], continuous=no)",
}, miniZincRules...)

// targetCase is the choice of a target on an instance that is small enough to try all placements.
type targetCase struct {
	name, objective, cost string
	place                 bool
	clear                 string
	in                    *cloud.Instance
}

// params are those of an export, with more.
func (c targetCase) params(more string) string {
	absent, empty := "keep", more
	if c.place {
		absent = "place"
	}
	if c.clear != "" {
		empty += fmt.Sprintf(", clear=[%q]", c.clear)
	}
	return fmt.Sprintf("(objective=%s, cost=%s, absent=%s%s)", c.objective, c.cost, absent, empty)
}

// targetCases are drawn, some of them with a start that breaks rules.
func targetCases(first, n uint64, rules []string) (out []targetCase) {
	for seed := first; seed < first+n; seed++ {
		rng := rand.New(rand.NewPCG(seed, 5))
		c := targetCase{
			name: fmt.Sprintf("seed %d", seed), in: draft(rng, rules), place: rng.IntN(3) == 0, cost: someCost(rng),
			objective: []string{"hosts", "hosts(weight=watts)", "load", "load(resource=ram)"}[rng.IntN(4)],
		}
		for h := range c.in.Hosts {
			host := &c.in.Hosts[h]
			host.Numbers = map[string]int64{"watts": rng.Int64N(4)}
			if h < 2 {
				host.Labels = map[string]string{"disk": []string{"ssd", "hdd"}[h]}
			}
			host.Capacity[0] += rng.Int64N(8)
		}
		if rng.IntN(4) == 0 {
			c.clear = "*0"
		}
		out = append(out, c)
	}
	return out
}

// worth is a target's objective, and the cost to get there.
type worth struct {
	objective cloud.Score
	cost      int64
}

func (w worth) less(o worth) bool {
	if c := w.objective.Compare(o.objective); c != 0 {
		return c < 0
	}
	return w.cost < o.cost
}

// question is a case with all that judges its targets.
type question struct {
	targetCase
	bound     []cloud.Rule
	objective cloud.Objective
	cost      cloud.CostFunction
}

func (c targetCase) bind(t *testing.T) question {
	t.Helper()
	bound, err := rules.Bind(catalogue.Standard(), c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	objective, err := objectives.Bind(catalogue.Standard(), c.in, bound, spec.MustParse(c.objective))
	if err != nil {
		t.Fatal(err)
	}
	cost, err := costs.Bind(catalogue.Standard(), c.in, spec.MustParse(c.cost))
	if err != nil {
		t.Fatal(err)
	}
	return question{c, bound, objective, cost}
}

// judge weighs a target; false if it is none.
func (q question) judge(p cloud.Placement) (w worth, ok bool) {
	for v, from := range q.in.Initial {
		if (from != cloud.Absent || q.place) != (p[v] != cloud.Absent) || q.clear != "" && p[v] == 0 {
			return w, false
		}
		if from != cloud.Absent && from != p[v] {
			w.cost += q.cost.Migrate(cloud.VMID(v), from, p[v])
		}
	}
	w.objective = q.objective.Value(p)
	return w, len(validate.Placement(q.in, q.bound, p, true)) == 0
}

// best tries all placements; false if none is a target.
func (q question) best() (best worth, exists bool) {
	p := make(cloud.Placement, len(q.in.VMs))
	var try func(v int)
	try = func(v int) {
		if v == len(p) {
			if w, ok := q.judge(p); ok && (!exists || w.less(best)) {
				best, exists = w, true
			}
			return
		}
		for h := cloud.Absent; int(h) < len(q.in.Hosts); h++ {
			p[v] = h
			try(v + 1)
		}
	}
	try(0)
	return best, exists
}

// answered is the target that a solver answers, to an export with parameters. Solve leaves the answer in a file.
func answered(t *testing.T, in *cloud.Instance, format, params string, solve func(folder string) (answer string)) (cloud.Placement, error) {
	t.Helper()
	files, lost, err := formats.Export(catalogue.Standard(), spec.MustParse(format+params), in)
	if err != nil {
		if !strings.Contains(err.Error(), "no target exists: ") && !strings.Contains(err.Error(), "it has no VM") {
			t.Errorf("%s%s: %v", format, params, err)
		}
		return nil, err
	}
	if len(lost) > 0 {
		t.Fatalf("%s%s: lost %v", format, params, lost)
	}
	folder := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return formats.ReadTarget(catalogue.Standard(), spec.Named(format), in, solve(folder), nil)
}

// compareTargets compares what a solver answers with the best of all placements.
func compareTargets(t *testing.T, cases []targetCase, format string, solve func(folder string) (answer string)) {
	t.Helper()
	found := map[bool]int{}
	for _, c := range cases {
		q := c.bind(t)
		want, exists := q.best()
		found[exists]++
		p, err := answered(t, c.in, format, c.params(""), solve)
		if !exists {
			if err == nil {
				t.Errorf("%s %s: no target exists, the solver answers %v", c.name, c.params(""), p)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %s: %v", c.name, c.params(""), err)
			continue
		}
		if got, ok := q.judge(p); !ok || got != want {
			t.Errorf("%s %s: the best target is worth %v, the solver's is worth %v; it is one: %t", c.name, c.params(""), want, got, ok)
		}
	}
	if found[true] < len(cases)/2 || found[false] == 0 {
		t.Errorf("cases with a target and without: %v", found)
	}
}

// decisiveTargets are one case for each rule in which the rule changes the best target: an export that
// forgets the rule is found out.
func decisiveTargets(t *testing.T, rulesOf []string) (out []targetCase) {
	t.Helper()
	const seeds = 300
	for _, rule := range rulesOf {
		found := false
		for _, c := range targetCases(1000, seeds, []string{rule}) {
			free := c
			free.in = new(*c.in)
			free.in.Rules = rules.Default()
			best, exists := c.bind(t).best()
			freeBest, freeExists := free.bind(t).best()
			if found = exists && freeExists && best != freeBest; found {
				c.name += ", " + rule
				out = append(out, c)
				break
			}
		}
		if !found {
			t.Errorf("rule %s decides none of %d instances", rule, seeds)
		}
	}
	return out
}

// The best target that a solver of integer programs finds must be the best there is, and it must find none where there
// is none.
func TestLPSolversFindTheBestTarget(t *testing.T) {
	compareLPSolvers(t, append(targetCases(0, 40, targetRules), decisiveTargets(t, targetRules)...))
}

func compareLPSolvers(t *testing.T, cases []targetCase) {
	for _, solver := range []string{"glpsol", "cbc"} {
		t.Run(solver, func(t *testing.T) {
			compareTargets(t, cases, "lp", lpSolver(t, solver))
		})
	}
}

// lpSolver has a solver solve the program in a folder.
func lpSolver(t *testing.T, name string) func(folder string) (answer string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (Debian: apt-get install glpk-utils, or coinor-cbc)", name)
	}
	args := map[string][]string{
		"glpsol": {"--lp", "target.lp", "-o", "answer.sol"},
		"cbc":    {"target.lp", "solve", "solution", "answer.sol"},
	}
	return func(folder string) string {
		run(t, folder, name, args[name]...)
		return filepath.Join(folder, "answer.sol")
	}
}

// The objective alone, and then the cost alone with a bound on the objective, must lead to the same target as both
// together.
func TestTwoStepsFindTheBestTarget(t *testing.T) {
	solve := lpSolver(t, "glpsol")
	for _, c := range targetCases(0, 20, targetRules) {
		q := c.bind(t)
		want, exists := q.best()
		if !exists {
			continue
		}
		for _, more := range []string{", minimise=objective", fmt.Sprintf(", minimise=cost, at-most=%d", want.objective[0])} {
			p, err := answered(t, c.in, "lp", c.params(more), solve)
			if err != nil {
				t.Errorf("%s %s: %v", c.name, c.params(more), err)
				continue
			}
			got, ok := q.judge(p)
			if !ok || got.objective != want.objective || got != want && strings.Contains(more, "cost") {
				t.Errorf("%s %s: the best target is worth %v, the solver's is worth %v; it is one: %t", c.name, c.params(more), want, got, ok)
			}
		}
		if less := want.objective[0] - 1 - want.objective[0]/1000; less >= 0 { // loads are exact to the solver's tolerance
			if p, err := answered(t, c.in, "lp", c.params(fmt.Sprintf(", at-most=%d", less)), solve); err == nil {
				t.Errorf("%s: better than the best: %v", c.name, p)
			}
		}
	}
}

// The same of a constraint solver, which takes its time to start: of the rules that become counters and filters, which
// both formats share, one each is enough.
func TestMiniZincFindsTheBestTarget(t *testing.T) {
	compareMiniZincTargets(t, append(targetCases(0, 3, targetRules), decisiveTargets(t, []string{
		"affinity(group=b, by=zone, continuous=no)", "spread(group=a, min=2)", "depends(group=b, on=[a, b])",
		"interference(group=a, with=b, max=1)", "interference(group=b, with=b, max=0, by=zone)",
		"max-per-zone(group=b, max=2)", "pin(vms=[\"VM (2)\"])",
	})...))
}

func compareMiniZincTargets(t *testing.T, cases []targetCase) {
	solver := miniZincSolver(t)
	compareTargets(t, cases, "minizinc-target", func(folder string) string {
		answer := filepath.Join(folder, "answer")
		if err := os.WriteFile(answer, []byte(run(t, folder, "minizinc", "--solver", solver, "target.mzn", "data.dzn")), 0o600); err != nil {
			t.Fatal(err)
		}
		return answer
	})
}
