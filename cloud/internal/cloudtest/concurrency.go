package cloudtest

import (
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// concurrencyMakers draw a spec for each registered model of concurrency.
var concurrencyMakers = map[string]func(*rapid.T, spec.Spec) spec.Spec{
	"bandwidth": func(t *rapid.T, s spec.Spec) spec.Spec {
		s = params(t, s, "growth 0 0.05 3", "bandwidth 300 10000")
		if rapid.Bool().Draw(t, "max-min") {
			return params(t, s.With("sharing", "max-min"), "least 0 1/3 1", "admission no")
		}
		return params(t, s, "least 0.05 1/3 1")
	},
	"sequential": func(_ *rapid.T, s spec.Spec) spec.Spec { return s },
	"slots": func(t *rapid.T, s spec.Spec) spec.Spec {
		given := rapid.IntRange(1, 7).Draw(t, "limits")
		for i, name := range []string{"outgoing", "incoming", "total"} {
			if given>>i&1 != 0 {
				s = s.With(name, pick(t, name, "1", "2", "3"))
			}
		}
		return params(t, s, "per-host 1 2 3", "per-rack 1 2 3", "preset nova kubevirt vmotion-1g watcher proxlb")
	},
	"steps": func(t *rapid.T, s spec.Spec) spec.Spec { return params(t, s, "per-host 1 2 3") },
}

// PaceDuration draws a duration that goes with a model of concurrency, on an instance of [Priced].
func PaceDuration(t *rapid.T, model spec.Spec) spec.Spec {
	if model.Name != "bandwidth" {
		return spec.Named("unit")
	}
	return DurationSpec(t, pick(t, "duration", "rate", "precopy", "precopy"))
}

// ConcurrencySpec draws a spec of the named model of concurrency. It fails for a model that
// it does not know, so that none escapes the laws.
func ConcurrencySpec(t *rapid.T, name string) spec.Spec {
	m := concurrencyMakers[name]
	if m == nil {
		t.Fatalf("model of concurrency %q has no maker of random specs: add one to cloud/internal/cloudtest, so that it comes under the laws", name)
	}
	return m(t, spec.Named(name))
}
