package generators

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// scenarioBases are families with room, some with rules of groups, some with VMs absent
// or a discrete rule.
var scenarioBases = []string{
	"random(hosts=12, utilisation=0.6, max=800, tries=5)",
	"random(hosts=9, utilisation=0.5, max=900, resources=2, i386-hosts=0.3, i386-vms=0.3)",
	"flavours(hosts=30, racks=6, utilisation=0.5, target=none)",
	"flavours(preset=general, hosts=12, racks=4, zones=2, utilisation=0.5, grouped=1)",
	"with(of=flavours(hosts=20, racks=4, zones=2, utilisation=0.4, target=none), rules=[max-vms(max=90), spread(group=apart-1, min=2, by=rack, continuous=no)], keep=yes)",
	"file(path=testdata/rules.json)",
}

func TestScenariosKeepTheirPromises(t *testing.T) {
	made := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		base := rapid.SampledFrom(scenarioBases).Draw(rt, "base")
		text := fmt.Sprintf(rapid.SampledFrom([]string{
			"defragment(of=%s)", "rebalance(of=%s)", "rebalance(of=%s, tolerance=0)", "evacuate(of=%s)",
			"evacuate(of=%s, count=2, maintenance=no)", "evacuate(of=%s, by=rack)", "evacuate(of=%s, by=zone)",
			"upgrade(of=%s, batch=1, steps=3)", "upgrade(of=%s, batch=2, steps=4, direction=yes)", "upgrade(of=%s, by=rack, steps=2)",
		}).Draw(rt, "scenario"), base)
		seed := rapid.Uint64().Draw(rt, "seed")
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err != nil {
			rt.Fatal(err)
		}
		instances, err := family(seed)
		if err != nil {
			for _, refusal := range []string{"no target was found", "no target exists", "hold VMs", "none of its hosts", "no VM stands"} {
				if strings.Contains(err.Error(), refusal) {
					return
				}
			}
			rt.Fatalf("%s: %v", text, err)
		}
		for _, in := range instances {
			name := spec.MustParse(text).Name
			made[name]++
			checkScenario(rt, name, in)
		}
	})
	for _, name := range []string{"defragment", "rebalance", "evacuate", "upgrade"} {
		if made[name] < 3 {
			t.Errorf("%s made %d instances: the law was hardly tried", name, made[name])
		}
	}
}

func checkScenario(t *rapid.T, name string, in *cloud.Instance) {
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := append(validate.Placement(in, bound, in.Initial, false), validate.Placement(in, bound, in.Target, true)...)
	if len(f) > 0 {
		t.Errorf("%s: %s", in.Name, f[0])
	}
	r := &targets.Request{Instance: in, Rules: bound}
	before, after := r.Measure(in.Initial), r.Measure(in.Target)
	mended := len(validate.Placement(in, bound, in.Initial, true)) > 0 // a discrete rule was broken
	switch {
	case name == "defragment" && after.HostsInUse > before.HostsInUse && !mended:
		t.Errorf("%s: %d hosts in use, %d before", in.Name, after.HostsInUse, before.HostsInUse)
	case name == "rebalance" && after.Highest > before.Highest && !mended:
		t.Errorf("%s: highest load %g, %g before", in.Name, after.Highest, before.Highest)
	case (name == "evacuate" || name == "upgrade") && after.HostsInUse == len(in.Hosts):
		t.Errorf("%s: no host is empty", in.Name)
	}
	for _, s := range in.Rules {
		if s.Name != "maintenance" {
			continue
		}
		for _, by := range []string{"host", "rack", "zone"} {
			v, _ := s.Value(by + "s")
			for _, closed := range v.List {
				for vm, h := range in.Target {
					if h != cloud.Absent && in.Hosts[h].Domain(by) == closed.Text {
						t.Errorf("%s: VM %d stands on %s, which is to be empty", in.Name, vm, in.Hosts[h].Name)
					}
				}
			}
		}
	}
	d, _ := testCatalogue().Lookup(Kind, name)
	if d.Has(Reachable) && !strings.Contains(in.Description, "a path exists") {
		t.Errorf("%s promises a path, and says %q", in.Name, in.Description)
	}
}

