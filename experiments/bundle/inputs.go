package bundle

import (
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/generators"
)

// addInputs takes in the suite once more, in a place from where the relative names in it
// lead to the instance files that are packed with it.
func (c *collection) addInputs(data []byte, from string) error {
	suite, err := experiments.DecodeSuite(c.options.Catalogue, from, data)
	if err != nil {
		if c.options.Instances {
			return err
		}
		c.note("instance files of the suite: it cannot be read: %v", err)
		return c.placeSuite(data, nil)
	}
	var relative []string
	for _, name := range namedFiles(suite) {
		at := filepath.Join(suite.Dir, filepath.FromSlash(name))
		info, err := os.Stat(at)
		switch {
		case filepath.IsAbs(name):
			c.note("instance file %s: only files with relative names are packed", name)
		case err != nil:
			c.note("instance file %s: not found", name)
		case !info.Mode().IsRegular():
			c.note("instance file %s: not a regular file", name)
		default:
			relative = append(relative, path.Clean(filepath.ToSlash(name)))
		}
	}
	slices.Sort(relative)
	relative = slices.Compact(relative)
	if err := c.placeSuite(data, &placement{suite.Dir, relative}); err != nil {
		return err
	}
	if c.options.Instances {
		return c.addInstances(suite)
	}
	return nil
}

// placement is what a suite names relative to its folder.
type placement struct {
	dir   string
	names []string
}

// placeSuite adds the suite's file and those that it names. The suite lies as deep below
// suite/ as the names in it climb, in folders of the names that they have outside.
func (c *collection) placeSuite(data []byte, p *placement) error {
	folder := "suite"
	if p != nil {
		climbs := 0
		for _, name := range p.names {
			n := 0
			for rest, up := strings.CutPrefix(name, "../"); up; rest, up = strings.CutPrefix(rest, "../") {
				n++
			}
			climbs = max(climbs, n)
		}
		abs, err := filepath.Abs(p.dir)
		if err != nil {
			return err
		}
		folders := strings.FieldsFunc(filepath.ToSlash(abs), func(r rune) bool { return r == '/' })
		if climbs > len(folders) {
			return errors.New("the suite names files above the root of the file system")
		}
		folder = path.Join(folder, path.Join(folders[len(folders)-climbs:]...))
		for _, name := range p.names {
			if err := c.add(path.Join(folder, name), onDisk(filepath.Join(p.dir, filepath.FromSlash(name)))); err != nil {
				return err
			}
		}
		c.facts.inputs = len(p.names)
	}
	c.facts.suite = path.Join(folder, experiments.SuiteCopy)
	return c.add(c.facts.suite, bytesOf(data))
}

// namedFiles lists the files that the instances of a suite are read from, as the suite
// names them, each once.
func namedFiles(suite *experiments.Suite) []string {
	var out []string
	for _, set := range suite.Instances {
		if set.Missing != "" {
			continue
		}
		for _, s := range set.Specs() {
			if args, err := suite.Catalogue.Resolve(generators.Kind, s); err == nil {
				out = appendFiles(out, suite.Catalogue, args.Full())
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// appendFiles adds the files that the spec of a family names, nested ones included.
func appendFiles(out []string, c *spec.Catalogue, s spec.Spec) []string {
	d, _ := c.Lookup(generators.Kind, s.Name)
	for _, arg := range s.Args {
		at := slices.IndexFunc(d.Params, func(p spec.Param) bool { return p.Name == arg.Key })
		if at < 0 {
			continue
		}
		values := []spec.Value{arg.Value}
		if arg.Value.Form == spec.List {
			values = arg.Value.List
		}
		for _, v := range values {
			switch p := d.Params[at]; {
			case p.Unit == generators.PathUnit:
				out = append(out, v.Text)
			case p.Type == spec.Ref && p.Of == generators.Kind && v.Spec != nil:
				out = appendFiles(out, c, *v.Spec)
			}
		}
	}
	return out
}

// instanceEntry is an instance in the index of those packed.
type instanceEntry struct {
	Name   string `json:"name"`
	SHA256 string `json:"instance_sha256"` // as in records
	File   string `json:"file"`
}

// addInstances generates all instances of the suite, each with the rules in force.
func (c *collection) addInstances(suite *experiments.Suite) error {
	tasks, err := suite.Expand(c.ctx, func(skipped string) { c.note("%s", skipped) })
	if err != nil {
		return err
	}
	index := []instanceEntry{}
	seen := map[string]bool{}
	for _, t := range tasks {
		if seen[t.SHA256] {
			continue
		}
		seen[t.SHA256] = true
		e := instanceEntry{t.Instance.Name, t.SHA256, "instances/" + t.SHA256 + ".json"}
		index = append(index, e)
		in, err := t.Ruled()
		if err != nil {
			return err
		}
		if err := c.add(e.File, in.Encode); err != nil {
			return err
		}
	}
	c.facts.instances = len(index)
	text, err := json.MarshalIndent(index, "", " ")
	if err != nil {
		return err
	}
	return c.addText("instances/index.json", string(text)+"\n")
}
