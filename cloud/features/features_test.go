package features_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

func measure(t testing.TB, in *cloud.Instance) map[string]any {
	t.Helper()
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return features.Map(features.Of(in, bound))
}

// small is an instance in which every feature has a value of its own.
func small() *cloud.Instance {
	host := func(name, rack, zone string, ram, vcpu int64) cloud.Host {
		return cloud.Host{Name: name, Rack: rack, Zone: zone, Capacity: []int64{ram, vcpu}, Reserved: []int64{10, 0}}
	}
	vm := func(name string, ram, vcpu int64) cloud.VM {
		return cloud.VM{Name: name, Demand: []int64{ram, vcpu}, Interruptible: name == "a"}
	}
	return &cloud.Instance{
		Name:      "small",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}},
		Hosts:     []cloud.Host{host("h1", "r1", "z1", 110, 4), host("h2", "r2", "z1", 110, 4), host("h3", "r3", "z2", 210, 8)},
		VMs:       []cloud.VM{vm("a", 60, 1), vm("b", 60, 1), vm("c", 30, 1), vm("d", 40, 2), vm("e", 10, 2), vm("f", 5, 0)},
		Groups:    []cloud.Group{{Name: "g"}},
		// a and b change places, for which neither h1 nor h2 ever has room; c comes to h2
		// too. d only goes to h3, e leaves the cloud, and f is new to it.
		Initial: cloud.Placement{0, 1, 0, 1, 2, cloud.Absent},
		Target:  cloud.Placement{1, 0, 1, 2, cloud.Absent, 0},
	}
}

func TestEveryFeatureOfASmallInstance(t *testing.T) {
	want := map[string]any{
		"hosts": 3, "vms": 6, "resources": 2, "rules": 2, "groups": 1, "sizes": 5, "interruptible": 1,
		"broken_rules": 0, "breaches": 0, "vms_per_host": 1.667, "utilisation.ram": 0.5, "utilisation.vcpu": 0.438, "utilisation": 0.5, "largest_vm": 0.3,
		"shutdowns": 1, "provisions": 1, "misplaced": 4, "misplaced_fraction": 1.0, "across_racks": 4, "across_zones": 1,
		"deadlocked": false, "entangled": 3, "locked": 2,
	}
	if d := cmp.Diff(want, measure(t, small())); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// Operators begin where rules are broken; a host that is too full in two resources is too full
// once.
func TestBreachesAreCountedOncePerRuleAndPlace(t *testing.T) {
	in := small()
	in.Hosts[0].Capacity = []int64{60, 1} // a and c demand 90 of ram and 2 of vcpu
	in.Hosts[1].Capacity = []int64{70, 4}
	in.Groups = []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 2, 4}}, {Name: "h", VMs: []cloud.VMID{1, 4}}}
	in.Rules = rulesOf(t, "capacity", "arch", "anti-affinity(group=*)", "affinity(group=h)", "pin(vms=a)", "max-vms(max=1, continuous=no)")
	got := measure(t, in)
	// capacity on h1 and h2, anti-affinity of g on h1, affinity of h as a whole
	if got["broken_rules"] != 3 || got["breaches"] != 4 {
		t.Errorf("found %v broken rules and %v breaches, expected 3 and 4", got["broken_rules"], got["breaches"])
	}
	in.Hosts[2].Capacity = []int64{30, 8}
	if got = measure(t, in); got["utilisation.ram"] != 1.538 {
		t.Errorf("the VMs demand 200 of 130 MiB, utilisation %v", got["utilisation.ram"])
	}
}

// What a start breaks is tolerated on the way, so that such a start is no deadlock in itself.
func TestOverfullHostsMayBeLeft(t *testing.T) {
	in := small()
	in.Hosts[0].Capacity = []int64{60, 1}
	in.Target = in.Initial.Clone()
	in.Target[0] = 2
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	got := features.Map(features.Of(in, bound))
	if got["deadlocked"] != false || got["entangled"] != 0 || got["locked"] != 0 {
		t.Errorf("features %v", got)
	}
	if d := cmp.Diff(features.Of(in, bound), features.Of(in, inForce)); d != "" {
		t.Errorf("features under the rules in force differ:\n%s", d)
	}
}

