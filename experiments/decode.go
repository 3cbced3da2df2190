package experiments

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"go.yaml.in/yaml/v4"

	pathsall "github.com/cloudrearrange/rearrange/algorithms/paths/all"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

func sortStrings(s []string) { slices.Sort(s) }

// ReadSuite reads and checks a suite file. Errors name file, line and path, all
// faults at once.
func ReadSuite(path string) (*Suite, error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		return nil, err
	}
	return DecodeSuite(path, data)
}

// DecodeSuite is [ReadSuite] for a document in memory; file names it in errors and
// tells where relative paths start.
func DecodeSuite(file string, data []byte) (*Suite, error) {
	root, err := parseYAML(file, data)
	if err != nil {
		return nil, err
	}
	s := &Suite{Dir: filepath.Dir(file), Source: data}
	format := ""
	root.members(map[string]func(node){
		"format":      func(n node) { format = n.text() },
		"name":        func(n node) { s.Name = n.text() },
		"description": func(n node) { s.Description = n.text() },
		"instances":   func(n node) { n.elements(func(e node) { s.Instances = append(s.Instances, s.instances(e)...) }) },
		"algorithms":  func(n node) { s.Algorithms = specs(n, pathsall.Registry()) },
		"costs":       func(n node) { s.Costs = specs(n, costs.Registry()) },
		"rules":       func(n node) { s.Rules = append([]spec.Spec{}, specs(n, rules.Registry())...) },
		"seeds":       func(n node) { s.Seeds = seeds(n) },
		"limits":      func(n node) { s.Limits = limits(n) },
	})
	if format != SuiteFormat && root.Kind == yaml.MappingNode {
		// Said first: a file of another format has other fields because of it.
		root.doc.faults = nil
		root.path = "format"
		root.fail("expected %q, found %q", SuiteFormat, format)
		return nil, errors.Join(root.doc.faults...)
	}
	if root.Kind == yaml.MappingNode {
		if s.Name == "" {
			root.fail("expected a name that is not empty")
		} else if strings.ContainsAny(s.Name, `/\`) || strings.HasPrefix(s.Name, ".") {
			root.fail("name %q: it names a folder, so it must not hold slashes or start with a dot", s.Name)
		}
		if len(s.Instances) == 0 && len(root.doc.faults) == 0 {
			root.fail("expected at least one instance under instances")
		}
		if len(s.Algorithms) == 0 && len(root.doc.faults) == 0 {
			root.fail("expected at least one algorithm under algorithms")
		}
	}
	if len(s.Costs) == 0 {
		s.Costs = []spec.Spec{spec.Named("ram")}
	}
	if len(s.Seeds) == 0 {
		s.Seeds = []uint64{1}
	}
	return s, errors.Join(root.doc.faults...)
}

// specs reads a list of specs and checks each against its registry.
func specs(n node, registry spec.Resolver) []spec.Spec {
	var out []spec.Spec
	n.elements(func(e node) {
		s := e.spec()
		if s.Name == "" {
			return
		}
		if _, err := registry.Resolve(s); err != nil {
			e.fail("%v", err)
			return
		}
		if slices.ContainsFunc(out, func(o spec.Spec) bool { return o.String() == s.String() }) {
			e.fail("%s stands in the list twice", s)
			return
		}
		out = append(out, s)
	})
	return out
}

// instances reads one entry: a spec, or a mapping with a spec or file pattern and a
// grid and seeds.
func (s *Suite) instances(n node) []InstanceSet {
	set := InstanceSet{Seeds: []uint64{1}, Where: n.where()}
	pattern := ""
	if n.Kind == yaml.MappingNode {
		n.members(map[string]func(node){
			"spec": func(n node) { set.Spec = n.spec() },
			"file": func(n node) { pattern = n.text() },
			"grid": func(n node) {
				n.pairs(func(key string, v node) { set.Grid = append(set.Grid, Axis{key, values(v)}) })
			},
			"seeds": func(n node) { set.Seeds = seeds(n) },
		})
	} else {
		set.Spec = n.spec()
	}
	switch {
	case pattern != "" && (set.Spec.Name != "" || set.Grid != nil):
		n.fail("expected either a spec, with or without a grid, or a file pattern")
		return nil
	case pattern != "":
		return s.files(n, set, pattern)
	case set.Spec.Name == "":
		if n.Kind == yaml.MappingNode && len(n.doc.faults) == 0 {
			n.fail("expected a spec or a file")
		}
		return nil
	}
	for _, sp := range set.Specs() {
		if err := checkSource(sp); err != nil {
			n.fail("%v", err)
			return nil
		}
	}
	return []InstanceSet{set}
}

func (s *Suite) files(n node, set InstanceSet, pattern string) []InstanceSet {
	full := pattern
	if !filepath.IsAbs(full) {
		full = filepath.Join(s.Dir, pattern)
	}
	names, err := filepath.Glob(full)
	if err != nil {
		n.fail("file pattern %q: %v", pattern, err)
	} else if len(names) == 0 {
		n.fail("no file matches %q", full)
	}
	var out []InstanceSet
	for _, name := range names {
		one := set
		one.Spec = spec.Named("file").WithValue("path", spec.Value{Form: spec.Quoted, Text: name})
		out = append(out, one)
	}
	return out
}

// values reads the values of one axis of a grid: a list, or one value.
func values(n node) []spec.Value {
	var out []spec.Value
	one := func(e node) {
		if e.Kind != yaml.ScalarNode {
			e.fail("expected a value, found %s", e.describe())
			return
		}
		// What YAML reads as a text may still be a nested spec or a list.
		if s, err := spec.Parse("x(x=" + e.Value + ")"); err == nil && len(s.Args) == 1 {
			out = append(out, s.Args[0].Value)
			return
		}
		out = append(out, spec.Value{Form: spec.Quoted, Text: e.Value})
	}
	if n.Kind == yaml.SequenceNode {
		n.elements(one)
	} else {
		one(n)
	}
	if len(out) == 0 {
		n.fail("expected at least one value")
	}
	return out
}

// maxSeeds bounds a range of seeds, so that a slip of the pen does not fill the
// memory.
const maxSeeds = 1_000_000

// seeds reads a list of integers and ranges ("1-50"), or one of either.
func seeds(n node) []uint64 {
	var out []uint64
	one := func(e node) {
		lo, hi, isRange := strings.Cut(e.Value, "-")
		if e.Kind != yaml.ScalarNode || !isRange {
			out = append(out, e.integer(0))
			return
		}
		a, errA := strconv.ParseUint(strings.TrimSpace(lo), 10, 64)
		b, errB := strconv.ParseUint(strings.TrimSpace(hi), 10, 64)
		if errA != nil || errB != nil || a > b || b-a >= maxSeeds {
			e.fail("expected an integer or a range such as 1-50, found %s", e.describe())
			return
		}
		for x := a; ; x++ {
			out = append(out, x)
			if x == b {
				break
			}
		}
	}
	if n.Kind == yaml.SequenceNode {
		n.elements(one)
	} else {
		one(n)
	}
	if len(out) == 0 && len(n.doc.faults) == 0 {
		n.fail("expected at least one seed")
	}
	return out
}

func limits(n node) results.Limits {
	var l results.Limits
	n.members(map[string]func(node){
		"timeout": func(n node) {
			d, err := time.ParseDuration(n.text())
			if err != nil || d <= 0 {
				n.fail("expected a duration such as 30s or 5m, found %s", n.describe())
			}
			l.TimeoutS = d.Seconds()
		},
		"memory": func(n node) {
			b, err := ParseBytes(n.text())
			if err != nil {
				n.fail("%v", err)
			}
			l.MemoryBytes = b
		},
		"expansions": func(n node) { l.Expansions = n.count(1) },
	})
	return l
}

// ParseBytes reads an amount of memory such as 512MiB or 2GB.
func ParseBytes(text string) (int64, error) {
	b, err := humanize.ParseBytes(text)
	if err != nil || b == 0 || b > 1<<62 {
		return 0, errors.New("expected an amount of memory such as 512MiB or 2GiB, found " + strconv.Quote(text))
	}
	return int64(b), nil
}
