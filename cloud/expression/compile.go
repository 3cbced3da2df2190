package expression

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Result is what an expression yields.
type Result uint8

// The results.
const (
	Test   Result = iota // yes or no
	Amount               // a number
)

// maxLength bounds the text of an expression, and so what it takes to parse and to
// evaluate it.
const maxLength = 4096

// Program is a checked expression over one instance. It is read-only and may be shared.
type Program struct {
	in     *cloud.Instance
	source string
	root   *node
	groups [][]string // by VM: names of its groups, in the instance's order; nil where not asked for
	dirty  bool       // it speaks of dirty rates
}

// Compile reads and checks an expression that may speak of some subjects. The error is
// one line that names the first fault and its column.
func Compile(in *cloud.Instance, source string, yields Result, may Subject) (*Program, error) {
	c := &compiler{in: in, source: source, may: may}
	root, err := c.compile(map[Result]Kind{Test: boolean, Amount: numeric}[yields])
	if err != nil {
		return nil, err
	}
	p := &Program{in: in, source: source, root: root, dirty: c.dirty}
	if c.groups {
		p.groups = make([][]string, len(in.VMs))
		for _, g := range in.Groups {
			for _, v := range g.VMs {
				p.groups[v] = append(p.groups[v], g.Name)
			}
		}
	}
	return p, nil
}

// Remarks tell what the program assumes where the instance does not say, as [cloud.Remarker]
// has it.
func (p *Program) Remarks() []string {
	if without := p.in.WithoutDirtyRate(); p.dirty && without != "" {
		return []string{without + ": vm.dirty_mib_per_s is taken as 0"}
	}
	return nil
}

// CheckSyntax checks of an expression what can be checked without knowing what names mean.
func CheckSyntax(source string) error {
	_, err := parse(source)
	return err
}

func parse(source string) (*parser.Tree, error) {
	if len(source) > maxLength {
		return nil, fmt.Errorf("expected an expression of at most %d bytes, found %d", maxLength, len(source))
	}
	if strings.TrimSpace(source) == "" {
		return nil, errors.New("expected an expression, found none")
	}
	tree, err := parser.ParseWithConfig(source, conf.CreateNew())
	if err != nil {
		return nil, syntaxError(source, err)
	}
	return tree, nil
}

// compile reads and checks the whole expression.
func (c *compiler) compile(want Kind) (*node, error) {
	tree, err := parse(c.source)
	if err != nil {
		return nil, err
	}
	root := c.node(tree.Node)
	if c.err == nil && root.kind != want {
		c.err = fmt.Errorf("expected an expression that yields %s, found %s", want, root.kind)
	}
	return root, c.err
}

// syntaxError brings the parser's error, which spans several lines, to one.
func syntaxError(source string, err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	msg := strings.ReplaceAll(at.Message, "\n", " ")
	msg = strings.ReplaceAll(msg, "token EOF", "end")
	msg = strings.ReplaceAll(msg, `token Operator("=")`, `"=": use == to compare`)
	if _, number, ok := strings.Cut(msg, "literal: strconv."); ok { // the function of Go that refused it
		_, number, _ = strings.Cut(number, ": parsing ")
		msg = "expected a number, found " + number
	}
	return fmt.Errorf("column %d: %s", column(source, at.From), msg)
}

// column is the 1-based byte column of a position that counts runes.
func column(source string, runes int) int {
	for i := range source {
		if runes == 0 {
			return i + 1
		}
		runes--
	}
	return len(source) + 1
}

// compiler turns a syntax tree into nodes. After the first fault err is set, and nodes
// mean nothing.
type compiler struct {
	in     *cloud.Instance
	source string
	may    Subject
	names  *Vocabulary // of a query: what it speaks of in place of subjects
	groups bool        // the expression speaks of groups
	dirty  bool        // the expression speaks of dirty rates
	err    error
}

func (c *compiler) fail(n ast.Node, format string, args ...any) *node {
	if c.err == nil {
		c.err = fmt.Errorf("column %d: %s", column(c.source, n.Location().From), fmt.Sprintf(format, args...))
	}
	return &node{}
}

