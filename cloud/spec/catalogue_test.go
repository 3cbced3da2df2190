package spec_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

type maker func() string

// things is a catalogue with every type of parameter.
func things() *spec.Catalogue { return spec.NewCatalogue(solvers(), inner()) }

// inner is a registry for nested specs.
func inner() spec.Registry {
	name := func(a spec.Args) (string, error) { return a.Full().String(), nil }
	return spec.NewRegistry(spec.Kind{Name: "heuristic"},
		spec.Entry[string]{Descriptor: spec.Descriptor{Name: "blind", Synopsis: "knows nothing"}, New: name},
		spec.Entry[string]{Descriptor: spec.Descriptor{
			Name: "misplaced", Synopsis: "counts",
			Params: []spec.Param{{Name: "weight", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 10), Doc: "factor"}},
		}, New: name},
	)
}

// solvers is a registry with every type of parameter.
func solvers() spec.Registry {
	args := func(a spec.Args) (spec.Args, error) { return a, nil }
	return spec.NewRegistry(spec.Kind{Name: "algorithm", Vocabulary: []spec.Property{"complete"}},
		spec.Entry[spec.Args]{Descriptor: spec.Descriptor{
			Name: "greedy", Synopsis: "takes what it can", Properties: []spec.Property{"complete"},
		}, New: args},
		spec.Entry[spec.Args]{Descriptor: spec.Descriptor{
			Name: "all", Synopsis: "takes everything",
			Params: []spec.Param{
				{Name: "text", Type: spec.String, Default: "hello", Doc: "a text"},
				{Name: "n", Type: spec.Int, Default: "7", Bounds: spec.Between(1, 100), Unit: "hosts", Doc: "a count"},
				{Name: "f", Type: spec.Float, Default: "0.5", Bounds: spec.Between(0, math.Inf(1)), Doc: "a number"},
				{Name: "below", Type: spec.Float, Bounds: spec.Between(math.Inf(-1), 3), Doc: "a number"},
				{Name: "b", Type: spec.Bool, Default: "no", Doc: "a switch"},
				{Name: "kind", Type: spec.Choice, Choices: []string{"fifo", "lifo"}, Default: "fifo", Doc: "a choice"},
				{Name: "timeout", Type: spec.Duration, Default: "90s", Bounds: spec.Between(0, 3600), Doc: "a time"},
				{Name: "ratio", Type: spec.Ratio, Default: "1.5", Doc: "a ratio"},
				{Name: "heuristic", Type: spec.Ref, Of: "heuristic", Default: "misplaced", Doc: "nested"},
				{Name: "base", Type: spec.Ref, Of: "algorithm", Doc: "of the same kind"},
				{Name: "names", Type: spec.String, List: true, Doc: "texts"},
				{Name: "ints", Type: spec.Int, List: true, Default: "[1, 2]", Doc: "integers"},
				{Name: "per", Type: spec.Ratio, Map: true, Doc: "ratios by key"},
				{Name: "lists", Type: spec.String, Map: true, List: true, Doc: "texts by key"},
				{Name: "texts", Map: true, Type: spec.String, Doc: "x"},
			},
		}, New: args},
		spec.Entry[spec.Args]{Descriptor: spec.Descriptor{
			Name: "needs", Synopsis: "needs a parameter",
			Params: []spec.Param{{Name: "group", Type: spec.String, Required: true, Doc: "name of a group"}},
		}, New: args},
	)
}

