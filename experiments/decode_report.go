package experiments

import (
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
)

// Report says what reports on a suite show. The zero value shows all that applies.
type Report struct {
	Part          // of all runs
	Groups []Part // of the runs that each chooses; a group shows what the whole does unless it says otherwise
	// Labels are short names for algorithms, by the specs that records have.
	Labels map[string]string
	// Titles stand in place of the titles that columns have, by the names of columns.
	Titles map[string]string
}

// Part is a part of a report: tables and pictures of some runs.
type Part struct {
	Name   string      // of a group
	Where  string      // an expression: the runs that the part is about; empty for all
	Tables []spec.Spec // nil for all that apply
	Plots  []spec.Spec // nil for all that apply
}

// Folder is the name that a part has among files: its words in lower case, joined by -.
func (p Part) Folder() string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(p.Name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}

// The kinds that a report names. They belong to metrics, of which this package knows
// nothing: what they name is checked by the catalogue.
const (
	tableKind  = "table"
	plotKind   = "plot"
	filterKind = "filter"
	columnKind = "column"
)

// ReadReport reads no more of a suite's file than its name and what reports on it show.
// The rest is not looked at: in a folder of results, the files that a suite names need not
// be where they were, and the records decide what can be shown. What could be read is returned
// with an error, too.
func ReadReport(c *spec.Catalogue, path string) (name string, content Report, err error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		return "", Report{}, err
	}
	return decodeReport(c, path, data)
}

func decodeReport(c *spec.Catalogue, file string, data []byte) (name string, content Report, err error) {
	root, err := strictyaml.Parse(file, data, suiteKind)
	if err != nil {
		return "", content, err
	}
	r := &reader{catalogue: c, past: true}
	var algorithms []spec.Spec
	var asked node
	if root.IsMapping() && root.CheckFormat(suiteKind) {
		root.Pairs(func(key, value node) {
			switch key.Value {
			case "name":
				name = folderName(value)
			case "algorithms":
				algorithms = legible(value)
			case "report":
				asked = value
			}
		})
	}
	if asked.Node != nil {
		content = r.report(asked, algorithms)
	}
	return name, content, root.Err()
}

// legible are the specs of a list, whatever else stands in it.
func legible(n node) []spec.Spec {
	var out []spec.Spec
	if n.Kind != yaml.SequenceNode {
		return nil
	}
	n.Elements(func(e node) {
		if s, err := spec.Parse(e.Value); err == nil {
			out = append(out, s)
		}
	})
	return out
}

// report reads what reports on a suite with these algorithms show.
func (r *reader) report(n node, algorithms []spec.Spec) Report {
	var c Report
	members := r.partMembers(&c.Part)
	members["groups"] = func(n node) { c.Groups = r.groups(n) }
	members["labels"] = func(n node) { c.Labels = r.labels(n, algorithms) }
	members["titles"] = func(n node) { c.Titles = r.titles(n) }
	n.Members(members)
	return c
}

// titles reads titles for columns: those of the catalogue, or those that records bring along.
func (r *reader) titles(n node) map[string]string {
	names := prose.Texts(r.catalogue.Descriptors(columnKind), func(d spec.Descriptor) string { return d.Name })
	unknown := 0
	return words(n, func(key, _ node) (string, bool) {
		name := key.Value
		prefix, _, more := strings.Cut(name, ".")
		if r.past || slices.Contains(names, name) || more && slices.Contains(brought, prefix) {
			return name, true
		}
		why := ""
		if unknown++; unknown <= mostSuggestions {
			why = spec.DidYouMean(name, names, "known are")
		}
		key.Fail("unknown column %s%s", strictyaml.Quote(name), why)
		return "", false
	})
}

// brought are the prefixes, without their points, of columns that records bring along.
var brought = []string{"param", "feature", "strategy", "algorithm", "scheduler", "executor", "on", "counter"}

