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

// randomInstance draws parameters that always succeed.
func randomInstance(t testing.TB, rt *rapid.T, target string) *cloud.Instance {
	text := fmt.Sprintf("random(hosts=%d, fill-limit=%g, tries=%d, sizes=%s, min=%d, resources=%d, correlation=%g, i386-hosts=%g, i386-vms=%g, target=%s, moved=%g)",
		rapid.IntRange(2, 15).Draw(rt, "hosts"),
		rapid.SampledFrom([]float64{0, 0.3, 0.9, 1}).Draw(rt, "fill limit"),
		rapid.SampledFrom([]int{1, 30}).Draw(rt, "tries"),
		rapid.SampledFrom([]string{"uniform", "lognormal", "flavours"}).Draw(rt, "sizes"),
		rapid.SampledFrom([]int{128, 1000}).Draw(rt, "min"),
		rapid.IntRange(1, 3).Draw(rt, "resources"),
		rapid.SampledFrom([]float64{0, 0.7, 1}).Draw(rt, "correlation"),
		rapid.SampledFrom([]float64{0, 0.4}).Draw(rt, "i386 hosts"),
		rapid.SampledFrom([]float64{0, 0.4}).Draw(rt, "i386 VMs"),
		target,
		rapid.SampledFrom([]float64{0, 0.2, 1}).Draw(rt, "moved"))
	return generate(t, text, rapid.Uint64().Draw(rt, "seed"))[0]
}

func TestRandomPlacementsAreSane(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := randomInstance(t, rt, rapid.SampledFrom([]string{"walk", "shuffle"}).Draw(rt, "target"))
		bound, err := rules.Bind(testCatalogue(), in, nil)
		if err != nil {
			rt.Fatal(err)
		}
		for what, p := range map[string]cloud.Placement{"initial": in.Initial, "target": in.Target} {
			if f := validate.Placement(in, bound, p, true); len(f) > 0 {
				rt.Errorf("%s placement: %s", what, f[0])
			}
		}
		if err := in.Check(); err != nil {
			rt.Error(err)
		}
	})
}

// The defaults are those of the first path finder's soak test.
func TestRandomDefaultsAreTheSoakTest(t *testing.T) {
	sizes := map[int64]bool{}
	for seed := range uint64(200) {
		in := generate(t, "random(hosts=10)", seed)[0]
		if len(in.Hosts) != 10 || len(in.Resources) != 1 || in.Rules != nil {
			t.Fatalf("%d hosts, %d resources, rules %v", len(in.Hosts), len(in.Resources), in.Rules)
		}
		for _, h := range in.Hosts {
			if h.Capacity[0] != 4096 || h.Reserved[0] != 280 || h.Arch != "" {
				t.Fatalf("host %+v", h)
			}
		}
		for _, v := range in.VMs {
			if v.Demand[0] < 128 || v.Demand[0] > 3816 {
				t.Fatalf("VM %+v", v)
			}
			sizes[v.Demand[0]/1000] = true
		}
	}
	if len(sizes) != 4 {
		t.Errorf("sizes come from %d of 4 thousands", len(sizes))
	}
}

func TestRandomDealsTheVMsAskedFor(t *testing.T) {
	in := generate(t, "random(hosts=1000, vms=100000, min=10, max=60)", 1)[0]
	if len(in.Hosts) != 1000 || len(in.VMs) != 100_000 {
		t.Errorf("got %d hosts and %d VMs", len(in.Hosts), len(in.VMs))
	}
}

