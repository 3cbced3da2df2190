package experiments

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// node is a YAML node with its place, read strictly: every reader of a node states
// what it expects, and faults are gathered in the document.
type node struct {
	*yaml.Node
	path string
	doc  *document
}

type document struct {
	file    string
	sources spec.Resolver // the families that instances come from
	faults  []error
	more    int // faults that were not kept
}

// maxFaults bounds how many faults one error lists.
const maxFaults = 20

// err joins the faults; nil without any.
func (d *document) err() error {
	if d.more > 0 {
		return errors.Join(append(slices.Clip(d.faults), fmt.Errorf("… and %d more", d.more))...)
	}
	return errors.Join(d.faults...)
}

// count is how many faults there are: more after something than before it, and it has
// failed.
func (d *document) count() int { return len(d.faults) + d.more }

func (n node) fail(format string, args ...any) {
	if len(n.doc.faults) == maxFaults {
		n.doc.more++
		return
	}
	at := fmt.Sprintf("%s:%d: ", n.doc.file, n.Line)
	if n.path != "" {
		at += n.path + ": "
	}
	// Faults of one spec stand in one line, for the place goes before each.
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; ")
	const most = 2000 // bytes
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	n.doc.faults = append(n.doc.faults, errors.New(at+text))
}

// where is the node's place, as errors name it.
func (n node) where() string { return fmt.Sprintf("%s:%d: %s", n.doc.file, n.Line, n.path) }

func (n node) describe() string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return quote(n.Value)
	}
	return "something else"
}

// quote quotes a text for an error.
func quote(s string) string { return prose.Quote(s, 60) }

// child is a node below this one. An alias stands for what it names. That cannot nest
// without end: a suite is a fixed number of levels deep, however it is written.
func (n node) child(c *yaml.Node, path string) node {
	if c.Kind == yaml.AliasNode {
		c = c.Alias
	}
	return node{c, path, n.doc}
}

func (n node) isMapping() bool {
	if n.Kind != yaml.MappingNode {
		n.fail("expected a mapping, found %s", n.describe())
		return false
	}
	return true
}

// pairs calls a function per member of a mapping, unless its key came before.
func (n node) pairs(f func(key, value node)) {
	if !n.isMapping() {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.child(n.Content[i], n.path)
		switch {
		case key.Kind != yaml.ScalarNode:
			key.fail("expected the name of a field, found %s", key.describe())
			continue
		case seen[key.Value]:
			key.fail("field %s is given twice", quote(key.Value))
			continue
		}
		seen[key.Value] = true
		f(key, n.child(n.Content[i+1], join(n.path, key.Value)))
	}
}

// members is pairs for a mapping with known keys: others are faults. It tells which of
// them are there.
func (n node) members(known map[string]func(node)) (given map[string]bool) {
	names := make([]string, 0, len(known))
	for k := range known {
		names = append(names, k)
	}
	slices.Sort(names)
	given = map[string]bool{}
	n.pairs(func(key, value node) {
		if read, ok := known[key.Value]; ok {
			given[key.Value] = true
			read(value)
		} else {
			key.fail("unknown field %s%s", quote(key.Value), spec.DidYouMean(key.Value, names, "known are"))
		}
	})
	return given
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// elements calls a function per element of a list.
func (n node) elements(f func(node)) {
	if n.Kind != yaml.SequenceNode {
		n.fail("expected a list, found %s", n.describe())
		return
	}
	for i, c := range n.Content {
		f(n.child(c, fmt.Sprintf("%s[%d]", n.path, i)))
	}
}

func (n node) isEmptyList() bool { return n.Kind == yaml.SequenceNode && len(n.Content) == 0 }

// oneOrMore calls a function per element of a list, or for the node itself.
func (n node) oneOrMore(f func(node)) {
	if n.Kind == yaml.SequenceNode {
		n.elements(f)
	} else {
		f(n)
	}
}

// text reads a text; ok is false after a fault.
func (n node) text() (text string, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		n.fail("expected a text, found %s", n.describe())
		return "", false
	}
	return n.Value, true
}

// yes reads yes or no, as the grammar of specs has them.
func (n node) yes() bool {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "yes", "true":
			return true
		case "no", "false":
			return false
		}
	}
	n.fail("expected yes or no, found %s", n.describe())
	return false
}

// count reads an integer of at least so much.
func (n node) count(least int64) int64 {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseInt(n.Value, 10, 64); err == nil && v >= least {
			return v
		}
	}
	n.fail("expected an integer of at least %d, found %s", least, n.describe())
	return 0
}

// spec reads a text in the spec grammar; ok is false after a fault.
func (n node) spec() (s spec.Spec, ok bool) {
	text, ok := n.text()
	if !ok {
		return s, false
	}
	s, err := spec.Parse(text)
	switch {
	case err == nil:
		return s, true
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && strings.Count(text, "(") > strings.Count(text, ")"):
		// As the first half of [capacity(overcommit.ram=2, overcommit.vcpu=4)] is.
		n.fail("%v; within [ ], quote what holds a comma", err)
	default:
		n.fail("%v", err)
	}
	return spec.Spec{}, false
}
