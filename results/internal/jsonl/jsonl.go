// Package jsonl decodes single lines of the files that results are kept in, one JSON
// object each, and makes what is wrong with one fit to stand in a list.
package jsonl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Decode reads one line into v. Errors say where in the line, and what was expected:
// what says so in words, as "a record", and the line must name one of the formats, of which
// the first is the newest. Unknown fields are errors.
func Decode(line []byte, what string, v any, formats ...string) error {
	// The version is looked at first: a newer format has fields that this
	// program would only call unknown.
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
	if err := json.Unmarshal(line, v, json.RejectUnknownMembers(true)); err != nil {
		if semantic, ok := errors.AsType[*json.SemanticError](err); ok && errors.Is(err, json.ErrUnknownName) {
			return fmt.Errorf("%s: unknown field", semantic.JSONPointer)
		}
		return err
	}
	return nil
}

// OneLine makes an error with several lines, or control characters, fit to stand in a
// list.
func OneLine(err error) string {
	return prose.Abridge(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " "), 400)
}
