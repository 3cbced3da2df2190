package durations_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// drawPaced draws a paced duration that takes the bandwidth of hosts from a parameter.
func drawPaced(t *rapid.T, name string) (*cloud.Instance, durations.Paced) {
	in := cloudtest.Priced(t)
	for h := range in.Hosts {
		in.Hosts[h].NICMbps = 0
	}
	for v := range in.VMs {
		if d := in.VMs[v].DirtyMiBPerS; name == "mvm" && d != nil && *d > 100 {
			in.VMs[v].DirtyMiBPerS = new(3.25)
		}
	}
	d, err := durations.Bind(catalogue.Standard(), in, cloudtest.DurationSpec(t, name).With("bandwidth", "2000"))
	if err != nil {
		t.Fatal(err)
	}
	return in, d.(durations.Paced)
}

func aStep(t *rapid.T, in *cloud.Instance) cloud.Step {
	all := steps(in)
	return all[rapid.IntRange(0, len(all)-1).Draw(t, "step")]
}

var rates = []int64{1, 999, 64_000, 1_000_000, 1_500_001, 2_000_000, 40_000_000}

// At the speed of the hosts a step takes its time; at more it takes no longer, sends no more, and still converges.
func TestTimesAtRatesContradictTimes(t *testing.T) {
	for _, name := range []string{"mvm", "precopy", "rate"} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, d := drawPaced(t, name)
				s := aStep(t, in)
				if got, want := d.TimeAt(&s, 2_000_000), cloud.TimeOf(d, &s); got != want {
					t.Fatalf("%s: %v takes %d ms, at the rate of the hosts %d", d, s, want, got)
				}
				for i, kbps := range rates[1:] {
					less, lessSent, lessConverges := d.TimeAt(&s, rates[i]), int64(0), false
					lessSent, lessConverges = d.SentAt(&s, rates[i])
					sent, converges := d.SentAt(&s, kbps)
					if d.TimeAt(&s, kbps) > less || sent > lessSent || lessConverges && !converges {
						t.Fatalf("%s: %v takes %d, %d ms at %d, %d kbit/s and sends %d, %d bytes; converges: %v, %v",
							d, s, less, d.TimeAt(&s, kbps), rates[i], kbps, lessSent, sent, lessConverges, converges)
					}
				}
			})
		})
	}
}

// At one rate a flow takes as long as its duration says; at rates that change it takes at least as long as at the greatest of
// them, and comes to its end.
func TestFlowContradictsItsDuration(t *testing.T) {
	changes := 0
	for _, name := range []string{"precopy", "rate"} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, d := drawPaced(t, name)
				s := aStep(t, in)
				flow := d.(durations.Fluid).NewFlow(&s)
				for _, kbps := range rates {
					if got, want := flow.Left(kbps), d.TimeAt(&s, kbps); got != want {
						t.Fatalf("%s: %v takes %d ms at %d kbit/s, as a flow %d", d, s, want, kbps, got)
					}
				}
				most, took := rates[0], int64(0)
				for range 6 {
					kbps := rapid.SampledFrom(rates).Draw(t, "rate")
					left := flow.Left(kbps)
					if most = max(most, kbps); left == 0 {
						break
					}
					ms := left
					if rapid.Bool().Draw(t, "not to its end") {
						ms = rapid.Int64Range(1, left).Draw(t, "time")
					}
					flow = flow.After(kbps, ms)
					took += ms
					if ms == left && flow.Left(kbps) != 0 {
						t.Fatalf("%d ms are left at %d kbit/s, and after them %d", left, kbps, flow.Left(kbps))
					}
					changes++
				}
				if took += flow.Left(most); took < d.TimeAt(&s, most) {
					t.Fatalf("%s: %v takes %d ms at rates up to %d kbit/s, at least %d", d, s, took, most, d.TimeAt(&s, most))
				}
			})
		})
	}
	if changes < 100 {
		t.Errorf("%d changes of rates", changes)
	}
}