// Where a description says that a path exists, there must be one.
func TestScenariosKnowThePathsThatTheyClaim(t *testing.T) {
	for _, base := range scenarioBases[:4] {
		for scenario, strategy := range map[string]string{
			"defragment(of=%s)": "defragment", "rebalance(of=%s, tolerance=0)": "rebalance(tolerance=0)",
			"evacuate(of=%s, hosts=host2)": "evacuate(hosts=host2)",
		} {
			in := generate(t, fmt.Sprintf(scenario, base), 1)[0]
			s, _, err := spec.Build[targets.Strategy](testCatalogue(), targets.Kind, spec.MustParse(strategy))
			if err != nil {
				t.Fatal(err)
			}
			ram, err := costs.Bind(testCatalogue(), in, spec.Named("ram"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := targets.NewRequest(testCatalogue(), in, nil, ram)
			if err != nil {
				t.Fatal(err)
			}
			c, err := targets.Choose(context.Background(), s, r)
			if err != nil || !c.Target.Equal(in.Target) {
				t.Fatalf("%s: another target the second time: %v", in.Name, err)
			}
			if claimed := strings.Contains(in.Description, "a path exists"); claimed != (c.Path != nil) {
				t.Errorf("%s says %q, and the path is %v", in.Name, in.Description, c.Path)
			}
			if f := judge(t, in, c.Path); c.Path != nil && len(f) > 0 {
				t.Errorf("%s: %s", in.Name, f[0])
			}
		}
	}
}

// Every host is emptied once, each step begins where the last one ended, and any step can
// be had alone.
func TestUpgradeEmptiesEveryHostOnce(t *testing.T) {
	const base = "flavours(hosts=20, racks=5, utilisation=0.5, target=none)"
	start := generate(t, base, 4)[0]
	for _, args := range []string{"", ", by=rack", ", batch=3, maintenance=no", ", by=zone, displace=5", ", batch=4, direction=yes"} {
		text := "upgrade(of=" + base + args + ")"
		steps := generate(t, text, 4)
		place := start.Initial
		emptied := map[cloud.HostID]int{}
		for i, in := range steps {
			if !in.Initial.Equal(place) {
				t.Errorf("%s begins elsewhere than the step before ended", in.Name)
			}
			place = in.Target
			held, holds := map[cloud.HostID]bool{}, map[cloud.HostID]bool{}
			for v := range in.Initial {
				held[in.Initial[v]], holds[in.Target[v]] = true, true
			}
			for h := range held {
				if !holds[h] {
					emptied[h]++
				}
			}
			if closed := strings.Contains(fmt.Sprint(in.Rules), "maintenance("); closed == strings.Contains(args, "maintenance=no") {
				t.Errorf("%s: rules %v", in.Name, in.Rules)
			}
			alone := generate(t, strings.TrimSuffix(text, ")")+fmt.Sprintf(", step=%d)", i+1), 4)
			if len(alone) != 1 || !bytes.Equal(encode(t, alone), encode(t, steps[i:i+1])) {
				t.Errorf("step %d alone is another instance", i+1)
			}
		}
		for h := range start.Hosts {
			if emptied[cloud.HostID(h)] < 1 {
				t.Errorf("%s: host %d was never emptied", text, h)
			}
		}
		some := generate(t, strings.TrimSuffix(text, ")")+", steps=2)", 4)
		if !bytes.Equal(encode(t, some), encode(t, steps[:2])) {
			t.Errorf("%s: steps=2 does not yield the first two", text)
		}
	}
}

// In an upgrade with a direction the hosts of earlier steps are new, all others are old, and no
// VM goes back; without one nothing changes.
func TestUpgradeGoesBack(t *testing.T) {
	const base = "flavours(hosts=20, racks=5, utilisation=0.6, target=none)"
	forward := 0
	done := map[cloud.HostID]bool{}
	for i, in := range generate(t, "upgrade(of="+base+", batch=4, direction=yes)", 4) {
		for h := range in.Hosts {
			want := "old"
			if done[cloud.HostID(h)] {
				want = "new"
			}
			if got := in.Hosts[h].Labels["version"]; got != want {
				t.Errorf("step %d: host %d is %s, expected %s", i+1, h, got, want)
			}
		}
		for v, from := range in.Initial {
			to := in.Target[v]
			switch {
			case done[from] && !done[to]:
				t.Errorf("step %d: VM %d goes back from host %d to host %d", i+1, v, from, to)
			case done[to] && !done[from]:
				forward++
			}
		}
		for h := range 4 {
			done[cloud.HostID(4*i+h)] = true
		}
		if !strings.Contains(in.Description, "a path exists") {
			t.Errorf("step %d: %s", i+1, in.Description)
		}
	}
	if forward == 0 {
		t.Error("no VM goes to a host that is done: the test shows nothing")
	}
	back := 0
	done = map[cloud.HostID]bool{}
	for i, in := range generate(t, "upgrade(of="+base+", batch=4)", 4) {
		for v, from := range in.Initial {
			if done[from] && !done[in.Target[v]] {
				back++
			}
		}
		for h := range 4 {
			done[cloud.HostID(4*i+h)] = true
		}
	}
	t.Logf("%d VMs go to hosts that are done; without a direction %d go back", forward, back)
}

func TestOneMigrationIsCountedAsMany(t *testing.T) {
	single := false
	for _, in := range generate(t, "upgrade(of=random(utilisation=0.5))", 1) {
		single = single || strings.HasSuffix(in.Description, "a path exists, of 1 migration")
		if strings.Contains(in.Description, " 1 migrations") {
			t.Errorf("%s says %q", in.Name, in.Description)
		}
	}
	if !single {
		t.Error("no step takes a single migration: the test shows nothing")
	}
}

func TestEvacuateEmptiesWhatIsNamedOrDrawn(t *testing.T) {
	const base = "flavours(hosts=40, racks=8, zones=4, utilisation=0.4, target=none)"
	for args, want := range map[string]int{
		"hosts=host7": 1, "hosts=[host7, host8], racks=rack1": 7, "racks=rack[12]": 10, "zones=zone2": 10,
		"count=3": 3, "by=rack": 5, "by=rack, count=2": 10, "by=zone": 10,
	} {
		args = strings.ReplaceAll(args, "rack[12]", `"rack[12]"`)
		in := generate(t, "evacuate(of="+base+", "+args+")", 2)[0]
		holds := map[cloud.HostID]bool{}
		for _, h := range in.Target {
			holds[h] = true
		}
		if got := len(in.Hosts) - len(holds); got != want {
			t.Errorf("%s: %d hosts are empty, expected %d", args, got, want)
		}
	}
	if a, b := generate(t, "evacuate(of="+base+")", 1)[0], generate(t, "evacuate(of="+base+")", 2)[0]; fmt.Sprint(a.Rules) == fmt.Sprint(b.Rules) {
		t.Error("two seeds drew the same host")
	}
}

func TestScenariosSayWhatCannotBeDone(t *testing.T) {
	for text, want := range map[string]string{
		"evacuate(of=flavours, racks=rak1)":            `instance "flavours#1": evacuate: unknown rack "rak1", did you mean "rack1"?`,
		"evacuate(of=classic(case=slow), by=rack)":     `evacuate: count=1, but only 0 of its racks hold VMs`,
		"evacuate(of=random(vms=0))":                   `evacuate: count=1, but only 0 of its hosts hold VMs`,
		"evacuate(of=random(hosts=3, vms=1), count=2)": `evacuate: count=2, but only 1 of its hosts hold VMs`,
		"upgrade(of=classic(case=slow), by=zone)":      `upgrade: none of its hosts stands in a zone`,
		"upgrade(of=classic(case=tricky))":             "step 1 of 3 of an upgrade: no target exists: the 3 VMs that can stand only on 1 host (\"host2\") need 2,900 MiB of ram",
		"upgrade(of=upgrade(of=flavours(hosts=12, utilisation=0.4), steps=1, direction=yes), direction=yes)": `upgrade: host "host1" has the label "version" already, which direction=yes would overwrite`,
		"upgrade(of=flavours, step=40)":                          "upgrade: there is no step 40 in which a VM has to move",
		"upgrade(of=random(hosts=2, vms=0))":                     "upgrade: no VM stands in any host, so none has to move",
		"defragment(of=random, displace=-1)":                     `parameter "displace" of defragment: expected an integer from 0`,
		"rebalance(of=evacuate(of=flavours), tolerance=2)":       `parameter "tolerance" of rebalance`,
		"evacuate(of=random(hosts=4), hosts=host1, racks=rack1)": `evacuate: unknown rack "rack1"`,
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

func BenchmarkDefragment10000Hosts(b *testing.B) {
	for b.Loop() {
		generate(b, "defragment(of=flavours(hosts=10000, target=none))", 1)
	}
}