// A host that is too full counts with its own limits, and what may leave it does.
func TestABrokenStartIsMeasuredByWholeRules(t *testing.T) {
	in := small()
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.Named("max-vms").With("max", "1")}
	in.Hosts[0].Capacity[0] = 60 // limit 50, a and c demand 90
	want := map[string]any{"breaches": 3, "utilisation.ram": 0.571, "largest_vm": 0.3, "deadlocked": false}
	got := measure(t, in)
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %v, want %v", name, got[name], value)
		}
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	mended, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, features.Map(features.Of(in, mended))); d != "" {
		t.Errorf("under rules in their mending form: -want +got:\n%s", d)
	}
}

// Who filters by features asks for their names before there is an instance.
func TestBlankFeaturesAreThoseThatAnInstanceHas(t *testing.T) {
	kind := func(f features.Feature) string { return fmt.Sprintf("%s in %q is %T", f.Name, f.Unit, f.Value) }
	var want, got []string
	in := small()
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features.Of(in, bound) {
		if !strings.HasPrefix(f.Name, "utilisation.") {
			want = append(want, kind(f))
		}
	}
	for _, f := range features.Blank() {
		got = append(got, kind(f))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// Who has only the names would label axes wrongly.
func TestUnitsByNameAreThoseOfTheFeatures(t *testing.T) {
	in := small()
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features.Of(in, bound) {
		if got := features.UnitOf(f.Name); got != f.Unit {
			t.Errorf("%s has the unit %q, by name %q", f.Name, f.Unit, got)
		}
	}
	if got := features.UnitOf("colour"); got != "" {
		t.Errorf("what is no feature has the unit %q", got)
	}
}

func TestWhatAnInstanceLacksIsLeftOut(t *testing.T) {
	for what, c := range map[string]struct {
		change  func(*cloud.Instance)
		missing []string
	}{
		"target": {
			func(in *cloud.Instance) { in.Target = nil },
			[]string{"shutdowns", "provisions", "misplaced", "misplaced_fraction", "across_racks", "across_zones", "deadlocked", "entangled", "locked"},
		},
		"limits": {
			func(in *cloud.Instance) { in.Rules = rulesOf(t) },
			[]string{"utilisation.ram", "utilisation.vcpu", "utilisation", "largest_vm"},
		},
		"limits of one resource": {
			func(in *cloud.Instance) { in.Rules = rulesOf(t, "capacity(overcommit.vcpu=0)") },
			[]string{"utilisation.vcpu"},
		},
	} {
		in := small()
		c.change(in)
		got := measure(t, in)
		for name := range measure(t, small()) {
			if _, ok := got[name]; ok == slices.Contains(c.missing, name) {
				t.Errorf("without %s: %s is there: %v", what, name, ok)
			}
		}
	}
}

func TestTheLeastLimitDoesNotCount(t *testing.T) {
	for _, texts := range [][]string{
		{"capacity(overcommit.ram=2)", "capacity", "capacity(overcommit.ram=3)"},
		{"capacity", "capacity(overcommit.ram=2)"},
	} {
		in := small()
		in.Rules = rulesOf(t, texts...)
		if got, want := measure(t, in)["utilisation.ram"], measure(t, small())["utilisation.ram"]; got != want {
			t.Errorf("%v: found a utilisation of %v, expected %v", texts, got, want)
		}
	}
}

func TestAmountsBeyondFloatsAreExact(t *testing.T) {
	const huge = 1 << 61
	in := &cloud.Instance{
		Name: "huge", Resources: []cloud.Resource{{Name: "ram"}},
		Hosts:   []cloud.Host{{Name: "h1", Capacity: []int64{huge}, Reserved: []int64{0}}, {Name: "h2", Capacity: []int64{huge}, Reserved: []int64{0}}},
		VMs:     []cloud.VM{{Name: "a", Demand: []int64{huge/1000 + 1}}},
		Rules:   rulesOf(t, "capacity(overcommit.ram=3)"),
		Initial: cloud.Placement{0}, Target: cloud.Placement{1},
	}
	got := measure(t, in)
	// The sum of the limits is 6 × 2⁶¹, which 64 bits do not hold.
	if got["utilisation"] != 0.0 || got["largest_vm"] != 0.0 {
		t.Errorf("utilisation %v, largest VM %v", got["utilisation"], got["largest_vm"])
	}
	in.VMs[0].Demand[0] = huge
	if got = measure(t, in); got["utilisation"] != 0.167 || got["largest_vm"] != 0.333 {
		t.Errorf("utilisation %v, largest VM %v", got["utilisation"], got["largest_vm"])
	}
}

// Whoever writes the same instance down in another order, or names things otherwise,
// has the same instance.
func TestFeaturesDependNeitherOnOrderNorOnNames(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := cloudtest.Instance(rt)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0))
		hostAt, vmAt := rng.Perm(len(in.Hosts)), rng.Perm(len(in.VMs)) // new positions
		moved := func(p cloud.Placement) cloud.Placement {
			out := make(cloud.Placement, len(p))
			for v, h := range p {
				out[vmAt[v]] = cloud.Absent
				if h != cloud.Absent {
					out[vmAt[v]] = cloud.HostID(hostAt[h])
				}
			}
			return out
		}
		other := &cloud.Instance{
			Name: "other", Resources: in.Resources, Hosts: make([]cloud.Host, len(in.Hosts)), VMs: make([]cloud.VM, len(in.VMs)),
			Groups: in.Groups, Initial: moved(in.Initial), Target: moved(in.Target),
		}
		other.Groups = make([]cloud.Group, len(in.Groups))
		for g := range in.Groups {
			other.Groups[g].Name = fmt.Sprint("group", g)
		}
		for h, host := range in.Hosts {
			host.Name = "renamed " + host.Name
			other.Hosts[hostAt[h]] = host
		}
		for v, vm := range in.VMs {
			vm.Name = "renamed " + vm.Name
			other.VMs[vmAt[v]] = vm
		}
		if d := cmp.Diff(measure(t, in), measure(t, other)); d != "" {
			rt.Errorf("-as it was +in another order:\n%s", d)
		}
	})
}

func TestFeaturesStayWithinTheirBounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		got := measure(t, cloudtest.Instance(rt))
		count := func(name string) int { return got[name].(int) }
		misplaced, vms := count("misplaced"), count("vms")
		for _, within := range []struct {
			name string
			most int
		}{
			{"misplaced", vms - count("shutdowns") - count("provisions")},
			{"entangled", misplaced},
			{"locked", count("entangled")},
			{"across_racks", misplaced},
			{"across_zones", misplaced},
			{"sizes", vms},
			{"interruptible", vms},
		} {
			if n := count(within.name); n < 0 || n > within.most {
				rt.Errorf("%s = %d, expected 0 to %d", within.name, n, within.most)
			}
		}
		for name, value := range got {
			if strings.HasPrefix(name, "utilisation") || name == "misplaced_fraction" {
				if u := value.(float64); u < 0 || u > 1 { // the initial placement is within capacity
					rt.Errorf("%s = %v", name, u)
				}
			}
		}
		if (got["misplaced_fraction"] == 0.0) != (misplaced == 0) {
			rt.Errorf("%d VMs are misplaced, a fraction of %v", misplaced, got["misplaced_fraction"])
		}
	})
}

// The documents are where a reader of records looks a feature up.
func TestEveryFeatureIsDocumented(t *testing.T) {
	got := measure(t, small())
	for _, file := range []string{"doc.go", "../../results/FORMAT.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\n`|", r) })
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if resource, ok := strings.CutPrefix(name, "utilisation."); ok {
				name = strings.TrimSuffix(name, resource) + map[string]string{"doc.go": "R"}[file]
				if file != "doc.go" {
					name += "RESOURCE"
				}
			}
			if !slices.Contains(words, name) {
				t.Errorf("%s does not say what %s is", file, name)
			}
		}
	}
}

func BenchmarkOf10000Hosts(b *testing.B) {
	in := &cloud.Instance{Name: "large", Resources: []cloud.Resource{{Name: "ram"}, {Name: "vcpu"}}}
	rng := rand.New(rand.NewPCG(1, 2))
	for h := range 10_000 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", h), Capacity: []int64{1600, 160}, Reserved: []int64{0, 0}})
	}
	for v := range 150_000 {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", v), Demand: []int64{50 + rng.Int64N(100), 5 + rng.Int64N(10)}})
		in.Initial = append(in.Initial, cloud.HostID(v%10_000))
		in.Target = append(in.Target, cloud.HostID((v+1)%10_000))
	}
	if err := in.Check(); err != nil {
		b.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		features.Of(in, bound)
	}
}
