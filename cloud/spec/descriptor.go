package spec

import "strings"

// Descriptor says what a registered name means. It is the only source of help
// texts and of argument checking.
type Descriptor struct {
	Name       string     // lower case, words joined by '-'
	Synopsis   string     // one line, no full stop
	Doc        string     // optional: more, for the reference
	Params     []Param    // in the order in which they are shown
	Citation   string     // where it comes from: paper with DOI, or documentation
	Properties []Property // what it promises; tests hold each promise against behaviour
	// InForce tells the values of parameters without a default that depend on others where
	// they are left out, as [Args.Values] does; nil: there are none.
	InForce func(Args) map[string]any
}

// Property is a promise that a registered thing makes about its behaviour, such
// as "complete" or "admissible". Its kind's vocabulary lists what it may promise.
type Property string

// Has tells whether the descriptor promises p.
func (d Descriptor) Has(p Property) bool {
	for _, q := range d.Properties {
		if p == q {
			return true
		}
	}
	return false
}

// Usage shows the name with all its parameters at their defaults, as in
// `astar(heuristic=misplaced)`. A parameter without a default shows its unit or
// type in angle brackets.
func (d Descriptor) Usage() string {
	if len(d.Params) == 0 {
		return d.Name
	}
	parts := make([]string, len(d.Params))
	for i, p := range d.Params {
		key := p.Name
		if p.Map {
			key += ".<key>"
		}
		v := p.Default
		if p.Map || v == "" {
			v = "<" + p.TypeName() + ">"
		}
		parts[i] = key + "=" + v
	}
	return d.Name + "(" + strings.Join(parts, ", ") + ")"
}

// Brief is a spec without the arguments that are at their default. Full is the spec
// with every default written out, as [Args.Full] returns it. However a spec was written,
// what means the same has the same brief form.
func (d Descriptor) Brief(full Spec) Spec {
	out := Named(full.Name)
	for _, arg := range full.Args {
		if !d.isDefault(arg) {
			out = out.WithValue(arg.Key, arg.Value)
		}
	}
	return out
}

func (d Descriptor) isDefault(arg Arg) bool {
	for _, p := range d.Params {
		if p.Name == arg.Key {
			return p.Default == arg.Value.String()
		}
	}
	return false
}

// Param describes one parameter.
type Param struct {
	Name string
	Doc  string
	Type Type
	// Default is written in the grammar; empty means that the parameter may be
	// left out and has then no value ([Args.Has] is false), unless Required.
	Default  string
	Required bool
	Unit     string   // "MiB", "s", "hosts", …; empty for pure numbers and names
	Bounds   *Bounds  // Int, Float, Ratio, and Duration in seconds
	Choices  []string // Choice: the allowed words
	List     bool     // takes [a, b, c]; a single value is a list of one
	// Map makes the parameter a family name.key=value, each with the same type;
	// Default is then left empty.
	Map bool
	// Of is the kind that a Ref is looked up in.
	Of string
}

// Bounds is the closed interval that a number must lie in.
type Bounds struct{ Min, Max float64 }

// Between makes bounds for a parameter.
func Between(lo, hi float64) *Bounds { return &Bounds{Min: lo, Max: hi} }

// Type is the type of a parameter's value.
type Type uint8

// The types of parameters.
const (
	String   Type = iota // any text
	Int                  // 64-bit integer
	Float                // finite decimal number
	Ratio                // exact number, never rounded: 1.5 or 4/3
	Bool                 // yes or no
	Choice               // one of Choices
	Duration             // Go duration: 1m30s
	Ref                  // nested spec of the kind Of
	Term                 // spec of any kind, for the constructor to interpret
	numTypes
)

var typeNames = [numTypes]string{"text", "integer", "number", "ratio", "yes|no", "choice", "duration", "spec", "spec"}

// TypeName describes what the parameter takes, in a word or two, for help texts.
func (p Param) TypeName() string {
	name := "?"
	switch {
	case p.Type == Choice:
		name = strings.Join(p.Choices, "|")
	case p.Type == Ref:
		name = p.Of
	case p.Type < numTypes:
		name = typeNames[p.Type]
	}
	if p.List {
		name = "[" + name + ", …]"
	}
	return name
}
