package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// DocumentError is a fault of a JSON document with its place.
type DocumentError struct {
	File    string // "" when the document did not come from a file
	Line    int    // 1-based, 0 when unknown
	Col     int    // 1-based, in bytes
	Pointer string // JSON Pointer (RFC 6901), "" for the whole document
	Msg     string
}

func (e *DocumentError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Col)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if e.Pointer != "" {
		b.WriteString(prose.Abridge(e.Pointer, 2*maxName) + ": ")
	}
	b.WriteString(e.Msg)
	return b.String()
}

// maxName is how much of a name from a document an error message shows, in bytes.
const maxName = 80

// unmarshal reads one JSON document of a format strictly: unknown and repeated
// members, nulls, wrong types, and anything after the document are faults.
func unmarshal(file string, data []byte, format string, into any) error {
	err := json.Unmarshal(data, into, json.RejectUnknownMembers(true), duplicates(data))
	if err == nil && !bytes.Contains(data, []byte("null")) {
		return nil
	}
	// Faults of syntax come first: what follows from them would only confuse. A
	// null is no fault to the decoder, only to the format.
	if e := scan(file, data); e != nil {
		return e
	}
	if err == nil {
		return nil
	}
	// A document of another format has unknown fields because it is of another
	// format: that explains the others.
	var head struct {
		Format string `json:"format"`
	}
	if format != "" && json.Unmarshal(data, &head, duplicates(data)) == nil {
		if e := checkFormat(head.Format, format); e != nil {
			return placed(file, data, e)
		}
	}
	var sem *json.SemanticError
	if !errors.As(err, &sem) {
		return &DocumentError{File: file, Msg: err.Error()}
	}
	e := &DocumentError{File: file, Pointer: string(sem.JSONPointer), Msg: describe(sem)}
	e.Line, e.Col = locate(data, e.Pointer)
	return e
}

// duplicates permits names that are given twice in a large document: looking for them takes
// many times the memory of an object. The readers of hosts and VMs see those that matter.
func duplicates(data []byte) jsontext.Options {
	const large = 64 << 20
	return jsontext.AllowDuplicateNames(len(data) > large)
}

// DecodeForeign reads one JSON document of another program's format into a wire type, as
// strictly as documents of our own formats are read. Errors are [*DocumentError] values.
func DecodeForeign(file string, data []byte, into any) error {
	return unmarshal(file, data, "", into)
}

func describe(sem *json.SemanticError) string {
	if errors.Is(sem.Err, json.ErrUnknownName) {
		name := sem.JSONPointer.LastToken()
		return fmt.Sprintf("unknown field %q%s", prose.Abridge(name, maxName), spec.DidYouMean(name, fieldsOf(sem.GoType), "known are"))
	}
	return fmt.Sprintf("expected %s, found %s", describeType(sem.GoType, sem.JSONValue), describeValue(sem))
}

// scan finds the first fault of syntax, or the first null, with its place.
func scan(file string, data []byte) error {
	fail := func(offset int64, pointer jsontext.Pointer, format string, args ...any) error {
		e := &DocumentError{File: file, Pointer: string(pointer), Msg: fmt.Sprintf(format, args...)}
		e.Line, e.Col = position(data, offset)
		return e
	}
	if e := notJSON(data); e != "" {
		return fail(0, "", "%s", e)
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), duplicates(data))
	for {
		tok, err := dec.ReadToken()
		var syn *jsontext.SyntacticError
		switch {
		case errors.As(err, &syn):
			return fail(syn.ByteOffset, syn.JSONPointer, "%s", describeSyntax(syn))
		case err != nil: // cannot happen: memory does not fail to be read
			return fail(dec.InputOffset(), dec.StackPointer(), "%v", err)
		case tok.Kind() == 'n':
			const text = "null"
			return fail(dec.InputOffset()-int64(len(text)), dec.StackPointer(),
				"expected a value, found null; leave the field out instead")
		}
		if dec.StackDepth() > 0 {
			continue
		}
		rest := data[dec.InputOffset():]
		if more := bytes.TrimLeft(rest, " \t\r\n"); len(more) > 0 {
			return fail(int64(len(data)-len(more)), "", "expected the end of the document, found %s", excerpt(more))
		}
		return nil
	}
}

// notJSON recognises by its first bytes what people take for JSON and is not.
func notJSON(data []byte) string {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return "expected a JSON document, found an empty file"
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return "expected a JSON document, found a byte order mark before it: save the file as UTF-8 without one"
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "expected a JSON document in UTF-8, found UTF-16"
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return "expected a JSON document, found gzip-compressed data: name the file so that it ends in .gz"
	case bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")):
		return "expected a JSON document, found zstd-compressed data: name the file so that it ends in .zst"
	case bytes.HasPrefix(data, []byte("\xfd7zXZ\x00")):
		return "expected a JSON document, found xz-compressed data: name the file so that it ends in .xz"
	}
	return ""
}

func describeSyntax(syn *jsontext.SyntacticError) string {
	switch {
	case errors.Is(syn.Err, io.ErrUnexpectedEOF):
		return "invalid JSON: the file ends too early"
	case errors.Is(syn.Err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("field %q is given twice", prose.Abridge(syn.JSONPointer.LastToken(), maxName))
	}
	msg := strings.TrimPrefix(fmt.Sprint(syn.Err), "jsontext: ")
	if strings.Contains(msg, "max depth") {
		msg = "nested too deeply"
	}
	if rest, ok := strings.CutPrefix(msg, "invalid character "); ok {
		msg = "unexpected " + rest
	}
	return "invalid JSON: " + msg
}

// fieldsOf lists the members that a wire type takes.
func fieldsOf(t reflect.Type) []string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

func describeType(t reflect.Type, found jsontext.Value) string {
	if t == nil {
		return "another type"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int64:
		if found.Kind() == '0' && !bytes.ContainsAny(found, ".eE") {
			return "an integer that fits in 64 bits"
		}
		return "an integer"
	case reflect.Float64:
		if found.Kind() == '0' {
			return "a number that fits in 64-bit floating point"
		}
		return "a number"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

func describeValue(sem *json.SemanticError) string {
	if len(sem.JSONValue) > 0 {
		return excerpt(sem.JSONValue)
	}
	switch sem.JSONKind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return sem.JSONKind.String()
	}
	return "something else"
}

// excerpt shows the beginning of raw input on one line.
func excerpt(raw []byte) string {
	line, rest, _ := bytes.Cut(raw, []byte("\n"))
	s := prose.Abridge(strings.ToValidUTF8(string(line[:min(len(line), 2*maxName)]), "\uFFFD"), maxName)
	if len(bytes.TrimSpace(rest)) > 0 && !strings.HasSuffix(s, "…") {
		s += "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, s)
}

// checkFormat compares the "format" member with the one that this program reads.
func checkFormat(found, want string) error {
	if found == want {
		return nil
	}
	if found == "" {
		return &PathError{Pointer: "/format", Msg: fmt.Sprintf("expected %q, found nothing", want)}
	}
	return &PathError{Pointer: "/format", Msg: fmt.Sprintf("expected %q, found %q", want, prose.Abridge(found, maxName))}
}

// stdinName names standard input in errors.
const stdinName = "(standard input)"

// read returns the content of a file, `-` being standard input.
func read(path string) (file string, data []byte, err error) {
	data, err = fileio.Read(path, nil)
	if path == fileio.Stdio {
		path = stdinName
	}
	return path, data, err
}
