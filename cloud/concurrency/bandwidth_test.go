package concurrency_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// racks are two hosts under each of two switches, of which the links up are as fast as one host, and VMs of 1 GiB on the first
// host that dirty 60 MiB/s, each.
func racks(t *testing.T, vms int) *cloud.Instance {
	in := &cloud.Instance{
		Name: "racks", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Switches: []cloud.Switch{{Name: "s1", Up: "top", UpMbps: 1000}, {Name: "s2", Up: "top", UpMbps: 1000, Mbps: 1500}, {Name: "top"}},
	}
	for h := range 4 {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: string(rune('a' + h)), Switch: []string{"s1", "s2"}[h/2], NICMbps: 1000, Capacity: []int64{1 << 20}, Reserved: []int64{0},
		})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{1024}, DirtyMiBPerS: new(60.0)})
		in.Initial = append(in.Initial, 0)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func bind(t *testing.T, in *cloud.Instance, model, duration string) concurrency.Model {
	t.Helper()
	m, err := concurrency.Of(catalogue.Standard(), in, &cloud.Schedule{Model: model, Duration: duration, Unit: "ms"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestBandwidthMisreadsTheNetwork looks at a way through everything.
func TestBandwidthMisreadsTheNetwork(t *testing.T) {
	in := racks(t, 2)
	in.Hosts[1].NICMbps = 0
	m := bind(t, in, "bandwidth(bandwidth=700)", "rate(bandwidth=300)")
	shown := func(s cloud.Step) string {
		var out []string
		n := m.Needs(&s)
		for _, u := range n.Uses {
			l := m.Limits()[u.Limit]
			out = append(out, fmt.Sprintf("%s %d/%d of %d %s", l.Name, u.Least, u.Full, l.Capacity, l.Unit))
		}
		return fmt.Sprintf("%d ms: %s", n.Time, strings.Join(out, ", "))
	}
	for _, c := range []struct {
		step cloud.Step
		want string
	}{
		{cloud.Step{Action: cloud.Migrate, From: 1, To: 2}, "12272 ms: link of b, out 700000/700000 of 700000 kbit/s, link of s1, up 700000/700000 of 1000000 kbit/s, " +
			"link of s2, down 700000/700000 of 1000000 kbit/s, switch s2 700000/700000 of 1500000 kbit/s, link of c, in 700000/700000 of 1000000 kbit/s"},
		{cloud.Step{Action: cloud.Suspend, From: 2, To: cloud.Absent}, "8590 ms: link of c, out 1000000/1000000 of 1000000 kbit/s"},
		{cloud.Step{Action: cloud.Resume, From: cloud.Absent, To: 3}, "8590 ms: link of d, in 1000000/1000000 of 1000000 kbit/s"},
		{cloud.Step{Action: cloud.Shutdown, From: 2, To: cloud.Absent}, "0 ms: "},
	} {
		if got := shown(c.step); got != c.want {
			t.Errorf("%v: %s, expected %s", c.step, got, c.want)
		}
	}
}

// Of two ways that share the switch s2, one link up is shared by both, and all of it is taken by one.
func TestBandwidthMisreadsWhatIsUnderWay(t *testing.T) {
	in := racks(t, 3)
	steps := []cloud.Step{
		{Action: cloud.Migrate, VM: 0, From: 0, To: 2, Start: 0, End: 20_000},
		{Action: cloud.Migrate, VM: 1, From: 1, To: 3, Start: 0, End: 20_000},
		{Action: cloud.Migrate, VM: 2, From: 3, To: 2, Start: 0, End: 20_000},
	}
	for _, c := range []struct {
		model, duration string
		want            string
	}{
		{"bandwidth", "", "bandwidth: what is under way takes 2,000,000 kbit/s of the link of c, in, which has 1,000,000; " +
			"bandwidth: what is under way takes 2,000,000 kbit/s of the link of s1, up, which has 1,000,000; " +
			"bandwidth: what is under way takes 3,000,000 kbit/s of the switch s2, which has 1,500,000; " +
			"bandwidth: what is under way takes 2,000,000 kbit/s of the link of s2, down, which has 1,000,000"},
		{"bandwidth(least=0.1)", "rate", ""}, // 1 GiB in 20 s takes 429,497 kbit/s
		{"bandwidth(least=0.5)", "rate", ""},
		{"bandwidth(least=0.6)", "rate", "bandwidth(least=0.6): what is under way takes 1,200,000 kbit/s of the link of c, in, which has 1,000,000; " +
			"bandwidth(least=0.6): what is under way takes 1,200,000 kbit/s of the link of s1, up, which has 1,000,000; " +
			"bandwidth(least=0.6): what is under way takes 1,800,000 kbit/s of the switch s2, which has 1,500,000; " +
			"bandwidth(least=0.6): what is under way takes 1,200,000 kbit/s of the link of s2, down, which has 1,000,000"},
		{"bandwidth(sharing=max-min)", "rate", ""},
		{"bandwidth(sharing=max-min, least=0.51)", "rate", "bandwidth(sharing=max-min, least=0.51): what is under way takes at least 1,020,000 kbit/s of the link of c, in, which has 1,000,000; " +
			"bandwidth(sharing=max-min, least=0.51): what is under way takes at least 1,020,000 kbit/s of the link of s1, up, which has 1,000,000; " +
			"bandwidth(sharing=max-min, least=0.51): what is under way takes at least 1,530,000 kbit/s of the switch s2, which has 1,500,000; " +
			"bandwidth(sharing=max-min, least=0.51): what is under way takes at least 1,020,000 kbit/s of the link of s2, down, which has 1,000,000"},
		{"bandwidth(sharing=max-min, least=0.51, admission=no)", "rate", ""},
	} {
		var got []string
		for _, v := range bind(t, in, c.model, c.duration).Violations(view(steps), steps) {
			got = append(got, v.String())
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: found %s\nexpected %s", c.model, strings.Join(got, "; "), c.want)
		}
	}
	// All have 500,000 kbit/s until the end, since s2 has as much for each.
	if got := fmt.Sprint(bind(t, in, "bandwidth(sharing=max-min)", "rate").Earliest(steps)); got != "[17180 17180 17180]" {
		t.Errorf("ends %s", got)
	}
	// From 10 s on the last shares with the others; before, they have 500,000 of the link up.
	steps[2].Start = 10_000
	if got := fmt.Sprint(bind(t, in, "bandwidth(sharing=max-min)", "rate").Earliest(steps)); got != "[17180 17180 22180]" {
		t.Errorf("ends %s", got)
	}
}

// Eight VMs leave a host at once. Without admission none of them has a rate at which it converges, and each sends its memory
// six times.
func TestAdmissionDoesNotHelpBusyVMs(t *testing.T) {
	in := racks(t, 8)
	makespan := func(model string) int64 {
		m := bind(t, in, model, "precopy").(concurrency.Elastic)
		pace, now, waiting := m.NewPace(), int64(0), 8
		for done := 0; done < 8; done++ {
			for waiting > 0 {
				s := cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(8 - waiting), From: 0, To: 1}
				if !pace.Allows(&s) {
					break
				}
				pace.Begin(&s, now)
				waiting--
			}
			vm, at, ok := pace.Next()
			if !ok || at >= durations.Never {
				t.Fatalf("%s: %d are done, and nothing ends", model, done)
			}
			now = at
			pace.End(vm, now)
		}
		return now
	}
	with, without := makespan("bandwidth(sharing=max-min)"), makespan("bandwidth(sharing=max-min, admission=no)")
	if alone := bind(t, in, "bandwidth", "precopy").Needs(&cloud.Step{Action: cloud.Migrate, From: 0, To: 1}).Time; with > 9*alone || without < 2*with {
		t.Errorf("one takes %d ms, eight %d, without admission %d", alone, with, without)
	}
}

func TestBandwidthTakesAnyDuration(t *testing.T) {
	in := racks(t, 1)
	for _, c := range [][3]string{
		{"bandwidth(least=0.5)", "", "/schedule/model: model of concurrency bandwidth(least=0.5): it takes a duration that gives times at rates, found none: expected mvm, precopy or rate"},
		{"bandwidth(least=0.5)", "mvm", "least below 1 needs a duration whose times are rounded to ms, found mvm: expected mvm(rounding=1ms), precopy or rate"},
		{"bandwidth(sharing=max-min)", "mvm", "/schedule/model: model of concurrency bandwidth(sharing=max-min): max-min takes a duration that gives times at rates that change, found mvm: expected precopy or rate"},
		{"bandwidth(admission=no)", "rate", "admission=no goes with sharing=max-min: a pinned rate is what is left"},
		{"bandwidth(least=2)", "rate", "least"},
		{"bandwidth", "unit", "/schedule/duration: the duration is in step, and the times of the schedule are in ms"},
		{"bandwidth", "rat", `/schedule/duration: unknown duration "rat", did you mean "rate"?`},
	} {
		_, err := concurrency.Of(catalogue.Standard(), in, &cloud.Schedule{Model: c[0], Duration: c[1], Unit: "ms"})
		if err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s, %s: %v", c[0], c[1], err)
		}
	}
	unit, err := durations.Bind(catalogue.Standard(), in, spec.Named("unit"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := concurrency.Bind(catalogue.Standard(), in, unit, spec.Named("bandwidth")); err == nil || !strings.Contains(err.Error(), "found unit") {
		t.Errorf("found %v", err)
	}
}
