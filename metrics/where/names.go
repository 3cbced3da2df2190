package where

import (
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// The beginnings of names that ask for one kind of thing alone.
const (
	paramPrefix   = "param."
	featurePrefix = "feature."
	counterPrefix = "counters."
	familyName    = "family"
)

// names is what expressions may speak of.
type names struct {
	fields   map[string]expression.Kind
	params   map[string]expression.Kind // of any family; a number where they disagree
	features map[string]expression.Kind
	counters map[string]bool
	nested   []string // the beginnings of names within a nested family: "of."
	open     bool     // there are no records yet: any counter may come
	listed   []string // for suggestions
}

// namesOf lists what families, this program's features and some records have; nil stands
// for records that are yet to be made.
func namesOf(records []results.Record, c *spec.Catalogue) *names {
	n := &names{
		fields: map[string]expression.Kind{}, params: map[string]expression.Kind{}, features: map[string]expression.Kind{},
		counters: map[string]bool{}, open: records == nil,
	}
	for _, f := range fields() {
		n.fields[f.name] = f.kind
		n.listed = append(n.listed, f.name)
	}
	n.listed = append(n.listed, familyName)
	for _, d := range c.Descriptors(summary.FamilyKind) {
		for _, p := range d.Params {
			if p.Map {
				continue
			}
			name := word(p.Name)
			if k := kindOf(p); n.params[name] != expression.Number {
				n.params[name] = k
			}
			if p.Type == spec.Ref && p.Of == summary.FamilyKind && !slices.Contains(n.nested, name+".") {
				n.nested = append(n.nested, name+".")
			}
		}
	}
	for _, f := range features.Blank() {
		n.feature(f.Name, f.Value)
	}
	for i := range records {
		for name, v := range records[i].Features {
			n.feature(name, v)
		}
		for name := range records[i].Counters {
			n.counters[name] = true
		}
	}
	n.listed = append(n.listed, slices.Sorted(maps.Keys(n.params))...)
	n.listed = append(n.listed, slices.Sorted(maps.Keys(n.features))...)
	for _, c := range slices.Sorted(maps.Keys(n.counters)) {
		n.listed = append(n.listed, counterPrefix+c)
	}
	return n
}

func (n *names) feature(name string, value any) {
	if _, known := n.features[name]; known {
		return
	}
	if v, ok := featureValue(value); ok {
		n.features[name] = v.Kind()
	}
}

// word is the name of a parameter as expressions have it, in which - would subtract.
func word(param string) string { return strings.ReplaceAll(param, "-", "_") }

// kind is the type of what has a name, if anything has.
func (n *names) kind(name string) (expression.Kind, bool) {
	if k, ok := n.fields[name]; ok {
		return k, true
	}
	if name == familyName {
		return expression.Text, true
	}
	if c, ok := strings.CutPrefix(name, counterPrefix); ok {
		return expression.Number, n.open || n.counters[c]
	}
	if p, ok := strings.CutPrefix(name, paramPrefix); ok {
		return n.paramKind(p)
	}
	if f, ok := strings.CutPrefix(name, featurePrefix); ok {
		return n.featureKind(f)
	}
	param, isParam := n.paramKind(name)
	feature, isFeature := n.featureKind(name)
	if isParam && (param == expression.Number || !isFeature) {
		return param, true
	}
	return feature, isFeature
}

func (n *names) paramKind(name string) (expression.Kind, bool) {
	for nested := true; nested; {
		nested = false
		for _, prefix := range n.nested {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				name, nested = rest, true
			}
		}
	}
	k, ok := n.params[name]
	return k, ok
}

func (n *names) featureKind(name string) (expression.Kind, bool) {
	if k, ok := n.features[name]; ok {
		return k, true
	}
	// Of a resource that no instance has had so far.
	return expression.Number, n.open && strings.HasPrefix(name, "utilisation.")
}

// kindOf is the type of a parameter in expressions.
func kindOf(p spec.Param) expression.Kind {
	switch {
	case p.List:
		return expression.Texts
	case p.Type == spec.Int || p.Type == spec.Float || p.Type == spec.Ratio:
		return expression.Number
	case p.Type == spec.Bool:
		return expression.Truth
	}
	return expression.Text
}
