package cloud

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// lexer reads JSON of a form that its caller knows, several times faster than a general
// decoder. At input that is malformed or of another form it fails without a message, and
// reads nothing from then on; [unmarshal] then says what is wrong and where.
type lexer struct {
	data   []byte
	at     int
	failed bool
	fresh  bool // an array or object was just opened: no comma comes before its first element
}

func (x *lexer) fail() { x.failed = true }

// peek returns the next byte that is not white space; 0 at the end or after a failure.
func (x *lexer) peek() byte {
	if x.failed {
		return 0
	}
	for ; x.at < len(x.data); x.at++ {
		switch c := x.data[x.at]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// take reads the byte that must come next.
func (x *lexer) take(c byte) {
	if x.peek() != c {
		x.fail()
		return
	}
	x.at++
}

// end reports whether everything was read without a failure and only white space is left.
func (x *lexer) end() bool { return x.peek() == 0 && x.at == len(x.data) && !x.failed }

// open enters an array or object. more reports whether another element or member follows,
// and reads the closing bracket if none does. Together they form a loop:
//
//	for x.open('['); x.more(']'); {
func (x *lexer) open(bracket byte) {
	x.take(bracket)
	x.fresh = true
}

func (x *lexer) more(bracket byte) bool {
	switch c := x.peek(); {
	case c == bracket:
		x.at++
		x.fresh = false
		return false
	case !x.fresh:
		x.take(',')
	case c == 0:
		x.fail()
	}
	x.fresh = false
	return !x.failed
}

// name reads the name of a member.
func (x *lexer) name() []byte {
	name := x.text()
	x.take(':')
	return name
}

// text reads a string. Without escapes, the result is a part of the document.
func (x *lexer) text() []byte {
	x.take('"')
	if x.failed {
		return nil
	}
	from, ascii := x.at, true
	for i, c := range x.data[from:] {
		switch {
		case c == '"':
			text := x.data[from : from+i]
			x.at = from + i + 1
			if !ascii && !utf8.Valid(text) {
				x.fail()
			}
			return text
		case c == '\\':
			return x.escaped(from - 1)
		case c < ' ':
			x.fail()
			return nil
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	x.fail()
	return nil
}

// escaped reads a string with escapes that begins at the given quote.
func (x *lexer) escaped(from int) []byte {
	x.at = from
	x.skipText()
	text, err := jsontext.AppendUnquote(nil, x.data[from:x.at])
	if err != nil {
		x.fail()
	}
	return text
}

// skipText skips a string, well-formed or not.
func (x *lexer) skipText() {
	for i := x.at + 1; i < len(x.data); i++ {
		switch x.data[i] {
		case '"':
			x.at = i + 1
			return
		case '\\':
			i++
		}
	}
	x.at = len(x.data)
	x.fail()
}

// number reads a number as it is written.
func (x *lexer) number() []byte {
	x.peek()
	from := x.at
	digits := func() {
		begin := x.at
		for x.at < len(x.data) && '0' <= x.data[x.at] && x.data[x.at] <= '9' {
			x.at++
		}
		if x.at == begin {
			x.fail()
		}
	}
	next := func(set string) bool {
		if x.at < len(x.data) && bytes.IndexByte([]byte(set), x.data[x.at]) >= 0 {
			x.at++
			return true
		}
		return false
	}
	next("-")
	if !next("0") { // a number does not begin with 0 and another digit
		digits()
	}
	if next(".") {
		digits()
	}
	if next("eE") {
		next("+-")
		digits()
	}
	return x.data[from:x.at]
}

// integer reads a number without a decimal point or an exponent.
func (x *lexer) integer() int64 {
	// Fast path: short and positive.
	if c := x.peek(); '1' <= c && c <= '9' {
		var n int64
		for i := x.at; i < len(x.data) && i < x.at+18; i++ {
			c := x.data[i] - '0'
			if c > 9 {
				if x.data[i] == ',' || x.data[i] == '}' {
					x.at = i
					return n
				}
				break
			}
			n = 10*n + int64(c)
		}
	}
	n, err := strconv.ParseInt(string(x.number()), 10, 64)
	if err != nil {
		x.fail()
	}
	return n
}

func (x *lexer) float() float64 {
	f, err := strconv.ParseFloat(string(x.number()), 64)
	if err != nil || math.IsInf(f, 0) {
		x.fail()
	}
	return f
}

func (x *lexer) boolean() bool {
	word, value := "true", true
	if x.peek() == 'f' {
		word, value = "false", false
	}
	if !bytes.HasPrefix(x.data[x.at:], []byte(word)) {
		x.fail()
		return false
	}
	x.at += len(word)
	return value
}

// once records that a member was given, and fails if it was given before.
func (x *lexer) once(given *uint32, member int) *lexer {
	if *given>>member&1 != 0 {
		x.fail()
	}
	*given |= 1 << member
	return x
}
