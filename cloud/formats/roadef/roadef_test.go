package roadef

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

// whole imports all that the challenge demands.
var whole = importer{"target"}

func small(t testing.TB) *cloud.Instance {
	t.Helper()
	in, err := whole.Import([]string{"testdata/model_small.txt", "testdata/assignment_small.txt"})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func findings(t testing.TB, in *cloud.Instance) []validate.Finding {
	t.Helper()
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Placement(in, bound, in.Initial, true)
}

func TestSmallFixtureIsTranslatedWhole(t *testing.T) {
	in := small(t)
	if in.Name != "small" || len(in.Hosts) != 5 || len(in.VMs) != 18 || len(in.Resources) != 2 {
		t.Errorf("got %q with %d hosts, %d VMs, %d resources", in.Name, len(in.Hosts), len(in.VMs), len(in.Resources))
	}
	var texts []string
	for _, r := range in.Rules {
		texts = append(texts, r.String())
	}
	want := []string{
		"capacity(transient=[r1])",
		"at-once(resources=[r1], continuous=no)",
		"anti-affinity(group=*)",
		"spread(group=s0, min=2, by=location)",
		"spread(group=s1, min=2, by=location)",
		"depends(group=s2, on=[s1], by=neighbourhood)",
		"depends(group=s10, on=[s0], by=neighbourhood)",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	groups := []cloud.Group{
		{Name: "s0", VMs: []cloud.VMID{0, 1, 2}},
		{Name: "s1", VMs: []cloud.VMID{3, 4}},
		{Name: "s2", VMs: []cloud.VMID{5, 6, 7, 8}},
		{Name: "s9", VMs: []cloud.VMID{15, 16}},
		{Name: "s10", VMs: []cloud.VMID{17}},
	}
	if diff := cmp.Diff(groups, in.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	host := cloud.Host{
		Name: "m4", Capacity: []int64{90, 120}, Reserved: []int64{0, 0},
		Labels: map[string]string{"location": "1", "neighbourhood": "1"}, Numbers: map[string]int64{"safe.r0": 80, "safe.r1": 100},
	}
	if diff := cmp.Diff(host, in.Hosts[4]); diff != "" {
		t.Errorf("host m4 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(cloud.VM{Name: "p3", Demand: []int64{40, 60}, Numbers: map[string]int64{"move_cost": 50}}, in.VMs[3]); diff != "" {
		t.Errorf("VM p3 (-want +got):\n%s", diff)
	}
	if in.Initial[2] != 3 || in.Initial[17] != 3 || in.Target != nil {
		t.Errorf("initial %v, target %v", in.Initial, in.Target)
	}
	if f := findings(t, in); len(f) > 0 {
		t.Errorf("the initial placement is not sane: %v", f)
	}
}

func TestSmallFixtureIsFullEnoughToBeHard(t *testing.T) {
	in := small(t)
	for r := range in.Resources {
		var used, capacity int64
		for v := range in.VMs {
			used += in.VMs[v].Demand[r]
		}
		for h := range in.Hosts {
			capacity += in.Hosts[h].Capacity[r]
		}
		if 100*used < 75*capacity {
			t.Errorf("resource r%d is %d %% full, expected at least 75", r, 100*used/capacity)
		}
	}
}

func TestTransientResourcesAreListedUnlessAllAre(t *testing.T) {
	for _, c := range []struct {
		transient []bool
		want      string
	}{
		{[]bool{true, true}, "capacity"},
		{[]bool{true, false, true}, "capacity(transient=[r0, r2])"},
		{[]bool{false, false}, "capacity(transient=[])"},
	} {
		m := model{transient: c.transient}
		if got := m.capacity().String(); got != c.want {
			t.Errorf("transient %v: got %s, want %s", c.transient, got, c.want)
		}
	}
}

// A service can depend on one that has no process; the challenge then has no
// solution, and the rules have to say so.
func TestDependenceOnAnEmptyServiceIsReportedByTheRules(t *testing.T) {
	model := "1 0 0  2  0 0 10 10 0 0  0 0 10 10 0 0  2  1 1 1  1 0  1  0 5 0  0  0 0 0"
	in, err := whole.decode("m", []byte(model), "a", []byte("1"))
	if err != nil {
		t.Fatal(err)
	}
	f := findings(t, in)
	if len(f) != 1 || !strings.HasPrefix(f[0].Rule, "depends(group=s0, on=[s1]") {
		t.Errorf("got %v", f)
	}
}

// The counts and the initial costs are those of the challenge's data.
func TestRealFilesAreReadWithTheirCounts(t *testing.T) {
	dir := realdata.Dir(t, "roadef2012")
	counts := map[string][2]int{
		"a1_1": {4, 100}, "a1_2": {100, 1000}, "a1_3": {100, 1000}, "a1_4": {50, 1000}, "a1_5": {12, 1000},
		"a2_1": {100, 1000}, "a2_2": {100, 1000}, "a2_3": {100, 1000}, "a2_4": {50, 1000}, "a2_5": {50, 1000},
		"b_1": {100, 5000}, "b_2": {100, 5000}, "b_3": {100, 20000}, "b_4": {500, 20000}, "b_5": {100, 40000},
		"b_6": {200, 40000}, "b_8": {100, 50000}, "b_9": {1000, 50000},
	}
	initial := published(t, dir, 1)
	files, err := filepath.Glob(filepath.Join(dir, "model_*.txt"))
	if err != nil || len(files) != len(counts) {
		t.Fatalf("found %d models (%v), expected %d", len(files), err, len(counts))
	}
	for _, model := range files {
		assignment := strings.Replace(model, "model_", "assignment_", 1)
		in, err := whole.Import([]string{model, assignment})
		if err != nil {
			t.Error(err)
			continue
		}
		if want := counts[in.Name]; len(in.Hosts) != want[0] || len(in.VMs) != want[1] {
			t.Errorf("%s: got %d machines and %d processes, want %d and %d", in.Name, len(in.Hosts), len(in.VMs), want[0], want[1])
		}
		if f := findings(t, in); len(f) > 0 {
			t.Errorf("%s: the initial placement breaks %d rules, first %s", in.Name, len(f), f[0])
		}
		o, err := objectives.Bind(gentest.Catalogue(), in, nil, *in.Objective)
		if err != nil {
			t.Error(err)
		} else if got := strconv.FormatInt(o.Value(in.Initial)[0], 10); got != initial[in.Name] {
			t.Errorf("%s: the initial placement costs %s, published is %s", in.Name, got, initial[in.Name])
		}
	}
}

// published reads a column of the published values, by instance.
func published(t *testing.T, dir string, column int) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "anchors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range strings.Fields(string(data))[1:] {
		cells := strings.Split(line, ",")
		out[cells[0]] = cells[column]
	}
	return out
}

// Hosts of a class cost the same as each other, and what the classes say is what the file says.
func TestMoveCostsAreThoseOfTheFile(t *testing.T) {
	m, err := readModel("testdata/model_small.txt", first(fixture(t)))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for try := range 200 {
		if try > 0 { // few different costs, so that there are classes
			m.machines = make([]machine, 1+rng.IntN(6))
			for i := range m.machines {
				for j := range m.machines {
					cost := int64(0)
					if i != j && try%3 > 0 {
						cost = int64(i/2*(try%3-1)+j/2) % 3
					} else if i != j {
						cost = rng.Int64N(2)
					}
					m.machines[i].moves = append(m.machines[i].moves, cost)
				}
			}
		}
		classes := m.moveClasses()
		in := cloud.Instance{Hosts: make([]cloud.Host, len(m.machines)), MoveCosts: classes}
		of := in.MoveClasses()
		for i := range m.machines {
			for j := range m.machines {
				if got := classes[of[i]].To[of[j]]; i != j && got != m.machines[i].moves[j] {
					t.Fatalf("try %d: a move from %d to %d costs %d, want %d", try, i, j, got, m.machines[i].moves[j])
				}
			}
		}
	}
}

func first(a, _ []byte) []byte { return a }

// An assignment is a target: that of the start changes nothing.
func TestAssignmentIsReadAsATarget(t *testing.T) {
	in := small(t)
	_, assignment := fixture(t)
	target, err := whole.ReadTarget(in, "a.txt", assignment)
	if err != nil || !target.Equal(in.Initial) {
		t.Errorf("got %v, %v", target, err)
	}
	if _, err := whole.ReadTarget(in, "a.txt", []byte("9")); err == nil || !strings.HasPrefix(err.Error(), "a.txt:1: expected the machine of process 0") {
		t.Errorf("got %v", err)
	}
}

// A path needs less than the challenge demands.
func TestTransientResourcesOfAPathRestrictTheTarget(t *testing.T) {
	model, assignment := fixture(t)
	in, err := importer{"path"}.decode("m", model, "a", assignment)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(in.Rules[1].String(), "at-once") {
		t.Error("the rule at-once is there")
	}
}

func TestMissingFilesAreNamed(t *testing.T) {
	_, err := whole.Import([]string{"testdata/model_small.txt", "testdata/missing.txt"})
	if err == nil || !strings.Contains(err.Error(), "missing.txt") {
		t.Errorf("got %v", err)
	}
}

func fixture(t testing.TB) (model, assignment []byte) {
	t.Helper()
	model, err := os.ReadFile("testdata/model_small.txt")
	if err != nil {
		t.Fatal(err)
	}
	assignment, err = os.ReadFile("testdata/assignment_small.txt")
	if err != nil {
		t.Fatal(err)
	}
	return model, assignment
}

func BenchmarkImport(b *testing.B) {
	model, assignment := fixture(b)
	for b.Loop() {
		if _, err := whole.decode("m", slices.Clone(model), "a", assignment); err != nil {
			b.Fatal(err)
		}
	}
}
