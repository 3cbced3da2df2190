package spec

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Args are the checked arguments of one spec: every parameter of the descriptor
// that was given or has a default. Accessors panic when asked for a parameter
// that the descriptor does not have or of another type, which is a fault in the
// program and not in its input.
type Args struct {
	catalogue *Catalogue
	desc      *Descriptor
	values    map[string]any // scalar, []any, []mapEntry
	full      Spec
	// constructor is the package of the constructor.
	constructor string
}

type mapEntry struct {
	key   string
	value any
}

type refValue struct {
	built any
	args  Args
}

// Catalogue is the catalogue that the spec was looked up in, so that what is built can
// build in turn.
func (a Args) Catalogue() *Catalogue { return a.catalogue }

// Brief is the spec without the arguments that are at their default.
func (a Args) Brief() Spec { return a.desc.Brief(a.full) }

// Full is the spec with every default written out, nested specs included. Two
// specs that mean the same have equal Full texts.
func (a Args) Full() Spec { return a.full }

// Values are the arguments as plain values, defaults included: numbers (durations in
// seconds), truths, texts, and lists of texts. A nested spec is its name, and its own
// arguments stand beside it with the parameter and a point before their names: of.hosts.
// Parameters that were left out and whose values depend on others are among them.
func (a Args) Values() map[string]any {
	out := map[string]any{}
	if a.desc.InForce != nil {
		out = a.desc.InForce(a)
	}
	for _, p := range a.desc.Params {
		v, ok := a.values[p.Name]
		if !ok {
			continue
		}
		switch v := v.(type) {
		case []any:
			texts := make([]string, len(v))
			for i := range v {
				texts[i] = plainText(v[i])
			}
			out[p.Name] = texts
		case []mapEntry:
			for _, e := range v {
				out[p.Name+"."+e.key] = plain(e.value)
			}
		case refValue:
			out[p.Name] = v.args.desc.Name
			for name, inner := range v.args.Values() {
				out[p.Name+"."+name] = inner
			}
		default:
			out[p.Name] = plain(v)
		}
	}
	return out
}

// Packages are the import paths of the packages whose constructors build the spec and its nested
// specs. These packages and their imports determine its behaviour.
func (a Args) Packages() []string {
	out := []string{a.constructor}
	add := func(v any) {
		if ref, ok := v.(refValue); ok {
			out = append(out, ref.args.Packages()...)
		}
	}
	for _, v := range a.values {
		add(v)
		if list, ok := v.([]any); ok {
			for _, e := range list {
				add(e)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// plain is a number, a truth or a text.
func plain(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case *big.Rat:
		x, _ := v.Float64()
		return x
	case time.Duration:
		return v.Seconds()
	case float64, bool, string:
		return v
	}
	return plainText(v)
}

// plainText is a value as specs write it.
func plainText(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case *big.Rat:
		return ratioText(v)
	case refValue:
		return v.args.Full().String()
	case Spec:
		return v.String()
	case []any: // of a map of lists
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = plainText(v[i])
		}
		return strings.Join(texts, ", ")
	}
	return fmt.Sprint(v)
}

// Has tells whether the parameter was given or has a default.
func (a Args) Has(name string) bool {
	a.param(name)
	_, ok := a.values[name]
	return ok
}

func (a Args) param(name string) Param {
	for _, p := range a.desc.Params {
		if p.Name == name {
			return p
		}
	}
	panic(fmt.Sprintf("spec: %s has no parameter %q", a.desc.Name, name))
}

func get[T any](a Args, name string) T {
	a.param(name)
	v, ok := a.values[name]
	if !ok {
		var zero T
		return zero
	}
	t, ok := v.(T)
	if !ok {
		panic(fmt.Sprintf("spec: %s(%s=): %T asked for, %T held", a.desc.Name, name, t, v))
	}
	return t
}

func list[T any](a Args, name string) []T {
	var out []T
	for _, v := range get[[]any](a, name) {
		out = append(out, v.(T))
	}
	return out
}

// Int returns an Int parameter, 0 when it is absent.
func (a Args) Int(name string) int64 { return get[int64](a, name) }

// Float returns a Float parameter, 0 when it is absent.
func (a Args) Float(name string) float64 { return get[float64](a, name) }

// Ratio returns a Ratio parameter, nil when it is absent. It must not be changed.
func (a Args) Ratio(name string) *big.Rat { return get[*big.Rat](a, name) }

// Bool returns a Bool parameter.
func (a Args) Bool(name string) bool { return get[bool](a, name) }

// String returns a String or Choice parameter, "" when it is absent.
func (a Args) String(name string) string { return get[string](a, name) }

// Duration returns a Duration parameter.
func (a Args) Duration(name string) time.Duration { return get[time.Duration](a, name) }

// Strings returns a list of String or Choice values.
func (a Args) Strings(name string) []string { return list[string](a, name) }

// Ints returns a list of Int values.
func (a Args) Ints(name string) []int64 { return list[int64](a, name) }

// Floats returns a list of Float values.
func (a Args) Floats(name string) []float64 { return list[float64](a, name) }

// Specs returns a Term or Ref parameter with List; nil when it has no value. What a Ref names is a good
// spec of its kind.
func (a Args) Specs(name string) []Spec {
	if a.param(name).Type != Ref {
		return list[Spec](a, name)
	}
	var out []Spec
	for _, v := range list[refValue](a, name) {
		out = append(out, v.args.Brief())
	}
	return out
}

// Spec returns a Term or Ref parameter; one without a name when it has no value.
func (a Args) Spec(name string) Spec {
	if a.param(name).Type != Ref {
		return get[Spec](a, name)
	}
	return get[refValue](a, name).args.Brief()
}

// Built returns what a Ref parameter names, constructed: a value of the
// type T that entries of the kind make.
func Built[T any](a Args, name string) T { return get[refValue](a, name).built.(T) }

// BuiltList returns what a list of Refs names, constructed, in the order written.
func BuiltList[T any](a Args, name string) []T {
	var out []T
	for _, v := range list[refValue](a, name) {
		out = append(out, v.built.(T))
	}
	return out
}

// Ratios returns a Map parameter of type Ratio as keys and values, in the order
// written.
func (a Args) Ratios(name string) (keys []string, values []*big.Rat) {
	for _, e := range get[[]mapEntry](a, name) {
		keys = append(keys, e.key)
		values = append(values, e.value.(*big.Rat))
	}
	return keys, values
}

// IntMap returns a Map parameter of type Int as keys and values, in the order written.
func (a Args) IntMap(name string) (keys []string, values []int64) {
	for _, e := range get[[]mapEntry](a, name) {
		keys = append(keys, e.key)
		values = append(values, e.value.(int64))
	}
	return keys, values
}

// StringMap returns a Map parameter of type String as keys and values, in the order
// written.
func (a Args) StringMap(name string) (keys, values []string) {
	for _, e := range get[[]mapEntry](a, name) {
		keys = append(keys, e.key)
		values = append(values, e.value.(string))
	}
	return keys, values
}

// StringLists returns a Map parameter whose values are lists of texts.
func (a Args) StringLists(name string) (keys []string, values [][]string) {
	for _, e := range get[[]mapEntry](a, name) {
		keys = append(keys, e.key)
		var texts []string
		for _, v := range e.value.([]any) {
			texts = append(texts, v.(string))
		}
		values = append(values, texts)
	}
	return keys, values
}
