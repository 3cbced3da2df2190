package experiments

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
	"github.com/cloudrearrange/rearrange/generators"
)

// maxSources bounds what the instances of a suite multiply out to before anything is
// generated, so that a slip of the pen does not fill the memory.
const maxSources = 100_000

// instances reads the list of instances.
func (r *reader) instances(n node) []InstanceSet {
	var out []InstanceSet
	total := 0
	n.Elements(func(e node) {
		if total > maxSources {
			return // a fault already; what follows cannot mend it
		}
		for _, set := range r.entry(e) {
			total = min(total+set.size(), math.MaxInt32)
			out = append(out, set)
		}
		if total > maxSources {
			e.Fail("grids and seeds multiply out to more than %d instances", maxSources)
		}
	})
	if n.IsEmptyList() {
		n.Fail("expected at least one instance, found an empty list")
	}
	return out
}

// entry reads one entry: a spec, or a mapping of a spec or file pattern with a grid
// and seeds. Nothing after a fault.
func (r *reader) entry(n node) []InstanceSet {
	set := InstanceSet{Seeds: []uint64{1}, Where: n.Place()}
	before := n.Faults()
	var ok bool
	switch {
	case n.Kind == yaml.MappingNode:
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		n.Fail("expected a spec, or a mapping with one, found %s", n.Describe())
		return nil
	default:
		if set.Spec, ok = n.Spec(); !ok || !r.isSource(n, set.Spec) {
			return nil
		}
		return []InstanceSet{set}
	}
	var pattern node
	var grid grid
	given := n.Members(map[string]func(node){
		"spec":   func(n node) { set.Spec, _ = n.Spec() },
		"file":   func(n node) { pattern = n },
		"grid":   func(n node) { grid = readGrid(n); set.Grid = grid.axes },
		"seeds":  func(n node) { set.Seeds = seeds(n) },
		"limits": func(n node) { set.Limits = limits(n) },
		"role":   func(n node) { set.Role = n.Choice("tuning", "test") },
		// What lies outside of the repository is not everywhere.
		"optional": func(n node) { set.Optional = n.Yes() },
	})
	switch {
	case given["spec"] == given["file"]:
		n.Fail(`expected one of the fields "spec" and "file"`)
	case given["file"] && (given["grid"] || given["seeds"]):
		n.Fail("a file has no parameters: neither a grid nor seeds go with it")
	}
	if n.Faults() > before {
		return nil
	}
	if given["file"] {
		return r.files(pattern, set)
	}
	if !r.isSource(n, set.first()) {
		return nil
	}
	// Parameters are checked one by one, so each value is tried once and not with
	// all the others.
	for i, axis := range set.Grid {
		for k, v := range axis.Values[1:] {
			r.isSource(grid.values[i][k+1], set.first().WithValue(axis.Key, v))
		}
	}
	return []InstanceSet{set}
}

// isSource checks the spec of a family, and reports what is wrong with it.
func (r *reader) isSource(n node, s spec.Spec) bool {
	_, err := r.catalogue.Resolve(generators.Kind, s)
	if err != nil {
		n.Fail("%v", err)
	}
	return err == nil
}

// files looks for the files that a pattern matches, in the order of their names.
func (r *reader) files(n node, set InstanceSet) []InstanceSet {
	pattern, ok := n.Text()
	if !ok {
		return nil
	}
	full := pattern
	if !filepath.IsAbs(pattern) {
		full = filepath.Join(literally(r.dir), filepath.FromSlash(pattern))
	}
	names, err := filepath.Glob(full)
	switch {
	case pattern == "" || strings.ContainsRune(pattern, 0):
		n.Fail("expected the name of a file, or a pattern, found %s", n.Describe())
	case err != nil:
		n.Fail("%s is no pattern of file names: %v", strictyaml.Quote(pattern), err)
	case len(names) == 0 && set.Optional:
		set.Missing = fmt.Sprintf("no file matches %s in the folder %s", strictyaml.Quote(pattern), r.dir)
		return []InstanceSet{set}
	case len(names) == 0:
		n.Fail("no file matches %s in the folder %s", strictyaml.Quote(pattern), r.dir)
	}
	var out []InstanceSet
	for _, name := range names {
		// Specs of a suite name files relative to the suite, as patterns do.
		if rel, err := filepath.Rel(r.dir, name); err == nil && !filepath.IsAbs(pattern) {
			name = rel
		}
		one := set
		one.Spec = spec.Named("file").WithValue("path", spec.Value{Form: spec.Quoted, Text: name})
		out = append(out, one)
	}
	return out
}

// literally escapes what a pattern would not take literally.
func literally(dir string) string {
	if filepath.Separator == '\\' {
		return dir // there is no way to escape
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// grid is the axes of a grid, and the place of each value.
type grid struct {
	axes   []Axis
	values [][]node
}

// readGrid reads parameters with the values that each takes: a list, or one value.
func readGrid(n node) (g grid) {
	n.Pairs(func(key, v node) {
		axis, places := Axis{Key: key.Value}, []node(nil)
		v.OneOrMore(func(e node) {
			if value, ok := readValue(e); ok {
				axis.Values, places = append(axis.Values, value), append(places, e)
			}
		})
		if v.IsEmptyList() {
			v.Fail("expected at least one value, found an empty list")
		}
		g.axes, g.values = append(g.axes, axis), append(g.values, places)
	})
	return g
}

// readValue reads one value in the grammar of specs: it may be a nested spec or a list.
func readValue(n node) (spec.Value, bool) {
	text, ok := n.Text()
	if s, err := spec.Parse("x(x=" + text + ")"); err == nil && len(s.Args) == 1 {
		return s.Args[0].Value, ok
	}
	return spec.Value{Form: spec.Quoted, Text: text}, ok
}
