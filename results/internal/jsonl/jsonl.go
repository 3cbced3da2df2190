// Package jsonl decodes single lines of the files that results are kept in, one JSON
// object each, and makes what is wrong with one fit to stand in a list.
package jsonl

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Decode reads one line into v, with options. Errors say where in the line, and what was
// expected: what says so in words, as "a record", and the line must name one of the formats,
// of which the first is the newest. Unknown fields are errors.
func Decode(line []byte, what string, v any, formats []string, options ...json.Options) error {
	options = append(options, json.RejectUnknownMembers(true))
	fault := json.Unmarshal(line, v, options...)
	if fault == nil && namesOne(line, formats) {
		return nil
	}
	// The version explains a fault: another format has fields that this program would only
	// call unknown.
	var head struct {
		Format *string `json:"format"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return fmt.Errorf("expected one JSON object with %s: %w", what, err)
	}
	switch {
	case head.Format == nil:
		return fmt.Errorf("/format: missing, expected %q", formats[0])
	case !slices.Contains(formats, *head.Format):
		return fmt.Errorf("/format: expected %q, found %q", formats[0], *head.Format)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](fault); ok && errors.Is(fault, json.ErrUnknownName) {
		return fmt.Errorf("%s: unknown field", semantic.JSONPointer)
	}
	return fault
}

// namesOne tells whether a line begins with one of the formats, as this program writes it.
func namesOne(line []byte, formats []string) bool {
	return slices.ContainsFunc(formats, func(format string) bool {
		return bytes.HasPrefix(line, []byte(`{"format":"`+format+`"`))
	})
}

// OneLine makes an error with several lines, or control characters, fit to stand in a
// list.
func OneLine(err error) string {
	return prose.Abridge(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " "), 400)
}
