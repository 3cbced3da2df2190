package cloud_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/schema"
)

// schemaOf compiles the schema of a kind of document and returns its verdict.
func schemaOf(tb testing.TB, kind string) func([]byte) error {
	tb.Helper()
	text := map[string]string{"instance": schema.Instance(), "plan": schema.Plan()}[kind]
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(kind, doc); err != nil {
		tb.Fatal(err)
	}
	s, err := c.Compile(kind)
	if err != nil {
		tb.Fatal(err)
	}
	return func(data []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return err
		}
		return s.Validate(v)
	}
}

// Whatever the reader accepts, the schema accepts; so what the schema refuses, the
// reader refuses. Random mutations of a document look for a difference.
func TestSchemaIsStricterThanReader(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	for kind, read := range map[string]func([]byte) error{
		"instance": func(data []byte) error { _, err := cloud.DecodeInstance("", data); return err },
		"plan":     func(data []byte) error { _, err := cloud.DecodePlan("", data, in); return err },
	} {
		t.Run(kind, func(t *testing.T) {
			fits := schemaOf(t, kind)
			text := []byte(testdata(t, kind+".json"))
			if err := fits(text); err != nil {
				t.Fatalf("the schema refuses a good document: %v", err)
			}
			accepted, refused := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				var doc any
				d := json.NewDecoder(bytes.NewReader(text))
				d.UseNumber()
				if err := d.Decode(&doc); err != nil {
					t.Fatal(err)
				}
				for range rapid.IntRange(1, 2).Draw(t, "mutations") {
					doc = mutateJSON(t, doc)
				}
				data, err := json.Marshal(doc)
				if err != nil {
					t.Fatal(err)
				}
				schemaErr, readErr := fits(data), read(data)
				if schemaErr != nil && readErr == nil {
					t.Fatalf("the reader accepts what the schema refuses: %v\n%s", schemaErr, data)
				}
				if schemaErr == nil {
					accepted++
				} else {
					refused++
				}
			})
			if accepted == 0 || refused == 0 {
				t.Errorf("the mutations are one-sided: the schema accepts %d and refuses %d", accepted, refused)
			}
		})
	}
}

// The schema refuses every fault of form that the table of bad input has; faults
// that only a reader can see are listed.
func TestSchemaOverlooksAFaultOfForm(t *testing.T) {
	onlyReader := []string{
		"unknown host", "unknown host, nothing similar", "unknown VM", "unknown VM in a group", "unknown resource",
		"unknown resource in a demand", "target with unknown host", "VM without a name in a placement",
		"duplicate host", "duplicate VM", "duplicate resource", "duplicate group",
		"sum of demands overflows", "sum of capacities overflows", "reserved above capacity", "reserved without capacity",
		"huge rate", "whole float for an integer", "exponent for an integer", "rule with a syntax error", "objective with a syntax error",
		"very long unknown name", "host in two classes", "unknown host in a class", "too few costs of a class",
		"unknown switch", "unknown switch above", "ring of switches", "switch above itself", "link up to no switch",
	}
	for _, kind := range []struct {
		name string
		bad  []badInput
	}{{"instance", badInstances}, {"plan", badPlans}} {
		fits := schemaOf(t, kind.name)
		text := testdata(t, kind.name+".json")
		for _, c := range kind.bad {
			data := []byte(edit(t, text, c.old, c.by))
			if !json.Valid(data) || strings.Contains(c.name, "duplicate") || c.name == "lone surrogate" || c.name == "invalid UTF-8" {
				continue // a fault of syntax
			}
			if accepts := fits(data) == nil; accepts != slices.Contains(onlyReader, c.name) {
				t.Errorf("%s: the schema accepts it: %v", c.name, accepts)
			}
		}
	}
}

// mutateJSON changes one random place of a document.
func mutateJSON(t *rapid.T, v any) any {
	stay := rapid.IntRange(0, 3).Draw(t, "here") == 0
	switch x := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(x))
		if len(keys) > 0 && !stay {
			k := rapid.SampledFrom(keys).Draw(t, "member")
			x[k] = mutateJSON(t, x[k])
			return x
		}
		if len(keys) > 0 && rapid.Bool().Draw(t, "remove") {
			delete(x, rapid.SampledFrom(keys).Draw(t, "member"))
			return x
		}
		if rapid.Bool().Draw(t, "add") {
			x[rapid.SampledFrom([]string{"", "x", "name", "vm1", "vm2", "ram", "to", "from", "cost", "arch", "rack"}).Draw(t, "key")] = scalar(t)
			return x
		}
	case []any:
		if len(x) > 0 && !stay {
			i := rapid.IntRange(0, len(x)-1).Draw(t, "element")
			x[i] = mutateJSON(t, x[i])
			return x
		}
		if len(x) > 0 && rapid.Bool().Draw(t, "remove") {
			return x[1:]
		}
		if rapid.Bool().Draw(t, "repeat") && len(x) > 0 {
			return append(x, x[0])
		}
	}
	return scalar(t)
}

func scalar(t *rapid.T) any {
	return rapid.SampledFrom([]any{
		json.Number("0"), json.Number("-1"), json.Number("500"), json.Number("-0"), json.Number("1.5"), json.Number("1.0"), json.Number("1e3"),
		json.Number("9223372036854775807"), json.Number("9223372036854775808"), json.Number("1e400"), json.Number("-9223372036854775808"),
		"", "x", "vm1", "vm3", "host1", "host2", "ram", "arch", "migrate", "shutdown", "optimal", "unknown",
		true, false, nil,
		[]any{},
		map[string]any{},
		[]any{"vm1"},
		map[string]any{"vm1": "host1"},
		map[string]any{"ram": json.Number("1")},
	}).Draw(t, "value")
}
