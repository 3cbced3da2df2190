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
		vm.DirtyMiBPerS = rapid.SampledFrom([]float64{0, 0.1, 12.5, 5000}).Draw(t, "dirty rate")
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

// model draws parameters of the pre-copy model.
func model(t *rapid.T, s spec.Spec) spec.Spec {
	s = s.With("memory-unit", pick(t, "memory unit", "MiB", "GiB", "GB"))
	for _, p := range []struct{ name, values string }{
		{"preset", "qemu nova xen xen-4.5"}, {"bandwidth", "1 100 10000"}, {"share", "0.1 1/3 1"}, {"max-downtime", "0s 300ms 10s"}, {"max-rounds", "0 1 29"},
	} {
		if rapid.Bool().Draw(t, p.name+" given") {
			s = s.With(p.name, pick(t, p.name, strings.Fields(p.values)...))
		}
	}
	return suspending(t, s)
}

func suspending(t *rapid.T, s spec.Spec) spec.Spec {
	if rapid.Bool().Draw(t, "suspension priced") {
		return s.With("suspend", pick(t, "suspend", "0", "1", "5")).With("resume", pick(t, "resume", "0", "1", "3"))
	}
	return s
}