// labels reads short names for algorithms of the suite. They are looked for as they are
// written, as records have them, and then by what they mean.
func (r *reader) labels(n node, algorithms []spec.Spec) map[string]string {
	own := ownSpellings(r.catalogue, algorithms)
	known := prose.Texts(algorithms, spec.Spec.String)
	unknown := 0
	taken := map[string]string{} // by label
	return words(n, func(key, value node) (string, bool) {
		written, err := spec.Parse(key.Value)
		if err != nil {
			key.Fail("%v", err)
			return "", false
		}
		s, ok := written, slices.Contains(known, written.String())
		if !ok {
			if s, ok = own[meaning(r.catalogue, written)]; !ok && r.past {
				s, ok = written, true
			}
		}
		switch other := taken[value.Value]; {
		case !ok || value.Value == "" || other == s.String():
		case other != "":
			value.Fail("%s is the label of %s, too", strictyaml.Quote(value.Value), other)
		default:
			taken[value.Value] = s.String()
		}
		if !ok {
			why := ""
			if unknown++; unknown <= mostSuggestions {
				why = spec.DidYouMean(written.String(), known, "its algorithms are")
			}
			key.Fail("%s is no algorithm of this suite%s", strictyaml.Quote(written.String()), why)
		}
		return s.String(), ok
	})
}

// mostSuggestions bounds how many faulty names are compared with all that are known, which may
// be many of both.
const mostSuggestions = 20

// words reads a mapping to texts that are not empty. Named says what a key stands for.
func words(n node, named func(key, value node) (string, bool)) map[string]string {
	out := map[string]string{}
	n.Pairs(func(key, value node) {
		name, known := named(key, value)
		text, ok := value.Text()
		switch _, twice := out[name]; {
		case !known || !ok:
		case text == "":
			value.Fail("expected a text, found an empty one")
		case twice:
			key.Fail("%s is given twice", strictyaml.Quote(name))
		default:
			out[name] = text
		}
	})
	return out
}

// ownSpellings finds the algorithms of a suite by what they mean.
func ownSpellings(c *spec.Catalogue, algorithms []spec.Spec) map[string]spec.Spec {
	out := map[string]spec.Spec{}
	for _, s := range algorithms {
		out[meaning(c, s)] = s
	}
	return out
}

// meaning is the spec of an algorithm with every default written out, or the spec as it is if
// the catalogue does not know it.
func meaning(c *spec.Catalogue, s spec.Spec) string {
	if a, err := c.Resolve(paths.Kind, s); err == nil {
		return a.Full().String()
	}
	return s.String()
}

// partMembers are the fields that the whole and a group have alike.
func (r *reader) partMembers(p *Part) map[string]func(node) {
	return map[string]func(node){
		"where":  func(n node) { p.Where = r.where(n) },
		"tables": func(n node) { p.Tables = r.shown(n, tableKind) },
		"plots":  func(n node) { p.Plots = r.shown(n, plotKind) },
	}
}

// shown reads the specs of tables or plots, not nil.
func (r *reader) shown(n node, kind string) []spec.Spec {
	if !r.past {
		return append([]spec.Spec{}, r.specs(n, kind, 0)...)
	}
	out := []spec.Spec{}
	n.Elements(func(e node) {
		if s, ok := e.Spec(); ok {
			out = append(out, s)
		}
	})
	return out
}

// where reads an expression that chooses runs.
func (r *reader) where(n node) string {
	text, ok := n.Text()
	if !ok {
		return ""
	}
	if r.past {
		if err := expression.CheckSyntax(text); err != nil {
			n.Fail("%v", err)
		}
		return text
	}
	filter := spec.Named("where").WithValue("expression", spec.Value{Form: spec.Quoted, Text: text})
	if _, _, err := spec.Build[any](r.catalogue, filterKind, filter); err != nil {
		n.Fail("%s", strings.TrimPrefix(err.Error(), filter.String()+": "))
	}
	return text
}

func (r *reader) groups(n node) []Part {
	var out []Part
	first := map[string]string{} // by folder
	n.Elements(func(e node) {
		var p Part
		members := r.partMembers(&p)
		members["name"] = func(n node) {
			p.Name, _ = n.Text()
			switch folder := p.Folder(); {
			case folder == "":
				n.Fail("expected a name with a letter or a digit, found %s", n.Describe())
			case first[folder] != "":
				n.Fail("%s names the same folder, %s, as %s", strictyaml.Quote(p.Name), folder, first[folder])
			default:
				first[folder] = n.Path
			}
		}
		given := e.Members(members)
		for _, name := range []string{"name", "where"} {
			if e.Kind == yaml.MappingNode && !given[name] {
				e.Fail("field %q is missing: a group has a name, and says which runs it is about", name)
			}
		}
		out = append(out, p)
	})
	return out
}
