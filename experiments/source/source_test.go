package source_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/experiments/source"
)

const greedy = `// Package greedy is greedy.
package greedy

import (
	"fmt"

	"example.org/fast"
	"example.org/m/cloud"
)

// Step prints.
func Step(n int) { fmt.Println(cloud.Zero, fast.Go(n, 2)) }
`

func files() map[string]string {
	return map[string]string{
		"go.mod":              "module example.org/m\n\ngo 1.26\n",
		"cloud/cloud.go":      "package cloud\n\nconst Zero = 0\n",
		"cloud/other.go":      "//go:build windows\n\npackage cloud\n\nimport _ \"example.org/m/cloud/low\"\n",
		"cloud/cloud_test.go": "package cloud\n\nconst one = 1\n",
		"cloud/low/low.go":    "package low\n",
		"greedy/greedy.go":    greedy,
		"beam/beam.go":        "package beam\n\nimport \"example.org/m/cloud\"\n\nvar _ = cloud.Zero\n",
		"broken/broken.go":    "package broken\n\nvar s = \"\n",
		"uses/uses.go":        "package uses\n\nimport _ \"example.org/m/gone\"\n",
		"empty/empty.txt":     "no Go\n",
		"a/a.go":              "package a\n\nimport _ \"example.org/m/b\"\n", // a cycle, which Go refuses
		"b/b.go":              "package b\n\nimport _ \"example.org/m/a\"\n",
	}
}

func build() source.Build {
	return source.Build{GoVersion: "go1.26", Modules: map[string]string{
		"example.org": "v1.0.0", "example.org/fast": "v1.1.0", "example.org/screen": "v1.2.0",
	}}
}

func code(t *testing.T, texts map[string]string, b source.Build) *source.Code {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range texts {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := source.New(m, b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var ofGreedy = []string{"example.org/m/greedy"}

// What is done to the source, and whether the hash of greedy is to change.
func TestHashChangesWithCodeAlone(t *testing.T) {
	before := code(t, files(), build()).Hash(ofGreedy)
	if len(before) != 32 {
		t.Fatalf("%q is no hash", before)
	}
	for _, c := range []struct {
		name, file, old, text string
		changes               bool
	}{
		{"a comment", "greedy/greedy.go", "Step prints", "Step prints much", false},
		{"a comment that goes", "greedy/greedy.go", "// Step prints.\n", "", false},
		{"one in a line", "greedy/greedy.go", "(n, 2)", "(n /* seed */, 2)", false},
		{"spaces", "greedy/greedy.go", "(n, 2)", "(n,  2)", false},
		{"lines", "greedy/greedy.go", "fast.Go(n, 2)) }", "fast.Go(\n\tn,\n\t2,\n))\n}", false},
		{"a number", "greedy/greedy.go", "(n, 2)", "(n, 3)", true},
		{"a name", "greedy/greedy.go", "n int", "m int", true},
		{"an operator", "greedy/greedy.go", "(n, 2)", "(n + 2)", true},
		{"order", "greedy/greedy.go", "(n, 2)", "(2, n)", true},
		{"a text like two", "greedy/greedy.go", "(n, 2)", "(`n, 2`)", true},
		{"what is imported", "cloud/cloud.go", "0", "1", true},
		{"a file for another system", "cloud/other.go", "low\"\n", "low\"\n\nvar x int\n", true},
		{"its directive", "cloud/other.go", "windows", "plan9", true},
		{"what that imports", "cloud/low/low.go", "low\n", "low\n\nvar x int\n", true},
		{"a test", "cloud/cloud_test.go", "1", "2", false},
		{"another algorithm", "beam/beam.go", "Zero", "One", false},
	} {
		texts := files()
		if texts[c.file] = strings.Replace(texts[c.file], c.old, c.text, 1); texts[c.file] == files()[c.file] {
			t.Fatalf("%s: nothing was edited", c.name)
		}
		if after := code(t, texts, build()).Hash(ofGreedy); len(after) != 32 || (after != before) != c.changes {
			t.Errorf("%s: the hash was %s and is %q", c.name, before, after)
		}
	}
}

func TestHashChangesWithBuild(t *testing.T) {
	before := code(t, files(), build()).Hash(ofGreedy)
	for _, c := range []struct {
		name    string
		edit    func(*source.Build)
		changes bool
	}{
		{"the Go version", func(b *source.Build) { b.GoVersion = "go1.27" }, true},
		{"a module that is imported", func(b *source.Build) { b.Modules["example.org/fast"] = "v1.1.1" }, true},
		{"one that is not", func(b *source.Build) { b.Modules["example.org/screen"] = "v2.0.0" }, false},
		{"one with the beginning of its path", func(b *source.Build) { b.Modules["example.org"] = "v2.0.0" }, false},
	} {
		b := build()
		c.edit(&b)
		if after := code(t, files(), b).Hash(ofGreedy); (after != before) != c.changes {
			t.Errorf("%s: the hash was %s and is %s", c.name, before, after)
		}
	}
}

func TestPackageWithoutSourceHasAHash(t *testing.T) {
	c := code(t, files(), build())
	for _, pkg := range []string{
		"main", "example.org/extension", "example.org/mine", "example.org/m/gone", "example.org/m/broken",
		"example.org/m/uses", "example.org/m/empty", "example.org/m/../m/beam", "example.org/m", "fmt", "",
	} {
		if h := c.Hash([]string{"example.org/m/greedy", pkg}); h != "" {
			t.Errorf("%q: the hash is %s", pkg, h)
		}
	}
	if h := c.Hash([]string{"example.org/m/a"}); len(h) != 32 {
		t.Errorf("a cycle: the hash is %q", h)
	}
}

func TestHashDependsOnOrder(t *testing.T) {
	c := code(t, files(), build())
	one := c.Hash([]string{"example.org/m/greedy", "example.org/m/beam"})
	two := c.Hash([]string{"example.org/m/beam", "example.org/m/greedy", "example.org/m/beam", "example.org/m/cloud"})
	if one != two {
		t.Errorf("%s and %s", one, two)
	}
	want := []string{"example.org/m/cloud", "example.org/m/cloud/low", "example.org/m/greedy"}
	if d := cmp.Diff(want, c.Closure(ofGreedy)); d != "" {
		t.Error(d)
	}
}

func TestModuleWithoutNameIsTaken(t *testing.T) {
	for _, m := range []fstest.MapFS{{}, {"go.mod": &fstest.MapFile{Data: []byte("go 1.26\n")}}} {
		if _, err := source.New(m, build()); err == nil {
			t.Errorf("%v: no error", m)
		}
	}
}
