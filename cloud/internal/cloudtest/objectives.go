package cloudtest

import (
	"strconv"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Valued draws an instance of [Instance] that also has what only objectives look at: every host has a
// number of watts and numbers of what is safe, some VMs have numbers, and there may be classes of move costs.
func Valued(t *rapid.T) *cloud.Instance {
	in := Instance(t)
	for h := range in.Hosts {
		in.Hosts[h].Numbers = map[string]int64{"watts": rapid.Int64Range(0, 3).Draw(t, "watts")}
		for _, r := range in.Resources {
			in.Hosts[h].Numbers["safe."+r.Name] = rapid.Int64Range(0, 8).Draw(t, "safe")
		}
	}
	for v := range in.VMs {
		if rapid.Bool().Draw(t, "costs") {
			in.VMs[v].Numbers = map[string]int64{"move_cost": rapid.Int64Range(0, 5).Draw(t, "move cost")}
		}
	}
	MoveCosts(t, in)
	if err := in.Check(); err != nil {
		t.Fatalf("a random instance is faulty: %v", err)
	}
	return in
}

// MoveCosts draws classes of hosts and what it costs to move between them.
func MoveCosts(t *rapid.T, in *cloud.Instance) {
	in.MoveCosts = make([]cloud.MoveClass, rapid.IntRange(0, 3).Draw(t, "classes"))
	for i := range in.MoveCosts {
		for range in.MoveCosts {
			in.MoveCosts[i].To = append(in.MoveCosts[i].To, rapid.Int64Range(0, 3).Draw(t, "cost"))
		}
	}
	for h := range in.Hosts {
		if c := rapid.IntRange(-1, len(in.MoveCosts)-1).Draw(t, "class"); c >= 0 {
			in.MoveCosts[c].Hosts = append(in.MoveCosts[c].Hosts, cloud.HostID(h))
		}
	}
}

// Amounts are expressions of a host's amount; some cannot be computed everywhere.
var Amounts = []string{
	"vms == 0 ? 0 : 100 + 2 * used.r0",
	"used.r0 / 3",
	"max(0, used.r0 - host.capacity.r0 / 2) + (host.zone == 'y' ? 1 : 0)",
	"used.r0 <= host.capacity.r0 - host.reserved.r0 ? 0 : 7 / (host.capacity.r0 - host.reserved.r0)",
	"vms == 2 ? -1 : vms",
}

// objectiveMakers draw a spec for each registered objective that is not made of others.
var objectiveMakers = map[string]func(*rapid.T, *cloud.Instance, spec.Spec) spec.Spec{
	"hosts": func(t *rapid.T, _ *cloud.Instance, s spec.Spec) spec.Spec {
		return params(t, s, "weight watts", "unit W")
	},
	"load": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		measure := pick(t, "measure", "peak", "stddev", "range", "above")
		if s = s.With("measure", measure); measure == "above" {
			s = s.With("threshold", pick(t, "threshold", "0", "0.5", "2/3", "1", "1000"))
		}
		switch rapid.IntRange(0, 2).Draw(t, "which resources") {
		case 0:
			s = s.WithValue("resource", spec.Words(in.Resources[rapid.IntRange(0, len(in.Resources)-1).Draw(t, "resource")].Name))
		case 1:
			for r := range rapid.IntRange(1, len(in.Resources)).Draw(t, "weighted") {
				s = s.With("weights."+in.Resources[r].Name, pick(t, "weight", "1", "3", "1000000"))
			}
		}
		return s
	},
	"fragments": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		if s = sized(t, in, s); rapid.Bool().Draw(t, "resource given") {
			s = s.With("resource", "r0")
		}
		return s
	},
	"headroom": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return sized(t, in, s).With("count", pick(t, "count", "1", "3", "1000"))
	},
	"locality": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return s.With("group", groups(t, in)).With("level", by(t, in))
	},
	"reassign": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		for _, r := range in.Resources {
			if rapid.Bool().Draw(t, "loaded") {
				s = s.With("load."+r.Name, pick(t, "weight", "0", "1", "10"))
			}
		}
		for b := range rapid.IntRange(0, 2).Draw(t, "balances") {
			resource := func() string { return in.Resources[rapid.IntRange(0, len(in.Resources)-1).Draw(t, "resource")].Name }
			s = s.WithValue("balance.b"+strconv.Itoa(b), spec.Words(resource(), resource(), pick(t, "ratio", "0", "1", "3"), pick(t, "weight", "0", "1", "10")))
		}
		for _, name := range []string{"vm-moves", "service-moves", "host-moves"} {
			s = s.With(name, pick(t, name, "0", "1", "7"))
		}
		if rapid.Bool().Draw(t, "services given") {
			s = s.With("services", in.Groups[0].Name)
		}
		return s
	},
	"soft": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		list := spec.Value{Form: spec.List}
		for _, text := range []string{"capacity", "max-vms(max=" + pick(t, "max", "1", "2") + ")", "anti-affinity(group=" + in.Groups[0].Name + ")"} {
			rule := spec.MustParse(text)
			list.List = append(list.List, spec.Value{Form: spec.Call, Spec: &rule})
		}
		if s = s.WithValue("rules", list); rapid.Bool().Draw(t, "weighted") {
			s = s.WithValue("weights", spec.Words("1", pick(t, "weight", "0", "5"), "2"))
		}
		return s
	},
	"expression": func(t *rapid.T, _ *cloud.Instance, s spec.Spec) spec.Spec {
		s = s.With("measure", pick(t, "measure", "sum", "peak", "stddev", "range"))
		return s.With("value", pick(t, "value", Amounts...)).With("unit", "W")
	},
}

