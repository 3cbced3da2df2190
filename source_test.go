package rearrange_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cloudrearrange/rearrange"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments/source"
)

// sourceFiles lists the Go files of this module but for tests, and what they embed.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(name, "go.mod"))
			if name != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || err == nil) {
				return fs.SkipDir
			}
			return nil
		}
		if name = filepath.ToSlash(name); path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			out = append(out, name)
			if path.Dir(name) != "." {
				out = append(out, embedded(t, name)...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// embedded lists the files that a Go file embeds.
func embedded(t *testing.T, name string) (out []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if c, ok := n.(*ast.Comment); ok {
			if patterns, ok := strings.CutPrefix(c.Text, "//go:embed "); ok {
				for _, pattern := range strings.Fields(patterns) {
					files, err := filepath.Glob(path.Join(path.Dir(name), pattern))
					if err != nil || len(files) == 0 {
						t.Errorf("%s embeds %s, which is not there (%v)", name, pattern, err)
					}
					out = append(out, files...)
				}
			}
		}
		return true
	})
	return out
}

// A file that is left out would make records claim to be made by code that was another.
func TestSourceFileIsNotEmbedded(t *testing.T) {
	files := sourceFiles(t)
	if len(files) < 400 || !slices.Contains(files, "cloud/formats/minizinc/model.mzn") {
		t.Fatalf("only %d files were found: the test has lost sight of the code", len(files))
	}
	for _, name := range files {
		if _, err := fs.Stat(rearrange.Source, name); err != nil {
			t.Errorf("%s is not embedded: add a pattern to source.go", name)
		}
	}
}

func TestOtherThanSourceIsEmbedded(t *testing.T) {
	files := sourceFiles(t)
	err := fs.WalkDir(rearrange.Source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || path.Ext(name) == ".go" && !strings.Contains(name, "testdata"):
		case slices.Contains([]string{"go.mod", "go.sum", "LICENSE"}, name):
		case !slices.Contains(files, name):
			t.Errorf("%s is embedded, which no package needs", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// moduleCode is the embedded source; changed replaces files of it.
func moduleCode(t *testing.T, changed map[string]string) *source.Code {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(rearrange.Source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(rearrange.Source, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range changed {
		if files[name] == nil {
			t.Fatalf("there is no %s to be changed", name)
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	code, err := source.New(files, source.ThisBuild())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// algorithmPackages are the packages of every algorithm of the catalogue, by its name.
func algorithmPackages(t *testing.T) map[string][]string {
	t.Helper()
	c, out := catalogue.Standard(), map[string][]string{}
	for _, d := range c.Descriptors(paths.Kind) {
		a, err := c.Resolve(paths.Kind, spec.Named(d.Name))
		if err != nil {
			t.Fatal(err)
		}
		out[d.Name] = a.Packages()
	}
	return out
}

// A constructor that is inlined, generic or wrapped must not hide whose it is.
func TestPackageOfAlgorithmIsNotItsOwn(t *testing.T) {
	folders := map[string]string{"dijkstra": "bestfirst", "astar": "bestfirst", "gbfs": "bestfirst", "anytime": "bestfirst"}
	for name, packages := range algorithmPackages(t) {
		folder := folders[name]
		if folder == "" {
			folder = name
		}
		if own := module + "/algorithms/paths/" + folder; !slices.Contains(packages, own) {
			t.Errorf("%s: %s is not among its packages %q", name, own, packages)
		}
		for _, p := range packages {
			if !strings.HasPrefix(p, module+"/algorithms/paths/") {
				t.Errorf("%s: its package %s is not one of path algorithms", name, p)
			}
		}
	}
	c := catalogue.Standard()
	for _, kind := range c.Kinds() {
		for _, d := range c.Descriptors(kind.Name) {
			if a, err := c.Resolve(kind.Name, spec.Named(d.Name)); err == nil && slices.Contains(a.Packages(), module+"/cmd/catalogue") {
				t.Errorf("%s %s is said to be of the catalogue's package", kind.Name, d.Name)
			}
		}
	}
}

// What auto chooses among, it depends on.
func TestHashOfAutoMissesItsParts(t *testing.T) {
	closure := moduleCode(t, nil).Closure(algorithmPackages(t)["auto"])
	for _, part := range []string{"auto", "largefirst", "kernel", "improve", "greedy", "bounds", "space", "direct", "part"} {
		if !slices.Contains(closure, module+"/algorithms/paths/"+part) {
			t.Errorf("%s is not in what auto depends on: %q", part, closure)
		}
	}
}

// An edit must make the records of those algorithms stale that use the code, and no others.
func TestEditMakesOtherAlgorithmsStale(t *testing.T) {
	edit := func(file string) map[string]string {
		data, err := fs.ReadFile(rearrange.Source, file)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{file: string(data) + "\nvar edited = 1\n"}
	}
	before := moduleCode(t, nil)
	for _, c := range []struct {
		file         string
		stale, fresh []string
	}{
		{"algorithms/paths/beam/beam.go", []string{"beam"}, []string{"greedy", "astar", "auto", "displacement", "largefirst"}},
		{"algorithms/paths/largefirst/entry.go", []string{"largefirst", "auto"}, []string{"greedy", "astar", "beam"}},
		{"algorithms/paths/greedy/greedy.go", []string{"greedy", "improve", "largefirst", "auto"}, []string{"astar", "beam", "displacement"}},
		{"algorithms/paths/bounds/deadlock.go", []string{"astar", "auto", "beam"}, nil},
		{"cloud/state.go", []string{"astar", "auto", "beam", "greedy", "displacement", "direct"}, nil},
		{"metrics/plots/registry.go", nil, []string{"astar", "auto", "beam", "greedy", "displacement", "direct"}},
	} {
		after := moduleCode(t, edit(c.file))
		for name, packages := range algorithmPackages(t) {
			was, is := before.Hash(packages), after.Hash(packages)
			switch {
			case len(was) != 32:
				t.Fatalf("the hash of %s is %q", name, was)
			case was == is && slices.Contains(c.stale, name):
				t.Errorf("an edit of %s leaves the hash of %s as it was", c.file, name)
			case was != is && slices.Contains(c.fresh, name):
				t.Errorf("an edit of %s changes the hash of %s", c.file, name)
			}
		}
	}
}

// It is done once whenever a suite is run.
func BenchmarkHashOfAllAlgorithms(b *testing.B) {
	c := catalogue.Standard()
	var packages [][]string
	for _, d := range c.Descriptors(paths.Kind) {
		a, err := c.Resolve(paths.Kind, spec.Named(d.Name))
		if err != nil {
			b.Fatal(err)
		}
		packages = append(packages, a.Packages())
	}
	for b.Loop() {
		code, err := source.New(rearrange.Source, source.ThisBuild())
		if err != nil {
			b.Fatal(err)
		}
		for _, p := range packages {
			code.Hash(p)
		}
	}
}
