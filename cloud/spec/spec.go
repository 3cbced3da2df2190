package spec

import (
	"slices"
	"strings"
)

// Spec is one parsed spec: a name and its arguments in the order written.
type Spec struct {
	Name string
	Args []Arg
}

// Arg is one key=value pair of a spec. The first argument may lack a key: its value is that
// of the first parameter, so that mean(cost) says mean(of=cost).
type Arg struct {
	Key   string
	Value Value
	Col   int // 1-based byte column of the key in the source text, 0 when made by a program
}

// Value is one argument's value: exactly one of the forms that its Form says.
type Value struct {
	Form Form
	Text string  // Word and Quoted
	List []Value // List
	Spec *Spec   // Call: a nested spec with parentheses
}

// Form tells how a value was written.
type Form uint8

// The forms of a value. A bare word may still be read as a nested spec without
// arguments: which it is, the parameter's type decides.
const (
	Word Form = iota
	Quoted
	List
	Call
)

// Equal tells whether two specs say the same: where they stood in a text, and
// whether a word was quoted there, makes no difference.
func (s Spec) Equal(t Spec) bool {
	return s.Name == t.Name && slices.EqualFunc(s.Args, t.Args, func(a, b Arg) bool {
		return a.Key == b.Key && a.Value.Equal(b.Value)
	})
}

// Equal is [Spec.Equal] for values.
func (v Value) Equal(w Value) bool {
	if v.Form == List || w.Form == List {
		return v.Form == w.Form && slices.EqualFunc(v.List, w.List, Value.Equal)
	}
	s, _ := v.asSpec()
	t, _ := w.asSpec()
	return s.Equal(t)
}

// String writes the spec in canonical spacing. Parsing the result gives an equal
// spec.
func (s Spec) String() string {
	var b strings.Builder
	s.write(&b)
	return b.String()
}

func (s Spec) write(b *strings.Builder) {
	b.WriteString(quoteUnlessWord(s.Name))
	if len(s.Args) == 0 {
		return
	}
	b.WriteByte('(')
	for i, a := range s.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		if i > 0 || a.Key != "" {
			b.WriteString(quoteUnlessWord(a.Key))
			b.WriteByte('=')
		}
		a.Value.write(b)
	}
	b.WriteByte(')')
}

// String writes the value as it would stand after the equals sign.
func (v Value) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v Value) write(b *strings.Builder) {
	switch v.Form {
	case Word, Quoted:
		b.WriteString(quoteUnlessWord(v.Text))
	case Call:
		v.Spec.write(b)
	case List:
		b.WriteByte('[')
		for i, e := range v.List {
			if i > 0 {
				b.WriteString(", ")
			}
			e.write(b)
		}
		b.WriteByte(']')
	}
}

// asSpec reads a value as a nested spec: a call, or a word without arguments.
func (v Value) asSpec() (Spec, bool) {
	switch v.Form {
	case Call:
		return *v.Spec, true
	case Word, Quoted:
		return Spec{Name: v.Text}, true
	default:
		return Spec{}, false
	}
}

// Value finds the value of a key.
func (s Spec) Value(key string) (Value, bool) {
	for _, a := range s.Args {
		if a.Key == key {
			return a.Value, true
		}
	}
	return Value{}, false
}

// Named makes a spec without arguments.
func Named(name string) Spec { return Spec{Name: name} }

// With returns a copy of s in which key has the given text, replacing an earlier
// value of the same key.
func (s Spec) With(key, text string) Spec {
	return s.WithValue(key, Value{Form: Word, Text: text})
}

// WithValue is [Spec.With] for any form of value.
func (s Spec) WithValue(key string, v Value) Spec {
	out := Spec{Name: s.Name, Args: make([]Arg, 0, len(s.Args)+1)}
	replaced := false
	for _, a := range s.Args {
		if a.Key == key {
			a.Value, replaced = v, true
		}
		out.Args = append(out.Args, a)
	}
	if !replaced {
		out.Args = append(out.Args, Arg{Key: key, Value: v})
	}
	return out
}

// Words makes a list value out of texts.
func Words(texts ...string) Value {
	v := Value{Form: List, List: make([]Value, len(texts))}
	for i, t := range texts {
		v.List[i] = Value{Form: Word, Text: t}
	}
	return v
}

func quoteUnlessWord(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) }) < 0 {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