// sized draws the size of a VM; it demands something of r0.
func sized(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
	for r := range rapid.IntRange(1, len(in.Resources)).Draw(t, "sized") {
		s = s.With("size."+in.Resources[r].Name, pick(t, "size", "1", "2", "3"))
	}
	return s
}

// ObjectiveSpec draws a spec of the named objective for an instance of [Valued]. It fails for an objective
// that it does not know, so that none escapes the laws.
func ObjectiveSpec(t *rapid.T, in *cloud.Instance, name string) spec.Spec {
	s := spec.Named(name)
	switch name {
	case "sum":
		of, weights := objectiveParts(t, in, 3, "hosts", "load", "fragments", "locality", "headroom", "soft", "expression", "reassign")
		if s = s.WithValue("of", of); rapid.Bool().Draw(t, "weighted") {
			s = s.WithValue("weights", spec.Words(weights...))
		}
		return s
	case "lexicographic":
		of, _ := objectiveParts(t, in, 2, "hosts", "load", "fragments", "locality", "headroom", "expression", "reassign", "sum")
		if rapid.Bool().Draw(t, "nested") {
			nested := s.WithValue("of", of)
			of, _ = objectiveParts(t, in, 2, "hosts", "load")
			of.List = append(of.List, spec.Value{Form: spec.Call, Spec: &nested})
		}
		return s.WithValue("of", of)
	}
	m := objectiveMakers[name]
	if m == nil {
		t.Fatalf("objective %q has no maker of random specs: add one to cloud/internal/cloudtest, so that it comes under the laws", name)
	}
	return m(t, in, s)
}

func objectiveParts(t *rapid.T, in *cloud.Instance, most int, from ...string) (of spec.Value, weights []string) {
	of.Form = spec.List
	for range rapid.IntRange(1, most).Draw(t, "parts") {
		part := ObjectiveSpec(t, in, pick(t, "part", from...))
		of.List = append(of.List, spec.Value{Form: spec.Call, Spec: &part})
		weights = append(weights, pick(t, "weight", "0", "1", "10"))
	}
	return of, weights
}
