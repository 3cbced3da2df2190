package generators

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// sane reports every rule that either placement of an instance breaks.
func sane(t testing.TB, in *cloud.Instance) {
	t.Helper()
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []struct {
		what  string
		place cloud.Placement
	}{{"initial placement", in.Initial}, {"target", in.Target}} {
		if f := validate.Placement(in, bound, end.place, true); len(f) > 0 {
			t.Errorf("%s: %s: %s", in.Name, end.what, f[0])
		}
	}
}

// Whatever is combined with what, both placements must obey the rules of groups,
// architectures and capacity.
func TestRandomPlacementsObeyEveryRule(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := fmt.Sprintf("random(hosts=%d, racks=6, zones=3, host-sizes=[1, 2], host-order=%s, max=700, utilisation=%g, resources=%d, correlation=0.5, "+
			"i386-hosts=%g, i386-vms=0.3, grouped=%g, group-size=%d, anti-affinity=%s, start=%s, target=%s, moved=0.7)",
			rapid.IntRange(6, 20).Draw(rt, "hosts"),
			rapid.SampledFrom([]string{"round", "chance"}).Draw(rt, "host order"),
			rapid.SampledFrom([]float64{0.4, 0.8, 0.95}).Draw(rt, "utilisation"),
			rapid.IntRange(1, 4).Draw(rt, "resources"),
			rapid.SampledFrom([]float64{0, 0.3}).Draw(rt, "i386 hosts"),
			rapid.SampledFrom([]float64{0, 0.3, 0.6}).Draw(rt, "grouped"),
			rapid.IntRange(2, 3).Draw(rt, "group size"),
			rapid.SampledFrom([]string{"none", "host", "rack", "zone"}).Draw(rt, "anti-affinity"),
			rapid.SampledFrom([]string{"filled", "fresh"}).Draw(rt, "start"),
			rapid.SampledFrom([]string{"walk", "shuffle", "fresh"}).Draw(rt, "target"))
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err != nil {
			rt.Fatal(err)
		}
		out, err := family(rapid.Uint64().Draw(rt, "seed"))
		if err != nil {
			if strings.Contains(err.Error(), "fits on no host any more") {
				rt.Skip(err) // a packing was not found, which is said and promised to nobody
			}
			rt.Fatal(err)
		}
		sane(t, out[0])
	})
}

func TestGroupsComeInTheNumberAndSizeAskedFor(t *testing.T) {
	for text, want := range map[string]int{
		"random(hosts=30, max=400, groups=20, group-size=4)":                                  20,
		"random(hosts=30, max=400, groups=20, anti-affinity=zone, racks=9, zones=3)":          20,
		"random(hosts=30, vms-per-host=8, max=400, grouped=0.5, group-size=5)":                24,
		"random(hosts=30, vms-per-host=8, max=400, grouped=1, group-size=2, start=fresh)":     120,
		"random(hosts=30, vms-per-host=8, max=400, grouped=1, anti-affinity=none, moved=0.1)": 80,
		"random": 0,
	} {
		in := generate(t, text, 1)[0]
		seen := map[cloud.VMID]bool{}
		for _, g := range in.Groups {
			for _, v := range g.VMs {
				if seen[v] {
					t.Errorf("%s: %s is in two groups", text, in.VMs[v].Name)
				}
				seen[v] = true
			}
		}
		if len(in.Groups) != want {
			t.Errorf("%s: %d groups, expected %d", text, len(in.Groups), want)
		}
		if ruled := in.Rules != nil; ruled != (want > 0 && !strings.Contains(text, "none")) {
			t.Errorf("%s: rules %v", text, in.Rules)
		}
	}
}