func build(t *testing.T, text string) spec.Args {
	t.Helper()
	a, _, err := spec.Build[spec.Args](things(), "algorithm", spec.MustParse(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a
}

func TestSoundRegistryIsBlamed(t *testing.T) {
	for _, err := range things().Problems() {
		t.Error(err)
	}
}

func TestAccessorsReturnSomethingElse(t *testing.T) {
	a := build(t, "all")
	if a.String("text") != "hello" || a.Int("n") != 7 || a.Float("f") != 0.5 || a.Bool("b") || a.String("kind") != "fifo" ||
		a.Duration("timeout") != 90*time.Second || !slices.Equal(a.Ints("ints"), []int64{1, 2}) ||
		spec.Built[string](a, "heuristic") != "misplaced(weight=1)" {
		t.Errorf("defaults differ: %s", a.Full())
	}
	for _, absent := range []string{"below", "base", "names", "per", "lists"} {
		if a.Has(absent) {
			t.Errorf("%s was neither given nor has a default", absent)
		}
	}
	if a.Float("below") != 0 || a.Strings("names") != nil {
		t.Error("an absent parameter has a value")
	}
	a = build(t, "all(text=\"a b\", n=100, f=1e3, below=-5, b=yes, kind=lifo, timeout=1h, heuristic=blind, base=all(n=3), "+
		"names=one, ints=[], per.x=4/3, \"per.a b\"=2)")
	if a.String("text") != "a b" || a.Int("n") != 100 || a.Float("f") != 1000 || a.Float("below") != -5 || !a.Bool("b") ||
		a.String("kind") != "lifo" || a.Duration("timeout") != time.Hour || spec.Built[string](a, "heuristic") != "blind" ||
		spec.Built[spec.Args](a, "base").Int("n") != 3 || !slices.Equal(a.Strings("names"), []string{"one"}) || len(a.Ints("ints")) != 0 {
		t.Errorf("given values differ: %s", a.Full())
	}
	a = build(t, "all(per.z=4/3, \"per.y\"=0.50, lists.k=[p, q], lists.j=r, texts.b=x, texts.a=\"y z\")")
	keys, ratios := a.Ratios("per")
	if fmt.Sprint(keys, ratios) != "[z y] [4/3 1/2]" {
		t.Errorf("found %v %v", keys, ratios)
	}
	keys, lists := a.StringLists("lists")
	if fmt.Sprint(keys, lists) != "[k j] [[p q] [r]]" {
		t.Errorf("found %v %v", keys, lists)
	}
	keys, texts := a.StringMap("texts")
	if fmt.Sprint(keys, texts) != "[b a] [x y z]" {
		t.Errorf("found %v %v", keys, texts)
	}
}

// A spec may stand in quotes, as it does in JSON.
func TestQuotedSpecIsTakenForAName(t *testing.T) {
	for _, text := range []string{`all(heuristic="misplaced(weight=2)")`, `all(heuristic=misplaced(weight=2))`} {
		if got := spec.Built[string](build(t, text), "heuristic"); got != "misplaced(weight=2)" {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

func TestAccessorHidesAFaultOfTheProgram(t *testing.T) {
	a := build(t, "all")
	for name, f := range map[string]func(){
		"unknown parameter": func() { a.Has("wrong") },
		"another type":      func() { a.Int("text") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: expected a panic", name)
				}
			}()
			f()
		}()
	}
}

func TestFullFormDiffers(t *testing.T) {
	const rest = `b=no, kind=fifo, timeout=1m30s, ratio=1.5, heuristic=misplaced(weight=1)`
	for _, c := range []struct{ text, want string }{
		{"greedy", "greedy"},
		{"all", "all(text=hello, n=7, f=0.5, " + rest + ", ints=[1, 2])"},
		{"all(ints=[1,2], b=false, text=\"hello\", timeout=1m30s, ratio=3/2, f=.50)", "all(text=hello, n=7, f=0.5, " + rest + ", ints=[1, 2])"},
		{"all(f=-0, n=+08)", "all(text=hello, n=8, f=0, " + rest + ", ints=[1, 2])"},
		{"all(per.b=4/3, per.a=2.50, names=x)", "all(text=hello, n=7, f=0.5, " + rest + ", names=[x], ints=[1, 2], per.a=2.5, per.b=4/3)"},
		{
			"all(base=all(heuristic=misplaced(weight=2)), below=1e1000000)",
			"",
		},
		{
			"all(base=all(heuristic=misplaced(weight=2.0)))",
			"all(text=hello, n=7, f=0.5, " + rest + ", base=all(text=hello, n=7, f=0.5, " +
				strings.Replace(rest, "weight=1", "weight=2", 1) + ", ints=[1, 2]), ints=[1, 2])",
		},
	} {
		a, err := things().Resolve("algorithm", spec.MustParse(c.text))
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: expected an error", c.text)
			}
			continue
		}
		if err != nil || a.Full().String() != c.want {
			t.Errorf("%s:\nexpected %s\nfound    %s, %v", c.text, c.want, a.Full(), err)
			continue
		}
		again, err := things().Resolve("algorithm", a.Full())
		if err != nil || again.Full().String() != c.want {
			t.Errorf("the full form %s has another full form: %s, %v", a.Full(), again.Full(), err)
		}
	}
}

func TestResolvingErrorSaysTooLittle(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"gredy", `unknown algorithm "gredy", did you mean "greedy"?`},
		{"zzzzz", `unknown algorithm "zzzzz"; known are greedy, all, needs`},
		{"greedy(n=1)", `greedy takes no parameters, found "n"`},
		{"needs(gruop=a)", "unknown parameter \"gruop\" of needs, did you mean \"group\"?\nneeds needs parameter \"group\": name of a group"},
		{"needs(zzzz=a, group=b)", `unknown parameter "zzzz" of needs; it takes group`},
		{"all(pre.x=1)", `unknown parameter "pre.x" of all, did you mean "per.x"?`},
		{"all(zzz.x=1)", `unknown parameter "zzz.x" of all; it takes text, n, f, below, b, kind, timeout, ratio, heuristic, base, names, ints … (15 in all)`},
		{"all(lits.x=1)", `unknown parameter "lits.x" of all, did you mean "lists.x"?`},
		{"all(lists=1)", `unknown parameter "lists" of all, did you mean "lists.<key>"?`},
		{"all(n=0)", `parameter "n" of all: expected an integer from 1 to 100 (hosts), found "0"`},
		{"all(n=101)", `parameter "n" of all: expected an integer from 1 to 100 (hosts), found "101"`},
		{"all(n=1.5)", `parameter "n" of all: expected an integer from 1 to 100 (hosts), found "1.5"`},
		{"all(n=99999999999999999999)", `parameter "n" of all: expected an integer from 1 to 100 (hosts), found "99999999999999999999"`},
		{"all(n=[1])", `parameter "n" of all: expected one integer, found the list [1]`},
		{"all(n=x(y=1))", `parameter "n" of all: expected an integer from 1 to 100 (hosts), found x(y=1)`},
		{"all(f=-1)", `parameter "f" of all: expected a number of at least 0, found "-1"`},
		{"all(f=NaN)", `parameter "f" of all: expected a number of at least 0, found "NaN"`},
		{"all(f=Inf)", `parameter "f" of all: expected a number of at least 0, found "Inf"`},
		{"all(below=3.1)", `parameter "below" of all: expected a number of at most 3, found "3.1"`},
		{"all(b=maybe)", `parameter "b" of all: expected yes or no, found "maybe"`},
		{"all(kind=filo)", `parameter "kind" of all: unknown value "filo", did you mean "fifo"?`},
		{"all(kind=x)", `parameter "kind" of all: unknown value "x"; it takes fifo, lifo`},
		{"all(timeout=5)", `parameter "timeout" of all: expected a duration, such as 1m30s, from 0s to 1h0m0s, found "5"`},
		{"all(timeout=2h)", `parameter "timeout" of all: expected a duration, such as 1m30s, from 0s to 1h0m0s, found "2h"`},
		{"all(ratio=010/3, per.x=1e9)", "parameter \"per.x\" of all: expected a ratio, found \"1e9\""},
		{"all(ratio=0x1)", `parameter "ratio" of all: expected a ratio, found "0x1"`},
		{"all(ratio=1/0)", `parameter "ratio" of all: expected a ratio, found "1/0"`},
		{"all(heuristic=blnd)", `parameter "heuristic" of all: unknown heuristic "blnd", did you mean "blind"?`},
		{"all(heuristic=misplaced(weight=11))", `parameter "heuristic" of all: parameter "weight" of misplaced: expected a number from 0 to 10, found "11"`},
		{"all(heuristic=[blind])", `parameter "heuristic" of all: expected one heuristic, found the list [blind]`},
		{"all(base=nobody)", `parameter "base" of all: unknown algorithm "nobody"; known are greedy, all, needs`},
		{"all(names=[a, [b]])", `parameter "names" of all: expected a text, found [b]`},
		{"all(names=[a(b=c)])", `parameter "names" of all: expected a text, found a(b=c); a text with parentheses stands in quotes`},
		{"all(ints=[1, x])", `parameter "ints" of all: expected an integer, found "x"`},
		{"all(n=0, f=-1)", "parameter \"n\" of all: expected an integer from 1 to 100 (hosts), found \"0\"\n" +
			"parameter \"f\" of all: expected a number of at least 0, found \"-1\""},
	} {
		_, err := things().Resolve("algorithm", spec.MustParse(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\nexpected %s\nfound    %v", c.text, c.want, err)
		}
	}
}

