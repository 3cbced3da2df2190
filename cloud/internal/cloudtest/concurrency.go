package cloudtest

import (
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// concurrencyMakers draw a spec for each registered model of concurrency.
var concurrencyMakers = map[string]func(*rapid.T, spec.Spec) spec.Spec{
	"sequential": func(_ *rapid.T, s spec.Spec) spec.Spec { return s },
	"slots": func(t *rapid.T, s spec.Spec) spec.Spec {
		given := rapid.IntRange(1, 7).Draw(t, "limits")
		for i, name := range []string{"outgoing", "incoming", "total"} {
			if given>>i&1 != 0 {
				s = s.With(name, pick(t, name, "1", "2", "3"))
			}
		}
		return s
	},
	"steps": func(t *rapid.T, s spec.Spec) spec.Spec { return params(t, s, "per-host 1 2 3") },
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
