package spec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func valuesCatalogue() *spec.Catalogue {
	make := func(a spec.Args) (string, error) { return a.Full().String(), nil }
	inner := spec.Entry[string]{Descriptor: spec.Descriptor{Name: "inner", Params: []spec.Param{
		{Name: "size", Type: spec.Int, Default: "3"}, {Name: "note", Type: spec.String},
	}}, New: make}
	outer := spec.Entry[string]{Descriptor: spec.Descriptor{Name: "outer", Params: []spec.Param{
		{Name: "of", Type: spec.Ref, Of: "thing", Default: "inner"},
		{Name: "share", Type: spec.Ratio, Default: "1/4"},
		{Name: "limit", Type: spec.Duration, Default: "1m30s"},
		{Name: "yes", Type: spec.Bool, Default: "no"},
		{Name: "weights", Type: spec.Float, List: true, Default: "[0.5, 2]"},
		{Name: "ratio", Type: spec.Float, Map: true},
	}}, New: make}
	return spec.NewCatalogue(spec.NewRegistry(spec.Kind{Name: "thing"}, inner, outer))
}

func TestValuesHoldDefaultsAndNestedArguments(t *testing.T) {
	a, err := valuesCatalogue().Resolve("thing", spec.MustParse("outer(of=inner(size=7), ratio.cpu=4)"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"of": "inner", "of.size": 7.0, "share": 0.25, "limit": 90.0, "yes": false,
		"weights": []string{"0.5", "2"}, "ratio.cpu": 4.0,
	}
	if d := cmp.Diff(want, a.Values()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"github.com/cloudrearrange/rearrange/cloud/spec"}, a.Packages()); d != "" {
		t.Error(d)
	}
}

func TestFirstArgumentMayLackItsKey(t *testing.T) {
	c := valuesCatalogue()
	for text, want := range map[string]string{
		"outer(inner(5))":              "inner(size=5)",
		"outer(inner, share=1)":        "inner(size=3)",
		"outer(inner(size=2))":         "inner(size=2)",
		`outer("inner(size=4)")`:       "inner(size=4)",
		"outer( inner ( 5 ) , yes=no)": "inner(size=5)",
	} {
		s := spec.MustParse(text)
		a, err := c.Resolve("thing", s)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, _ := a.Full().Value("of"); got.String() != want {
			t.Errorf("%s: found %s, expected %s", text, got, want)
		}
		if again := spec.MustParse(s.String()); !again.Equal(s) {
			t.Errorf("%s is written as %s, which is another spec", text, s)
		}
	}
	for _, text := range []string{"outer(inner, of=inner)", "inner([1, 2])"} {
		if a, err := c.Resolve("thing", spec.MustParse(text)); err == nil {
			t.Errorf("%s: no error, but %s", text, a.Full())
		}
	}
}
