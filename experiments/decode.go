package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	pathsall "github.com/cloudrearrange/rearrange/algorithms/paths/all"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

var suiteKind = kind{"suite", SuiteFormat}

// ReadSuite reads and checks a suite file. Errors name file, line and path, all
// faults at once.
func ReadSuite(path string) (*Suite, error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		var e *fs.PathError
		if errors.As(err, &e) {
			err = fmt.Errorf("cannot read the suite %s: %w", path, e.Err)
		}
		return nil, err
	}
	return DecodeSuite(path, data)
}

// DecodeSuite is [ReadSuite] for a document in memory; file names it in errors and
// tells where relative paths start. It looks for the files that patterns match, but
// opens none and generates nothing.
func DecodeSuite(file string, data []byte) (*Suite, error) {
	root, err := parseYAML(file, data, suiteKind)
	if err != nil {
		return nil, err
	}
	if !root.isMapping() {
		return nil, root.doc.err()
	}
	if !root.checkFormat(suiteKind) {
		return nil, root.doc.err()
	}
	s := &Suite{
		Dir: filepath.Dir(file), Source: data,
		Costs: []spec.Spec{spec.Named("ram")}, Seeds: []uint64{1},
	}
	given := root.members(map[string]func(node){
		"format":      func(node) {},
		"name":        func(n node) { s.Name = n.folderName() },
		"description": func(n node) { s.Description, _ = n.text() },
		"instances":   func(n node) { s.Instances = s.instances(n) },
		"algorithms":  func(n node) { s.Algorithms = n.specs(pathsall.Registry(), 1) },
		"costs":       func(n node) { s.Costs = n.specs(costs.Registry(), 1) },
		"rules":       func(n node) { s.Rules = append([]spec.Spec{}, n.specs(rules.Registry(), 0)...) },
		"seeds":       func(n node) { s.Seeds = n.seeds() },
		"limits":      func(n node) { s.Limits = n.limits() },
		"report":      func(n node) { s.Report = n.report() },
	})
	for _, name := range []string{"name", "instances", "algorithms"} {
		if !given[name] {
			root.fail("field %q is missing", name)
		}
	}
	if err := root.doc.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// folderName reads a text that can name a folder on every system.
func (n node) folderName() string {
	name, ok := n.text()
	switch {
	case !ok:
	case name == "":
		n.fail("expected a name, found an empty text")
	case strings.ContainsAny(name, `/\:*?"<>|`) || strings.HasPrefix(name, ".") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		n.fail(`%s also names a folder, so it must not start with a dot or hold any of / \ : * ? " < > |`, quote(name))
	}
	return name
}

// specs reads a list of at least so many specs and checks each against its registry.
// Two that mean the same are a fault, however they are written.
func (n node) specs(registry spec.Resolver, least int) []spec.Spec {
	return n.specsBy(registry.Kind(), least, registry.Resolve)
}

// specsBy is specs with a check of one's own.
func (n node) specsBy(kind string, least int, resolve func(spec.Spec) (spec.Args, error)) []spec.Spec {
	var out []spec.Spec
	first := map[string]string{}
	n.elements(func(e node) {
		s, ok := e.spec()
		if !ok {
			return
		}
		args, err := resolve(s)
		if err != nil {
			e.fail("%v", err)
			return
		}
		if before, dup := first[args.Full().String()]; dup {
			e.fail("%s is the same %s as %s", s, kind, before)
			return
		}
		first[args.Full().String()] = e.path
		out = append(out, s)
	})
	if n.isEmptyList() && least > 0 {
		n.fail("expected at least one %s, found an empty list", kind)
	}
	return out
}
