package formats_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// pddlRules are rules that PDDL can express, some of them discrete.
var pddlRules = []string{
	"anti-affinity(group=a)", "anti-affinity(group=b, by=zone)", "anti-affinity(group=b, by=disk)",
	"max-per-host(group=a, max=2)", "max-per-zone(group=b, max=2)", "max-per-rack(group=*, max=2)",
	"max-vms(max=2)", "max-vms(max=1, hosts=[\"Host 1\"])",
	"maintenance(hosts=[\"Host 0\"])", "quarantine(hosts=[\"Host 1\"])", "labels(keys=[disk])", "affinity(group=b, by=zone)", "affinity(group=a)",
	"ban(vms=[\"VM (1)\"], hosts=[\"Host 1\"])", "fence(group=a, zones=[z0])", "pin(vms=[\"VM (2)\"])",
	"anti-affinity(group=a, by=zone, continuous=no)", "spread(group=a, min=2, continuous=no)",
}

// An export must mean what the instance means: read by the semantics of PDDL, the cheapest
// plan costs what A* says, there is none where A* proves that there is none, and the plan
// that comes back is sane.
func TestPDDLMeansWhatTheInstanceMeans(t *testing.T) {
	all := randomPDDL(0, 100)
	for _, rule := range pddlRules {
		c := decisive(t, rule)
		stay(c.in)
		all = append(all, c)
	}
	comparePDDL(t, all)
}

// What is tolerated while a rule mends cannot be said to a planner: it would find no plan, or a
// wrong one.
func TestSolversAreNotHandedABrokenStart(t *testing.T) {
	in := small(rand.New(rand.NewPCG(1, 1)), nil)
	for h := range in.Hosts {
		in.Hosts[h].Capacity[0] = in.Hosts[h].Reserved[0]
	}
	for _, format := range []string{"pddl", "pddl(numeric=yes)", "minizinc"} {
		_, _, err := formats.Export(catalogue.Standard(), spec.MustParse(format), in)
		if err == nil || !strings.Contains(err.Error(), "the initial placement breaks a rule, and this format cannot say how it is mended: capacity: host") {
			t.Errorf("%s: got %v", format, err)
		}
	}
}

// randomPDDL makes random instances under rules that PDDL can express.
func randomPDDL(first, instances uint64) []solverCase {
	var out []solverCase
	for seed := first; seed < first+instances; seed++ {
		rng := rand.New(rand.NewPCG(seed, 1))
		c := solverCase{fmt.Sprintf("seed %d", seed), small(rng, pddlRules), someCost(rng)}
		stay(c.in)
		out = append(out, c)
	}
	return out
}

// stay makes VMs under an affinity that cannot be suspended: PDDL expresses the rule only
// of such.
func stay(in *cloud.Instance) {
	if hasRule(in, "affinity") {
		for v := range in.VMs {
			in.VMs[v].Interruptible = false
		}
	}
}

func comparePDDL(t *testing.T, cases []solverCase) {
	t.Helper()
	found := map[bool]int{}
	for _, c := range cases {
		want, exists := optimum(t, c.in, c.cost)
		found[exists]++
		for _, numeric := range []string{"no", "yes"} {
			task := exportPDDL(t, c.in, fmt.Sprintf("pddl(cost=%s, numeric=%s)", c.cost, numeric))
			plan, got, ok := task.cheapest()
			if ok != exists || (ok && got != want) {
				t.Fatalf("%s, numeric=%s: the cheapest plan costs %d (there is one: %v), A* says %d (%v)", c.name, numeric, got, ok, want, exists)
			}
			if ok {
				judge(t, problem(t, c.in, c.cost), readPlan(t, c.in, strings.Join(plan, "\n")), want)
			}
		}
	}
	if found[true] < 10 || found[false] < 10 {
		t.Errorf("the instances are too much alike: %v have a path", found)
	}
}

func exportPDDL(t *testing.T, in *cloud.Instance, format string) *pddlTask {
	t.Helper()
	files := exported(t, in, format)
	task, faults := readPDDL(files["domain.pddl"], files["problem.pddl"])
	if len(faults) > 0 {
		t.Fatalf("faulty PDDL: %s\n%s\n%s", strings.Join(faults, "\n"), files["domain.pddl"], files["problem.pddl"])
	}
	return task
}

