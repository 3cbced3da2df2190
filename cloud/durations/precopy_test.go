package durations_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// traffic is what a migration's time depends on.
type traffic struct {
	memoryMiB        int64
	dirtyMiBPerS     float64
	noRate           bool // the dirty rate is not given
	workingSetMiB    float64
	fromMbps, toMbps int64
	spec             string
	wantMs           int64
}

// bindTraffic makes an instance of one VM on two hosts. It is checked as readers do.
func bindTraffic(x traffic) (cloud.Duration, error) {
	in := &cloud.Instance{
		Name: "traffic", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Initial: cloud.Placement{0},
		VMs: []cloud.VM{{
			Name: "vm", Demand: []int64{x.memoryMiB}, DirtyMiBPerS: &x.dirtyMiBPerS, WorkingSetMiB: x.workingSetMiB,
		}},
		Hosts: []cloud.Host{
			{Name: "a", Capacity: []int64{x.memoryMiB}, Reserved: []int64{0}, NICMbps: x.fromMbps},
			{Name: "b", Capacity: []int64{x.memoryMiB}, Reserved: []int64{0}, NICMbps: x.toMbps},
		},
	}
	if x.noRate {
		in.VMs[0].DirtyMiBPerS = nil
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	return durations.Bind(catalogue.Standard(), in, spec.MustParse(x.spec))
}

// Reckoned by hand: at 1000 Mbit/s, or 125,000,000 bytes/s, 1024 MiB take 8589.9 ms, in
// which 20 MiB/s dirty 180,143,986 bytes; these take 1441.2 ms, in which 30,222,995 bytes
// are dirtied, which take 241.8 ms and so less than 300 ms.
func TestModelDiffersFromHandReckoning(t *testing.T) {
	for _, x := range []traffic{
		{memoryMiB: 1024, dirtyMiBPerS: 20, spec: "precopy", wantMs: 10273},
		{memoryMiB: 1024, dirtyMiBPerS: 20, spec: "precopy(max-downtime=2s)", wantMs: 10032},   // one round less
		{memoryMiB: 1024, dirtyMiBPerS: 20, spec: "precopy(max-rounds=0)", wantMs: 8590},       // stop and copy
		{memoryMiB: 1024, dirtyMiBPerS: 20, workingSetMiB: 100, spec: "precopy", wantMs: 9570}, // 1024 + 100 + 16.8 MiB
		{memoryMiB: 1024, dirtyMiBPerS: 20, workingSetMiB: 0.5, spec: "precopy", wantMs: 8595}, // 1024 + 0.5 MiB
		{memoryMiB: 1024, dirtyMiBPerS: 500, spec: "precopy", wantMs: 51540},                   // six times all of it
		{memoryMiB: 1024, dirtyMiBPerS: 500, spec: "precopy(preset=xen)", wantMs: 51540},
		{memoryMiB: 1024, dirtyMiBPerS: 500, spec: "precopy(preset=xen-4.5)", wantMs: 257699}, // thirty times
		{memoryMiB: 1024, dirtyMiBPerS: 500, spec: "precopy(preset=xen-4.5, max-rounds=5)", wantMs: 51540},
		{memoryMiB: 1024, dirtyMiBPerS: 28, spec: "precopy", wantMs: 11193},              // 8589.9 + 2017.6 + 473.9 + 111.3
		{memoryMiB: 1024, dirtyMiBPerS: 28, spec: "precopy(preset=nova)", wantMs: 11082}, // stops at 473.9
		{memoryMiB: 1024, dirtyMiBPerS: 20, spec: "precopy(share=8/9)", wantMs: 11897},   // 1000 Mbit/s / 9 = 111.1 MB/s
		{memoryMiB: 0, dirtyMiBPerS: 500, spec: "precopy", wantMs: 0},
		{memoryMiB: 1000, spec: "precopy(memory-unit=MB, share=0.5)", wantMs: 16000},
		{memoryMiB: 1, spec: "precopy(memory-unit=GB)", wantMs: 8000},
	} {
		x.fromMbps, x.toMbps = 1000, 40000 // the slower counts
		c, err := bindTraffic(x)
		if err != nil {
			t.Errorf("%s: %v", x.spec, err)
			continue
		}
		if got := c.Migrate(0, 0, 1); got != x.wantMs || c.Unit() != "ms" {
			t.Errorf("%+v: expected %d ms, found %d %s", x, x.wantMs, got, c.Unit())
		}
	}
}

// A rate that is not given is not 0 in silence: a parameter says what it is, or else a
// remark does.
func TestMissingRateIsTakenAsZeroInSilence(t *testing.T) {
	for _, x := range []struct {
		traffic
		remark string
	}{
		{traffic{dirtyMiBPerS: 20, spec: "precopy", wantMs: 10273}, ""},
		{traffic{dirtyMiBPerS: 20, spec: "precopy(dirty=28)", wantMs: 10273}, ""},
		{traffic{dirtyMiBPerS: 0, spec: "precopy(dirty=28)", wantMs: 8590}, ""},
		{traffic{noRate: true, spec: "precopy", wantMs: 8590}, "the dirty rate of 1 of 1 VM is not given: taken as 0 MiB/s; precopy(dirty=…) sets another"},
		{traffic{noRate: true, spec: "precopy(dirty=28)", wantMs: 11193}, ""},
		{traffic{noRate: true, spec: "precopy(dirty=0)", wantMs: 8590}, ""},
		{traffic{noRate: true, spec: "precopy(max-rounds=0)", wantMs: 8590}, ""},
		{traffic{noRate: true, spec: "rate", wantMs: 8590}, ""},
	} {
		x.memoryMiB, x.fromMbps, x.toMbps = 1024, 1000, 1000
		d, err := bindTraffic(x.traffic)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(cloud.RemarksOf(d), "\n"); got != x.remark || d.String() != x.spec || d.Migrate(0, 0, 1) != x.wantMs {
			t.Errorf("%+v: %s takes %d ms, with the remark %q", x, d, d.Migrate(0, 0, 1), got)
		}
	}
}

// Time grows with the memory and the dirty rate, whether a VM has it or a parameter, and
// falls with the bandwidth; a VM that dirties nothing takes memory over bandwidth.
func TestTimeFallsAsWorkGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := traffic{
			memoryMiB:    rapid.Int64Range(0, 1<<20).Draw(t, "memory"),
			dirtyMiBPerS: rapid.Float64Range(0, 3000).Draw(t, "dirty"),
			fromMbps:     rapid.Int64Range(1, 100_000).Draw(t, "from"), toMbps: rapid.Int64Range(1, 100_000).Draw(t, "to"),
			spec: "precopy(" + rapid.SampledFrom([]string{"", "share=1/3", "max-rounds=5", "max-downtime=0s"}).Draw(t, "params") + ")",
		}
		if rapid.Bool().Draw(t, "small set") {
			x.workingSetMiB = rapid.Float64Range(0.001, 1<<20).Draw(t, "working set")
		}
		ms := func(x traffic) int64 {
			c, err := bindTraffic(x)
			if err != nil {
				t.Fatal(err)
			}
			if c.Migrate(0, 0, 1) != c.Migrate(0, 1, 0) {
				t.Fatalf("%+v: the way back takes another time", x)
			}
			return c.Migrate(0, 0, 1)
		}
		base := ms(x)
		silent := x
		silent.noRate, silent.spec = true, spec.MustParse(x.spec).With("dirty", strconv.FormatFloat(x.dirtyMiBPerS, 'f', -1, 64)).String()
		if got := ms(silent); got != base {
			t.Fatalf("%+v takes %d ms, where the rate is a parameter %d ms", x, base, got)
		}
		more := x
		more.memoryMiB += rapid.Int64Range(0, 1000).Draw(t, "more memory")
		if got := ms(more); got < base {
			t.Fatalf("%+v takes %d ms, with %d MiB %d ms", x, base, more.memoryMiB, got)
		}
		more = x
		more.dirtyMiBPerS += rapid.Float64Range(0, 1000).Draw(t, "more dirty")
		if got := ms(more); got < base {
			t.Fatalf("%+v takes %d ms, with %v MiB/s dirtied %d ms", x, base, more.dirtyMiBPerS, got)
		}
		more = x
		more.fromMbps += rapid.Int64Range(0, 1000).Draw(t, "more bandwidth")
		if got := ms(more); got > base {
			t.Fatalf("%+v takes %d ms, at %d Mbit/s %d ms", x, base, more.fromMbps, got)
		}
		idle := x
		idle.dirtyMiBPerS, idle.spec = 0, "precopy"
		perS := min(x.fromMbps, x.toMbps) * 125_000
		if got, want := ms(idle), (x.memoryMiB<<20*1000+perS-1)/perS; got != want {
			t.Fatalf("%+v takes %d ms, expected %d", idle, got, want)
		}
	})
}

