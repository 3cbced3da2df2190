package summary

import (
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// made is the kind of what has no part in these tests but its descriptor.
func made(kind string, descriptors ...spec.Descriptor) spec.Registry {
	var entries []spec.Entry[string]
	for _, d := range descriptors {
		d.Synopsis, d.Citation = "stands for one", "own work"
		for i := range d.Params {
			d.Params[i].Doc = "a parameter"
		}
		entries = append(entries, spec.Entry[string]{Descriptor: d, New: func(spec.Args) (string, error) { return d.Name, nil }})
	}
	return spec.NewRegistry(spec.Kind{Name: kind, Plural: kind + "s", Synopsis: "what stands for some"}, entries...)
}

// testCatalogue knows all columns, and a few families and algorithms.
func testCatalogue() *spec.Catalogue {
	return spec.NewCatalogue(
		Registry(Entries()...),
		made("family",
			spec.Descriptor{Name: "random", Params: []spec.Param{
				{Name: "hosts", Type: spec.Int, Default: "10"},
				{Name: "utilisation", Type: spec.Ratio, Default: "0.8"},
				{Name: "anti-affinity", Type: spec.Choice, Choices: []string{"none", "host"}, Default: "none"},
				{Name: "flavours", Type: spec.Int, List: true, Default: "[1, 2]"},
			}},
			spec.Descriptor{Name: "drift", Params: []spec.Param{{Name: "of", Type: spec.Ref, Of: "family", Required: true}}},
		),
		made("algorithm", spec.Descriptor{Name: "a", Params: []spec.Param{{Name: "window", Type: spec.Int, Default: "3"}}}),
	)
}

// of sums records up, with columns.
func of(records []results.Record, with ...Option) *Summary {
	return Of(records, append(with, WithCatalogue(testCatalogue()))...)
}

const none = -1

// run makes a record; cost and bound are left out where they are negative.
func run(algorithm, instance string, outcome results.Outcome, cost, bound int64) results.Record {
	r := results.Record{
		Format: results.RecordFormat, RunKey: algorithm + "/" + instance, Name: results.Name{Instance: instance},
		InstanceSHA256: "sha-" + instance, Algorithm: algorithm, CostFunction: "ram", Outcome: outcome,
		Counters: map[string]int64{"expanded": 10, "generated": 20},
	}
	if cost >= 0 {
		r.Cost = &cost
	}
	if bound >= 0 {
		r.LowerBound = &bound
	}
	return r
}

// seeded is a run with a seed.
func seeded(r results.Record, seed uint64) results.Record {
	r.Seed = seed
	return r
}

// timed is a run with a time, and a limit in seconds.
func timed(r results.Record, wallS, limitS float64) results.Record {
	r.WallS, r.Limits.TimeoutS = wallS, limitS
	return r
}

// with is a run on an instance with features.
func with(r results.Record, features results.Values) results.Record {
	r.Features = features
	return r
}

// named is a run on an instance that a family made.
func named(r results.Record, family, class string, parameters results.Values) results.Record {
	r.Family, r.Class, r.Parameters = family, class, parameters
	return r
}

// column finds a column.
func column(t testing.TB, s *Summary, name string) Column {
	t.Helper()
	c, err := s.Column(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// in is what a column says of an algorithm in the case of an instance; of several, in the
// last one that it was run on.
func in(t testing.TB, s *Summary, name, algorithm, instance string) Value {
	t.Helper()
	a, err := s.Algorithm(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	var out Value
	for _, c := range s.Cases {
		if c.Instance == instance && len(c.Runs[a]) > 0 {
			out = column(t, s, name).Of(c, a)
		}
	}
	return out
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s: %v, expected %v", what, got, want)
	}
}
