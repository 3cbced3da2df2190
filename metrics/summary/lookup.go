package summary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Columns are those of a catalogue and those that records bring along.
type Columns struct {
	catalogue *spec.Catalogue
	brought   map[string]Column
	nested    []string // prefixes of parameters of nested specs: "of."
	open      bool     // records are yet to come, with unknown counters
}

// Names lists the names of all columns.
func (c *Columns) Names() []string {
	var out []string
	for _, d := range c.catalogue.Descriptors(ColumnKind) {
		out = append(out, d.Name)
	}
	return append(out, slices.Sorted(maps.Keys(c.brought))...)
}

// Spellings lists the names of all columns, and the bare names of parameters, features and counters.
func (c *Columns) Spellings() []string {
	out := c.Names()
	for _, name := range slices.Sorted(maps.Keys(c.brought)) {
		if prefix, bare, _ := strings.Cut(name, "."); !isOwned(prefix+".") && !slices.Contains(out, bare) {
			out = append(out, bare)
		}
	}
	return out
}

// Brings reports whether a name has the prefix of a column that records bring along.
func Brings(name string) bool {
	prefix, _, _ := strings.Cut(name, ".")
	return isOwned(prefix+".") || slices.Contains([]string{paramPrefix, featurePrefix, counterPrefix}, prefix+".")
}

func isOwned(prefix string) bool {
	return slices.ContainsFunc(owned, func(o ownedBy) bool { return o.prefix == prefix })
}

// Find finds a column by its name or spec. An underscore may stand for a hyphen, which expressions do not allow in names.
func (c *Columns) Find(name string) (Column, bool) {
	found, err := c.find(name)
	if err != nil || len(found) == 0 {
		return Column{}, false
	}
	return found[0], true
}

