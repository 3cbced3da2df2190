package experiments

import (
	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/metrics/where"
)

// ReadReport reads no more of a suite's file than its name and what reports on it show.
// The rest is not looked at: in a folder of results, the files that a suite names need not
// be where they were. What could be read is returned with an error, too.
func ReadReport(path string) (name string, content report.Content, err error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		return "", report.Content{}, err
	}
	return decodeReport(path, data)
}

func decodeReport(file string, data []byte) (name string, content report.Content, err error) {
	root, err := parseYAML(file, data, suiteKind)
	if err != nil {
		return "", content, err
	}
	if root.isMapping() && root.checkFormat(suiteKind) {
		root.pairs(func(key, value node) {
			switch key.Value {
			case "name":
				name = value.folderName()
			case "report":
				content = value.report()
			}
		})
	}
	return name, content, root.doc.err()
}

// report reads what reports on a suite show.
func (n node) report() report.Content {
	var c report.Content
	members := n.partMembers(&c.Part)
	members["groups"] = func(n node) { c.Groups = n.groups() }
	n.members(members)
	return c
}

// partMembers are the fields that the whole and a group have alike.
func (n node) partMembers(p *report.Part) map[string]func(node) {
	return map[string]func(node){
		"where": func(n node) {
			text, ok := n.text()
			if !ok {
				return
			}
			filter, err := where.Parse(text, nil)
			if err != nil {
				n.fail("%v", err)
			}
			p.Where = filter
		},
		"tables": func(n node) { p.Tables = shown(n, tables.Registry()) },
		"plots":  func(n node) { p.Plots = shown(n, plots.Registry()) },
	}
}

func (n node) groups() []report.Part {
	var out []report.Part
	first := map[string]string{} // by folder
	n.elements(func(e node) {
		var p report.Part
		members := e.partMembers(&p)
		members["name"] = func(n node) {
			p.Name, _ = n.text()
			switch folder := p.Folder(); {
			case folder == "":
				n.fail("expected a name with a letter or a digit, found %s", n.describe())
			case first[folder] != "":
				n.fail("%s names the same folder, %s, as %s", quote(p.Name), folder, first[folder])
			default:
				first[folder] = n.path
			}
		}
		given := e.members(members)
		for _, name := range []string{"name", "where"} {
			if e.Kind == yaml.MappingNode && !given[name] {
				e.fail("field %q is missing: a group has a name, and says which runs it is about", name)
			}
		}
		out = append(out, p)
	})
	return out
}

// shown reads a list of tables or plots, which may be empty.
func shown[T any](n node, registry *spec.Registry[T]) []spec.Spec {
	build := func(s spec.Spec) (spec.Args, error) {
		_, args, err := registry.Build(s) // and not only resolved: parameters may not go together
		return args, err
	}
	return append([]spec.Spec{}, n.specsBy(registry.Kind(), 0, build)...)
}
