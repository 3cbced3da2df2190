package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Registry is an explicit ordered list of everything that one kind of name may
// mean. T is what a name is built into. A registry is made once by a function of
// the package that owns the kind and is read-only from then on.
type Registry[T any] struct {
	kind       string
	vocabulary []Property
	entries    []Entry[T]
	index      map[string]int
}

// Entry is a descriptor with its constructor.
type Entry[T any] struct {
	Descriptor
	New func(Args) (T, error)
}

// Resolver is what a [Registry] offers without its type parameter.
type Resolver interface {
	// Kind is the word for one thing of the registry: "rule", "cost", ….
	Kind() string
	// Descriptors lists all entries in their order.
	Descriptors() []Descriptor
	// Resolve checks a spec without building anything.
	Resolve(Spec) (Args, error)
	// Problems lists every fault of the registry itself.
	Problems() []error

	buildAny(Spec) (built any, full Spec, err error)
}

// NewRegistry makes a registry. It accepts faulty entries, so that a test can
// list all faults at once with [Registry.Problems].
func NewRegistry[T any](kind string, vocabulary []Property, entries ...Entry[T]) *Registry[T] {
	r := &Registry[T]{kind: kind, vocabulary: vocabulary, entries: entries, index: map[string]int{}}
	for i, e := range entries {
		if _, dup := r.index[e.Name]; !dup {
			r.index[e.Name] = i
		}
	}
	return r
}

// Kind implements [Resolver].
func (r *Registry[T]) Kind() string { return r.kind }

// Descriptors implements [Resolver].
func (r *Registry[T]) Descriptors() []Descriptor {
	out := make([]Descriptor, len(r.entries))
	for i, e := range r.entries {
		out[i] = e.Descriptor
	}
	return out
}

// Lookup finds the descriptor of a name.
func (r *Registry[T]) Lookup(name string) (Descriptor, bool) {
	i, ok := r.index[name]
	if !ok {
		return Descriptor{}, false
	}
	return r.entries[i].Descriptor, true
}

// Resolve implements [Resolver].
func (r *Registry[T]) Resolve(s Spec) (Args, error) {
	i, ok := r.index[s.Name]
	if !ok {
		names := make([]string, len(r.entries))
		for i, e := range r.entries {
			names[i] = e.Name
		}
		return Args{}, fmt.Errorf("unknown %s %q%s", r.kind, s.Name, DidYouMean(s.Name, names, "known are"))
	}
	return resolve(&r.entries[i].Descriptor, s, r)
}

// Build resolves a spec and constructs what it names.
func (r *Registry[T]) Build(s Spec) (T, Args, error) {
	var zero T
	a, err := r.Resolve(s)
	if err != nil {
		return zero, a, err
	}
	build := r.entries[r.index[s.Name]].New
	if build == nil {
		return zero, a, fmt.Errorf("%s %q has no constructor", r.kind, s.Name)
	}
	t, err := build(a)
	if err != nil {
		return zero, a, fmt.Errorf("%s: %w", s, err)
	}
	return t, a, nil
}

func (r *Registry[T]) buildAny(s Spec) (any, Spec, error) {
	t, a, err := r.Build(s)
	return t, a.Full(), err
}

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// Problems lists every fault of the registry at once: names missing, malformed or
// taken twice, missing synopses and constructors, parameters without a text,
// defaults that their own type refuses, promises outside the vocabulary.
func (r *Registry[T]) Problems() []error {
	var out []error
	seen := map[string]bool{}
	for i, e := range r.entries {
		where := fmt.Sprintf("%s[%d] %q", r.kind, i, e.Name)
		add := func(format string, args ...any) {
			out = append(out, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
		}
		if !nameRE.MatchString(e.Name) {
			add("the name is not of lower-case words joined by '-'")
		}
		if seen[e.Name] {
			add("the name is taken twice")
		}
		seen[e.Name] = true
		if e.Synopsis == "" {
			add("no synopsis")
		}
		if strings.HasSuffix(e.Synopsis, ".") || strings.Contains(e.Synopsis, "\n") {
			add("the synopsis is not one line without a full stop")
		}
		if e.New == nil {
			add("no constructor")
		}
		for j, p := range e.Properties {
			if !slices.Contains(r.vocabulary, p) {
				add("property %q is not in the vocabulary %q", p, r.vocabulary)
			}
			if slices.Contains(e.Properties[:j], p) {
				add("property %q is promised twice", p)
			}
		}
		params := map[string]bool{}
		for _, p := range e.Params {
			if params[p.Name] {
				add("parameter %q is declared twice", p.Name)
			}
			params[p.Name] = true
			for _, err := range r.paramProblems(p) {
				add("parameter %q: %v", p.Name, err)
			}
		}
	}
	return out
}

func (r *Registry[T]) paramProblems(p Param) []error {
	var out []error
	if !nameRE.MatchString(p.Name) {
		out = append(out, errors.New("the name is not of lower-case words joined by '-' or '_'"))
	}
	if p.Doc == "" {
		out = append(out, errors.New("no text"))
	}
	if p.Type >= numTypes {
		return append(out, fmt.Errorf("unknown type %d", p.Type))
	}
	if (p.Type == Choice) != (len(p.Choices) > 0) {
		out = append(out, errors.New("choices go with the type Choice, and only with it"))
	}
	for i, c := range p.Choices {
		if slices.Contains(p.Choices[:i], c) {
			out = append(out, fmt.Errorf("choice %q is listed twice", c))
		}
	}
	if p.Map && p.Required {
		out = append(out, errors.New("a map parameter cannot be required"))
	}
	if p.Bounds != nil {
		if p.Type != Int && p.Type != Float && p.Type != Ratio && p.Type != Duration {
			out = append(out, errors.New("only numbers and durations have bounds"))
		}
		if !(p.Bounds.Min <= p.Bounds.Max) {
			out = append(out, fmt.Errorf("bounds %s are empty", p.Range()))
		}
	}
	if p.Default != "" {
		if p.Required || p.Map {
			out = append(out, errors.New("a required or map parameter has no default"))
		}
		v, err := parseDefault(p)
		if err == nil {
			err = r.endless(p, v, 0)
		}
		if err == nil {
			_, _, err = convertAny(p, v, r)
		}
		if err != nil {
			out = append(out, fmt.Errorf("default %q: %w", p.Default, err))
		}
	}
	return out
}

// endless finds defaults that nest specs of their own kind without end: to build
// one would exhaust the stack. Nesting of other kinds ends by itself, because a
// registry must exist before another can refer to it.
func (r *Registry[T]) endless(p Param, v Value, depth int) error {
	if p.Type != Ref || p.Of != nil {
		return nil
	}
	if depth > maxDepth {
		return errors.New("nests without end")
	}
	values := []Value{v}
	if v.Form == List {
		values = v.List
	}
	for _, v := range values {
		s, _ := v.asSpec()
		i, ok := r.index[s.Name]
		if !ok {
			continue
		}
		for _, q := range r.entries[i].Params {
			w, given := s.Value(q.Name)
			if !given {
				if q.Default == "" {
					continue
				}
				var err error
				if w, err = parseDefault(q); err != nil {
					continue // reported where it stands
				}
			}
			if err := r.endless(q, w, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
