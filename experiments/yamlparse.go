package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/generators/all"
)

// maxYAMLBytes bounds what people write: a suite names its instances and does not hold
// them.
const maxYAMLBytes = 4 << 20

// parseYAML reads exactly one document; what says what it should hold.
func parseYAML(file string, data []byte, what kind) (node, error) {
	if len(data) > maxYAMLBytes {
		return node{}, fmt.Errorf("%s: larger than %d MiB, which no %s is", file, maxYAMLBytes>>20, what.noun)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return node{}, fmt.Errorf("%s: %w", file, err)
	}
	var root, second yaml.Node
	if err := loader.Load(&root); errors.Is(err, io.EOF) {
		return node{}, fmt.Errorf("%s:1: expected a %s, found an empty file", file, what.noun)
	} else if err != nil {
		return node{}, yamlError(file, err)
	}
	if err := loader.Load(&second); err == nil {
		return node{}, fmt.Errorf("%s:%d: expected one YAML document, found a second", file, second.Line)
	} else if !errors.Is(err, io.EOF) {
		return node{}, yamlError(file, err)
	}
	n := &root
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return node{}, fmt.Errorf("%s:1: expected a %s, found an empty file", file, what.noun)
		}
		n = n.Content[0]
	}
	return node{n, "", &document{file: file, sources: all.Registry()}}, nil
}

// kind is a kind of document.
type kind struct {
	noun   string // without an article
	format string
}

// checkFormat looks at the format before anything else: a file of another format has
// other fields because of it.
func (n node) checkFormat(what kind) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "format" {
			continue
		}
		value := n.child(n.Content[i+1], "format")
		if value.Value != what.format {
			value.fail("expected %q, found %s", what.format, value.describe())
			return false
		}
		return true
	}
	n.fail(`field "format" is missing: a %s begins with "format: %s"`, what.noun, what.format)
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
