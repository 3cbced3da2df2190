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

// resolve checks the arguments of s against an entry's descriptor. All faults are reported together.
func (c *Catalogue) resolve(e *entry, s Spec) (Args, error) {
	d := &e.Descriptor
	a := Args{catalogue: c, desc: d, values: map[string]any{}, full: Spec{Name: d.Name}, constructor: e.constructor}
	given := map[string]Value{}
	entries := map[string][]mapEntry{}
	mapFull := map[string][]Arg{}
	var faults []error
	for i, arg := range s.Args {
		if i == 0 && arg.Key == "" {
			if len(d.Params) == 0 || d.Params[0].Map {
				faults = append(faults, fmt.Errorf("%s takes no value without the name of a parameter, found %s", d.Name, arg.Value))
				continue
			}
			arg.Key = d.Params[0].Name
		}
		p, mapKey, ok := findParam(d, arg.Key)
		if !ok {
			faults = append(faults, unknownParam(d, arg.Key))
			continue
		}
		if !p.Map {
			if _, twice := given[p.Name]; twice {
				faults = append(faults, fmt.Errorf("parameter %q of %s is given twice", p.Name, d.Name))
			}
			given[p.Name] = arg.Value
			continue
		}
		v, full, err := c.convert(p, arg.Value)
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
			v, _ = parseDefault(p) // faults of the catalogue are found by Problems
		}
		converted, full, err := c.convert(p, v)
		if err != nil {
			faults = append(faults, fmt.Errorf("parameter %q of %s: %w", p.Name, d.Name, err))
			continue
		}
		a.values[p.Name] = converted
		a.full.Args = append(a.full.Args, Arg{Key: p.Name, Value: full})
	}
	return a, errors.Join(faults...)
}

// Defaults are the arguments of a descriptor's name alone, as far as its parameters have
// defaults and are no nested specs.
func Defaults(d Descriptor) (Args, error) {
	return (*Catalogue)(nil).resolve(&entry{Descriptor: d}, Named(d.Name))
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

// convert checks one value, or each element of a list; full is the value with nested
// defaults written out.
func (c *Catalogue) convert(p Param, v Value) (converted any, full Value, err error) {
	if !p.List {
		if v.Form == List {
			return nil, v, fmt.Errorf("expected one %s, found the list %s", c.takes(p), v)
		}
		return c.convertOne(p, v)
	}
	elems := []Value{v}
	if v.Form == List {
		elems = v.List
	}
	out := make([]any, 0, len(elems))
	full = Value{Form: List, List: make([]Value, 0, len(elems))}
	for _, e := range elems {
		one, f, err := c.convertOne(p, e)
		if err != nil {
			return nil, v, err
		}
		out = append(out, one)
		full.List = append(full.List, f)
	}
	return out, full, nil
}

// takes names what a parameter takes, a list or not.
func (c *Catalogue) takes(p Param) string {
	if p.Type == Ref {
		return c.Noun(p.Of)
	}
	return p.TypeName()
}

func (c *Catalogue) convertOne(p Param, v Value) (any, Value, error) {
	if p.Type == Ref {
		return c.convertRef(p, v)
	}
	if s, ok := v.asSpec(); ok && p.Type == Term {
		return s, v, nil
	}
	if v.Form == Call && p.Type == String {
		return nil, v, fmt.Errorf("expected %s, found %s; a text with parentheses stands in quotes", withArticle(p), v)
	}
	if v.Form == List || v.Form == Call {
		return nil, v, fmt.Errorf("expected %s, found %s", withArticle(p), v)
	}
	if p.Type == String {
		return v.Text, v, nil
	}
	if p.Type == Choice {
		if !slices.Contains(p.Choices, v.Text) {
			return nil, v, fmt.Errorf("unknown value %q%s", v.Text, DidYouMean(v.Text, p.Choices, "it takes"))
		}
		return v.Text, v, nil
	}
	converted, size, text, ok := scalars[p.Type](v.Text)
	if !ok || p.Bounds != nil && !(size >= p.Bounds.Min && size <= p.Bounds.Max) {
		return nil, v, fmt.Errorf("expected %s, found %q", withArticle(p), v.Text)
	}
	return converted, Value{Text: text}, nil
}

// convertRef constructs what a nested spec names.
func (c *Catalogue) convertRef(p Param, v Value) (any, Value, error) {
	s, ok := v.asSpec()
	if !ok {
		return nil, v, fmt.Errorf("expected the name of %s, found %s", WithArticle(c.takes(p)), v)
	}
	if quoted, err := Parse(v.Text); v.Form == Quoted && err == nil {
		s = quoted // a spec may stand in quotes, as in the JSON of an instance
	}
	built, a, err := c.build(p.Of, s)
	if err != nil {
		return nil, v, err
	}
	full := a.Full()
	return refValue{built, a}, Value{Form: Call, Spec: &full}, nil
}

// scalars reads the types that are written as one word: the value, its size for the
// bounds, and the one way to write it.
var scalars = [numTypes]func(text string) (value any, size float64, canonical string, ok bool){
	Int: func(text string) (any, float64, string, bool) {
		n, err := strconv.ParseInt(text, 10, 64)
		return n, float64(n), strconv.FormatInt(n, 10), err == nil
	},
	Float: func(text string) (any, float64, string, bool) {
		f, err := strconv.ParseFloat(text, 64)
		if f == 0 {
			f = 0 // not -0, which is written otherwise and means the same
		}
		return f, f, strconv.FormatFloat(f, 'g', -1, 64), err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	},
	Ratio: func(text string) (any, float64, string, bool) {
		r, ok := parseRatio(text)
		if !ok {
			return nil, 0, "", false
		}
		f, _ := r.Float64()
		return r, f, ratioText(r), true
	},
	Bool: func(text string) (any, float64, string, bool) {
		switch text {
		case "yes", "true":
			return true, 1, "yes", true
		case "no", "false":
			return false, 0, "no", true
		}
		return nil, 0, "", false
	},
	Duration: func(text string) (any, float64, string, bool) {
		d, err := time.ParseDuration(text)
		return d, d.Seconds(), d.String(), err == nil
	},
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

// withArticle says what a parameter takes, with bounds and unit.
func withArticle(p Param) string {
	name := p.TypeName()
	if p.List {
		p.List = false
		name = p.TypeName()
	}
	s := WithArticle(name)
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

// WithArticle puts a or an before a noun.
func WithArticle(noun string) string {
	if noun != "" && strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
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
