package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// Problems lists all faults of the catalogue together: names missing, malformed or taken
// twice, missing synopses and constructors, parameters without a text or of an unknown
// kind, defaults that their own type refuses, properties outside the vocabulary.
func (c *Catalogue) Problems() []error {
	if c == nil {
		return nil
	}
	out := slices.Clone(c.mixed)
	for _, r := range c.registries {
		seen := map[string]bool{}
		for i, e := range r.entries {
			for _, err := range c.entryProblems(r.kind, e, seen[e.Name]) {
				out = append(out, fmt.Errorf("%s[%d] %q: %w", r.kind.Name, i, e.Name, err))
			}
			seen[e.Name] = true
		}
	}
	return out
}

func (c *Catalogue) entryProblems(kind Kind, e entry, twice bool) []error {
	var out []error
	add := func(format string, args ...any) { out = append(out, fmt.Errorf(format, args...)) }
	if !nameRE.MatchString(e.Name) {
		add("the name is not of lower-case words joined by '-'")
	}
	if twice {
		add("the name is taken twice")
	}
	if e.Synopsis == "" {
		add("no synopsis")
	}
	if strings.HasSuffix(e.Synopsis, ".") || strings.Contains(e.Synopsis, "\n") {
		add("the synopsis is not one line without a full stop")
	}
	if e.build == nil {
		add("no constructor")
	}
	for j, p := range e.Properties {
		if !slices.Contains(kind.Vocabulary, p) {
			add("property %q is not in the vocabulary %q", p, kind.Vocabulary)
		}
		if slices.Contains(e.Properties[:j], p) {
			add("property %q is declared twice", p)
		}
	}
	params := map[string]bool{}
	for _, p := range e.Params {
		if params[p.Name] {
			add("parameter %q is declared twice", p.Name)
		}
		params[p.Name] = true
		for _, err := range c.paramProblems(p) {
			add("parameter %q: %w", p.Name, err)
		}
	}
	return out
}

func (c *Catalogue) paramProblems(p Param) []error {
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
	for i, choice := range p.Choices {
		if slices.Contains(p.Choices[:i], choice) {
			out = append(out, fmt.Errorf("choice %q is listed twice", choice))
		}
	}
	if (p.Type == Ref) != (p.Of != "") {
		out = append(out, errors.New("a kind goes with the type Ref, and only with it"))
	} else if _, known := c.registry(p.Of); p.Type == Ref && !known {
		out = append(out, fmt.Errorf("there is no kind %q in the catalogue", p.Of))
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
		if err := c.checkDefault(p); err != nil {
			out = append(out, fmt.Errorf("default %q: %w", p.Default, err))
		}
	}
	return out
}

func (c *Catalogue) checkDefault(p Param) error {
	v, err := parseDefault(p)
	if err != nil {
		return err
	}
	if err := c.endless(p, v, 0); err != nil {
		return err
	}
	_, _, err = c.convert(p, v)
	return err
}

// endless finds defaults that nest specs without end: to build one would exhaust the
// stack.
func (c *Catalogue) endless(p Param, v Value, depth int) error {
	if p.Type != Ref {
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
		d, _ := c.Lookup(p.Of, s.Name)
		for _, q := range d.Params {
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
			if err := c.endless(q, w, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