func TestRandomSaysWhatDoesNotFit(t *testing.T) {
	family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse("random(hosts=2, vms=5, min=3000, max=3000)"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = family(9)
	want := "random(hosts=2, vms=5, min=3000, max=3000)#9: VM 3 of 5, which demands 3000 MiB, fits on no host any more"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestRandomRefusesParametersThatContradict(t *testing.T) {
	for text, want := range map[string]string{
		"random(reserved=5000)":                   "hosts of 4096 MiB cannot keep 5000 MiB reserved",
		"random(min=300, max=200)":                "the smallest demand, min=300, is above the largest, max=200",
		"random(sizes=flavours, flavours=[])":     "sizes=flavours needs at least one size in flavours",
		"random(hosts=1)":                         `parameter "hosts" of random: expected an integer from 2 to 1000000 (hosts), found "1"`,
		"random(utilisation=1.2)":                 `expected a number from 0 to 1, found "1.2"`,
		"random(target=wolk)":                     `unknown value "wolk", did you mean "walk"?`,
		"random(migrations=many)":                 "expected an integer",
		"random(host-sizes=[])":                   "host-sizes needs at least one multiple of capacity",
		"random(racks=11)":                        "10 hosts cannot stand in 11 racks",
		"random(zones=11)":                        "10 hosts cannot stand in 11 zones",
		"random(racks=2, zones=3)":                "2 racks cannot stand in 3 zones",
		"random(utilisation=0.9, vms=3)":          "utilisation says how many VMs there are, as vms and vms-per-host do",
		"random(utilisation=0.9, vms-per-host=3)": "utilisation says how many VMs there are, as vms and vms-per-host do",
		"random(utilisation=0, fill-limit=0.9)":   "utilisation is reached, and fill-limit is not to be exceeded: give one of them",
		"random(vms=3, vms-per-host=2)":           "vms and vms-per-host say the same in two ways",
		"random(hosts=1000, vms-per-host=1e5)":    "1000 hosts with 100000 VMs each are more than 10000000 VMs",
		"random(weights=[1])":                     "weights belong to sizes=flavours, not to sizes=uniform",
		"random(sizes=flavours, weights=[1, 2])":  "expected a weight for each of 3 flavours, found 2",
		"random(sizes=flavours, weights=[0,0,0])": "all weights are 0",
		"random(groups=2, grouped=0.5)":           "groups and grouped say the same in two ways",
		"random(groups=2, group-size=11)":         "the 11 VMs of a group need a host each, and there are 10: see group-size, anti-affinity and hosts",
		"random(groups=2, anti-affinity=rack)":    "the 3 VMs of a group need a rack each, and there are 0: see group-size, anti-affinity and racks",
		"drift(of=random(hots=3), migrations=10)": `unknown parameter "hots" of random, did you mean "hosts"?`,
	} {
		_, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// Many tries have to bring every host close to what may be filled, and never above.
func TestFillLimitIsReachedAndNotExceeded(t *testing.T) {
	in := generate(t, "random(hosts=50, max=1000, fill-limit=0.8, tries=200, resources=2, correlation=1)", 1)[0]
	used := make([]int64, len(in.Hosts))
	for v, h := range in.Initial {
		used[h] += in.VMs[v].Demand[0]
	}
	for h, n := range used {
		if n > 3052 || n < 3052-2*128 { // 0.8 × (4096 - 280); what is left is hardly more than the smallest VM
			t.Errorf("host %d holds %d MiB", h+1, n)
		}
	}
}

func TestCorrelationIsWhatItSays(t *testing.T) {
	for _, want := range []float64{0, 0.6, 1} {
		in := generate(t, fmt.Sprintf("random(hosts=5000, resources=2, max=1000, correlation=%g)", want), 1)[0]
		var n, x, y, xx, yy, xy float64
		for _, v := range in.VMs {
			a, b := float64(v.Demand[0]), float64(v.Demand[1])
			n, x, y, xx, yy, xy = n+1, x+a, y+b, xx+a*a, yy+b*b, xy+a*b
		}
		got := (n*xy - x*y) / math.Sqrt((n*xx-x*x)*(n*yy-y*y))
		// Hosts prefer VMs that fit, which ties the two demands a little.
		if math.Abs(got-want) > 0.05 {
			t.Errorf("correlation %.3f, want %g", got, want)
		}
	}
}

// With room to spare the shuffle moves exactly the fraction asked for.
func TestShuffleMovesTheFractionAskedFor(t *testing.T) {
	for _, moved := range []float64{0, 0.25, 1} {
		in := generate(t, fmt.Sprintf("random(hosts=30, max=500, utilisation=0.9, target=shuffle, moved=%g)", moved), 1)[0]
		n := 0
		for v := range in.Initial {
			if in.Initial[v] != in.Target[v] {
				n++
			}
		}
		if want := int(math.Round(moved * float64(len(in.VMs)))); n != want {
			t.Errorf("moved=%g: %d of %d VMs, want %d", moved, n, len(in.VMs), want)
		}
	}
}

func TestArchitecturesComeInTheSharesAskedFor(t *testing.T) {
	in := generate(t, "random(hosts=10, vms=2000, min=1, max=10, i386-hosts=0.3, i386-vms=0.5)", 1)[0]
	hosts, vms := 0, 0
	for _, h := range in.Hosts {
		if h.Arch == x86 {
			hosts++
		}
	}
	for _, v := range in.VMs {
		if v.Arch == x86 {
			vms++
		}
	}
	if hosts != 3 || vms < 900 || vms > 1100 {
		t.Errorf("%d of 10 hosts and %d of 2000 VMs are i386", hosts, vms)
	}
}

func BenchmarkRandom10000Hosts(b *testing.B) {
	for b.Loop() {
		generate(b, "random(hosts=10000)", 1)
	}
}
