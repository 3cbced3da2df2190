package spec_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func TestCanonicalFormDiffers(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"greedy", "greedy"},
		{"  greedy\t", "greedy"},
		{"greedy()", "greedy"},
		{"greedy ( )", "greedy"},
		{"astar(heuristic=misplaced)", "astar(heuristic=misplaced)"},
		{"astar( heuristic = misplaced,weight=1.5 )", "astar(heuristic=misplaced, weight=1.5)"},
		{"a(b=c())", "a(b=c)"},
		{"a(b=c(d=e(f=g)))", "a(b=c(d=e(f=g)))"},
		{"a(b=[])", "a(b=[])"},
		{"a(b=[c,d(e=1),[f]])", "a(b=[c, d(e=1), [f]])"},
		{`a(b="c")`, "a(b=c)"},
		{`a(b="c d")`, `a(b="c d")`},
		{`a(b="")`, `a(b="")`},
		{`a(b="\"\\\n\t\r")`, `a(b="\"\\\n\t\r")`},
		{`"a"("b"=c)`, "a(b=c)"},
		{`"a b"(c=d)`, `"a b"(c=d)`},
		{`x(y="a b"(c=d))`, `x(y="a b"(c=d))`},
		{"capacity(overcommit.vcpu=4, overcommit.ram=1.5)", "capacity(overcommit.vcpu=4, overcommit.ram=1.5)"},
		{"a(group=web-*/x.y:z@1+2%)", "a(group=web-*/x.y:z@1+2%)"},
		{"größe(µ=ß)", "größe(µ=ß)"},
		{"a(b='c')", ""}, // single quotes are kept for shells
	} {
		s, err := spec.Parse(c.text)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: expected an error, found %s", c.text, s)
			}
			continue
		}
		if err != nil || s.String() != c.want {
			t.Errorf("%s: expected %s, found %s, %v", c.text, c.want, s, err)
			continue
		}
		again, err := spec.Parse(s.String())
		if err != nil || !again.Equal(s) {
			t.Errorf("%s does not read as itself: %v, %v", s, again, err)
		}
	}
}

func TestSyntaxErrorPointsElsewhere(t *testing.T) {
	deep := strings.Repeat("a(b=", 100)
	for _, c := range []struct {
		text string
		col  int
		msg  string
	}{
		{"", 1, "expected a name, found the end of the text"},
		{"   ", 4, "expected a name, found the end of the text"},
		{"(", 1, "expected a name, found '('"},
		{"a b", 3, "expected the end, found 'b'"},
		{"a)", 2, "expected the end, found ')'"},
		{"a(", 3, "expected a parameter name, found the end of the text"},
		{"a(b", 4, "expected ',' or ')', found the end of the text"},
		{"a(b, c)", 7, "expected '=' after parameter \"c\", found ')'"},
		{"a(b, [c])", 6, "expected a parameter name, found '['"},
		{"a(b=", 5, "expected a value, found the end of the text"},
		{"a(b=)", 5, "expected a value, found ')'"},
		{"a(b=c", 6, "expected ',' or ')', found the end of the text"},
		{"a(b=c d=e)", 7, "expected ',' or ')', found 'd'"},
		{"a(b=c,)", 7, "expected a parameter name, found ')'"},
		{"a(,b=c)", 3, "expected a parameter name, found ','"},
		{"a(b=1, b=2)", 8, `parameter "b" is given twice`},
		{"a(b=[c", 7, "expected ',' or ']', found the end of the text"},
		{"a(b=[c,])", 8, "expected a value, found ']'"},
		{"a(b=[c d])", 8, "expected ',' or ']', found 'd'"},
		{`a(b="c)`, 5, "this quote is never closed"},
		{`a(b="c\`, 5, "this quote is never closed"},
		{`a(b="c\x")`, 7, `unknown escape \x: \", \\, \n, \r and \t are known`},
		{`a(b="c\é")`, 7, `unknown escape \é: \", \\, \n, \r and \t are known`},
		{"a(b=c\x01)", 6, `expected ',' or ')', found '\x01'`},
		{"a\xff", 1, "the text is not valid UTF-8"},
		{deep, 65*4 + 1, "nested deeper than 64 levels"},
		{"a(b=" + strings.Repeat("[", 100), 69, "nested deeper than 64 levels"},
	} {
		_, err := spec.Parse(c.text)
		var syntax *spec.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: expected a syntax error, found %v", c.text, err)
			continue
		}
		if syntax.Col != c.col || syntax.Msg != c.msg {
			t.Errorf("%q:\nexpected %d %s\nfound    %d %s", c.text, c.col, c.msg, syntax.Col, syntax.Msg)
		}
	}
	_, err := spec.Parse(strings.Repeat("é", 5000) + "(")
	if len(err.Error()) > 500 {
		t.Errorf("a long text makes a message of %d bytes", len(err.Error()))
	}
}

