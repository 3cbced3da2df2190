package expression

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a value.
type Kind uint8

const (
	boolean Kind = iota
	numeric
	text
	texts
)

func (k Kind) String() string {
	return [...]string{"yes or no", "a number", "a text", "a list of texts"}[k]
}

// node is one operation of a checked expression. Its kind says which of the methods
// bool, num, text and texts evaluates it.
type node struct {
	op     op
	kind   Kind
	about  Subject // what it and its parts speak of
	kids   []*node
	attr   attribute
	name   string // of a value, in a query
	yes    bool
	number number
	text   string
	texts  []string
	re     *regexp.Regexp
	err    error // of a constant that could not be computed
	col    int   // 1-based column, for errors of evaluation
}

type op uint8

const (
	constant op = iota
	attr
	named
	not
	and
	or
	choose // kids: condition, then, else
	less
	lessEqual
	equal
	in
	contains
	startsWith
	endsWith
	matches
	negate
	add
	subtract
	multiply
	divide
	modulo
	absolute
	ceiling
	floored
	least
	most
	length
)

// point is where an expression is evaluated: a VM, hosts, and what stands on the host.
// After the first fault err is set, and values mean nothing.
//
// A query has names in place of all that.
type point struct {
	*At
	p     *Program
	named func(name string) (Value, bool)
	err   error
}

func (x *point) fail(n *node, format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf("column %d: %s", n.col, fmt.Sprintf(format, args...))
	}
}

func (n *node) bool(x *point) bool {
	switch n.op {
	case constant:
		if n.err != nil && x.err == nil {
			x.err = n.err
		}
		return n.yes
	case attr:
		return n.attr.bool(x)
	case named:
		return x.value(n).yes
	case not:
		return !n.kids[0].bool(x)
	case and:
		return n.kids[0].bool(x) && n.kids[1].bool(x)
	case or:
		return n.kids[0].bool(x) || n.kids[1].bool(x)
	case choose:
		return n.branch(x).bool(x)
	case less:
		return n.kids[0].num(x).cmp(n.kids[1].num(x)) < 0
	case lessEqual:
		return n.kids[0].num(x).cmp(n.kids[1].num(x)) <= 0
	case equal:
		return n.equal(x)
	case in:
		return slices.Contains(n.kids[1].list(x), n.kids[0].str(x))
	case contains:
		return strings.Contains(n.kids[0].str(x), n.kids[1].str(x))
	case startsWith:
		return strings.HasPrefix(n.kids[0].str(x), n.kids[1].str(x))
	case endsWith:
		return strings.HasSuffix(n.kids[0].str(x), n.kids[1].str(x))
	default: // matches
		return n.re.MatchString(n.kids[0].str(x))
	}
}

func (n *node) branch(x *point) *node {
	if n.kids[0].bool(x) {
		return n.kids[1]
	}
	return n.kids[2]
}

func (n *node) equal(x *point) bool {
	a, b := n.kids[0], n.kids[1]
	switch a.kind {
	case boolean:
		return a.bool(x) == b.bool(x)
	case numeric:
		return a.num(x).cmp(b.num(x)) == 0
	default:
		return a.str(x) == b.str(x)
	}
}

func (n *node) num(x *point) number {
	switch n.op {
	case constant:
		if n.err != nil && x.err == nil {
			x.err = n.err
		}
		return n.number
	case attr:
		return n.attr.num(x)
	case named:
		return x.value(n).number
	case choose:
		return n.branch(x).num(x)
	case length:
		if n.kids[0].kind == text {
			return integer(int64(utf8.RuneCountInString(n.kids[0].str(x))))
		}
		return integer(int64(len(n.kids[0].list(x))))
	}
	a := n.kids[0].num(x)
	switch n.op {
	case negate:
		return a.neg()
	case absolute:
		if a.sign() < 0 {
			return a.neg()
		}
		return a
	case ceiling:
		return a.ceil()
	case floored:
		return a.floor()
	case least, most:
		for _, k := range n.kids[1:] {
			b := k.num(x)
			if c := b.cmp(a); n.op == least && c < 0 || n.op == most && c > 0 {
				a = b
			}
		}
		return a
	}
	b := n.kids[1].num(x)
	switch n.op {
	case add:
		return a.plus(b)
	case subtract:
		return a.plus(b.neg())
	case multiply:
		return a.times(b)
	}
	if x.err != nil {
		return number{d: 1}
	}
	if b.sign() == 0 {
		x.fail(n, "division by zero")
		return number{d: 1}
	}
	if n.op == divide {
		return a.over(b)
	}
	if !a.isInteger() || !b.isInteger() {
		x.fail(n, "%% takes integers, found %s %% %s", a, b)
		return number{d: 1}
	}
	return a.mod(b)
}

func (n *node) str(x *point) string {
	switch n.op {
	case constant:
		if n.err != nil && x.err == nil {
			x.err = n.err
		}
		return n.text
	case attr:
		return n.attr.text(x)
	case named:
		return x.value(n).text
	default: // choose
		return n.branch(x).str(x)
	}
}

func (n *node) list(x *point) []string {
	switch n.op {
	case constant:
		if n.err != nil && x.err == nil {
			x.err = n.err
		}
		return n.texts
	case attr:
		return n.attr.list(x)
	case named:
		return x.value(n).texts
	default: // choose
		return n.branch(x).list(x)
	}
}

// settle is n with all that speaks of nothing but known evaluated at x: what is left to
// do is as little as can be. A fault becomes one of the constant's evaluation, because
// the rest of the expression decides whether it is ever evaluated.
func (n *node) settle(x *point, known Subject) *node {
	if n.op == constant {
		return n
	}
	if n.about&^known == 0 {
		c := &node{op: constant, kind: n.kind, col: n.col}
		y := &point{At: x.At, p: x.p}
		switch n.kind {
		case boolean:
			c.yes = n.bool(y)
		case numeric:
			c.number = n.num(y)
		case text:
			c.text = n.str(y)
		default:
			c.texts = n.list(y)
		}
		if c.err = y.err; c.err != nil {
			c.number = number{d: 1}
		}
		return c
	}
	out := *n
	out.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		out.kids[i] = k.settle(x, known)
	}
	return &out
}
