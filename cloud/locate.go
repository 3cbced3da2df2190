package cloud

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// position turns a byte offset into line and column.
func position(data []byte, offset int64) (line, col int) {
	offset = min(max(offset, 0), int64(len(data)))
	before := data[:offset]
	line = bytes.Count(before, []byte{'\n'}) + 1
	return line, len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
}

// locate finds the line and column of what a JSON Pointer names: of a member its
// name, of an element its value. Where the document has no such place, it is the
// nearest enclosing one. Values beside the way are skipped unread, so it takes one
// fast pass over the document at most.
func locate(data []byte, pointer string) (line, col int) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
	at := next(data, dec)
	for _, token := range tokens(pointer) {
		found, ok := descend(data, dec, token)
		if !ok {
			break
		}
		at = found
	}
	return position(data, at)
}

// next is the offset of the token that the decoder reads next.
func next(data []byte, dec *jsontext.Decoder) int64 {
	rest := data[dec.InputOffset():]
	return int64(len(data) - len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// descend enters the value that comes next and stops before the value of one
// member or element; at is the place of its name, or of the element itself.
func descend(data []byte, dec *jsontext.Decoder, token string) (at int64, ok bool) {
	open, err := dec.ReadToken()
	if err != nil {
		return 0, false
	}
	switch open.Kind() {
	case '{':
		for dec.PeekKind() == '"' {
			at = next(data, dec)
			name, err := dec.ReadToken()
			if err != nil {
				return 0, false
			}
			if name.String() == token {
				return at, true
			}
			if dec.SkipValue() != nil {
				return 0, false
			}
		}
	case '[':
		n, err := strconv.Atoi(token)
		for ; err == nil && n > 0; n-- {
			if dec.PeekKind() == ']' {
				return 0, false
			}
			err = dec.SkipValue()
		}
		if err != nil || n < 0 {
			return 0, false
		}
		if k := dec.PeekKind(); k != ']' && k != 0 {
			return next(data, dec), true
		}
	}
	return 0, false
}

// tokens splits a JSON Pointer.
func tokens(pointer string) []string {
	var out []string
	for t := range jsontext.Pointer(pointer).Tokens() {
		out = append(out, t)
	}
	return out
}

func escapePointer(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// placed turns path errors into document errors with lines.
func placed(file string, data []byte, err error) error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, placed(file, data, e))
		}
		slices.SortStableFunc(out, byPlace)
		return errors.Join(out...)
	}
	var path *PathError
	if errors.As(err, &path) {
		e := &DocumentError{File: file, Pointer: path.Pointer, Msg: path.Msg}
		if len(data) > 0 {
			e.Line, e.Col = locate(data, path.Pointer)
		}
		return e
	}
	if file != "" {
		return fmt.Errorf("%s: %w", file, err)
	}
	return err
}

// byPlace orders errors as their places stand in the document; those without a
// place come last.
func byPlace(a, b error) int {
	rank := func(err error) (line, col int) {
		var e *DocumentError
		if errors.As(err, &e) && e.Line > 0 {
			return e.Line, e.Col
		}
		return math.MaxInt, 0
	}
	la, ca := rank(a)
	lb, cb := rank(b)
	return cmp.Or(cmp.Compare(la, lb), cmp.Compare(ca, cb))
}

// Locate adds file and line to the [*PathError] values in an error that was found
// after the file had been read: a rule that does not exist, an initial placement
// that breaks one. It reads the file again; where that is not possible, as from
// standard input, the error names the file alone.
func Locate(path string, err error) error {
	if err == nil {
		return nil
	}
	if path == fileio.Stdio {
		return placed(stdinName, nil, err)
	}
	data, readErr := fileio.Read(path, nil)
	if readErr != nil {
		data = nil
	}
	return placed(path, data, err)
}

// LocateIn is [Locate] for a document at hand; file names it in the error.
func LocateIn(file string, data []byte, err error) error { return placed(file, data, err) }