// find returns all columns that a name may mean.
func (c *Columns) find(name string) ([]Column, error) {
	for _, spelling := range []string{name, strings.ReplaceAll(name, "_", "-")} {
		if sp, err := spec.Parse(spelling); err == nil {
			if _, ok := c.catalogue.Lookup(ColumnKind, sp.Name); ok {
				col, _, err := spec.Build[Column](c.catalogue, ColumnKind, sp)
				return []Column{col}, err
			}
		}
		var found []Column
		for _, prefix := range []string{"", paramPrefix, featurePrefix, counterPrefix} {
			if col, ok := c.get(prefix, spelling); ok {
				found = append(found, col)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

// get returns a column that records bring along, or may bring along.
func (c *Columns) get(prefix, name string) (Column, bool) {
	if col, ok := c.brought[prefix+name]; ok || !c.open {
		return col, ok
	}
	switch prefix {
	case "":
		for _, p := range append(prose.Texts(owned, func(o ownedBy) string { return o.prefix }), paramPrefix, featurePrefix) {
			if rest, ok := strings.CutPrefix(name, p); ok {
				return c.get(p, rest)
			}
		}
		return Column{Name: name, Kind: Number}, strings.HasPrefix(name, counterPrefix)
	case featurePrefix:
		return Column{Name: prefix + name, Kind: Number, Input: true}, strings.HasPrefix(name, "utilisation.")
	}
	for _, start := range c.nested {
		if rest, ok := strings.CutPrefix(name, start); ok {
			return c.get(prefix, rest)
		}
	}
	return Column{}, false
}

// AmbiguousError is the error of a name that means several columns with different values.
type AmbiguousError struct{ error }

// Column finds a column by its name or spec. Names of the catalogue's columns come first; a
// parameter of the same name needs its prefix. A bare name that is both a parameter and a
// feature is an [AmbiguousError] if a run has different values of the two.
func (s *Summary) Column(name string) (Column, error) {
	columns := s.Columns()
	found, err := columns.find(name)
	switch {
	case err != nil:
		return Column{}, err
	case len(found) == 0:
		return Column{}, fmt.Errorf("no column %q%s", name, spec.DidYouMean(name, columns.Spellings(), "there are"))
	case len(found) > 1:
		return s.either(name, found)
	}
	col := found[0]
	if col.MeasuredBy() != "" {
		col.Unit = s.Unit(col)
	}
	col.Label = cmp.Or(s.Titles[col.Name], col.Label)
	return col, nil
}

// Columns are those of the catalogue and of the records.
func (s *Summary) Columns() *Columns {
	if s.columns == nil {
		s.columns = &Columns{catalogue: s.Catalogue, brought: s.brought()}
	}
	return s.columns
}

// either is the column of a name that means several columns with equal values.
func (s *Summary) either(name string, columns []Column) (Column, error) {
	for c, r := range s.All() {
		for i := range c.Names {
			var told Value
			var by Column
			for _, col := range columns {
				v := col.At(c, r, &c.Names[i])
				if told.Kind != Missing && v.Kind != Missing && !v.equals(told) {
					return Column{}, &AmbiguousError{fmt.Errorf("ambiguous name %q: for %s, %s is %s and %s is %s; use the full name",
						name, c.Names[i].Instance, by.Name, told, col.Name, v)}
				}
				if v.Kind != Missing {
					told, by = v, col
				}
			}
		}
	}
	out := columns[0]
	out.Name = name
	if slices.ContainsFunc(columns, func(c Column) bool { return c.Kind != out.Kind }) {
		out.Kind = Text
	}
	out.Tell = func(x Row) Value {
		for _, col := range columns {
			if v := col.Tell(x); v.Kind != Missing {
				return v
			}
		}
		return Value{}
	}
	return out, nil
}

// means are the default aggregates of what records bring along.
var means = map[Kind]string{Number: "mean", Truth: "share"}

// brought are the columns that records bring along, by full name. A value that has different
// kinds in different records is a text.
func (s *Summary) brought() map[string]Column {
	out := map[string]Column{}
	type owner struct {
		name, build string
		values      int
	}
	seen := map[owner]bool{} // within one build, equal owners have values of equal names and kinds
	add := func(prefix string, o owner, x Row, of func(Row) results.Values) {
		if seen[o] {
			return
		}
		seen[o] = o.name != ""
		for name, v := range of(x) {
			full, kind := prefix+name, plain(v).Kind
			c, known := out[full]
			switch {
			case kind == Missing:
			case !known:
				out[full] = Column{
					Name: full, Label: name, Kind: kind, Unit: features.UnitOf(name), Mean: means[kind], Input: true,
					Tell: func(x Row) Value { return plain(of(x)[name]) },
				}
			case c.Kind != kind:
				c.Kind, c.Mean = Text, ""
				out[full] = c
			}
		}
	}
	for _, c := range s.Cases {
		for i := range c.Names {
			add(paramPrefix, owner{}, Row{Name: &c.Names[i]}, func(x Row) results.Values { return x.Name.Parameters })
		}
	}
	for _, r := range s.All() {
		x, build := Row{Run: r}, r.Provenance.Build
		for _, o := range owned {
			name, values := o.of(r)
			add(o.prefix, owner{o.prefix + name, build, len(values)}, x, func(x Row) results.Values { _, values := o.of(x.Run); return values })
		}
		add(featurePrefix, owner{r.InstanceSHA256, build, len(r.Features)}, x, func(x Row) results.Values { return x.Run.Features })
		for name := range r.Counters {
			if _, known := out[counterPrefix+name]; !known {
				c := counter(name, name, "")
				c.Name = counterPrefix + name
				out[c.Name] = c
			}
		}
	}
	return out
}

// Foreseen are the columns of future runs: those of the catalogue, parameters of its families and algorithms, and features.
func Foreseen(c *spec.Catalogue) *Columns {
	out := &Columns{catalogue: c, brought: map[string]Column{}, open: true}
	for _, o := range append([]ownedBy{{kind: "family", prefix: paramPrefix}}, owned...) {
		for _, d := range c.Descriptors(o.kind) {
			for _, p := range d.Params {
				if start := p.Name + "."; p.Type == spec.Ref && !slices.Contains(out.nested, start) {
					out.nested = append(out.nested, start)
				}
				if old, known := out.brought[o.prefix+p.Name]; !p.Map && !(known && old.Kind == Number) {
					out.brought[o.prefix+p.Name] = Column{Name: o.prefix + p.Name, Kind: kindOf(p), Input: true}
				}
			}
		}
	}
	slices.Sort(out.nested)
	for _, f := range features.Blank() {
		out.brought[featurePrefix+f.Name] = Column{Name: featurePrefix + f.Name, Kind: plain(f.Value).Kind, Input: true}
	}
	return out
}

// kindOf is the kind of a parameter's values, as [spec.Args.Values] gives them.
func kindOf(p spec.Param) Kind {
	switch {
	case p.List:
		return Texts
	case p.Type == spec.Int || p.Type == spec.Float || p.Type == spec.Ratio || p.Type == spec.Duration:
		return Number
	case p.Type == spec.Bool:
		return Truth
	}
	return Text
}
