package experiments

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v4"

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
	file   string
	faults []error
}

var errorLine = regexp.MustCompile(`(?:line |:)(\d+)`)

// parseYAML reads exactly one document.
func parseYAML(file string, data []byte) (node, error) {
	doc := &document{file: file}
	var root yaml.Node
	if err := yaml.Load(data, &root); err != nil {
		line := ""
		if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
			line = m[1] + ":"
		}
		return node{}, fmt.Errorf("%s:%s invalid YAML: %w", file, line, err)
	}
	n := &root
	if n.Kind == yaml.DocumentNode {
		n = n.Content[0]
	}
	return node{n, "", doc}, nil
}

func (n node) fail(format string, args ...any) {
	at := fmt.Sprintf("%s:%d: ", n.doc.file, n.Line)
	if n.path != "" {
		at += n.path + ": "
	}
	n.doc.faults = append(n.doc.faults, errors.New(at+fmt.Sprintf(format, args...)))
}

// where is the node's place, as errors name it.
func (n node) where() string { return fmt.Sprintf("%s:%d: %s", n.doc.file, n.Line, n.path) }

func (n node) resolve() node {
	if n.Kind == yaml.AliasNode {
		n.Node = n.Alias
	}
	return n
}

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
		return strconv.Quote(n.Value)
	}
	return "something else"
}

func (n node) child(c *yaml.Node, path string) node {
	return node{c, path, n.doc}.resolve()
}

// members calls a function per member of a mapping; unknown members are faults.
func (n node) members(known map[string]func(node)) {
	if n.Kind != yaml.MappingNode {
		n.fail("expected a mapping, found %s", n.describe())
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.child(n.Content[i], n.path)
		value := n.child(n.Content[i+1], join(n.path, key.Value))
		read, ok := known[key.Value]
		switch {
		case !ok:
			names := make([]string, 0, len(known))
			for k := range known {
				names = append(names, k)
			}
			sortStrings(names)
			key.fail("unknown field %q%s", key.Value, spec.DidYouMean(key.Value, names, "known are"))
		case seen[key.Value]:
			key.fail("field %q is given twice", key.Value)
		default:
			seen[key.Value] = true
			read(value)
		}
	}
}

// pairs calls a function per member of a mapping with free keys.
func (n node) pairs(f func(key string, value node)) {
	if n.Kind != yaml.MappingNode {
		n.fail("expected a mapping, found %s", n.describe())
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.child(n.Content[i], n.path)
		f(key.Value, n.child(n.Content[i+1], join(n.path, key.Value)))
	}
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

func (n node) text() string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		n.fail("expected a text, found %s", n.describe())
		return ""
	}
	return n.Value
}

func (n node) integer(least uint64) uint64 {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseUint(n.Value, 10, 64); err == nil && v >= least {
			return v
		}
	}
	n.fail("expected an integer of at least %d, found %s", least, n.describe())
	return 0
}

// count is an integer that fits in int64.
func (n node) count(least uint64) int64 {
	v := n.integer(least)
	if v > math.MaxInt64 {
		n.fail("expected an integer that fits in 63 bits, found %d", v)
		return 0
	}
	return int64(v)
}

// spec reads a text in the spec grammar; the zero Spec after a fault.
func (n node) spec() spec.Spec {
	before := len(n.doc.faults)
	text := n.text()
	if len(n.doc.faults) > before {
		return spec.Spec{}
	}
	s, err := spec.Parse(text)
	if err != nil {
		n.fail("%v", err)
	}
	return s
}
