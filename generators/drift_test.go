package generators

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// judge replays a path on its instance and lists what is wrong with it.
func judge(t testing.TB, in *cloud.Instance, path []cloud.Change) []validate.Finding {
	t.Helper()
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	cost, err := costs.Bind(testCatalogue(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	plan := cloud.Plan{Status: cloud.Feasible, Steps: in.Steps(path, cost)}
	for _, s := range plan.Steps {
		plan.Cost += s.Cost
	}
	return validate.Plan(in, bound, cost, &plan).Findings
}

// What drift promises, it proves: the path that it knows has to pass the judge.
func TestDriftKnowsAPath(t *testing.T) {
	for _, base := range []string{
		"random(hosts=4)",
		"random(hosts=12, utilisation=0.97, tries=40, resources=2)",
		"random(hosts=6, max=900, i386-hosts=0.5, i386-vms=0.5)",
		"random(hosts=12, max=600, racks=6, grouped=0.6, group-size=3, anti-affinity=rack)",
		"permutation(hosts=6)",
		"classic(case=slow)",
		"file(path=testdata/rules.json)",
	} {
		t.Run(base, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				seed := rapid.Uint64().Draw(rt, "seed")
				d := drift{
					catalogue:  testCatalogue(),
					migrations: rapid.IntRange(1, 120).Draw(rt, "migrations"),
					back:       rapid.Bool().Draw(rt, "back"),
					name:       spec.Named("drift"),
				}
				from := generate(t, base, seed)[0]
				in, path, err := d.of(from, seed)
				if err != nil {
					if strings.HasSuffix(err.Error(), "no migration is sane") {
						rt.Skip(err)
					}
					rt.Fatal(err)
				}
				if len(path) != d.migrations {
					rt.Errorf("a path of %d migrations, expected %d", len(path), d.migrations)
				}
				if f := judge(t, in, path); len(f) > 0 {
					rt.Errorf("%s: %s", in.Name, f[0])
				}
				given := in.Initial
				if d.back {
					given = in.Target
				}
				if !given.Equal(from.Initial) {
					rt.Error("neither end is the placement that was given")
				}
			})
		})
	}
}

// A random walk's target is its promise too; the family keeps no path, so the walk is
// repeated here.
func TestRandomWalkIsAPath(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := randomInstance(t, rt, "walk")
		bound, err := rules.Bind(testCatalogue(), in, nil)
		if err != nil {
			rt.Fatal(err)
		}
		s := cloud.NewState(in, bound, in.Initial)
		newWalker(s, source(rapid.Uint64().Draw(rt, "walk"), "test"), false).walk(50)
		walked := *in
		walked.Target = append(cloud.Placement{}, s.Placement()...)
		if f := judge(t, &walked, s.Moves()); len(f) > 0 {
			rt.Error(f[0])
		}
	})
}

func TestDriftRefusesWhatCannotMove(t *testing.T) {
	family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse("drift(of=classic(case=simple_deadlock))"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = family(1)
	if want := `instance "simple_deadlock" cannot drift: no migration is sane`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDriftRefusesAnInsanePlacement(t *testing.T) {
	base := generate(t, "classic(case=simple_swap)", 0)[0]
	base.VMs[0].Demand = []int64{5000}
	d := drift{catalogue: testCatalogue(), migrations: 1, back: true, name: spec.Named("drift")}
	_, _, err := d.of(base, 1)
	if err == nil || !strings.Contains(err.Error(), "the placement to begin with is not sane: capacity: host \"host1\"") {
		t.Errorf("got %v", err)
	}
}

// A VM that stands nowhere must not be provisioned by the way.
func TestDriftLeavesAbsentVMsAbsent(t *testing.T) {
	in := generate(t, "drift(of=file(path=testdata/rules.json))", 1)[0]
	off, _ := in.VM("off")
	if in.Initial[off] != cloud.Absent || in.Target[off] != cloud.Absent {
		t.Errorf("VM off is on %s and goes to %s", in.HostName(in.Initial[off]), in.HostName(in.Target[off]))
	}
}

// Nested drifts share a seed, and must not share their choices: a walk back along
// the walk would end where it began.
func TestNestedDriftsAreIndependent(t *testing.T) {
	in := generate(t, "drift(of=drift(of=random, direction=forth), direction=forth)", 1)[0]
	once := generate(t, "drift(of=random, direction=forth)", 1)[0]
	if in.Initial.Equal(in.Target) || !in.Initial.Equal(once.Initial) || in.Target.Equal(once.Target) {
		t.Error("the outer drift repeats the inner one")
	}
}

// Guessing is an accelerator: with one sane migration among many it must still be
// found.
func TestWalkFindsTheOnlySaneMigration(t *testing.T) {
	in := generate(t, "random(hosts=40, vms=1999, capacity=5000, reserved=0, sizes=flavours, flavours=[100], tries=100000)", 1)[0]
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := cloud.NewState(in, bound, in.Initial)
	if n := newWalker(s, source(1, "test"), true).walk(200); n != 200 {
		t.Errorf("took %d migrations of 200", n)
	}
}

// The way back exists only if every step of the way there can be taken back.
func TestReversibleWalksTakeNoStepThatCannotBeTakenBack(t *testing.T) {
	in := generate(t, "random(hosts=3, vms=9, max=400)", 1)[0]
	bound, err := rules.Bind(testCatalogue(), in, []spec.Spec{spec.MustParse("maintenance(hosts=" + in.Hosts[0].Name + ")")})
	if err != nil {
		t.Fatal(err)
	}
	for _, reversible := range []bool{true, false} {
		s := cloud.NewState(in, bound, in.Initial)
		newWalker(s, source(1, "test"), reversible).walk(100)
		if left := len(s.On(0)) == 0; left == reversible {
			t.Errorf("reversible: %v, yet the host in maintenance was left: %v", reversible, left)
		}
	}
}
