package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
	"github.com/cloudrearrange/rearrange/results"
)

type node = strictyaml.Node

var suiteKind = strictyaml.Kind{Noun: "suite", Format: SuiteFormat}

// reader reads a suite: its specs stand in the catalogue.
type reader struct {
	catalogue *spec.Catalogue
	dir       string // where relative paths start
	// past: the runs were made, perhaps under another catalogue. What reports on them show is
	// read, and not held against this one.
	past bool
}

// ReadSuite reads and checks a suite file. Errors name file, line and path, all
// faults at once.
func ReadSuite(c *spec.Catalogue, path string) (*Suite, error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = fmt.Errorf("cannot read the suite %s: %w", path, e.Err)
		}
		return nil, err
	}
	return DecodeSuite(c, path, data)
}

// DecodeSuite is [ReadSuite] for a document in memory; file names it in errors and
// tells where relative paths start. It looks for the files that patterns match, but
// opens none and generates nothing.
func DecodeSuite(c *spec.Catalogue, file string, data []byte) (*Suite, error) {
	root, err := strictyaml.Parse(file, data, suiteKind)
	if err != nil {
		return nil, err
	}
	if !root.IsMapping() || !root.CheckFormat(suiteKind) {
		return nil, root.Err()
	}
	r := &reader{catalogue: c, dir: filepath.Dir(file)}
	s := &Suite{
		Catalogue: c, Dir: r.dir, Source: data,
		Costs: []spec.Spec{spec.Named("ram")}, Seeds: []uint64{1},
	}
	var report node
	given := root.Members(map[string]func(node){
		"format":      func(node) {},
		"name":        func(n node) { s.Name = folderName(n) },
		"description": func(n node) { s.Description, _ = n.Text() },
		"instances":   func(n node) { s.Instances = r.instances(n) },
		"targets":     func(n node) { s.Targets = r.specs(n, targets.Kind, 1) },
		"objective":   func(n node) { s.Objective = r.one(n, objectives.Kind) },
		"algorithms":  func(n node) { s.Algorithms = r.specs(n, paths.Kind, 1) },
		"schedules":   func(n node) { s.Schedules = r.schedules(n) },
		"executions":  func(n node) { s.Executions = r.executions(n) },
		"costs":       func(n node) { s.Costs = r.specs(n, costs.Kind, 1) },
		"rules":       func(n node) { s.Rules = append([]spec.Spec{}, r.specs(n, rules.Kind, 0)...) },
		"seeds":       func(n node) { s.Seeds = seeds(n) },
		"limits":      func(n node) { s.Limits = limits(n) },
		"report":      func(n node) { report = n },
	})
	if given["report"] { // whose labels are of the algorithms
		s.Report = r.report(report, s.Algorithms)
	}
	for _, name := range []string{"name", "instances", "algorithms"} {
		if !given[name] {
			root.Fail("field %q is missing", name)
		}
	}
	if !given["targets"] && (given["objective"] || s.searchesTargets()) {
		root.Fail("an objective and limits of the search for targets need the field \"targets\"")
	}
	if !given["schedules"] && s.limitsAny(func(l results.Limits) bool { return l.ScheduleTimeoutS > 0 || l.ScheduleTables > 0 }) {
		root.Fail("limits of schedulers need the field \"schedules\"")
	}
	if !given["schedules"] && given["executions"] {
		root.Fail("executions need the field \"schedules\"")
	}
	if err := root.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// folderName reads a text that can name a folder on every system.
func folderName(n node) string {
	name, ok := n.Text()
	switch {
	case !ok:
	case name == "":
		n.Fail("expected a name, found an empty text")
	case strings.ContainsAny(name, `/\:*?"<>|`) || strings.HasPrefix(name, ".") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		n.Fail(`%s also names a folder, so it must not start with a dot or hold any of / \ : * ? " < > |`, strictyaml.Quote(name))
	}
	return name
}

// one reads a single spec of a kind.
func (r *reader) one(n node, kind string) *spec.Spec {
	s, ok := n.Spec()
	if !ok {
		return nil
	}
	if _, _, err := spec.Build[any](r.catalogue, kind, s); err != nil {
		n.Fail("%v", err)
		return nil
	}
	return &s
}

// specs reads a list of at least so many specs of a kind and checks each. Two that mean
// the same are a fault, however they are written.
func (r *reader) specs(n node, kind string, least int) []spec.Spec {
	return r.each(n, n.Elements, kind, least)
}

// each is specs of whatever counts as the elements of a node.
func (r *reader) each(n node, elements func(func(node)), kind string, least int) []spec.Spec {
	var out []spec.Spec
	first := map[string]string{}
	elements(func(e node) {
		s, ok := e.Spec()
		if !ok {
			return
		}
		// Built, and not only resolved: some parameters do not go together.
		_, args, err := spec.Build[any](r.catalogue, kind, s)
		if err != nil {
			e.Fail("%v", err)
			return
		}
		if before, dup := first[args.Full().String()]; dup {
			e.Fail("%s is the same %s as %s", s, r.catalogue.Noun(kind), before)
			return
		}
		first[args.Full().String()] = e.Path
		out = append(out, s)
	})
	if n.IsEmptyList() && least > 0 {
		n.Fail("expected at least one %s, found an empty list", r.catalogue.Noun(kind))
	}
	return out
}
