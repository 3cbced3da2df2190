package strictyaml

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Node is a YAML node with its place, read strictly: every reader of a node states
// what it expects, and faults are gathered in the document.
type Node struct {
	*yaml.Node
	Path string // within the document, as in a.b[2]; empty for the whole
	doc  *document
}

type document struct {
	file   string
	faults []error
	more   int // faults that were not kept
}

// maxFaults bounds how many faults one error lists.
const maxFaults = 20

// Err joins the faults of the whole document; nil without any.
func (n Node) Err() error {
	d := n.doc
	if d.more > 0 {
		return errors.Join(append(slices.Clip(d.faults), fmt.Errorf("… and %d more", d.more))...)
	}
	return errors.Join(d.faults...)
}

// Faults counts the faults of the whole document: if there are more after reading
// something than before, reading it failed.
func (n Node) Faults() int { return len(n.doc.faults) + n.doc.more }

// Fail adds a fault to the document, with the place of the node before it.
func (n Node) Fail(format string, args ...any) {
	if len(n.doc.faults) == maxFaults {
		n.doc.more++
		return
	}
	at := fmt.Sprintf("%s:%d: ", n.doc.file, n.Line)
	if n.Path != "" {
		at += n.Path + ": "
	}
	// Faults of one spec stand in one line, for the place goes before each.
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; ")
	const most = 2000 // bytes
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	n.doc.faults = append(n.doc.faults, errors.New(at+text))
}

// Place is the node's place, as errors name it.
func (n Node) Place() string { return fmt.Sprintf("%s:%d: %s", n.doc.file, n.Line, n.Path) }

// Describe says in a few words what the node is.
func (n Node) Describe() string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return Quote(n.Value)
	}
	return "something else"
}

// Quote quotes a text for an error, cut where it is too long to read.
func Quote(s string) string { return prose.Quote(s, 60) }

// child is a node below this one. An alias stands for what it names. That cannot nest
// without end: a suite is a fixed number of levels deep, however it is written.
func (n Node) child(c *yaml.Node, path string) Node {
	if c.Kind == yaml.AliasNode {
		c = c.Alias
	}
	return Node{c, path, n.doc}
}

// IsMapping tells whether the node is a mapping; otherwise it fails.
func (n Node) IsMapping() bool {
	if n.Kind != yaml.MappingNode {
		n.Fail("expected a mapping, found %s", n.Describe())
		return false
	}
	return true
}

// Pairs calls a function per member of a mapping, unless its key came before.
func (n Node) Pairs(f func(key, value Node)) {
	if !n.IsMapping() {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.child(n.Content[i], n.Path)
		switch {
		case key.Kind != yaml.ScalarNode:
			key.Fail("expected the name of a field, found %s", key.Describe())
			continue
		case seen[key.Value]:
			key.Fail("field %s is given twice", Quote(key.Value))
			continue
		}
		seen[key.Value] = true
		f(key, n.child(n.Content[i+1], join(n.Path, key.Value)))
	}
}

// Members is pairs for a mapping with known keys: others are faults. It tells which of
// them are there.
func (n Node) Members(known map[string]func(Node)) (given map[string]bool) {
	names := slices.Sorted(maps.Keys(known))
	given = map[string]bool{}
	n.Pairs(func(key, value Node) {
		if read, ok := known[key.Value]; ok {
			given[key.Value] = true
			read(value)
		} else {
			key.Fail("unknown field %s%s", Quote(key.Value), spec.DidYouMean(key.Value, names, "known are"))
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

// Elements calls a function per element of a list.
func (n Node) Elements(f func(Node)) {
	if n.Kind != yaml.SequenceNode {
		n.Fail("expected a list, found %s", n.Describe())
		return
	}
	for i, c := range n.Content {
		f(n.child(c, fmt.Sprintf("%s[%d]", n.Path, i)))
	}
}

// IsEmptyList tells whether the node is a list without elements.
func (n Node) IsEmptyList() bool { return n.Kind == yaml.SequenceNode && len(n.Content) == 0 }

// OneOrMore calls a function per element of a list, or for the node itself.
func (n Node) OneOrMore(f func(Node)) {
	if n.Kind == yaml.SequenceNode {
		n.Elements(f)
	} else {
		f(n)
	}
}

// Text reads a text; ok is false after a fault.
func (n Node) Text() (text string, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		n.Fail("expected a text, found %s", n.Describe())
		return "", false
	}
	return n.Value, true
}

// Yes reads yes or no, as the grammar of specs has them.
func (n Node) Yes() bool {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "yes", "true":
			return true
		case "no", "false":
			return false
		}
	}
	n.Fail("expected yes or no, found %s", n.Describe())
	return false
}

// Count reads an integer of at least so much.
func (n Node) Count(least int64) int64 {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseInt(n.Value, 10, 64); err == nil && v >= least {
			return v
		}
	}
	n.Fail("expected an integer of at least %d, found %s", least, n.Describe())
	return 0
}

// Spec reads a text in the spec grammar; ok is false after a fault.
func (n Node) Spec() (s spec.Spec, ok bool) {
	text, ok := n.Text()
	if !ok {
		return s, false
	}
	s, err := spec.Parse(text)
	switch {
	case err == nil:
		return s, true
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && strings.Count(text, "(") > strings.Count(text, ")"):
		// As the first half of [capacity(overcommit.ram=2, overcommit.vcpu=4)] is.
		n.Fail("%v; within [ ], quote what holds a comma", err)
	default:
		n.Fail("%v", err)
	}
	return spec.Spec{}, false
}
