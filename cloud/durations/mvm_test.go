package durations_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// labelledVM is a VM of an instance from BtrPlace, between two hosts of a speed.
func labelledVM(mbps int64, labels map[string]string) *cloud.Instance {
	return &cloud.Instance{
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, VMs: []cloud.VM{{Name: "vm", Demand: []int64{2048}, Labels: labels}},
		Hosts: []cloud.Host{{Name: "a", NICMbps: mbps}, {Name: "b", NICMbps: mbps}}, Initial: cloud.Placement{0},
	}
}

func memoryLabels(memUsed, hot, duration, cold string) map[string]string {
	return map[string]string{"memUsed": memUsed, "hotDirtySize": hot, "hotDirtyDuration": duration, "coldDirtyRate": cold}
}

// Times that BtrPlace gives the VMs of its published instances.
func TestMVMDiffersFromBtrPlace(t *testing.T) {
	for _, c := range []struct {
		labels map[string]string
		wantMs int64
	}{
		{memoryLabels("2000", "96", "2", "3.0"), 20_000},
		{memoryLabels("4000", "96", "2", "3.0"), 38_000},
		{memoryLabels("2000", "5", "3", "0.0"), 18_000},
		{memoryLabels("4000", "5", "3", "0.0"), 36_000},
		{map[string]string{"memUsed": "10"}, 1000}, // never less than 1 s
	} {
		d, err := durations.Bind(catalogue.Standard(), labelledVM(1000, c.labels), spec.Named("mvm"))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Migrate(0, 0, 1); got != c.wantMs {
			t.Errorf("%v takes %d ms, expected %d", c.labels, got, c.wantMs)
		}
	}
}

// naiveMVM is the closed form in floating point, in s before rounding.
func naiveMVM(mbPerS, m, h, d, c float64) float64 {
	t := m / mbPerS
	if t <= d {
		return t + h/d*t/(mbPerS-h/d)
	}
	return t + (h+(t-d)*c)/(mbPerS-c) + h/mbPerS*(h/d)/(mbPerS-h/d)
}

func TestMVMDiffersFromItsFormula(t *testing.T) {
	short, long := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string, of ...string) (string, float64) {
			text := rapid.SampledFrom(of).Draw(t, name)
			f, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			return text, f
		}
		m, mMB := number("memUsed", "0", "50", "700", "4000.5", "64000")
		h, hMB := number("hotDirtySize", "0", "5", "96", "200.25")
		d, dS := number("hotDirtyDuration", "0.5", "2", "3", "40")
		c, cMB := number("coldDirtyRate", "0", "3.0", "55.5")
		mbps := rapid.SampledFrom([]int64{1000, 4000, 10_000}).Draw(t, "Mbit/s")
		bound, err := durations.Bind(catalogue.Standard(), labelledVM(mbps, memoryLabels(m, h, d, c)), spec.MustParse("mvm(rounding=1ms)"))
		if speed := float64(mbps) / 9; speed <= hMB/dS || mMB/speed > dS && speed <= cMB {
			if err == nil || !strings.Contains(err.Error(), "or it has no end") {
				t.Fatalf("no end, found %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want := naiveMVM(float64(mbps)/9, mMB, hMB, dS, cMB)
		if got := bound.Migrate(0, 0, 1); math.Abs(float64(got)-1000*want) > 1.01+1e-6*1000*want {
			t.Fatalf("%d ms, expected %v s", got, want)
		}
		if mMB/(float64(mbps)/9) > dS {
			long++
		} else {
			short++
		}
	})
	if short < 10 || long < 10 {
		t.Errorf("%d migrations within the time in which the hot part is dirtied once, %d longer", short, long)
	}
}

// Where there are no labels, the instance's own numbers take their places.
func TestMVMOverlooksOwnNumbers(t *testing.T) {
	in := labelledVM(1000, nil)
	own := func(dirty *float64, workingSet float64) (int64, []string) {
		in.VMs[0].DirtyMiBPerS, in.VMs[0].WorkingSetMiB = dirty, workingSet
		d, err := durations.Bind(catalogue.Standard(), in, spec.MustParse("mvm(rounding=1ms)"))
		if err != nil {
			t.Fatal(err)
		}
		return d.Migrate(0, 0, 1), cloud.RemarksOf(d)
	}
	const m, mib = 2147.483648, 1.048576 // MB
	for _, c := range []struct {
		dirty      *float64
		workingSet float64
		want       float64
	}{
		{new(20.0), 100, naiveMVM(1000/9., m, 100*mib, 5, 0)},
		{new(20.0), 0, naiveMVM(1000/9., m, m, 2048/20., 0)},
		{new(0.0), 100, naiveMVM(1000/9., m, 0, 1, 0)},
		{nil, 100, naiveMVM(1000/9., m, 5, 2, 0)},
	} {
		got, remarks := own(c.dirty, c.workingSet)
		if math.Abs(float64(got)-1000*c.want) > 1.01 || (len(remarks) == 1) != (c.dirty == nil) {
			t.Errorf("%v: %d ms, %q", c, got, remarks)
		}
	}
	for label, text := range map[string]string{"memUsed": "much", "hotDirtyDuration": "0", "coldDirtyRate": "-1"} {
		if _, err := durations.Bind(catalogue.Standard(), labelledVM(1000, map[string]string{label: text}), spec.Named("mvm")); err == nil || !strings.Contains(err.Error(), "label "+label) {
			t.Errorf("%s=%s: %v", label, text, err)
		}
	}
}
