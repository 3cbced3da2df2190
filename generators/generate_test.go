package generators_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

const fixture = "import(format=roadef, files=[../cloud/formats/roadef/testdata/model_small.txt, ../cloud/formats/roadef/testdata/assignment_small.txt])"

func ExampleGenerate() {
	instances, err := generators.Generate(catalogue.Standard(), spec.MustParse("drift(of=classic(case=slow), migrations=20)"), 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, in := range instances {
		fmt.Println(in.Name, "with", len(in.VMs), "VMs")
	}
	// Output: drift(of=slow, migrations=20)#7 with 9 VMs
}

func TestGenerateYieldsCheckedInstancesWithDifferentNames(t *testing.T) {
	for _, text := range []string{"classic", "random", fixture, "drift(of=" + fixture + ")", "drift(of=random(hosts=5))"} {
		instances, err := generators.Generate(catalogue.Standard(), spec.MustParse(text), 3)
		if err != nil {
			t.Error(err)
			continue
		}
		seen := map[string]bool{}
		for _, in := range instances {
			if seen[in.Name] {
				t.Errorf("%s: two instances are called %q", text, in.Name)
			}
			seen[in.Name] = true
			if err := in.Check(); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

// The fixture is there to be solved: its drift has to have something to do.
func TestFixtureDriftsFar(t *testing.T) {
	instances, err := generators.Generate(catalogue.Standard(), spec.MustParse("drift(of="+fixture+", migrations=200)"), 1)
	if err != nil {
		t.Fatal(err)
	}
	in, moved := instances[0], 0
	for v := range in.Initial {
		if in.Initial[v] != in.Target[v] {
			moved++
		}
	}
	if in.Name != "drift(of=small, migrations=200)#1" || moved < 5 {
		t.Errorf("%s: %d of 18 VMs have another host", in.Name, moved)
	}
}

// Both ends of a drift have to obey every rule, the thousand ones of a real instance
// too.
func TestRealInstancesDriftSanely(t *testing.T) {
	dir := realdata.Dir(t, "roadef2012")
	for _, name := range []string{"a1_1", "a1_4", "a2_4", "b_1", "b_9"} {
		text := fmt.Sprintf("drift(of=import(format=roadef, files=[model_%s.txt, assignment_%s.txt]), migrations=2000)", name, name)
		instances, err := generators.Generate(catalogue.Standard(), generators.Rebase(catalogue.Standard(), spec.MustParse(text), dir), 1)
		if err != nil {
			t.Error(err)
			continue
		}
		in := instances[0]
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if f := append(validate.Placement(in, bound, in.Initial, false), validate.Placement(in, bound, in.Target, true)...); len(f) > 0 {
			t.Errorf("%s: %s", in.Name, f[0])
		}
		if in.Initial.Equal(in.Target) {
			t.Errorf("%s: nothing to do", in.Name)
		}
	}
}

func TestRebaseFindsFileNamesWhereverTheyStand(t *testing.T) {
	dir := filepath.Join("suites", "real")
	for text, want := range map[string]string{
		"file(path=a.json)":                         "file(path=suites/real/a.json)",
		"file(path=../a.json)":                      "file(path=suites/a.json)",
		"file(path=/a.json)":                        "file(path=/a.json)",
		"file(path=-)":                              "file(path=-)",
		"drift(of=file(path=a.json), migrations=5)": "drift(of=file(path=suites/real/a.json), migrations=5)",
		"drift(of=drift(of=import(format=roadef, files=[m, /a])))": "drift(of=drift(of=import(format=roadef, files=[suites/real/m, /a])))",
		"import(format=roadef, files=m)":                           "import(format=roadef, files=suites/real/m)",
		"random(hosts=5)":                                          "random(hosts=5)",
		"classic(path=a, case=tricky)":                             "classic(path=a, case=tricky)",
		"unknown(path=a)":                                          "unknown(path=a)",
	} {
		before := spec.MustParse(text)
		if got := generators.Rebase(catalogue.Standard(), before, dir).String(); got != filepath.FromSlash(want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if before.String() != text {
			t.Errorf("%s was changed itself, into %s", text, before)
		}
	}
}

func TestErrorsNameWhatToMend(t *testing.T) {
	for text, want := range map[string]string{
		"randon":                             `unknown family "randon", did you mean "random"?`,
		"drift":                              `drift needs parameter "of": the family whose instances drift`,
		"drift(of=chain4)":                   `parameter "of" of drift: unknown family "chain4"`,
		"import(format=roadef, files=[a])":   "expected 2 files (MODEL ASSIGNMENT), found 1",
		"import(format=rodef, files=[a, b])": `unknown format "rodef", did you mean "roadef"?`,
		"file(path=missing.json)":            "missing.json",
		"drift(of=random, migrations=0)":     `expected an integer from 1 to 100000000 (migrations), found "0"`,
		"file(path=family.go)":               "family.go:1:1: invalid JSON",
		"drift(of=random(hosts=2, vms=0))":   `instance "random(hosts=2, vms=0)#1" cannot drift: no migration is sane`,
	} {
		_, err := generators.Generate(catalogue.Standard(), spec.MustParse(text), 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