// make makes a node out of its parts.
func (c *compiler) make(n ast.Node, o op, k Kind, kids ...*node) *node {
	out := &node{op: o, kind: k, kids: kids, col: column(c.source, n.Location().From)}
	for _, kid := range kids {
		out.about |= kid.about
	}
	return out
}

// expect compiles a part that must be of a kind.
func (c *compiler) expect(n ast.Node, k Kind, where string) *node {
	out := c.node(n)
	if c.err == nil && out.kind != k {
		c.fail(n, "expected %s %s, found %s", k, where, out.kind)
	}
	return out
}

func (c *compiler) node(n ast.Node) *node {
	if c.err != nil {
		return &node{}
	}
	switch n := n.(type) {
	case *ast.IntegerNode:
		out := c.make(n, constant, numeric)
		out.number = integer(int64(n.Value))
		return out
	case *ast.FloatNode:
		out := c.make(n, constant, numeric)
		out.number = c.literal(n)
		return out
	case *ast.BoolNode:
		out := c.make(n, constant, boolean)
		out.yes = n.Value
		return out
	case *ast.StringNode:
		out := c.make(n, constant, text)
		out.text = n.Value
		return out
	case *ast.ArrayNode:
		return c.array(n)
	case *ast.IdentifierNode, *ast.MemberNode:
		return c.lookup(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, callee.Value, n.Arguments)
		}
		return c.fail(n, "only functions can be called: %s", strings.Join(functionNames(), ", "))
	default:
		return c.fail(n, "%s have no use in these expressions", construct(n))
	}
}

// construct names what Expr has and we have no use for.
func construct(n ast.Node) string {
	switch n.(type) {
	case *ast.ChainNode:
		return "optional members (?.)"
	case *ast.SliceNode:
		return "slices"
	case *ast.PredicateNode, *ast.PointerNode:
		return "predicates"
	case *ast.VariableDeclaratorNode:
		return "variables"
	case *ast.SequenceNode:
		return "sequences"
	case *ast.MapNode:
		return "maps"
	case *ast.NilNode:
		return "nil and optional values"
	default:
		return "such constructs"
	}
}

// literal reads a decimal number as it is written. That float64 holds it, as the parser
// has made sure, bounds its exponent and so what it takes to write it out.
func (c *compiler) literal(n *ast.FloatNode) number {
	from, to := column(c.source, n.Location().From)-1, column(c.source, n.Location().To)-1
	written := strings.ReplaceAll(c.source[from:to], "_", "")
	mantissa, _, _ := strings.Cut(strings.ToLower(written), "e")
	if n.Value == 0 && strings.ContainsAny(mantissa, "123456789") {
		c.fail(n, "the number is too small")
		return integer(0)
	}
	if r, ok := new(big.Rat).SetString(written); ok {
		return reduced(r)
	}
	return decimal(n.Value)
}

func (c *compiler) array(n *ast.ArrayNode) *node {
	out := c.make(n, constant, texts)
	out.texts = []string{}
	for _, e := range n.Nodes {
		s, ok := e.(*ast.StringNode)
		if !ok {
			return c.fail(e, "expected a text in quotes: lists are of texts that stand in the expression")
		}
		out.texts = append(out.texts, s.Value)
	}
	return out
}

func (c *compiler) unary(n *ast.UnaryNode) *node {
	switch n.Operator {
	case "!", "not":
		return c.make(n, not, boolean, c.expect(n.Node, boolean, "after "+n.Operator))
	case "-":
		return c.make(n, negate, numeric, c.expect(n.Node, numeric, "after -"))
	default: // +
		return c.expect(n.Node, numeric, "after "+n.Operator)
	}
}

var operators = map[string]struct {
	op   op
	kids Kind
	kind Kind
	flip bool // the operator is that of op with its sides exchanged
}{
	"<": {less, numeric, boolean, false}, "<=": {lessEqual, numeric, boolean, false},
	">": {less, numeric, boolean, true}, ">=": {lessEqual, numeric, boolean, true},
	"+": {add, numeric, numeric, false}, "-": {subtract, numeric, numeric, false},
	"*": {multiply, numeric, numeric, false}, "/": {divide, numeric, numeric, false},
	"%":  {modulo, numeric, numeric, false},
	"&&": {and, boolean, boolean, false}, "and": {and, boolean, boolean, false},
	"||": {or, boolean, boolean, false}, "or": {or, boolean, boolean, false},
	"contains": {contains, text, boolean, false}, "startsWith": {startsWith, text, boolean, false},
	"endsWith": {endsWith, text, boolean, false}, "matches": {matches, text, boolean, false},
}

