package generators

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func TestFlavoursPlacementsObeyTheirRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := fmt.Sprintf("flavours(preset=%s, hosts=%d, utilisation=%g, grouped=%g, target=%s, moved=%g)",
			rapid.SampledFrom([]string{"openstack", "general", "memory", "burstable"}).Draw(rt, "preset"),
			rapid.IntRange(2, 50).Draw(rt, "hosts"),
			rapid.SampledFrom([]float64{0, 0.3, 0.95, 1}).Draw(rt, "utilisation"),
			rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(rt, "grouped"),
			rapid.SampledFrom([]string{"walk", "shuffle", "none"}).Draw(rt, "target"),
			rapid.SampledFrom([]float64{0, 0.2, 1}).Draw(rt, "moved"))
		in := generate(t, text, rapid.Uint64().Draw(rt, "seed"))[0]
		bound, err := rules.Bind(testCatalogue(), in, nil)
		if err != nil {
			rt.Fatal(err)
		}
		for _, p := range []cloud.Placement{in.Initial, in.Target} {
			if p == nil {
				continue
			}
			if f := validate.Placement(in, bound, p, true); len(f) > 0 {
				rt.Errorf("%s: %s", text, f[0])
			}
		}
		if (in.Target == nil) != strings.Contains(text, "target=none") {
			rt.Errorf("%s: target %v", text, in.Target)
		}
	})
}

// The frequencies are the parameters' and those that the documentation states.
func TestFlavoursComeAsOftenAsStated(t *testing.T) {
	for _, p := range presets() {
		in := generate(t, fmt.Sprintf("flavours(preset=%s, hosts=600, grouped=0.4)", p.name), 1)[0]
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 0.02 {
				t.Errorf("%s: %s is %.3f, expected %.3f", p.name, what, got, want)
			}
		}
		count, active, members := map[string]float64{}, 0.0, 0
		n := float64(len(in.VMs))
		for _, v := range in.VMs {
			count[v.Labels["flavour"]]++
			if *v.DirtyMiBPerS > 10 {
				active++
			}
		}
		for k, f := range p.flavours {
			all := float64(int(1)<<len(p.flavours) - 1)
			near("the share of "+f.name, count[f.name]/n, float64(int(1)<<(len(p.flavours)-1-k))/all)
		}
		for _, g := range in.Groups {
			members += len(g.VMs)
			if len(g.VMs) < 2 || len(g.VMs) > largestApart {
				t.Errorf("%s: a group of %d VMs", p.name, len(g.VMs))
			}
		}
		near("the fraction grouped", float64(members)/n, 0.4)
		near("the fraction that writes much", active/n, 0.5)
		used, limit := utilisationOf(t, in)
		near("the utilisation", used/limit, 0.6)
	}
}

// utilisationOf is the use and the limit of the scarcest resource.
func utilisationOf(t *testing.T, in *cloud.Instance) (used, limit float64) {
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	limit = 1
	for r := range in.Resources {
		u, l := 0.0, 0.0
		for _, v := range in.VMs {
			u += float64(v.Demand[r])
		}
		for h := range in.Hosts {
			l += float64(bound[0].(cloud.Limiter).Limit(cloud.HostID(h), r))
		}
		if u*limit > used*l {
			used, limit = u, l
		}
	}
	return used, limit
}

// A rack stands in one zone, holds hosts of one generation, and none is empty.
func TestRacksAndZonesAreSharedEvenly(t *testing.T) {
	in := generate(t, "flavours(hosts=97, racks=7, zones=3, target=none)", 1)[0]
	zone, kind, size := map[string]string{}, map[string]string{}, map[string]int{}
	zones := map[string]bool{}
	for _, h := range in.Hosts {
		if zone[h.Rack] == "" {
			zone[h.Rack], kind[h.Rack] = h.Zone, h.Labels["type"]
		}
		if zone[h.Rack] != h.Zone || kind[h.Rack] != h.Labels["type"] {
			t.Errorf("%s stands in %s and is of type %s, its rack in %s and of %s", h.Name, h.Zone, h.Labels["type"], zone[h.Rack], kind[h.Rack])
		}
		size[h.Rack]++
		zones[h.Zone] = true
	}
	if len(size) != 7 || len(zones) != 3 {
		t.Errorf("%d racks and %d zones", len(size), len(zones))
	}
	for rack, n := range size {
		if n < 13 || n > 14 {
			t.Errorf("%s holds %d hosts", rack, n)
		}
	}
}

func TestFlavoursRefusesParametersThatContradict(t *testing.T) {
	for text, want := range map[string]string{
		"flavours(hosts=5, racks=6)":           "5 hosts cannot fill 6 racks",
		"flavours(hosts=50, racks=2, zones=3)": "2 racks cannot fill 3 zones",
		"flavours(hosts=40, zones=3)":          "2 racks cannot fill 3 zones",
		"flavours(preset=openstak)":            `did you mean "openstack"?`,
		"flavours(overcommit=none)":            "expected a ratio",
		"flavours(preset=general, moved=1.5)":  "expected a number from 0 to 1",
	} {
		_, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestOvercommitIsTheOneAskedFor(t *testing.T) {
	for text, want := range map[string]string{
		"flavours(target=none, grouped=0)":                                 "[capacity(overcommit.vcpu=4)]",
		"flavours(preset=general, target=none, grouped=0)":                 "[capacity]",
		"flavours(preset=general, overcommit=3/2, target=none, grouped=1)": "[capacity(overcommit.vcpu=3/2) anti-affinity(group=apart-*)]",
	} {
		if got := fmt.Sprint(generate(t, text, 1)[0].Rules); got != want {
			t.Errorf("%s: rules %s, want %s", text, got, want)
		}
	}
}

// Records tell the parameters: what is computed of others must be among them as it is in force.
func TestParametersOfFlavoursAreThoseInForce(t *testing.T) {
	for text, want := range map[string][3]float64{
		"flavours":          {6, 3, 4},
		"flavours(hosts=8)": {1, 1, 4},
		"flavours(hosts=50, racks=2, preset=memory)":            {2, 2, 1},
		"flavours(racks=9, zones=4, overcommit=3/2)":            {9, 4, 1.5},
		"with(of=flavours(hosts=30, preset=general), rules=[])": {2, 2, 1},
	} {
		args, err := testCatalogue().Resolve(Kind, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		prefix := map[bool]string{true: "of."}[args.Full().Name == "with"]
		for i, name := range []string{"racks", "zones", "overcommit"} {
			if got := args.Values()[prefix+name]; got != want[i] {
				t.Errorf("%s: %s is %v, expected %v", text, name, got, want[i])
			}
		}
	}
	in := generate(t, "flavours(hosts=30, target=none)", 1)[0]
	if last := in.Hosts[29]; last.Zone != "zone2" || last.Rack != "rack2" {
		t.Errorf("the last host stands in %s, %s", last.Zone, last.Rack)
	}
}
