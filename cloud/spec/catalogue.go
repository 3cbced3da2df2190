package spec

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Catalogue holds everything pluggable that a program knows, by kind. It is one value that
// is passed down: no package asks a global list. It is read-only and safe for use by
// several goroutines. A nil catalogue is empty.
type Catalogue struct {
	registries []Registry
	kinds      map[string]int            // index into registries
	names      map[string]map[string]int // kind, name: index into the entries
	mixed      []error                   // registries of one kind that make different things
}

// NewCatalogue makes a catalogue. Registries of one kind become one, their entries in the
// order given.
func NewCatalogue(registries ...Registry) *Catalogue {
	return new(Catalogue).With(registries...)
}

// With returns a catalogue that holds more entries, behind those that c has.
func (c *Catalogue) With(registries ...Registry) *Catalogue {
	out := &Catalogue{kinds: map[string]int{}, names: map[string]map[string]int{}}
	if c != nil {
		out.registries, out.mixed = slices.Clone(c.registries), slices.Clone(c.mixed)
		maps.Copy(out.kinds, c.kinds)
	}
	for _, r := range registries {
		i, known := out.kinds[r.kind.Name]
		if !known {
			out.kinds[r.kind.Name] = len(out.registries)
			out.registries = append(out.registries, r)
			continue
		}
		joined := &out.registries[i]
		if joined.makes != r.makes {
			out.mixed = append(out.mixed, fmt.Errorf("%s: some entries make a %s and others a %s", r.kind.Name, joined.makes, r.makes))
			continue
		}
		joined.entries = slices.Concat(joined.entries, r.entries)
	}
	for _, r := range out.registries {
		names := map[string]int{}
		for i, e := range r.entries {
			if _, twice := names[e.Name]; !twice {
				names[e.Name] = i
			}
		}
		out.names[r.kind.Name] = names
	}
	return out
}

// Kinds lists the kinds in their order.
func (c *Catalogue) Kinds() []Kind {
	if c == nil {
		return nil
	}
	out := make([]Kind, len(c.registries))
	for i, r := range c.registries {
		out[i] = r.kind
	}
	return out
}

// Descriptors lists the entries of a kind in their order; none if the kind is unknown.
func (c *Catalogue) Descriptors(kind string) []Descriptor {
	r, ok := c.registry(kind)
	if !ok {
		return nil
	}
	out := make([]Descriptor, len(r.entries))
	for i, e := range r.entries {
		out[i] = e.Descriptor
	}
	return out
}

// Lookup finds the descriptor of a name.
func (c *Catalogue) Lookup(kind, name string) (Descriptor, bool) {
	e, ok := c.entry(kind, name)
	return e.Descriptor, ok
}

// Resolve checks a spec, nested specs included, and constructs nothing but those.
func (c *Catalogue) Resolve(kind string, s Spec) (Args, error) {
	e, err := c.find(kind, s.Name)
	if err != nil {
		return Args{}, err
	}
	return c.resolve(&e, s)
}

// Build constructs what a spec names. It panics if the entries of the kind do not make a T.
func Build[T any](c *Catalogue, kind string, s Spec) (T, Args, error) {
	built, a, err := c.build(kind, s)
	if err != nil {
		var zero T
		return zero, a, err
	}
	t, ok := built.(T)
	if !ok {
		panic(fmt.Sprintf("spec: %s asked for as a %s, built as a %T", kind, reflect.TypeFor[T](), built))
	}
	return t, a, nil
}

func (c *Catalogue) build(kind string, s Spec) (any, Args, error) {
	e, err := c.find(kind, s.Name)
	if err != nil {
		return nil, Args{}, err
	}
	a, err := c.resolve(&e, s)
	if err != nil {
		return nil, a, err
	}
	if e.build == nil {
		return nil, a, fmt.Errorf("%s %q has no constructor", c.Noun(kind), s.Name)
	}
	built, err := e.build(a)
	if err != nil {
		return nil, a, fmt.Errorf("%s: %w", s, err)
	}
	return built, a, nil
}

func (c *Catalogue) registry(kind string) (Registry, bool) {
	if c == nil {
		return Registry{}, false
	}
	i, ok := c.kinds[kind]
	if !ok {
		return Registry{}, false
	}
	return c.registries[i], true
}

func (c *Catalogue) entry(kind, name string) (entry, bool) {
	r, ok := c.registry(kind)
	if !ok {
		return entry{}, false
	}
	i, ok := c.names[kind][name]
	if !ok {
		return entry{}, false
	}
	return r.entries[i], true
}

func (c *Catalogue) find(kind, name string) (entry, error) {
	if e, ok := c.entry(kind, name); ok {
		return e, nil
	}
	var names []string
	for _, d := range c.Descriptors(kind) {
		names = append(names, d.Name)
	}
	return entry{}, fmt.Errorf("unknown %s %q%s", c.Noun(kind), name, DidYouMean(name, names, "known are"))
}

// Noun is the kind in messages, such as "cost function"; the name of an unknown kind.
func (c *Catalogue) Noun(kind string) string {
	if r, ok := c.registry(kind); ok {
		return r.kind.noun()
	}
	return kind
}
