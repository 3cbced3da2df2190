package cloud

import (
	"io"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// layout writes a document with one member a line, and one element a line in long
// arrays and objects, so that it can be read and compared by people.
type layout struct {
	w     io.Writer
	err   error
	first bool
	line  []byte // scratch
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

// pair writes a pair of strings, of which a large placement has many, without the detour
// through reflection.
func (l *layout) pair(p pair) {
	line, err := jsontext.AppendQuote(l.line[:0], p.key)
	if err == nil {
		line, err = jsontext.AppendQuote(append(line, ": "...), p.value)
	}
	if l.line = line; l.err != nil {
		return
	}
	if l.err = err; err == nil {
		_, l.err = l.w.Write(line)
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
		l.pair(e)
	}
	l.print("}")
}

func (l *layout) close() error {
	l.print("\n}\n")
	return l.err
}
