package generators

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// breakable are rules with families whose initial placements can be made to break them.
var breakable = []struct{ of, rule string }{
	{"random", "capacity"},
	{"random(hosts=20, utilisation=0.5, target=shuffle)", "capacity"},
	{"flavours", "capacity"},
	{"random(i386-hosts=0.3, i386-vms=0.3)", "arch"},
	{"flavours(hosts=20)", "anti-affinity"},
	{"random(hosts=12, max=600, racks=6, grouped=0.6, group-size=3, anti-affinity=rack)", "anti-affinity"},
	{"flavours(hosts=20, target=none)", `anti-affinity(group="apart-*", by=rack)`},
	{"flavours(hosts=20, racks=6, target=none)", "affinity(group=apart-1, by=rack)"},
	{"with(of=flavours(hosts=20, target=none), rules=[capacity(overcommit.vcpu=4)])", "max-per-host(group=apart-1, max=1)"},
	{"flavours(hosts=20, racks=4, target=none)", `max-per-rack(group="*", max=2)`},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", `max-per-zone(group="*", max=2)`},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", "interference(group=apart-1, with=apart-2, max=0)"},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", `spread(group="*", min=2, by=zone)`},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", `spread(group=apart-1, min=2, by=rack)`},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", "depends(group=apart-1, on=[apart-2])"},
	{"flavours(hosts=20, racks=6, zones=3, target=none)", "fence(group=apart-1, zones=[zone1, zone2])"},
	{"random", "ban(vms=[vm1, vm2], hosts=host1)"},
	{"random", "max-vms(max=5)"},
	{"flavours(hosts=20, target=none)", "max-vms(max=30)"},
	{"flavours(hosts=20, target=none)", `expression(test="vms <= 35")`},
	{"random", `expression(test="vm.demand.ram < 2000 or host.name != 'host1'")`},
	{"with(of=flavours(hosts=20, target=none), rules=[labels], start=any, keep=yes)", "labels"},
	{"numa(machines=10)", "numa"},
	{"file(path=testdata/rules.json)", "depends"},
	{"file(path=testdata/rules.json)", "spread"},
}

// An instance of the family has to begin where the rule is broken and all others are kept, and
// to end sanely; every rule that an initial placement can break has to be tried.
func TestBrokenStartsBreakTheRuleAndNoOther(t *testing.T) {
	tried := map[string]int{}
	for _, c := range breakable {
		rule := spec.MustParse(c.rule)
		for seed := range uint64(6) {
			name := fmt.Sprintf("broken(of=%s, rules=[%s]), seed %d", c.of, rule, seed)
			family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(fmt.Sprintf("broken(of=%s, rules=[%s])", c.of, rule)))
			if err != nil {
				t.Fatal(err)
			}
			instances, err := family(seed)
			if err != nil {
				if !strings.Contains(err.Error(), "no moves of VMs were found") && !strings.Contains(err.Error(), "the target is not sane") {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			tried[rule.Name]++
			base, in := generate(t, c.of, seed)[0], instances[0]
			checkBroken(t, name, base, in, rule.Name)
		}
	}
	for _, e := range rules.Entries() {
		switch e.Descriptor.Name {
		case "pin", "quarantine", "maintenance", "direction", "at-once": // about migrations away from the start
		default:
			if tried[e.Descriptor.Name] < 2 {
				t.Errorf("%s was broken %d times: the law was hardly tried", e.Descriptor.Name, tried[e.Descriptor.Name])
			}
		}
	}
}

func checkBroken(t *testing.T, name string, base, in *cloud.Instance, rule string) {
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, breaches, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	_, before, _ := cloud.Mend(base, mustBind(t, base), base.Initial)
	if len(breaches) == 0 {
		t.Errorf("%s: nothing is broken", name)
	}
	for _, v := range breaches {
		if !strings.HasPrefix(v.Rule, rule) && !slices.ContainsFunc(before, func(b cloud.Violation) bool { return b.Rule == v.Rule }) {
			t.Errorf("%s: %s is broken, too", name, v)
		}
	}
	if in.Target != nil {
		if f := validate.Placement(in, bound, in.Target, true); len(f) > 0 || !in.Target.Equal(base.Target) {
			t.Errorf("%s: the target is another one, or not sane: %v", name, f)
		}
	}
	for v, h := range in.Initial {
		if (h == cloud.Absent) != (base.Initial[v] == cloud.Absent) || base.Target != nil && base.Target[v] == cloud.Absent && h != base.Initial[v] {
			t.Errorf("%s: VM %d was on %d and is on %d", name, v, base.Initial[v], h)
		}
	}
}

func mustBind(t testing.TB, in *cloud.Instance) []cloud.Rule {
	t.Helper()
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

func TestShareSaysHowWidelyRulesAreBroken(t *testing.T) {
	for text, want := range map[string]string{
		"broken(of=random(hosts=20), rules=[capacity], share=0)":                                                "breaks capacity 1 time;",
		"broken(of=random(hosts=20), rules=[capacity], share=0.3)":                                              "breaks capacity 6 times;",
		"broken(of=flavours(hosts=20), rules=[anti-affinity])":                                                  "breaks anti-affinity(group=apart-*) ",
		"broken(of=random, rules=[capacity(overcommit.ram=3/4)])":                                               "",
		"broken(of=broken(of=random(hosts=20), rules=[capacity], share=0.1), rules=[capacity], share=0.3)":      "breaks capacity 6 times;",
		"broken(of=random(i386-hosts=0.3, i386-vms=0.3, max=600, hosts=20), rules=[arch, capacity], share=0.2)": "breaks arch ",
		"broken(of=flavours(hosts=20, target=none), rules=[\"max-vms(max=30)\"])":                               "breaks max-vms(max=30) 2 times; no target",
	} {
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		instances, err := family(1)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "the target is not sane") {
				t.Errorf("%s: got %v", text, err)
			}
			continue
		}
		if err != nil || !strings.Contains(instances[0].Description, want) {
			t.Errorf("%s: %v, expected %q", text, err, want)
		} else if len(instances[0].Rules) > 3 {
			t.Errorf("%s: has a rule twice: %v", text, instances[0].Rules)
		}
	}
}