func TestRegistryFaultIsOverlooked(t *testing.T) {
	broken := func(spec.Args) (maker, error) { return nil, fmt.Errorf("always fails") }
	fine := func(spec.Args) (maker, error) { return nil, nil }
	p := func(p spec.Param) []spec.Param { return []spec.Param{p} }
	entries := []struct {
		e    spec.Entry[maker]
		want []string
	}{
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "Bad Name", Synopsis: "s"}, New: fine}, []string{
			`the name is not of lower-case words joined by '-'`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "twice", Synopsis: "s"}, New: fine}, nil},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "twice", Synopsis: "s"}, New: fine}, []string{`the name is taken twice`}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "empty"}}, []string{`no synopsis`, `no constructor`}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "long", Synopsis: "One.\nTwo."}, New: fine}, []string{
			`the synopsis is not one line without a full stop`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "promises", Synopsis: "s", Properties: []spec.Property{"good", "best", "good"}}, New: fine}, []string{
			`property "best" is not in the vocabulary ["good"]`, `property "good" is declared twice`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "params", Synopsis: "s", Params: []spec.Param{
			{Name: "Bad", Type: spec.Int},
			{Name: "same", Type: spec.Int, Doc: "d"},
			{Name: "same", Type: spec.Int, Doc: "d"},
			{Name: "what", Type: 99, Doc: "d"},
			{Name: "chosen", Type: spec.String, Choices: []string{"x"}, Doc: "d"},
			{Name: "choice", Type: spec.Choice, Doc: "d"},
			{Name: "again", Type: spec.Choice, Choices: []string{"x", "x"}, Doc: "d"},
			{Name: "bounds", Type: spec.String, Bounds: spec.Between(0, 1), Doc: "d"},
			{Name: "range", Type: spec.Int, Bounds: spec.Between(2, 1), Doc: "d"},
			{Name: "nan", Type: spec.Float, Bounds: spec.Between(math.NaN(), 1), Doc: "d"},
			{Name: "required", Type: spec.Int, Required: true, Default: "1", Doc: "d"},
			{Name: "map", Type: spec.Int, Map: true, Default: "1", Doc: "d"},
			{Name: "must", Type: spec.Int, Map: true, Required: true, Doc: "d"},
			{Name: "type", Type: spec.Int, Default: "x", Doc: "d"},
			{Name: "outside", Type: spec.Int, Default: "5", Bounds: spec.Between(0, 4), Doc: "d"},
			{Name: "syntax", Type: spec.String, Default: "(", Doc: "d"},
			{Name: "two", Type: spec.Int, Default: "1, y=2", Doc: "d"},
			{Name: "list", Type: spec.Int, Default: "[1]", Doc: "d"},
			{Name: "ref", Type: spec.Ref, Of: "heuristic", Default: "blnd", Doc: "d"},
			{Name: "own", Type: spec.Ref, Of: "thing", Default: "nobody", Doc: "d"},
			{Name: "kindless", Type: spec.Ref, Doc: "d"},
			{Name: "of", Type: spec.Int, Of: "thing", Doc: "d"},
			{Name: "foreign", Type: spec.Ref, Of: "nothing", Doc: "d"},
		}}, New: fine}, []string{
			`parameter "Bad": the name is not of lower-case words joined by '-' or '_'`,
			`parameter "Bad": no text`,
			`parameter "same" is declared twice`,
			`parameter "what": unknown type 99`,
			`parameter "chosen": choices go with the type Choice, and only with it`,
			`parameter "choice": choices go with the type Choice, and only with it`,
			`parameter "again": choice "x" is listed twice`,
			`parameter "bounds": only numbers and durations have bounds`,
			`parameter "range": bounds from 2 to 1 are empty`,
			`parameter "nan": bounds from NaN to 1 are empty`,
			`parameter "required": a required or map parameter has no default`,
			`parameter "map": a required or map parameter has no default`,
			`parameter "must": a map parameter cannot be required`,
			`parameter "type": default "x": expected an integer, found "x"`,
			`parameter "outside": default "5": expected an integer from 0 to 4, found "5"`,
			`parameter "syntax": default "(": column 5 of "x(x=()": expected a value, found '('`,
			`parameter "two": default "1, y=2": "1, y=2" is not one value`,
			`parameter "list": default "[1]": expected one integer, found the list [1]`,
			`parameter "ref": default "blnd": unknown heuristic "blnd", did you mean "blind"?`,
			`parameter "own": default "nobody": unknown thing "nobody"; known are Bad Name, twice, twice, empty, long, promises, params, ` +
				`loop, round, round2, fails, via … (13 in all)`,
			`parameter "kindless": a kind goes with the type Ref, and only with it`,
			`parameter "of": a kind goes with the type Ref, and only with it`,
			`parameter "foreign": there is no kind "nothing" in the catalogue`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "loop", Synopsis: "s", Params: p(
			spec.Param{Name: "base", Type: spec.Ref, Of: "thing", Default: "loop", Doc: "d"})}, New: fine}, []string{
			`parameter "base": default "loop": nests without end`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "round", Synopsis: "s", Params: p(
			spec.Param{Name: "base", Type: spec.Ref, Of: "thing", List: true, Default: "[twice, round2]", Doc: "d"})}, New: fine}, []string{
			`parameter "base": default "[twice, round2]": nests without end`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "round2", Synopsis: "s", Params: p(
			spec.Param{Name: "base", Type: spec.Ref, Of: "thing", Default: "round", Doc: "d"})}, New: fine}, []string{
			`parameter "base": default "round": nests without end`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "fails", Synopsis: "s"}, New: broken}, nil},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "via", Synopsis: "s", Params: []spec.Param{
			{Name: "base", Type: spec.Ref, Of: "thing", Default: "fails", Doc: "d"},
			{Name: "hollow", Type: spec.Ref, Of: "thing", Default: "empty", Doc: "d"},
		}}, New: fine}, []string{
			`parameter "base": default "fails": fails: always fails`,
			`parameter "hollow": default "empty": thing "empty" has no constructor`,
		}},
		{spec.Entry[maker]{Descriptor: spec.Descriptor{Name: "ends", Synopsis: "s", Params: p(
			spec.Param{Name: "base", Type: spec.Ref, Of: "thing", Default: "ends(base=twice)", Doc: "d"})}, New: fine}, nil},
	}
	var list []spec.Entry[maker]
	var want []string
	for i, e := range entries {
		list = append(list, e.e)
		for _, w := range e.want {
			want = append(want, fmt.Sprintf("thing[%d] %q: %s", i, e.e.Name, w))
		}
	}
	var found []string
	for _, err := range spec.NewCatalogue(spec.NewRegistry(spec.Kind{Name: "thing", Vocabulary: []spec.Property{"good"}}, list...), inner()).Problems() {
		found = append(found, err.Error())
	}
	if d := cmp.Diff(want, found); d != "" {
		t.Errorf("problems (-expected +found):\n%s", d)
	}
}