func TestMustParseSwallowsAnError(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("expected a panic")
		}
	}()
	spec.MustParse("(")
}

func TestWithForgetsAnArgument(t *testing.T) {
	s := spec.Named("a").With("b", "1").With("c", "x y").With("b", "2").WithValue("d", spec.Words("p", "q"))
	if got, want := s.String(), `a(b=2, c="x y", d=[p, q])`; got != want {
		t.Errorf("expected %s, found %s", want, got)
	}
	if v, ok := s.Value("c"); !ok || v.Text != "x y" {
		t.Errorf("found %v, %v", v, ok)
	}
	if _, ok := s.Value("e"); ok {
		t.Error("found a value that is not there")
	}
	base := spec.MustParse("a(b=1)")
	base.With("b", "2")
	if base.String() != "a(b=1)" {
		t.Errorf("With changes its receiver: %s", base)
	}
}

func TestEqualSeesMoreOrLessThanMeaning(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a(b=c)", ` a( "b" = "c" )`, true},
		{"a(b=c())", "a(b=c)", true},
		{"a(b=[c])", "a(b=c)", false},
		{"a(b=[c])", "a(b=[c, c])", false},
		{"a(b=c)", "a(b=d)", false},
		{"a(b=c)", "a(c=c)", false},
		{"a(b=c, d=e)", "a(d=e, b=c)", false},
		{"a(b=c(d=1))", "a(b=c(d=2))", false},
		{"a", "b", false},
	} {
		if got := spec.MustParse(c.a).Equal(spec.MustParse(c.b)); got != c.want {
			t.Errorf("%s and %s: equal is %v", c.a, c.b, got)
		}
	}
}

func TestSuggestionMisleads(t *testing.T) {
	known := []string{"greedy", "astar", "dijkstra"}
	many := strings.Fields(strings.Repeat("name ", 20))
	for _, c := range []struct {
		name  string
		known []string
		want  string
	}{
		{"gredy", known, `, did you mean "greedy"?`},
		{"GREEDY", known, `, did you mean "greedy"?`},
		{"astra", known, `, did you mean "astar"?`},
		{"abc", []string{"bca", "acb", "abd"}, `, did you mean "acb"?`},
		{"ab", []string{"ba"}, `, did you mean "ba"?`},
		{"abc", []string{"cba"}, "; known are cba"},
		{"host", []string{"cost", "hosts", "most"}, `, did you mean "hosts"?`},
		{"cot", []string{"cost", "co", "dot"}, `, did you mean "cost"?`},
		{"host", []string{"cost", "hosts_up", "hosts"}, `, did you mean "hosts"?`},
		{"Timeout", []string{"time", "limits.timeout_s", "timed"}, `, did you mean "limits.timeout_s"?`},
		{"huge", []string{"page", "column"}, "; known are page, column"},
		{"g", known, "; known are greedy, astar, dijkstra"},
		{"xyz", known, "; known are greedy, astar, dijkstra"},
		{"x", nil, ""},
		{"x", many, "; known are " + strings.Repeat("name, ", 11) + "name … (20 in all)"},
		{strings.Repeat("x", 100), known, "; known are greedy, astar, dijkstra"},
		{"größe", []string{"grösse"}, `, did you mean "grösse"?`},
	} {
		if got := spec.DidYouMean(c.name, c.known, "known are"); got != c.want {
			t.Errorf("%s: expected %s, found %s", c.name, c.want, got)
		}
	}
}
