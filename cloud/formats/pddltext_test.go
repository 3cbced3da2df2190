package formats_test

import (
	"fmt"
	"strconv"
	"strings"
)

// sexp is an atom or a list.
type sexp struct {
	atom string
	list []sexp
}

func (s sexp) head() string {
	if len(s.list) == 0 {
		return s.atom
	}
	return s.list[0].atom
}

func (s sexp) String() string {
	if s.list == nil {
		return s.atom
	}
	parts := make([]string, len(s.list))
	for i, e := range s.list {
		parts[i] = e.String()
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// parseSexp reads one expression that is the whole text. PDDL does not heed case.
func parseSexp(text string) (sexp, error) {
	var tokens []string
	for _, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, ";")
		line = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(strings.ToLower(line))
		tokens = append(tokens, strings.Fields(line)...)
	}
	s, rest, err := readSexp(tokens)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%q stands after the end", rest[0])
	}
	return s, err
}

func readSexp(tokens []string) (sexp, []string, error) {
	if len(tokens) == 0 {
		return sexp{}, nil, fmt.Errorf("the text ends too early")
	}
	if tokens[0] == ")" {
		return sexp{}, nil, fmt.Errorf("a parenthesis too many")
	}
	if tokens[0] != "(" {
		return sexp{atom: tokens[0]}, tokens[1:], nil
	}
	out := sexp{list: []sexp{}}
	for tokens = tokens[1:]; ; {
		if len(tokens) > 0 && tokens[0] == ")" {
			return out, tokens[1:], nil
		}
		e, rest, err := readSexp(tokens)
		if err != nil {
			return out, nil, err
		}
		out.list, tokens = append(out.list, e), rest
	}
}

// schema is one action of a domain.
type schema struct {
	name      string
	params    []string
	types     map[string]string // by parameter
	condition []sexp
	effect    []sexp
}

// pddlTask is a domain with a problem, every symbol of which is declared.
type pddlTask struct {
	parents     map[string]string   // by type
	symbols     map[string][]string // predicates and functions, the types of what they take
	functions   map[string]bool
	objects     map[string]string // their types
	actions     []schema
	init        map[string]bool
	values      map[string]int64
	goal        []string
	byPredicate map[string][][]string
	dynamic     map[string]bool // predicates and functions that some action changes
	errs        []string
}

func (t *pddlTask) fault(format string, args ...any) {
	t.errs = append(t.errs, fmt.Sprintf(format, args...))
}

// readPDDL reads the two files and lists what is wrong with them.
func readPDDL(domain, problem string) (*pddlTask, []string) {
	t := &pddlTask{
		parents: map[string]string{"object": ""}, symbols: map[string][]string{}, functions: map[string]bool{},
		objects: map[string]string{}, init: map[string]bool{}, values: map[string]int64{},
		byPredicate: map[string][][]string{}, dynamic: map[string]bool{},
	}
	for _, text := range []string{domain, problem} {
		s, err := parseSexp(text)
		if err != nil {
			return nil, []string{err.Error()}
		}
		for _, section := range s.list[1:] {
			t.section(section)
		}
	}
	return t, t.errs
}

func (t *pddlTask) section(s sexp) {
	rest := s.list[1:]
	switch s.head() {
	case "domain", "problem", ":domain", ":requirements", ":metric":
	case ":types":
		names, parents := t.typed(rest)
		for i, n := range names {
			t.parents[n] = parents[i]
		}
		for _, p := range parents {
			t.typeKnown(p)
		}
	case ":constants", ":objects":
		names, types := t.typed(rest)
		for i, n := range names {
			if _, dup := t.objects[n]; dup {
				t.fault("object %s is declared twice", n)
			}
			t.objects[n] = types[i]
			t.typeKnown(types[i])
		}
	case ":predicates", ":functions":
		for _, p := range rest {
			if len(p.list) == 0 {
				continue // the type of a function
			}
			_, types := t.typed(p.list[1:])
			t.symbols[p.head()] = types
			t.functions[p.head()] = s.head() == ":functions"
			for _, typ := range types {
				t.typeKnown(typ)
			}
		}
	case ":action":
		t.action(rest)
	case ":init":
		t.readInit(rest)
	case ":goal":
		for _, g := range rest[0].list[1:] {
			t.symbol(g, nil)
			t.goal = append(t.goal, instance(g, nil))
		}
	default:
		t.fault("unknown section %s", s.head())
	}
}