func TestUsageHidesAParameter(t *testing.T) {
	d, ok := things().Lookup("algorithm", "all")
	if !ok {
		t.Fatal("all is not there")
	}
	want := `all(text=hello, n=7, f=0.5, below=<number>, b=no, kind=fifo, timeout=90s, ratio=1.5, heuristic=misplaced, ` +
		`base=<algorithm>, names=<[text, …]>, ints=[1, 2], per.<key>=<ratio>, lists.<key>=<[text, …]>, texts.<key>=<text>)`
	if d.Usage() != want {
		t.Errorf("expected %s\nfound    %s", want, d.Usage())
	}
	if d, _ := things().Lookup("algorithm", "greedy"); d.Usage() != "greedy" || !d.Has("complete") || d.Has("optimal") {
		t.Errorf("found %s", d.Usage())
	}
	if _, ok := things().Lookup("algorithm", "nobody"); ok {
		t.Error("found what is not registered")
	}
}

func ExampleParse() {
	s, err := spec.Parse(`improve( base=greedy, window = 8, groups=["web 1",db] )`)
	if err != nil {
		panic(err)
	}
	fmt.Println(s)
	fmt.Println(s.With("window", "9"))
	_, err = spec.Parse("improve(base=greedy")
	fmt.Println(err)
	// Output:
	// improve(base=greedy, window=8, groups=["web 1", db])
	// improve(base=greedy, window=9, groups=["web 1", db])
	// column 20 of "improve(base=greedy": expected ',' or ')', found the end of the text
}

