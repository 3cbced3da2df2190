package cloudtest

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Priced draws an instance of [Instance] that also has what only costs depend on: speeds
// of network interfaces, dirty rates and working sets, and VMs that may be suspended.
func Priced(t *rapid.T) *cloud.Instance {
	in := Instance(t)
	for h := range in.Hosts {
		in.Hosts[h].NICMbps = rapid.SampledFrom([]int64{0, 1000, 10000}).Draw(t, "NIC")
	}
	for v := range in.VMs {
		vm := &in.VMs[v]
		vm.Interruptible = rapid.Bool().Draw(t, "interruptible")
		vm.DirtyMiBPerS = rapid.SampledFrom([]*float64{nil, new(0.0), new(0.1), new(12.5), new(5000.0)}).Draw(t, "dirty rate")
		vm.WorkingSetMiB = rapid.SampledFrom([]float64{0, 1.5, 64}).Draw(t, "working set")
	}
	if err := in.Check(); err != nil {
		t.Fatalf("a random instance is faulty: %v", err)
	}
	return in
}

// costMakers draw a spec for each registered cost function but sum, which is made of others.
var costMakers = map[string]func(*rapid.T, spec.Spec) spec.Spec{
	"ram":      func(t *rapid.T, s spec.Spec) spec.Spec { return suspending(t, s) },
	"count":    func(t *rapid.T, s spec.Spec) spec.Spec { return suspending(t, s) },
	"precopy":  model,
	"downtime": model,
	"network": func(t *rapid.T, s spec.Spec) spec.Spec {
		return suspending(t, s.With("rack", pick(t, "rack", "0", "1", "2")).With("zone", pick(t, "zone", "1", "2")).
			With("beyond", pick(t, "beyond", "1", "2", "7")))
	},
	"expression": func(t *rapid.T, s spec.Spec) spec.Spec {
		return suspending(t, s.With("unit", "MiB").With("cost", pick(t, "cost",
			"7", "vm.demand.r0 / 2", "vm.demand.r0 * (from.rack == to.rack ? 1 : 3)", "abs(to.capacity.r0 - from.capacity.r0)",
			"(vm.interruptible ? 0.1 : 2) * to.reserved.r0 + (from.zone != to.zone && 'g0' in vm.groups ? 5 : 0)",
		)))
	},
}

// CostSpec draws a spec of the named cost function for an instance of [Instance]. It
// fails for a cost function that it does not know, so that none escapes the laws.
func CostSpec(t *rapid.T, name string) spec.Spec {
	if name == "sum" {
		return weightedSum(t)
	}
	m := costMakers[name]
	if m == nil {
		t.Fatalf("cost function %q has no maker of random specs: add one to cloud/internal/cloudtest, so that it comes under the laws", name)
	}
	return m(t, spec.Named(name))
}

func weightedSum(t *rapid.T) spec.Spec {
	var of []spec.Value
	var weights []string
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		part := CostSpec(t, pick(t, "part", "ram", "count", "precopy", "downtime", "network", "expression"))
		of = append(of, spec.Value{Form: spec.Call, Spec: &part})
		weights = append(weights, pick(t, "weight", "0", "1", "10"))
	}
	s := spec.Named("sum").WithValue("of", spec.Value{Form: spec.List, List: of})
	if rapid.Bool().Draw(t, "weighted") {
		s = s.WithValue("weights", spec.Words(weights...))
	}
	return s
}

// durationMakers draw a spec for each registered duration.
var durationMakers = map[string]func(*rapid.T, spec.Spec) spec.Spec{
	"mvm": func(t *rapid.T, s spec.Spec) spec.Spec { // of which a migration that is slower has no end
		s = s.With("memory-unit", pick(t, "memory unit", "MiB", "GiB", "GB"))
		return timedSteps(t, params(t, s, "bandwidth 100 10000", "share 1/3 1", "rounding 1ms 1s 1m"))
	},
	"precopy": func(t *rapid.T, s spec.Spec) spec.Spec { return timedSteps(t, precopy(t, s)) },
	"rate":    func(t *rapid.T, s spec.Spec) spec.Spec { return timedSteps(t, link(t, s)) },
	"unit":    func(_ *rapid.T, s spec.Spec) spec.Spec { return s },
}

// DurationSpec draws a spec of the named duration for an instance of [Instance]. It fails
// for a duration that it does not know, so that none escapes the laws.
func DurationSpec(t *rapid.T, name string) spec.Spec {
	m := durationMakers[name]
	if m == nil {
		t.Fatalf("duration %q has no maker of random specs: add one to cloud/internal/cloudtest, so that it comes under the laws", name)
	}
	return m(t, spec.Named(name))
}

// model draws parameters of a cost function by the pre-copy model.
func model(t *rapid.T, s spec.Spec) spec.Spec { return suspending(t, precopy(t, s)) }

// precopy draws parameters of the pre-copy model.
func precopy(t *rapid.T, s spec.Spec) spec.Spec {
	return params(t, link(t, s), "preset qemu nova xen xen-4.5", "max-downtime 0s 300ms 10s", "max-rounds 0 1 29", "dirty 0 0.5 2000")
}

// link draws how fast memory is sent, and its unit, which instances of [Instance] lack.
func link(t *rapid.T, s spec.Spec) spec.Spec {
	return params(t, s.With("memory-unit", pick(t, "memory unit", "MiB", "GiB", "GB")), "bandwidth 1 100 10000", "share 0.1 1/3 1")
}

func timedSteps(t *rapid.T, s spec.Spec) spec.Spec {
	return params(t, s, "suspend 0s 1500us", "resume 2s", "shutdown 0s 30s", "provision 1m")
}

// params gives values to some parameters; each is written with what it may be.
func params(t *rapid.T, s spec.Spec, of ...string) spec.Spec {
	for _, p := range of {
		words := strings.Fields(p)
		if rapid.Bool().Draw(t, words[0]+" given") {
			s = s.With(words[0], pick(t, words[0], words[1:]...))
		}
	}
	return s
}

func suspending(t *rapid.T, s spec.Spec) spec.Spec {
	if rapid.Bool().Draw(t, "suspension priced") {
		return s.With("suspend", pick(t, "suspend", "0", "1", "5")).With("resume", pick(t, "resume", "0", "1", "3"))
	}
	return s
}
