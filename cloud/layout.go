package cloud

import (
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// layout writes a document with one member a line, and one element a line in long
// arrays and objects, so that it can be read and compared by people.
//
// What an instance has many of is put together member by member, in a buffer, without
// the detour through reflection: [layout.open] and its kin write an object on one line
// as json.Marshal would.
type layout struct {
	w     io.Writer
	err   error
	first bool   // no member of the document is written yet
	bare  bool   // no member of the object on this line is written yet
	buf   []byte // what is not yet handed to w
}

// fullBuffer is about how many bytes are handed on at a time.
const fullBuffer = 1 << 15

func newLayout(w io.Writer) *layout {
	return &layout{w: w, first: true, buf: []byte("{")}
}

func (l *layout) print(s string) { l.buf = append(l.buf, s...) }

func (l *layout) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// flush hands on what is written so far.
func (l *layout) flush() {
	if l.err == nil {
		_, l.err = l.w.Write(l.buf)
	}
	l.buf = l.buf[:0]
}

func (l *layout) marshal(v any) {
	text, err := json.Marshal(v, json.Deterministic(true))
	l.buf = append(l.buf, text...)
	l.fail(err)
}

func (l *layout) quote(s string) {
	if plain(s) {
		l.buf = append(l.buf, '"')
		l.buf = append(l.buf, s...)
		l.buf = append(l.buf, '"')
		return
	}
	buf, err := jsontext.AppendQuote(l.buf, s)
	l.buf = buf
	l.fail(err)
}

// plain reports whether a text needs no escapes in JSON, as almost all names do.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
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

// array writes one element a line; elem writes one.
func (l *layout) array(name string, n int, elem func(int)) {
	l.begin(name)
	l.print("[")
	for i := range n {
		l.next(i)
		elem(i)
	}
	l.print("]")
}

// next begins the line of the i-th element.
func (l *layout) next(i int) {
	if len(l.buf) >= fullBuffer {
		l.flush()
	}
	if i > 0 {
		l.print(",")
	}
	l.print("\n  ")
}

// placement writes one VM and its host a line.
func (l *layout) placement(name string, in *Instance, p Placement) {
	l.begin(name)
	l.print("{")
	n, hosts := 0, namesOf(in.Hosts)
	for v, h := range p {
		if h != Absent {
			l.next(n)
			l.quote(in.VMs[v].Name)
			l.print(": ")
			l.quote(hosts[h])
			n++
		}
	}
	l.print("}")
}

// open begins an object on one line, shut ends it.
func (l *layout) open() {
	l.print("{")
	l.bare = true
}

func (l *layout) shut() { l.print("}") }

// field begins a member of the object on this line; its name needs no escapes.
func (l *layout) field(name string) {
	if !l.bare {
		l.print(",")
	}
	l.bare = false
	l.print(`"`)
	l.print(name)
	l.print(`":`)
}

func (l *layout) text(name, s string) {
	l.field(name)
	l.quote(s)
}

// optional leaves out what is empty.
func (l *layout) optional(name, s string) {
	if s != "" {
		l.text(name, s)
	}
}

func (l *layout) integer(name string, n int64) {
	l.field(name)
	l.buf = strconv.AppendInt(l.buf, n, 10)
}

// amounts writes a vector as an object; zeros are left out unless all is set, and so is
// the whole of it when nothing is left.
func (l *layout) amounts(name string, in *Instance, vector []int64, all bool) {
	some := false
	for r, n := range vector {
		if n == 0 && !all {
			continue
		}
		if some {
			l.print(",")
		} else {
			l.field(name)
			l.print("{")
		}
		some = true
		l.quote(in.Resources[r].Name)
		l.print(":")
		l.buf = strconv.AppendInt(l.buf, n, 10)
	}
	switch {
	case some:
		l.print("}")
	case all:
		l.field(name)
		l.print("{}")
	}
}

// named writes an object of what has names of the user's own, unless there is nothing.
func named[T any](l *layout, name string, members map[string]T) {
	if len(members) > 0 {
		l.field(name)
		l.marshal(members)
	}
}

// list writes an array on one line; elem writes an element.
func (l *layout) list(n int, elem func(int)) {
	l.print("[")
	for i := range n {
		if i > 0 {
			l.print(",")
		}
		elem(i)
	}
	l.print("]")
}

func (l *layout) close() error {
	l.print("\n}\n")
	l.flush()
	return l.err
}
