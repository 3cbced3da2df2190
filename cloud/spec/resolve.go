package spec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// resolve checks the arguments of s against d. self is the registry that d stands
// in, for nested specs of the same kind. All faults are reported together.
func resolve(d *Descriptor, s Spec, self Resolver) (Args, error) {
	a := Args{desc: d, values: map[string]any{}, full: Spec{Name: d.Name}}
	given := map[string]Value{}
	entries := map[string][]mapEntry{}
	mapFull := map[string][]Arg{}
	var faults []error
	for _, arg := range s.Args {
		p, mapKey, ok := findParam(d, arg.Key)
		if !ok {
			faults = append(faults, unknownParam(d, arg.Key))
			continue
		}
		if !p.Map {
			given[p.Name] = arg.Value
			continue
		}
		v, full, err := convertAny(p, arg.Value, self)
		if err != nil {
			faults = append(faults, fmt.Errorf("parameter %q of %s: %w", arg.Key, d.Name, err))
			continue
		}
		entries[p.Name] = append(entries[p.Name], mapEntry{mapKey, v})
		mapFull[p.Name] = append(mapFull[p.Name], Arg{Key: p.Name + "." + mapKey, Value: full})
	}
	for _, p := range d.Params {
		if p.Map {
			if e := entries[p.Name]; e != nil {
				a.values[p.Name] = e
				slices.SortFunc(mapFull[p.Name], func(x, y Arg) int { return strings.Compare(x.Key, y.Key) })
				a.full.Args = append(a.full.Args, mapFull[p.Name]...)
			}
			continue
		}
		v, ok := given[p.Name]
		if !ok {
			if p.Required {
				faults = append(faults, fmt.Errorf("%s needs parameter %q: %s", d.Name, p.Name, p.Doc))
				continue
			}
			if p.Default == "" {
				continue
			}
			v, _ = parseDefault(p) // registry faults are found by Problems
		}
		c, full, err := convertAny(p, v, self)
		if err != nil {
			faults = append(faults, fmt.Errorf("parameter %q of %s: %w", p.Name, d.Name, err))
			continue
		}
		a.values[p.Name] = c
		a.full.Args = append(a.full.Args, Arg{Key: p.Name, Value: full})
	}
	return a, errors.Join(faults...)
}

func parseDefault(p Param) (Value, error) {
	s, err := Parse("x(x=" + p.Default + ")")
	if err != nil {
		return Value{}, err
	}
	if len(s.Args) != 1 {
		return Value{}, fmt.Errorf("%q is not one value", p.Default)
	}
	return s.Args[0].Value, nil
}

// findParam matches a written key with a parameter: by its name, or for a Map
// parameter by name.key.
func findParam(d *Descriptor, key string) (p Param, mapKey string, ok bool) {
	for _, p := range d.Params {
		if p.Map {
			if rest, found := strings.CutPrefix(key, p.Name+"."); found && rest != "" {
				return p, rest, true
			}
		} else if p.Name == key {
			return p, "", true
		}
	}
	return Param{}, "", false
}