func TestBadModelIsNotExplained(t *testing.T) {
	for _, c := range []struct {
		spec, unit, want string
		memory, mbps     int64
	}{
		{spec: "precopy", unit: "unit", want: `duration precopy: resource "ram" has the unit "unit", expected a unit of memory; ` +
			`known are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, or say memory-unit=…`},
		{spec: "precopy", unit: "MIB", want: `has the unit "MIB", expected a unit of memory, did you mean "MiB"?, or say memory-unit=…`},
		{spec: "precopy(resource=rma)", unit: "MiB", want: `unknown resource "rma", did you mean "ram"?`},
		{spec: "rate(share=0)", unit: "MiB", want: `expected a ratio from 0.000001 to 1, found "0"`},
		{spec: "precopy(max-downtime=2h)", unit: "MiB", want: `expected a duration, such as 1m30s, from 0s to 1h0m0s, found "2h"`},
		{spec: "precopy", unit: "MiB", memory: 1 << 40, want: `VM "vm" has 1099511627776 MiB of memory, expected at most 8 PiB`},
		{spec: "precopy", unit: "MiB", memory: 1, mbps: 1 << 62, want: `host "a": 4611686018427387904 Mbit/s × 1 is not from 1 to 2^63 bytes/s`},
		{spec: "precopy(share=0.000001)", unit: "MiB", memory: 1, mbps: 1, want: `host "a": 1 Mbit/s × 1/1000000 is not from 1 to 2^63 bytes/s`},
		{spec: "precopy(share=0.000008)", unit: "MiB", memory: 1 << 33, mbps: 1, want: `VM "vm": the time of its migration at 1 bytes/s does not fit in 64 bits`},
		{spec: "rate(share=0.000008)", unit: "MiB", memory: 1 << 32, mbps: 1, want: `VM "vm": a step of it may take more than 144115188075855871`},
		{spec: "rate(suspend=25h)", unit: "MiB", want: `expected a duration, such as 1m30s, from 0s to 24h0m0s, found "25h"`},
	} {
		in := &cloud.Instance{
			Name: "bad", Resources: []cloud.Resource{{Name: "ram", Unit: c.unit}}, Initial: cloud.Placement{0},
			VMs:   []cloud.VM{{Name: "vm", Demand: []int64{c.memory}, DirtyMiBPerS: new(1.0)}},
			Hosts: []cloud.Host{{Name: "a", NICMbps: c.mbps}, {Name: "b", NICMbps: c.mbps}},
		}
		for h := range in.Hosts {
			in.Hosts[h].Capacity, in.Hosts[h].Reserved = []int64{0}, []int64{0}
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		_, err := durations.Bind(catalogue.Standard(), in, spec.MustParse(c.spec))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\nfound    %v\nexpected … %s …", c.spec, err, c.want)
		}
	}
}
