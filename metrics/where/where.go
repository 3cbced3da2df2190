package where

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Filter chooses among records. It is read-only and may be shared.
type Filter struct {
	catalogue *spec.Catalogue
	query     *expression.Query
	names     *names
}

// Parse reads an expression about records. Names are those of fields, of the parameters
// of families, and of features; records add the features and counters that they have,
// and nil stands for records that are yet to be made, whose counters nobody knows. The
// error is one line that names the column.
func Parse(c *spec.Catalogue, source string, records []results.Record) (*Filter, error) {
	n := namesOf(records, c)
	query, err := expression.CompileQuery(source, expression.Vocabulary{Kind: n.kind, Names: n.listed})
	if err != nil {
		return nil, err
	}
	return &Filter{c, query, n}, nil
}

// String is the text of the expression.
func (f *Filter) String() string { return f.query.String() }

// Choice tells what a filter made of the runs of a summary.
type Choice struct {
	Runs, Chosen int
	LeftOut      []LeftOut // of the others, those that it cannot tell anything about
}

// LeftOut counts runs that were left out, with the reason: a value that they do not have,
// or a fault of evaluation.
type LeftOut struct {
	Reason string
	Runs   int
}

// String says in a sentence what was chosen, and what was left out and why.
func (c Choice) String() string {
	text := fmt.Sprintf("%d of %d runs", c.Chosen, c.Runs)
	for i, l := range c.LeftOut {
		text += map[bool]string{true: "; left out: ", false: ", "}[i == 0] + fmt.Sprintf("%d (%s)", l.Runs, l.Reason)
	}
	return text
}

// Of is the summary of the runs that are chosen; bounds, cheapest plans and alarms stay
// those of all.
func (f *Filter) Of(s *summary.Summary) (*summary.Summary, Choice) {
	var c Choice
	left := map[string]int{}
	b := newBrowser(f)
	out := s.Where(func(r *results.Record) bool {
		c.Runs++
		yes, err := b.test(r)
		switch {
		case err != nil:
			left[err.Error()]++
			return false
		case yes:
			c.Chosen++
		}
		return yes
	})
	for _, reason := range slices.Sorted(maps.Keys(left)) {
		c.LeftOut = append(c.LeftOut, LeftOut{reason, left[reason]})
	}
	slices.SortStableFunc(c.LeftOut, func(a, b LeftOut) int { return cmp.Compare(b.Runs, a.Runs) })
	return out, c
}

// Some is [Filter.Of], and an error where no run is chosen.
func (f *Filter) Some(s *summary.Summary) (*summary.Summary, Choice, error) {
	out, c := f.Of(s)
	if c.Chosen == 0 {
		return out, c, &NothingChosenError{f, c}
	}
	return out, c, nil
}

// NothingChosenError says that a filter chooses no run.
type NothingChosenError struct {
	Filter *Filter
	Choice Choice
}

func (e *NothingChosenError) Error() string {
	return fmt.Sprintf("%s holds for %s", e.Filter, e.Choice)
}

// browser looks through records. What the names of instances say it reads once.
type browser struct {
	filter    *Filter
	fields    map[string]field
	instances map[string]*instance // by class
}

func newBrowser(f *Filter) *browser {
	b := &browser{f, map[string]field{}, map[string]*instance{}}
	for _, f := range fields() {
		b.fields[f.name] = f
	}
	return b
}

// instance is what made an instance.
type instance struct {
	family string
	params map[string]expression.Value
}

func (b *browser) test(r *results.Record) (bool, error) {
	yes, err := b.filter.query.Test(func(name string) (expression.Value, bool) { return b.value(r, name) })
	if missing, ok := errors.AsType[*expression.MissingError](err); ok {
		return false, fmt.Errorf("no value of %s", missing.Name)
	}
	return yes, err
}

// value is what a name stands for in a record.
func (b *browser) value(r *results.Record, name string) (expression.Value, bool) {
	if f, ok := b.fields[name]; ok {
		return f.of(r)
	}
	if name == familyName {
		return expression.TextValue(b.instance(r).family), true
	}
	if c, ok := strings.CutPrefix(name, counterPrefix); ok {
		n, has := r.Counters[c]
		return expression.Integer(n), has
	}
	if p, ok := strings.CutPrefix(name, paramPrefix); ok {
		v, has := b.instance(r).params[p]
		return v, has
	}
	if f, ok := strings.CutPrefix(name, featurePrefix); ok {
		return featureValue(r.Features[f])
	}
	kind, _ := b.filter.names.kind(name)
	if v, ok := b.instance(r).params[name]; ok && v.Kind() == kind {
		return v, true
	}
	return featureValue(r.Features[name])
}

func (b *browser) instance(r *results.Record) *instance {
	class := summary.Class(r.Instance)
	in := b.instances[class]
	if in == nil {
		family, params := summary.ParametersOf(class, b.filter.catalogue)
		in = &instance{family, map[string]expression.Value{}}
		for _, p := range params {
			if v, ok := paramValue(p); ok {
				in.params[word(p.Key)] = v
			}
		}
		b.instances[class] = in
	}
	return in
}

// paramValue is a parameter in expressions; false where its text is not of its type.
func paramValue(p summary.Parameter) (expression.Value, bool) {
	if p.Param.Map {
		return expression.Value{}, false
	}
	switch kindOf(p.Param) {
	case expression.Texts:
		list := prose.Texts(p.Value.List, plain)
		if p.Value.Form != spec.List { // one value stands for a list of one
			list = append(list, plain(p.Value))
		}
		return expression.TextsValue(list), true
	case expression.Number:
		x, ok := new(big.Rat).SetString(p.Value.Text)
		if !ok {
			return expression.Value{}, false
		}
		return expression.Fraction(x), true
	case expression.Truth:
		return expression.TruthValue(p.Value.Text == "yes" || p.Value.Text == "true"), true
	}
	return expression.TextValue(plain(p.Value)), true
}

// plain is the text of a value, without quotes where it is nothing but a text.
func plain(v spec.Value) string {
	if v.Form == spec.Word || v.Form == spec.Quoted {
		return v.Text
	}
	return v.String()
}

// featureValue is a feature in expressions; false where a record does not have it.
func featureValue(feature any) (expression.Value, bool) {
	switch x := feature.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return expression.Value{}, false
		}
		return expression.Decimal(x), true
	case int: // of a run that was not read from a file
		return expression.Integer(int64(x)), true
	case bool:
		return expression.TruthValue(x), true
	}
	return expression.Value{}, false
}
