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

// maxSuiteBytes bounds a suite: one names its instances and does not hold them.
const maxSuiteBytes = 4 << 20

// parseYAML reads exactly one document.
func parseYAML(file string, data []byte) (node, error) {
	if len(data) > maxSuiteBytes {
		return node{}, fmt.Errorf("%s: larger than %d MiB, which no suite is", file, maxSuiteBytes>>20)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return node{}, fmt.Errorf("%s: %w", file, err)
	}
	var root, second yaml.Node
	if err := loader.Load(&root); errors.Is(err, io.EOF) {
		return node{}, fmt.Errorf("%s:1: expected a suite, found an empty file", file)
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
			return node{}, fmt.Errorf("%s:1: expected a suite, found an empty file", file)
		}
		n = n.Content[0]
	}
	return node{n, "", &document{file: file, sources: all.Registry()}}, nil
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