func (c *compiler) binary(n *ast.BinaryNode) *node {
	switch n.Operator {
	case "==", "!=":
		a := c.node(n.Left)
		c.unquoted(n.Right, a.kind)
		b := c.node(n.Right)
		switch {
		case c.err == nil && a.kind != b.kind:
			return c.fail(n, "cannot compare %s with %s", a.kind, b.kind)
		case c.err == nil && a.kind == texts:
			return c.fail(n, "lists do not compare: ask with in for one text")
		}
		out := c.make(n, equal, boolean, a, b)
		if n.Operator == "!=" {
			out = c.make(n, not, boolean, out)
		}
		return out
	case "in":
		return c.make(n, in, boolean,
			c.expect(n.Left, text, "on the left of in"), c.expect(n.Right, texts, "on the right of in"))
	}
	o, ok := operators[n.Operator]
	if !ok {
		return c.fail(n, "the operator %s has no use in these expressions", n.Operator)
	}
	a := c.expect(n.Left, o.kids, "on the left of "+n.Operator)
	c.unquoted(n.Right, o.kids)
	b := c.expect(n.Right, o.kids, "on the right of "+n.Operator)
	if o.flip {
		a, b = b, a
	}
	out := c.make(n, o.op, o.kind, a, b)
	if o.op == matches && c.err == nil {
		return c.pattern(n, out, b)
	}
	return out
}

// unquoted finds fault with a name that nothing has where a text, or yes or no, is
// expected: more likely than a slip is that it was meant as it stands.
func (c *compiler) unquoted(n ast.Node, k Kind) {
	id, ok := n.(*ast.IdentifierNode)
	if c.err != nil || !ok || c.knows(id.Value) {
		return
	}
	switch yes := id.Value == "yes"; {
	case k == text:
		c.fail(n, "unknown name %q: texts stand in quotes, %q", id.Value, id.Value)
	case k == boolean && (yes || id.Value == "no"):
		c.fail(n, "unknown name %q: write %t", id.Value, yes)
	}
}

func (c *compiler) conditional(n *ast.ConditionalNode) *node {
	cond := c.expect(n.Cond, boolean, "as a condition")
	a := c.node(n.Exp1)
	b := c.node(n.Exp2)
	if c.err == nil && a.kind != b.kind {
		return c.fail(n, "the two branches must be alike, found %s and %s", a.kind, b.kind)
	}
	return c.make(n, choose, a.kind, cond, a, b)
}

type function struct {
	name string
	op   op
	args int // 0: one or more
}

// functions are all functions, in alphabetical order.
var functions = []function{
	{"abs", absolute, 1},
	{"ceil", ceiling, 1},
	{"floor", floored, 1},
	{"len", length, 1},
	{"max", most, 0},
	{"min", least, 0},
}

func functionNames() []string {
	var out []string
	for _, f := range functions {
		out = append(out, f.name)
	}
	return out
}

func (c *compiler) call(n ast.Node, name string, args []ast.Node) *node {
	i := slices.IndexFunc(functions, func(f function) bool { return f.name == name })
	if i < 0 {
		return c.fail(n, "unknown function %q%s", name, spec.DidYouMean(name, functionNames(), "known are"))
	}
	f := functions[i]
	if len(args) == 0 || f.args > 0 && len(args) != f.args {
		return c.fail(n, "%s takes %s, found %d", name, map[int]string{0: "one argument or more", 1: "one argument"}[f.args], len(args))
	}
	var kids []*node
	for _, a := range args {
		if f.op != length {
			kids = append(kids, c.expect(a, numeric, "for "+name))
			continue
		}
		kid := c.node(a)
		if c.err == nil && kid.kind != text && kid.kind != texts {
			return c.fail(a, "expected a text or a list of texts for len, found %s", kid.kind)
		}
		kids = append(kids, kid)
	}
	return c.make(n, f.op, numeric, kids...)
}
