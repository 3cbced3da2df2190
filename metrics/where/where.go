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
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Filter chooses among the runs of a summary. It is read-only and may be shared.
type Filter struct {
	query   *expression.Query
	columns map[string]summary.Column // those that the expression names, by the names it uses
}

// Parse reads an expression about the columns of a summary. The error is one line that says where the fault is.
func Parse(s *summary.Summary, source string) (*Filter, error) {
	f := &Filter{columns: map[string]summary.Column{}}
	var fault error
	query, err := expression.CompileQuery(source, expression.Vocabulary{
		Kind: func(name string) (expression.Kind, bool) {
			col, err := s.Column(name)
			if ambiguous, ok := errors.AsType[*summary.AmbiguousError](err); ok && fault == nil {
				fault = ambiguous
			}
			f.columns[name] = col
			return kinds[col.Kind], err == nil
		},
		Names: expressionNames(s.Columns().Spellings()),
	})
	if err = cmp.Or(fault, err); err != nil {
		return nil, err
	}
	f.query = query
	return f, nil
}

// kinds are those of expressions, by those of columns.
var kinds = map[summary.Kind]expression.Kind{
	summary.Number: expression.Number, summary.Truth: expression.Truth, summary.Text: expression.Text, summary.Texts: expression.Texts,
}

// expressionNames are names as expressions have them, in which - would subtract.
func expressionNames(columns []string) []string {
	out := make([]string, len(columns))
	for i, name := range columns {
		out[i] = strings.ReplaceAll(name, "-", "_")
	}
	return out
}

// String is the text of the expression.
func (f *Filter) String() string { return f.query.String() }

// Choice tells what a filter made of the runs of a summary.
type Choice struct {
	Runs, Chosen int
	LeftOut      []LeftOut // of the others, those that it cannot tell anything about
}

// LeftOut counts runs that were left out, with the reason: a value that they do not have, or a fault of evaluation.
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

// Of is the summary of the runs that are chosen, with the names of their instances under which the expression holds:
// one is enough. Bounds, cheapest plans and alarms stay those of all.
func (f *Filter) Of(s *summary.Summary) (*summary.Summary, Choice) {
	left := map[string]int{}
	faults := map[*results.Record]error{} // of those not chosen
	out := s.Where(func(k *summary.Case, r *results.Record, n *results.Name) bool {
		yes, err := f.test(k, r, n)
		if err != nil && faults[r] == nil {
			faults[r] = err
		}
		return yes && err == nil
	})
	for _, r := range out.All() {
		delete(faults, r)
	}
	for _, err := range faults {
		left[err.Error()]++
	}
	c := Choice{Runs: s.Records - s.Superseded, Chosen: out.Records}
	for _, reason := range slices.Sorted(maps.Keys(left)) {
		c.LeftOut = append(c.LeftOut, LeftOut{reason, left[reason]})
	}
	slices.SortStableFunc(c.LeftOut, func(a, b LeftOut) int { return cmp.Compare(b.Runs, a.Runs) })
	return out, c
}

// OnlyInputs is an error if the expression needs what is known only after a run.
func (f *Filter) OnlyInputs() error {
	for _, name := range slices.Sorted(maps.Keys(f.columns)) {
		if !f.columns[name].Input {
			return fmt.Errorf("%s is not known before the run", name)
		}
	}
	return nil
}

func (f *Filter) test(k *summary.Case, r *results.Record, n *results.Name) (bool, error) {
	yes, err := f.query.Test(func(name string) (expression.Value, bool) { return value(f.columns[name].At(k, r, n)) })
	if missing, ok := errors.AsType[*expression.MissingError](err); ok {
		return false, fmt.Errorf("no value of %s", missing.Name)
	}
	return yes, err
}

// value is a value in expressions; false where there is none.
func value(v summary.Value) (expression.Value, bool) {
	switch v.Kind {
	case summary.Number:
		if v.Whole {
			return expression.Integer(v.N), true
		}
		if v.Text != "" {
			r, ok := new(big.Rat).SetString(v.Text)
			return expression.Fraction(r), ok
		}
		if math.IsNaN(v.X) || math.IsInf(v.X, 0) {
			return expression.Value{}, false
		}
		return expression.Decimal(v.X), true
	case summary.Truth:
		return expression.TruthValue(v.X == 1), true
	case summary.Text:
		return expression.TextValue(v.Text), true
	case summary.Texts:
		return expression.TextsValue(v.Texts), true
	}
	return expression.Value{}, false
}

// Check reads an expression about runs that are yet to be made: it may name the columns of the catalogue, parameters of
// its families and algorithms, and features. Counters are taken on trust.
func Check(c *spec.Catalogue, source string) error {
	known := summary.Foreseen(c)
	_, err := expression.CompileQuery(source, expression.Vocabulary{
		Kind: func(name string) (expression.Kind, bool) {
			col, ok := known.Find(name)
			return kinds[col.Kind], ok
		},
		Names: expressionNames(known.Spellings()),
	})
	return err
}