func unknownParam(d *Descriptor, key string) error {
	family, rest, dotted := strings.Cut(key, ".")
	var names []string
	for _, p := range d.Params {
		if !p.Map {
			names = append(names, p.Name)
			continue
		}
		names = append(names, p.Name+".<key>")
		if near, ok := Nearest(family, []string{p.Name}); ok {
			if !dotted || rest == "" {
				rest = "<key>"
			}
			return fmt.Errorf("unknown parameter %q of %s, did you mean %q?", key, d.Name, near+"."+rest)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("%s takes no parameters, found %q", d.Name, key)
	}
	return fmt.Errorf("unknown parameter %q of %s%s", key, d.Name, DidYouMean(key, names, "it takes"))
}

// convertAny checks one value, or each element of a list; full is the value with
// nested defaults written out.
func convertAny(p Param, v Value, self Resolver) (converted any, full Value, err error) {
	if !p.List {
		if v.Form == List {
			return nil, v, fmt.Errorf("expected one %s, found the list %s", p.TypeName(), v)
		}
		return convert(p, v, self)
	}
	elems := []Value{v}
	if v.Form == List {
		elems = v.List
	}
	out := make([]any, 0, len(elems))
	full = Value{Form: List, List: make([]Value, 0, len(elems))}
	for _, e := range elems {
		c, f, err := convert(p, e, self)
		if err != nil {
			return nil, v, err
		}
		out = append(out, c)
		full.List = append(full.List, f)
	}
	return out, full, nil
}

func convert(p Param, v Value, self Resolver) (any, Value, error) {
	if p.Type == Ref {
		s, ok := v.asSpec()
		if !ok {
			return nil, v, fmt.Errorf("expected the name of a %s, found %s", p.TypeName(), v)
		}
		if quoted, err := Parse(v.Text); v.Form == Quoted && err == nil {
			s = quoted // a spec may stand in quotes, as in the JSON of an instance
		}
		of := p.Of
		if of == nil {
			of = self
		}
		built, full, err := of.buildAny(s)
		if err != nil {
			return nil, v, err
		}
		return refValue{built, full}, Value{Form: Call, Spec: &full}, nil
	}
	if v.Form == Call && p.Type == String {
		return nil, v, fmt.Errorf("expected %s, found %s; a text with parentheses stands in quotes", withArticle(p), v)
	}
	if v.Form == List || v.Form == Call {
		return nil, v, fmt.Errorf("expected %s, found %s", withArticle(p), v)
	}
	bad := func() (any, Value, error) {
		return nil, v, fmt.Errorf("expected %s, found %q", withArticle(p), v.Text)
	}
	switch p.Type {
	case String:
		return v.Text, v, nil
	case Int:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil || !p.within(float64(n)) {
			return bad()
		}
		return n, Value{Text: strconv.FormatInt(n, 10)}, nil
	case Float:
		f, err := strconv.ParseFloat(v.Text, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || !p.within(f) {
			return bad()
		}
		if f == 0 {
			f = 0 // not -0, which is written otherwise and means the same
		}
		return f, Value{Text: strconv.FormatFloat(f, 'g', -1, 64)}, nil
	case Ratio:
		r, ok := parseRatio(v.Text)
		if !ok {
			return bad()
		}
		if f, _ := r.Float64(); !p.within(f) {
			return bad()
		}
		return r, Value{Text: ratioText(r)}, nil
	case Bool:
		switch v.Text {
		case "yes", "true":
			return true, Value{Text: "yes"}, nil
		case "no", "false":
			return false, Value{Text: "no"}, nil
		}
		return bad()
	case Choice:
		if !slices.Contains(p.Choices, v.Text) {
			return nil, v, fmt.Errorf("unknown value %q%s", v.Text, DidYouMean(v.Text, p.Choices, "it takes"))
		}
		return v.Text, v, nil
	case Duration:
		d, err := time.ParseDuration(v.Text)
		if err != nil || !p.within(d.Seconds()) {
			return bad()
		}
		return d, Value{Text: d.String()}, nil
	}
	panic(fmt.Sprintf("spec: parameter %q has type %d", p.Name, p.Type))
}

// parseRatio reads a plain decimal or a fraction of two of them: 1.5 or 3/2. What
// else [big.Rat] would read is refused: an exponent makes a short text stand for a
// number too large to hold, and a leading zero in a fraction means octal.
func parseRatio(text string) (*big.Rat, bool) {
	num, den, fraction := strings.Cut(text, "/")
	x, ok := parseDecimal(num)
	if !ok || !fraction {
		return x, ok
	}
	y, ok := parseDecimal(den)
	if !ok || y.Sign() == 0 {
		return nil, false
	}
	return x.Quo(x, y), true
}

func parseDecimal(text string) (*big.Rat, bool) {
	const most = 40 // digits
	if len(text) > most || strings.Trim(text, "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// ratioText is the one way to write a ratio: a decimal where it can be exact.
func ratioText(r *big.Rat) string {
	if digits, exact := r.FloatPrec(); exact {
		return r.FloatString(digits)
	}
	return r.RatString()
}

func (p Param) within(f float64) bool {
	return p.Bounds == nil || (f >= p.Bounds.Min && f <= p.Bounds.Max)
}

// withArticle says what a parameter takes, with bounds and unit.
func withArticle(p Param) string {
	name := p.TypeName()
	if p.List {
		p.List = false
		name = p.TypeName()
	}
	article := "a "
	if strings.ContainsAny(name[:1], "aeiou") {
		article = "an "
	}
	s := article + name
	switch p.Type {
	case Bool:
		s = "yes or no"
	case Duration:
		s += ", such as 1m30s"
		if p.Bounds != nil {
			s += ","
		}
	}
	if r := p.Range(); r != "" {
		s += " " + r
	}
	if p.Unit != "" {
		s += " (" + p.Unit + ")"
	}
	return s
}

// Range describes a parameter's bounds in words, each written as a value of the
// parameter is; empty where there are none.
func (p Param) Range() string {
	if p.Bounds == nil {
		return ""
	}
	lo, hi := p.bound(p.Bounds.Min), p.bound(p.Bounds.Max)
	switch {
	case math.IsInf(p.Bounds.Max, 1):
		return "of at least " + lo
	case math.IsInf(p.Bounds.Min, -1):
		return "of at most " + hi
	default:
		return "from " + lo + " to " + hi
	}
}

func (p Param) bound(f float64) string {
	switch {
	case p.Type == Duration:
		return time.Duration(f * float64(time.Second)).String()
	case f == math.MaxInt64: // as a float it is one more
		return strconv.FormatInt(math.MaxInt64, 10)
	default:
		return strconv.FormatFloat(f, 'f', -1, 64) // a ratio takes no exponent
	}
}
