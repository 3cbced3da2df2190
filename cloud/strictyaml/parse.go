package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxBytes bounds what people write: a suite names its instances and does not hold
// them.
const maxBytes = 4 << 20

// Parse reads exactly one document; what says what it should hold.
func Parse(file string, data []byte, what Kind) (Node, error) {
	if len(data) > maxBytes {
		return Node{}, fmt.Errorf("%s: larger than the %d MiB allowed for a %s", file, maxBytes>>20, what.Noun)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return Node{}, fmt.Errorf("%s: %w", file, err)
	}
	var root, second yaml.Node
	if err := loader.Load(&root); errors.Is(err, io.EOF) {
		return Node{}, fmt.Errorf("%s:1: expected a %s, found an empty file", file, what.Noun)
	} else if err != nil {
		return Node{}, yamlError(file, err)
	}
	if err := loader.Load(&second); err == nil {
		return Node{}, fmt.Errorf("%s:%d: expected one YAML document, found a second", file, second.Line)
	} else if !errors.Is(err, io.EOF) {
		return Node{}, yamlError(file, err)
	}
	n := &root
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return Node{}, fmt.Errorf("%s:1: expected a %s, found an empty file", file, what.Noun)
		}
		n = n.Content[0]
	}
	return Node{n, "", &document{file: file}}, nil
}

// Kind is a kind of document.
type Kind struct {
	Noun   string // without an article
	Format string
}

// CheckFormat looks at the format before anything else: a file of another format has
// other fields because of it.
func (n Node) CheckFormat(what Kind) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "format" {
			continue
		}
		value := n.child(n.Content[i+1], "format")
		if value.Value != what.Format {
			value.Fail("expected %q, found %s", what.Format, value.Describe())
			return false
		}
		return true
	}
	n.Fail(`field "format" is missing: a %s begins with "format: %s"`, what.Noun, what.Format)
	return false
}

// yamlError says what the YAML package found, in the form of our own errors.
func yamlError(file string, err error) error {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: not YAML: %w", file, err)
	}
	at := ""
	switch {
	case e.Mark.Line > 0:
		at = fmt.Sprintf(":%d", e.Mark.Line)
	case e.ContextMark.Line > 0:
		at = fmt.Sprintf(":%d", e.ContextMark.Line)
	}
	msg := strings.TrimPrefix(e.Message, "yaml: ")
	if e.ContextMsg != "" {
		msg = e.ContextMsg + ": " + msg
		if e.ContextMark.Line > 0 && e.ContextMark.Line != e.Mark.Line {
			msg += fmt.Sprintf(" (it begins in line %d)", e.ContextMark.Line)
		}
	}
	if strings.Contains(msg, "cannot start any token") {
		msg += "; indent with spaces, not tabs"
	}
	return fmt.Errorf("%s%s: not YAML: %s", file, at, msg)
}
