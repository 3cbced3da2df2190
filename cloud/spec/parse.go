package spec

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is a fault in the text of a spec.
type SyntaxError struct {
	Text string // the whole text
	Col  int    // 1-based byte column
	Msg  string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("column %d of %s: %s", e.Col, abridge(e.Text), e.Msg)
}

// abridge quotes a text for an error message, cut where it is too long to read.
func abridge(s string) string {
	const most = 120
	if len(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}

// maxDepth bounds nesting, so that hostile input cannot exhaust the stack.
const maxDepth = 64

// Parse reads one spec. The whole text must be used up; errors are of type
// [*SyntaxError]. It runs in linear time.
func Parse(text string) (Spec, error) {
	p := parser{text: text}
	if !utf8.ValidString(text) {
		return Spec{}, p.fail("the text is not valid UTF-8")
	}
	s, err := p.spec(0)
	if err != nil {
		return Spec{}, err
	}
	p.space()
	if p.pos < len(p.text) {
		return Spec{}, p.fail("expected the end, found %s", p.found())
	}
	return s, nil
}

// MustParse is Parse for texts that stand in the source; it panics on an error.
func MustParse(text string) Spec {
	s, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return s
}

type parser struct {
	text string
	pos  int
}

func (p *parser) fail(format string, args ...any) error {
	return &SyntaxError{Text: p.text, Col: p.pos + 1, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) found() string {
	if p.pos >= len(p.text) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return fmt.Sprintf("%q", r)
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

func (p *parser) take(c byte) bool {
	p.space()
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) spec(depth int) (Spec, error) {
	p.space()
	name, err := p.wordOrQuoted("a name")
	if err != nil {
		return Spec{}, err
	}
	return p.rest(name.Text, depth)
}

// rest reads the optional argument list that follows a name.
func (p *parser) rest(name string, depth int) (Spec, error) {
	s := Spec{Name: name}
	if depth > maxDepth {
		return s, p.fail("nested deeper than %d levels", maxDepth)
	}
	if !p.take('(') {
		return s, nil
	}
	seen := map[string]bool{}
	for {
		if p.take(')') {
			return s, nil
		}
		if len(s.Args) > 0 {
			if !p.take(',') {
				return s, p.fail("expected ',' or ')', found %s", p.found())
			}
		}
		p.space()
		col := p.pos + 1
		key := ""
		name, err := p.wordOrQuoted("a parameter name")
		switch {
		case err == nil && p.take('='):
			key = name.Text
		case len(s.Args) > 0 && err == nil:
			return s, p.fail("expected '=' after parameter %q, found %s", name.Text, p.found())
		case err != nil && (len(s.Args) > 0 || !strings.HasPrefix(p.text[p.pos:], "[")):
			return s, err
		default:
			p.pos = col - 1 // the value of the first parameter
		}
		if seen[key] {
			p.pos = col - 1
			return s, p.fail("parameter %q is given twice", key)
		}
		seen[key] = true
		v, err := p.value(depth + 1)
		if err != nil {
			return s, err
		}
		s.Args = append(s.Args, Arg{Key: key, Value: v, Col: col})
	}
}

func (p *parser) value(depth int) (Value, error) {
	p.space()
	if depth > maxDepth {
		return Value{}, p.fail("nested deeper than %d levels", maxDepth)
	}
	if p.take('[') {
		v := Value{Form: List, List: []Value{}}
		for {
			if p.take(']') {
				return v, nil
			}
			if len(v.List) > 0 && !p.take(',') {
				return v, p.fail("expected ',' or ']', found %s", p.found())
			}
			e, err := p.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.List = append(v.List, e)
		}
	}
	v, err := p.wordOrQuoted("a value")
	if err != nil {
		return v, err
	}
	s, err := p.rest(v.Text, depth)
	if err != nil || len(s.Args) == 0 { // f() is f
		return v, err
	}
	return Value{Form: Call, Spec: &s}, nil
}

func (p *parser) wordOrQuoted(what string) (Value, error) {
	if p.pos < len(p.text) && p.text[p.pos] == '"' {
		return p.quoted()
	}
	start := p.pos
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !isWordRune(r) {
			break
		}
		p.pos += n
	}
	if p.pos == start {
		return Value{}, p.fail("expected %s, found %s", what, p.found())
	}
	return Value{Form: Word, Text: p.text[start:p.pos]}, nil
}

func (p *parser) quoted() (Value, error) {
	open := p.pos
	var b strings.Builder
	for i := p.pos + 1; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case '"':
			p.pos = i + 1
			return Value{Form: Quoted, Text: b.String()}, nil
		case '\\':
			i++
			if i >= len(p.text) {
				break
			}
			switch e := p.text[i]; e {
			case '"', '\\':
				b.WriteByte(e)
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			default:
				p.pos = i - 1
				r, _ := utf8.DecodeRuneInString(p.text[i:])
				return Value{}, p.fail(`unknown escape \%c: \", \\, \n, \r and \t are known`, r)
			}
		default:
			b.WriteByte(c)
		}
	}
	p.pos = open
	return Value{}, p.fail("this quote is never closed")
}

// isWordRune tells which runes need no quotes: all but those the grammar itself
// uses, white space and control characters.
func isWordRune(r rune) bool {
	switch r {
	case '(', ')', '[', ']', ',', '=', '"', '\\', '\'', '`', ';':
		return false
	}
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && r != utf8.RuneError
}
