package cloud_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/schema"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

func formatDoc(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func example(t *testing.T, doc, kind string) []byte {
	t.Helper()
	_, rest, ok := strings.Cut(doc, "```json "+kind+"\n")
	text, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatalf("FORMAT.md has no example of a %s", kind)
	}
	return []byte(text)
}

// The examples of FORMAT.md are read, fit the schema, and the plan is judged good.
func TestDocumentedExampleIsRefused(t *testing.T) {
	doc := formatDoc(t)
	in, err := cloud.DecodeInstance("FORMAT.md", example(t, doc, "instance"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := cloud.DecodePlan("FORMAT.md", example(t, doc, "plan"), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"instance", "plan"} {
		if err := schemaOf(t, kind)(example(t, doc, kind)); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	cost, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(p.CostFunction))
	if err != nil {
		t.Fatal(err)
	}
	model, err := concurrency.Of(catalogue.Standard(), in, p.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range validate.Schedule(in, bound, cost, model, p).Findings {
		t.Error(f)
	}
}

// sections names the heading or sentence of FORMAT.md under which each type's
// members stand, and where the schema defines them.
var sections = map[string]string{
	"instance": "## Instance: ", "resource": "\nResource:\n", "host": "\nHost:\n", "vm": "\nVM:\n", "group": "\nGroup:\n",
	"plan": "## Plan: ", "step": "\nStep:\n", "schedule": "\nSchedule:\n",
}

var row = regexp.MustCompile("(?m)^\\| `([a-z_0-9]+)` \\|")

// Every member that the readers take stands in FORMAT.md and in the schema, and
// nothing else does.
func TestMemberIsNotDocumented(t *testing.T) {
	doc := formatDoc(t)
	for kind, fields := range cloud.WireFields() {
		_, text, ok := strings.Cut(doc, sections[kind])
		if !ok {
			t.Errorf("FORMAT.md has no section for a %s", kind)
			continue
		}
		_, table, _ := strings.Cut(text, "|---|---|---|---|\n")
		table, _, _ = strings.Cut(table, "\n\n")
		var documented []string
		for _, m := range row.FindAllStringSubmatch(table, -1) {
			documented = append(documented, m[1])
		}
		if !slices.Equal(documented, fields) {
			t.Errorf("%s: FORMAT.md documents %v, the reader takes %v", kind, documented, fields)
		}
		if got := schemaFields(t, kind); !slices.Equal(got, slices.Sorted(slices.Values(fields))) {
			t.Errorf("%s: the schema has %v, the reader takes %v", kind, got, fields)
		}
	}
}

func TestObjectiveIsNotDocumented(t *testing.T) {
	doc := formatDoc(t)
	for _, d := range catalogue.Standard().Descriptors(objectives.Kind) {
		_, row, ok := strings.Cut(doc, "\n| `"+d.Name+"(")
		row, _, _ = strings.Cut(row, "\n")
		for _, p := range d.Params {
			if ok = ok && strings.Contains(row, p.Name); !ok {
				t.Errorf("FORMAT.md has no row for the objective %s with its parameter %s", d.Name, p.Name)
				break
			}
		}
	}
}

func schemaFields(t *testing.T, kind string) []string {
	t.Helper()
	type object struct {
		Properties map[string]any
		OneOf      []object
		Defs       map[string]object `json:"$defs"`
	}
	seen := map[string]bool{}
	for _, text := range []string{schema.Instance(), schema.Plan()} {
		var s object
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		def, ok := s.Defs[kind]
		if kind == "instance" && text == schema.Instance() || kind == "plan" && text == schema.Plan() {
			def, ok = s, true
		}
		if !ok {
			continue
		}
		for _, o := range append(def.OneOf, def) {
			for name := range o.Properties {
				seen[name] = true
			}
		}
	}
	var out []string
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// What FORMAT.md says of specs in its tables and grammar.
func TestDocumentedSpecReadsOtherwise(t *testing.T) {
	doc := formatDoc(t)
	for _, must := range []string{cloud.InstanceFormat, cloud.PlanFormat, "64 levels", "20 at most"} {
		if !strings.Contains(doc, must) {
			t.Errorf("FORMAT.md does not say %q", must)
		}
	}
	for _, status := range []cloud.Status{cloud.Optimal, cloud.Feasible, cloud.Infeasible, cloud.Unknown, cloud.Unsupported} {
		plan := map[bool]string{true: "yes", false: "no"}[status.HasPlan()]
		if !strings.Contains(doc, fmt.Sprintf("| `%s` | %s |", status, plan)) {
			t.Errorf("FORMAT.md does not say that with %s a plan goes: %s", status, plan)
		}
	}
	// Each character that the grammar names is no part of a word.
	_, line, _ := strings.Cut(doc, "wordchar  = ? any character but white space, control characters, U+FFFD and ")
	line, _, _ = strings.Cut(line, " ? ;")
	for _, c := range strings.Fields(line) {
		if s, err := spec.Parse("a" + c + "b"); err == nil && s.Name == "a"+c+"b" {
			t.Errorf("%q is a word", s.Name)
		}
	}
	if len(strings.Fields(line)) != 11 {
		t.Errorf("the grammar names %d characters: %s", len(strings.Fields(line)), line)
	}
}