func ExampleBuild() {
	type searcher struct{ width int64 }
	c := spec.NewCatalogue(spec.NewRegistry(spec.Kind{Name: "algorithm"}, spec.Entry[searcher]{
		Descriptor: spec.Descriptor{
			Name: "beam", Synopsis: "keeps the best few",
			Params: []spec.Param{{
				Name: "width", Type: spec.Int, Default: "10", Bounds: spec.Between(1, 1e6), Unit: "states", Doc: "how many are kept",
			}},
		},
		New: func(a spec.Args) (searcher, error) { return searcher{a.Int("width")}, nil },
	}))
	s, args, err := spec.Build[searcher](c, "algorithm", spec.MustParse("beam"))
	fmt.Println(s.width, args.Full(), err)
	_, _, err = spec.Build[searcher](c, "algorithm", spec.MustParse("beam(widht=20)"))
	fmt.Println(err)
	_, _, err = spec.Build[searcher](c, "algorithm", spec.MustParse("beam(width=0)"))
	fmt.Println(err)
	// Output:
	// 10 beam(width=10) <nil>
	// unknown parameter "widht" of beam, did you mean "width"?
	// parameter "width" of beam: expected an integer from 1 to 1000000 (states), found "0"
}

// Another module's entries must be known wherever a parameter names their kind.
func TestEntriesAddedLaterAreKnownInsideOthers(t *testing.T) {
	foreign := spec.Entry[string]{
		Descriptor: spec.Descriptor{Name: "foreign", Synopsis: "from elsewhere"},
		New:        func(a spec.Args) (string, error) { return a.Full().String(), nil },
	}
	before := things()
	c := before.With(spec.NewRegistry(spec.Kind{Name: "heuristic"}, foreign))
	if _, err := c.Resolve("algorithm", spec.MustParse("all(heuristic=foreign)")); err != nil {
		t.Error(err)
	}
	if _, err := before.Resolve("algorithm", spec.MustParse("all(heuristic=foreign)")); err == nil {
		t.Error("the catalogue that was added to has changed")
	}
	if problems := c.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	if len(c.Kinds()) != 2 || len(c.Descriptors("heuristic")) != 3 {
		t.Errorf("%d kinds, %d heuristics", len(c.Kinds()), len(c.Descriptors("heuristic")))
	}
}

// Registries of one kind that make different things would panic when one is asked for.
func TestMixedKindsAreAProblem(t *testing.T) {
	number := spec.Entry[int]{Descriptor: spec.Descriptor{Name: "n", Synopsis: "a number"}, New: func(spec.Args) (int, error) { return 1, nil }}
	c := things().With(spec.NewRegistry(spec.Kind{Name: "heuristic"}, number))
	if problems := c.Problems(); len(problems) != 1 || !strings.Contains(problems[0].Error(), "others a int") {
		t.Error(problems)
	}
	if _, ok := c.Lookup("heuristic", "n"); ok {
		t.Error("an entry that does not fit is known")
	}
}

// Whoever forgets the catalogue must read an error, and not a panic.
func TestANilCatalogueIsEmpty(t *testing.T) {
	var c *spec.Catalogue
	if _, _, err := spec.Build[int](c, "rule", spec.Named("capacity")); err == nil || !strings.Contains(err.Error(), `unknown rule "capacity"`) {
		t.Error(err)
	}
	if len(c.Kinds())+len(c.Problems())+len(c.Descriptors("rule")) > 0 || len(c.With(inner()).Kinds()) != 1 {
		t.Error("a nil catalogue holds something, or nothing can be added to it")
	}
}