func TestBrokenSaysWhyItCannot(t *testing.T) {
	for text, want := range map[string]string{
		"broken(of=random, rules=[pin(vms=vm1)])":                                                     `instance "random#1" cannot be broken: rule pin(vms=[vm1], continuous=yes): it has no mending form`,
		"broken(of=random, rules=[max-vms(max=1, continuous=no)])":                                    "it is discrete, so that an initial placement need not keep it anyway",
		"broken(of=random, rules=[max-vms(max=5000)])":                                                "rule max-vms(max=5000): no moves of VMs were found that break it and keep the other rules",
		"broken(of=random(hosts=20), rules=[capacity], share=1)":                                      "of the 20 hosts wanted and keep the other rules: ask for a smaller share",
		"broken(of=random, rules=[spread])":                                                           "spread needs parameter",
		"broken(of=random, rules=[capcity])":                                                          `unknown rule "capcity", did you mean "capacity"?`,
		"broken(of=random, rules=[capacity(over=2)])":                                                 `unknown parameter "over" of capacity`,
		"broken(of=flavours(target=none), rules=[interference(group=apart-1, with=apart-1, max=50)])": "no placement breaks it",
	} {
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err == nil {
			_, err = family(1)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// odd is a rule that this package does not know: no host holds an odd number of VMs. It tells
// its place in a word of its own.
type odd struct{ in *cloud.Instance }

func (odd) String() string                  { return "odd" }
func (odd) Continuous() bool                { return true }
func (odd) Watches() []cloud.VMID           { return nil }
func (o odd) Whole() cloud.Rule             { return o }
func (o odd) Mend(cloud.View) cloud.Mending { return o }

func (o odd) Violations(v cloud.View, _ *cloud.Change) (out []cloud.Violation) {
	for h := range o.in.Hosts {
		if len(v.On(cloud.HostID(h)))%2 == 1 {
			out = append(out, cloud.Violation{Rule: "odd", Where: cloud.Where{By: "seat", Place: o.in.Hosts[h].Name}, Msg: "odd"})
		}
	}
	return out
}

func (odd) NewGuard(*cloud.State) cloud.Guard { return anyway{} }

type anyway struct{}

func (anyway) Allows(*cloud.State, cloud.VMID, cloud.HostID, cloud.HostID) bool { return true }

func TestRulesOfOthersCanBeBrokenToo(t *testing.T) {
	in := generate(t, "random(hosts=4, vms=8, max=900)", 1)[0]
	for v := range in.VMs {
		in.Initial[v] = cloud.HostID(v % 4)
	}
	in.Target = nil
	b := newBreaker(in, nil, rand.New(rand.NewPCG(1, 2)))
	r := &breach{spec: spec.Named("odd"), rules: []cloud.Rule{odd{in}}, share: 0}
	if err := b.widen(r); err != nil {
		t.Fatal(err)
	}
	if len(r.at) == 0 || b.state.Placement().Equal(in.Initial) {
		t.Errorf("broken at %v", r.at)
	}
}

// Out of a broken start, a walk under the mending forms is a path.
func TestDriftForthMendsABrokenStart(t *testing.T) {
	made := 0
	for seed := range uint64(40) {
		base := generate(t, "broken(of=random(hosts=6, utilisation=0.5, max=900), rules=[capacity])", seed)[0]
		d := drift{catalogue: testCatalogue(), migrations: 60, name: spec.Named("drift")}
		in, path, err := d.of(base, seed)
		if err != nil {
			if !strings.Contains(err.Error(), "is not one to end with") {
				t.Error(err)
			}
			continue
		}
		made++
		if f := judge(t, in, path); len(f) > 0 {
			t.Errorf("%s: %s", in.Name, f[0])
		}
		if d.back = true; made == 1 {
			if _, _, err := d.of(base, seed); err == nil || !strings.Contains(err.Error(), "the placement to begin with is not sane: capacity") {
				t.Errorf("back to a broken start: %v", err)
			}
		}
	}
	if made < 5 {
		t.Errorf("%d walks mended the start: the law was hardly tried", made)
	}
}
