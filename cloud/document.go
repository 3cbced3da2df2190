package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
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
		b.WriteString(e.Pointer + ": ")
	}
	b.WriteString(e.Msg)
	return b.String()
}

// unmarshal reads one JSON document strictly: unknown and repeated members, nulls,
// wrong types, and anything after the document are faults.
func unmarshal(file string, data []byte, into any) error {
	if err := scanSyntax(file, data); err != nil {
		return err
	}
	err := json.Unmarshal(data, into, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	var sem *json.SemanticError
	if !errors.As(err, &sem) {
		return &DocumentError{File: file, Msg: err.Error()}
	}
	e := &DocumentError{File: file, Pointer: string(sem.JSONPointer)}
	e.Line, e.Col = locate(data, e.Pointer)
	var path *PathError
	switch {
	case errors.As(sem.Err, &path):
		e.Pointer += path.Pointer
		e.Msg = path.Msg
	case errors.Is(sem.Err, json.ErrUnknownName):
		name := sem.JSONPointer.LastToken()
		e.Msg = fmt.Sprintf("unknown field %q", name)
	default:
		e.Msg = fmt.Sprintf("expected %s, found %s", describeType(sem.GoType), describeValue(sem))
	}
	return e
}

// unmarshalLoosely reads what it knows and passes over the rest.
func unmarshalLoosely(data []byte, into any) error { return json.Unmarshal(data, into) }

// scanSyntax finds syntax errors and nulls, with their place.
func scanSyntax(file string, data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return &DocumentError{File: file, Msg: "expected a JSON document, found an empty file"}
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	for tokens := 0; ; tokens++ {
		tok, err := dec.ReadToken()
		if err == io.EOF {
			return nil
		}
		if err == nil && tok.Kind() != 'n' && (dec.StackDepth() > 0 || tokens == 0 || closes(tok.Kind())) {
			continue
		}
		e := &DocumentError{File: file, Pointer: string(dec.StackPointer())}
		offset := dec.InputOffset()
		var syn *jsontext.SyntacticError
		switch {
		case errors.As(err, &syn):
			offset = syn.ByteOffset
			e.Pointer = string(syn.JSONPointer)
			e.Msg = "invalid JSON: " + strings.TrimPrefix(fmt.Sprint(syn.Err), "jsontext: ")
			if errors.Is(syn.Err, io.ErrUnexpectedEOF) {
				e.Msg = "invalid JSON: the file ends too early"
			}
			if errors.Is(syn.Err, jsontext.ErrDuplicateName) {
				e.Msg = fmt.Sprintf("field %q is given twice", syn.JSONPointer.LastToken())
			}
		case err != nil:
			e.Msg = err.Error()
		case tok.Kind() == 'n':
			e.Msg = "expected a value, found null; leave the field out instead"
		default:
			e.Msg = "expected the end of the document, found more"
		}
		e.Line, e.Col = position(data, offset)
		return e
	}
}

func closes(k jsontext.Kind) bool { return k == '}' || k == ']' }

// position turns a byte offset into line and column.
func position(data []byte, offset int64) (line, col int) {
	offset = min(max(offset, 0), int64(len(data)))
	before := data[:offset]
	line = bytes.Count(before, []byte{'\n'}) + 1
	return line, len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
}

// locate finds the line and column of the value that a JSON Pointer names, or of
// its nearest enclosing value that exists; 0, 0 when there is none.
func locate(data []byte, pointer string) (line, col int) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	best, bestLen := int64(-1), -1
	for {
		before := dec.InputOffset()
		if _, err := dec.ReadToken(); err != nil {
			break
		}
		at := string(dec.StackPointer())
		if len(at) > bestLen && (at == pointer || strings.HasPrefix(pointer, at+"/")) {
			best, bestLen = before, len(at)
		}
		if at == pointer && bestLen == len(at) {
			// The first token under this pointer is a member's name or the value
			// itself: either is a good place to point at.
			break
		}
	}
	if best < 0 {
		return 0, 0
	}
	rest := data[best:]
	best += int64(len(rest) - len(bytes.TrimLeft(rest, " \t\r\n,:")))
	return position(data, best)
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
		return errors.Join(out...)
	}
	var path *PathError
	if errors.As(err, &path) {
		e := &DocumentError{File: file, Pointer: path.Pointer, Msg: path.Msg}
		e.Line, e.Col = locate(data, path.Pointer)
		return e
	}
	if file != "" {
		return fmt.Errorf("%s: %w", file, err)
	}
	return err
}