func (t *pddlTask) readInit(facts []sexp) {
	for _, f := range facts {
		if f.head() == "=" {
			t.symbol(f.list[1], nil)
			n, err := strconv.ParseInt(f.list[2].atom, 10, 64)
			if err != nil {
				t.fault("%s: expected a number", f)
			}
			if _, dup := t.values[instance(f.list[1], nil)]; dup {
				t.fault("%s is given twice", f)
			}
			t.values[instance(f.list[1], nil)] = n
			continue
		}
		t.symbol(f, nil)
		text := instance(f, nil)
		if t.init[text] {
			t.fault("%s stands in the init twice", f)
		}
		t.init[text] = true
		t.byPredicate[f.head()] = append(t.byPredicate[f.head()], strings.Fields(text))
	}
}

// typed reads `a b - type c - other`.
func (t *pddlTask) typed(list []sexp) (names, types []string) {
	for i := 0; i < len(list); i++ {
		if list[i].atom != "-" {
			names = append(names, list[i].atom)
			continue
		}
		i++
		for len(types) < len(names) {
			types = append(types, list[i].atom)
		}
	}
	if len(types) < len(names) {
		t.fault("%v has no type", names[len(types):])
	}
	return names, types
}

func (t *pddlTask) typeKnown(name string) {
	if _, ok := t.parents[name]; !ok {
		t.fault("unknown type %s", name)
	}
}

func (t *pddlTask) action(s []sexp) {
	a := schema{name: s[0].atom, types: map[string]string{}}
	for i := 1; i < len(s); i += 2 {
		switch part := s[i+1]; s[i].atom {
		case ":parameters":
			names, types := t.typed(part.list)
			a.params = names
			for j, n := range names {
				a.types[n] = types[j]
				t.typeKnown(types[j])
			}
		case ":precondition":
			a.condition = part.list[1:]
		case ":effect":
			a.effect = part.list[1:]
		default:
			t.fault("action %s: unknown part %s", a.name, s[i].atom)
		}
	}
	for _, c := range a.condition {
		t.formula(c, a.types)
	}
	for _, e := range a.effect {
		t.formula(e, a.types)
		changed := e
		switch e.head() {
		case "not", "increase", "decrease":
			changed = e.list[1]
		}
		t.dynamic[changed.head()] = true
	}
	t.actions = append(t.actions, a)
}

// formula checks a condition or effect whose parameters have types.
func (t *pddlTask) formula(s sexp, params map[string]string) {
	switch s.head() {
	case "not", "<=", "+", "increase", "decrease":
		for _, e := range s.list[1:] {
			t.formula(e, params)
		}
	case "=":
		for _, e := range s.list[1:] {
			if _, ok := params[e.atom]; !ok {
				t.fault("%s: unknown %s", s, e)
			}
		}
	default:
		t.symbol(s, params)
	}
}

// symbol checks that a predicate or function is declared and takes what it is given.
func (t *pddlTask) symbol(s sexp, params map[string]string) {
	want, ok := t.symbols[s.head()]
	if !ok {
		t.fault("%s: %q is not declared", s, s.head())
		return
	}
	if len(want) != len(s.list)-1 {
		t.fault("%s: takes %d arguments", s, len(want))
		return
	}
	for i, a := range s.list[1:] {
		typ, ok := t.objects[a.atom]
		if strings.HasPrefix(a.atom, "?") {
			typ, ok = params[a.atom]
		}
		if !ok {
			t.fault("%s: %s is not declared", s, a)
			continue
		}
		if !t.isA(typ, want[i]) {
			t.fault("%s: %s is no %s", s, a, want[i])
		}
	}
}

// isA tells whether a type is another or stands below it.
func (t *pddlTask) isA(typ, other string) bool {
	for typ != other && typ != "" {
		typ = t.parents[typ]
	}
	return typ != ""
}
