package strictyaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
)

var kind = strictyaml.Kind{Noun: "recipe", Format: "recipe/1"}

func Example() {
	root, err := strictyaml.Parse("cake.yaml", []byte("format: recipe/1\nname: [cake]\neggs: many\nsuggar: 3\n"), kind)
	if err != nil {
		fmt.Println(err)
		return
	}
	var name string
	var eggs int64
	root.Members(map[string]func(strictyaml.Node){
		"format": func(strictyaml.Node) {},
		"name":   func(n strictyaml.Node) { name, _ = n.Text() },
		"eggs":   func(n strictyaml.Node) { eggs = n.Count(1) },
		"sugar":  func(strictyaml.Node) {},
	})
	fmt.Println(root.Err())
	fmt.Println(name == "", eggs)
	// Output:
	// cake.yaml:2: name: expected a text, found a list
	// cake.yaml:3: eggs: expected an integer of at least 1, found "many"
	// cake.yaml:4: unknown field "suggar", did you mean "sugar"?
	// true 0
}

// What is no single document of the format must be refused with its place.
func TestOtherDocumentsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "f.yaml:1: expected a recipe, found an empty file",
		"a: 1\n---\nb: 2\n":              "f.yaml:2: expected one YAML document, found a second",
		"a: [1\n":                        "not YAML",
		"format: recipe/2\n":             `f.yaml:1: format: expected "recipe/1", found "recipe/2"`,
		"name: x\n":                      `field "format" is missing`,
		"format: recipe/1\na: &x [*x]\n": "",
	} {
		root, err := strictyaml.Parse("f.yaml", []byte(text), kind)
		if err == nil && root.IsMapping() {
			root.CheckFormat(kind)
			err = root.Err()
		}
		if want == "" && err == nil {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A file of many faults lists the first, and counts the others.
func TestFaultsAreBounded(t *testing.T) {
	root, err := strictyaml.Parse("f.yaml", []byte(strings.Repeat("- x\n", 100)), kind)
	if err != nil {
		t.Fatal(err)
	}
	root.Elements(func(n strictyaml.Node) { n.Count(0) })
	if n := strings.Count(root.Err().Error(), "\n"); n > 25 || !strings.Contains(root.Err().Error(), "and 80 more") || root.Faults() != 100 {
		t.Errorf("%d lines, %d faults: %v", n, root.Faults(), root.Err())
	}
}