func describeType(t reflect.Type) string {
	if t == nil {
		return "another type"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "an integer that fits in 64 bits"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		if t == reflect.TypeFor[pairs]() || t == reflect.TypeFor[amounts]() {
			return "an object"
		}
		return "an array"
	default:
		return "an object"
	}
}

func describeValue(sem *json.SemanticError) string {
	if len(sem.JSONValue) > 0 {
		const most = 60
		if len(sem.JSONValue) > most {
			return string(sem.JSONValue[:most]) + "…"
		}
		return string(sem.JSONValue)
	}
	switch sem.JSONKind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case 't', 'f':
		return "true or false"
	}
	return "something else"
}

// checkFormat compares the "format" member with the one that this program reads.
func checkFormat(found, want string) error {
	if found == want {
		return nil
	}
	if found == "" {
		return &PathError{Pointer: "/format", Msg: fmt.Sprintf("expected %q, found nothing", want)}
	}
	return &PathError{Pointer: "/format", Msg: fmt.Sprintf("expected %q, found %q", want, found)}
}

func escapePointer(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// pairs is a JSON object of texts that keeps its order.
type pairs []pair

type pair struct{ key, value string }

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (p *pairs) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*p = pairs{}
	return members(dec, reflect.TypeFor[pairs](), func(name string) error {
		var v string
		if err := json.UnmarshalDecode(dec, &v); err != nil {
			return err
		}
		*p = append(*p, pair{name, v})
		return nil
	})
}

// MarshalJSONTo implements json.MarshalerTo.
func (p pairs) MarshalJSONTo(enc *jsontext.Encoder) error {
	return writeObject(enc, len(p), func(i int) (string, jsontext.Token) {
		return p[i].key, jsontext.String(p[i].value)
	})
}

// amounts is a JSON object of integers that keeps its order.
type amounts []amount

type amount struct {
	key   string
	value int64
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (a *amounts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*a = amounts{}
	return members(dec, reflect.TypeFor[amounts](), func(name string) error {
		var v int64
		if err := json.UnmarshalDecode(dec, &v); err != nil {
			return err
		}
		*a = append(*a, amount{name, v})
		return nil
	})
}

// MarshalJSONTo implements json.MarshalerTo.
func (a amounts) MarshalJSONTo(enc *jsontext.Encoder) error {
	return writeObject(enc, len(a), func(i int) (string, jsontext.Token) {
		return a[i].key, jsontext.Int(a[i].value)
	})
}

func members(dec *jsontext.Decoder, t reflect.Type, member func(name string) error) error {
	if k := dec.PeekKind(); k != '{' {
		return &json.SemanticError{JSONKind: k, GoType: t}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := member(tok.String()); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func writeObject(enc *jsontext.Encoder, n int, member func(int) (string, jsontext.Token)) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i := range n {
		key, value := member(i)
		if err := enc.WriteToken(jsontext.String(key)); err != nil {
			return err
		}
		if err := enc.WriteToken(value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// layout writes a document with one member a line, and one element a line in long
// arrays and objects, so that it can be read and compared by people.
type layout struct {
	w     io.Writer
	err   error
	first bool
}

func newLayout(w io.Writer) *layout {
	l := &layout{w: w, first: true}
	l.print("{")
	return l
}

func (l *layout) print(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}

func (l *layout) marshal(v any) {
	if l.err == nil {
		l.err = json.MarshalWrite(l.w, v, json.Deterministic(true))
	}
}

func (l *layout) member(name string, v any) {
	l.begin(name)
	l.marshal(v)
}

func (l *layout) begin(name string) {
	if !l.first {
		l.print(",")
	}
	l.first = false
	l.print("\n " + strconv.Quote(name) + ": ")
}

// array writes one element a line.
func (l *layout) array(name string, n int, elem func(int) any) {
	l.begin(name)
	l.print("[")
	for i := range n {
		if i > 0 {
			l.print(",")
		}
		l.print("\n  ")
		l.marshal(elem(i))
	}
	l.print("]")
}

// object writes one pair a line.
func (l *layout) object(name string, p pairs) {
	l.begin(name)
	l.print("{")
	for i, e := range p {
		if i > 0 {
			l.print(",")
		}
		l.print("\n  ")
		l.marshal(e.key)
		l.print(": ")
		l.marshal(e.value)
	}
	l.print("}")
}

func (l *layout) close() error {
	l.print("\n}\n")
	return l.err
}

// read returns the content of a file, `-` being standard input.
func read(path string) (file string, data []byte, err error) {
	data, err = fileio.Read(path, nil)
	if path == fileio.Stdio {
		path = "(standard input)"
	}
	return path, data, err
}