func TestRandomSaysWhichGroupsItCannotMake(t *testing.T) {
	for text, want := range map[string]string{
		"random(groups=50)": "50 groups of 3 VMs need 150 VMs, and there are ",
		"random(hosts=3, host-sizes=[1, 1, 40], max=300, groups=40)": "groups were found: too few of the VMs that are left stand on different hosts",
	} {
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = family(1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// full is the cloud of which nearly every unit is taken.
const full = "capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], weights=[.30, .30, .20, .15, .05], tries=50, start=fresh, target=fresh"

// Sizes that divide each other have to fill a cloud to the last unit, and neither
// placement may resemble the other more than chance makes it.
func TestFreshPlacementsFillAndAreIndependent(t *testing.T) {
	for _, utilisation := range []float64{0.85, 0.98, 1} {
		in := generate(t, fmt.Sprintf("random(hosts=400, utilisation=%g, %s)", utilisation, full), 3)[0]
		sane(t, in)
		sum, same := int64(0), 0
		for v := range in.VMs {
			sum += in.VMs[v].Demand[0]
			if in.Initial[v] == in.Target[v] {
				same++
			}
		}
		if want := int64(utilisation * 400 * 64); sum > want || sum < want-1 {
			t.Errorf("VMs demand %d units, expected %d or one less", sum, want)
		}
		if expected := float64(len(in.VMs)) / 400; float64(same) > 3*expected {
			t.Errorf("%d of %d VMs stay where they are, expected about %.0f", same, len(in.VMs), expected)
		}
	}
}

// Near capacity of several resources chance finds no placement; those that are found all
// the same obey every rule and are independent, and hosts are not all as full as the others.
func TestFreshPlacementsOfSeveralResourcesAreNotFound(t *testing.T) {
	for _, more := range []string{
		"resources=3, correlation=0.5, utilisation=0.95", "resources=4, correlation=0.9, utilisation=0.97, grouped=0.1",
		"resources=2, correlation=0.5, utilisation=0.98, grouped=0.2, racks=40, anti-affinity=rack", "resources=4, correlation=0, utilisation=0.99",
	} {
		in := generate(t, fmt.Sprintf("random(hosts=400, %s, %s)", more, full), 3)[0]
		sane(t, in)
		left, same := slices.Repeat([]int64{64}, len(in.Hosts)), 0
		for v := range in.VMs {
			left[in.Target[v]] -= in.VMs[v].Demand[0]
			if in.Initial[v] == in.Target[v] {
				same++
			}
		}
		if expected := float64(len(in.VMs)) / 400; float64(same) > 3*expected {
			t.Errorf("%s: %d of %d VMs stay where they are, expected about %.0f", more, same, len(in.VMs), expected)
		}
		slices.Sort(left)
		if left[0] != 0 || left[len(left)-1] < 8 {
			t.Errorf("%s: hosts have between %d and %d units left, expected some with none and some with 8 or more", more, left[0], left[len(left)-1])
		}
	}
}

// Where chance finds no second placement, VMs must still be strewn over other hosts.
func TestFreshTargetsAreMadeOfTheStartWhereNoneIsFound(t *testing.T) {
	for _, text := range []string{
		"random(hosts=30, utilisation=0.98, start=fresh, target=fresh)",
		"random(hosts=80, sizes=flavours, flavours=[256, 512, 954], weights=[.6, .3, .1], utilisation=0.98, start=fresh, target=fresh)",
		"random(hosts=60, host-sizes=[1, 2], i386-hosts=0.2, i386-vms=0.3, utilisation=0.98, target=fresh)",
	} {
		in := generate(t, text, 2)[0]
		sane(t, in)
		same := 0
		for v := range in.VMs {
			if in.Initial[v] == in.Target[v] {
				same++
			}
		}
		if same > len(in.VMs)/8 {
			t.Errorf("%s: %d of %d VMs stay where they are", text, same, len(in.VMs))
		}
	}
}

// Where a family does otherwise than it was asked to, the instance must say so.
func TestFallbacksAreDescribed(t *testing.T) {
	const drawn, traded, independent = "drawn for random hosts instead", "no independent target was found", "are random and independent"
	for text, want := range map[string][]string{
		"random(hosts=30, utilisation=0.98, start=fresh, target=fresh)#0":                                     {drawn, traded},
		"random(hosts=30, utilisation=0.98, start=fresh, target=fresh)#1":                                     {drawn, independent},
		"random(hosts=30, utilisation=0.98, start=fresh, target=none)#1":                                      {drawn},
		"random(hosts=60, host-sizes=[1, 2], i386-hosts=0.2, i386-vms=0.3, utilisation=0.98, target=fresh)#1": {traded},
		"random(hosts=100, max=1000, utilisation=0.9, start=fresh, target=fresh)#1":                           {independent},
	} {
		text, seed, _ := strings.Cut(text, "#")
		said := generate(t, text, uint64(seed[0]-'0'))[0].Description
		for _, phrase := range []string{drawn, traded, independent} {
			if strings.Contains(said, phrase) != slices.Contains(want, phrase) {
				t.Errorf("%s: %q", text, said)
			}
		}
	}
}

// A VM larger than every host must not be drawn for a fresh start.
func TestFreshStartsHoldNoVMThatFitsNowhere(t *testing.T) {
	sane(t, generate(t, "random(hosts=40, start=fresh, target=fresh, utilisation=0.6, tries=10)", 1)[0])
	in := generate(t, "random(hosts=3, start=fresh, fill-limit=0.5, min=3000, max=3816)", 1)[0]
	if len(in.VMs) != 1 {
		t.Errorf("%d VMs of at least 3000 MiB fill 5724 MiB", len(in.VMs))
	}
}

func TestRandomSaysThatNoFreshPlacementWasFound(t *testing.T) {
	for text, want := range map[string]string{
		"random(hosts=2, capacity=100, reserved=0, vms=4, min=60, max=60, start=fresh)": "VM 4 of 4 does not fit into the 200 MiB that all hosts together may hold",
		// Three of 60 MiB each on two hosts of 100: together they fit.
		"random(hosts=2, capacity=100, reserved=0, vms=3, min=60, max=60, start=fresh)": `no placement of the VMs was found: VM "vm`,
		"random(hosts=1000000, capacity=1000000000000, host-sizes=[1000], start=fresh)": "all hosts together are larger than 2^62 MiB",
	} {
		family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = family(1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func BenchmarkFresh10000Hosts(b *testing.B) {
	for _, more := range []string{"utilisation=0.98", "utilisation=0.95, resources=3, correlation=0.5"} {
		b.Run(more, func(b *testing.B) {
			for b.Loop() {
				generate(b, "random(hosts=10000, "+more+", "+full+")", 1)
			}
		})
	}
}