func exported(t *testing.T, in *cloud.Instance, format string) map[string]string {
	t.Helper()
	files, lost, err := formats.Export(catalogue.Standard(), spec.MustParse(format), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(lost) > 0 {
		t.Fatalf("lost: %v", lost)
	}
	return contents(files)
}

func contents(files []fileio.File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		out[f.Name] = string(f.Data)
	}
	return out
}

func readPlan(t *testing.T, in *cloud.Instance, text string) []cloud.Change {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	plan, err := formats.ReadPlan(catalogue.Standard(), spec.Named("pddl"), in, file, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return plan.Migrations
}

// A rule that PDDL cannot express must not get lost in silence.
func TestPDDLRefusesRulesItCannotExpress(t *testing.T) {
	in := small(rand.New(rand.NewPCG(3, 1)), nil)
	in.Rules = append(in.Rules, spec.MustParse("spread(group=a, min=1)"))
	_, _, err := formats.Export(catalogue.Standard(), spec.MustParse("pddl"), in)
	if want := "it cannot express the rule spread(group=a, min=1, by=host, continuous=yes); partial=yes leaves out"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	in.Rules = append(in.Rules, spec.MustParse("depends(group=a, on=[b])"), spec.MustParse("depends(group=b, on=[a])"))
	_, lost, err := formats.Export(catalogue.Standard(), spec.MustParse("pddl(partial=yes)"), in)
	want := []string{
		"rule spread(group=a, min=1, by=host, continuous=yes)",
		"rule depends(group=a, on=[b], by=zone, continuous=yes)",
		"rule depends(group=b, on=[a], by=zone, continuous=yes)",
	}
	if err != nil || !slices.Equal(lost, want) {
		t.Errorf("got %q and %v, want %q", lost, err, want)
	}
}

// What is too large for any planner must be refused at once, with a way out.
func TestPDDLRefusesWhatIsTooLarge(t *testing.T) {
	in := &cloud.Instance{Name: "large", Resources: []cloud.Resource{{Name: "ram"}}}
	for v := range int64(60) {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{1000 + v*v}, Labels: map[string]string{"a": "b"}})
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("host", v), Capacity: []int64{10_000}, Reserved: []int64{0}, Labels: map[string]string{"a": "b"},
		})
		in.Initial = append(in.Initial, cloud.HostID(v))
	}
	in.Target = in.Initial
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	_, _, err := formats.Export(catalogue.Standard(), spec.MustParse("pddl"), in)
	if want := "more than 1000 different amounts can be in use in one place of capacity, ram (levels=1000); numeric=yes lets"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, _, err := formats.Export(catalogue.Standard(), spec.MustParse("pddl(numeric=yes)"), in); err != nil {
		t.Errorf("numeric: %v", err)
	}
	for h := range 40_000 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("more", h), Capacity: []int64{1}, Reserved: []int64{0}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	in.Rules = []spec.Spec{spec.MustParse("labels")}
	_, _, err = formats.Export(catalogue.Standard(), spec.MustParse("pddl"), in)
	if want := "its 60 VMs, 40060 hosts and 0 counters take about 2,443,720 facts, and no more than 2,000,000 are written"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// No name, unit or text of an instance may break out of the syntax.
func TestPDDLOfAwkwardNamesIsWellFormed(t *testing.T) {
	exports := 0
	rapid.Check(t, func(rt *rapid.T) {
		in := gentest.Instance(rt, false)
		in.Rules = []spec.Spec{spec.MustParse("max-vms(max=7)"), spec.MustParse("labels")}
		for _, g := range in.Groups {
			in.Rules = append(in.Rules, spec.Named("max-per-zone").With("group", g.Name).With("max", "1"))
		}
		in.Target = in.Initial
		if err := in.Check(); err != nil {
			rt.Fatal(err)
		}
		for _, format := range []string{"pddl", "pddl(numeric=yes)"} {
			files, _, err := formats.Export(catalogue.Standard(), spec.MustParse(format), in)
			if err != nil {
				continue // a rule does not hold, or a group's name looks like a pattern
			}
			exports++
			written := contents(files)
			if _, faults := readPDDL(written["domain.pddl"], written["problem.pddl"]); len(faults) > 0 {
				rt.Fatalf("%s: %s\n%s", format, faults, written["problem.pddl"])
			}
		}
	})
	if exports < 50 {
		t.Errorf("only %d instances were exported", exports)
	}
}
