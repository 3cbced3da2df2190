package expression

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// The kinds of values that a query may speak of.
const (
	Truth  = boolean
	Number = numeric
	Text   = text
	Texts  = texts
)

// Vocabulary is what a query may speak of: values that have names, in place of VMs and
// hosts.
type Vocabulary struct {
	// Kind is the type of what has the name, if anything has. A chain of members is a name
	// with points in it: utilisation.ram.
	Kind func(name string) (Kind, bool)
	// Names are those that an error suggests.
	Names []string
}

// Query is a test of values that have names. It is read-only and may be shared.
type Query struct {
	source string
	root   *node
}

// CompileQuery reads and checks a test. The error is one line that names the first fault
// and its column.
func CompileQuery(source string, v Vocabulary) (*Query, error) {
	c := &compiler{source: source, names: &v}
	root, err := c.compile(boolean)
	if err != nil {
		return nil, err
	}
	return &Query{source, root}, nil
}

// String is the text of the expression.
func (q *Query) String() string { return q.source }

// Test evaluates the query where names have values. The sides of && and || are looked at
// from the left, and only as far as they decide. A value that is looked at and not there,
// or of another kind than the vocabulary said, is a [MissingError]. O(length of the
// expression).
func (q *Query) Test(value func(name string) (Value, bool)) (bool, error) {
	x := point{named: value}
	yes := q.root.bool(&x)
	return yes, x.err
}

// MissingError says that a query needs a value that is not there.
type MissingError struct{ Name string }

func (e *MissingError) Error() string { return fmt.Sprintf("there is no %s", e.Name) }

// Value is what a name stands for.
type Value struct {
	kind   Kind
	yes    bool
	number number
	text   string
	texts  []string
}

// Kind is the type of the value.
func (v Value) Kind() Kind { return v.kind }

// TruthValue is yes or no.
func TruthValue(yes bool) Value { return Value{kind: boolean, yes: yes} }

// Integer is a number.
func Integer(n int64) Value { return Value{kind: numeric, number: integer(n)} }

// Fraction is a number.
func Fraction(r *big.Rat) Value { return Value{kind: numeric, number: reduced(r)} }

// Decimal is the number that a finite float64 is written as: 0.1 is a tenth.
func Decimal(f float64) Value { return Value{kind: numeric, number: decimal(f)} }

// TextValue is a text.
func TextValue(s string) Value { return Value{kind: text, text: s} }

// TextsValue is a list of texts.
func TextsValue(list []string) Value { return Value{kind: texts, texts: list} }

// named compiles a name of a query.
func (c *compiler) named(links []link) *node {
	parts := make([]string, len(links))
	for i, l := range links {
		parts[i] = l.name
	}
	name := strings.Join(parts, ".")
	k, ok := c.names.Kind(name)
	if !ok {
		return c.fail(links[0].node, "unknown name %q%s", name, spec.DidYouMean(name, c.names.Names, "known are"))
	}
	out := c.make(links[0].node, named, k)
	out.name = name
	return out
}

// value looks up what a name stands for.
func (x *point) value(n *node) Value {
	v, ok := x.named(n.name)
	if ok && v.kind == n.kind {
		return v
	}
	if x.err == nil {
		x.err = &MissingError{n.name}
	}
	return Value{number: integer(0)}
}
