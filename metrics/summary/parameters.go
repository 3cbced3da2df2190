package summary

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/results"
)

// Quantity is something about an instance that is a number: a parameter of the family
// that it came from, or one of its features.
type Quantity struct {
	Key  string // as in the spec, of.key within a nested one; or the name of the feature
	Unit string
	Doc  string // what it is; empty for features
}

// Parameter is one parameter of the family that an instance came from.
type Parameter struct {
	Key   string // as in the spec, of.key within a nested one
	Param spec.Param
	Value spec.Value // as the name gives it, or else the default
}

// ParametersOf reads the family of an instance and its parameters, those with a default
// included, off the instance's name, which is the spec of what made it. Names of another
// kind, such as those in files, have neither.
func ParametersOf(instance string, families *spec.Registry[generators.Family]) (family string, params []Parameter) {
	sp, err := spec.Parse(class(instance))
	if err != nil {
		return "", nil
	}
	d := &described{all: []Parameter{}, params: map[string]float64{}, about: map[string]Quantity{}}
	d.read(sp, "", families)
	if _, ok := families.Lookup(sp.Name); ok {
		family = sp.Name
	}
	return family, d.all
}

// Class is the name of an instance but for the seed behind its last `#`.
func Class(instance string) string { return class(instance) }

// described is an instance with its quantities.
type described struct {
	shape  string             // the spec it was made by, with any numbers
	all    []Parameter        // of the family, defaults included; nil where nobody asks
	params map[string]float64 // those that are numbers
	about  map[string]Quantity
	others map[string]float64 // features
}

// value is the value of a parameter, or of a feature where no parameter has the key.
func (d *described) value(key string) (float64, bool) {
	if v, ok := d.params[key]; ok {
		return v, true
	}
	v, ok := d.others[key]
	return v, ok
}

func (d *described) quantity(key string) Quantity {
	if q, ok := d.about[key]; ok {
		return q
	}
	return Quantity{Key: key, Unit: features.UnitOf(key)}
}

// quantitiesOf reads quantities off an instance's name, which is the spec of what made
// it, and off its features. Names of another kind have no parameters.
func quantitiesOf(c *Case, families *spec.Registry[generators.Family]) *described {
	d := &described{params: map[string]float64{}, about: map[string]Quantity{}, others: map[string]float64{}}
	if sp, err := spec.Parse(class(c.Instance)); err == nil {
		d.shape = d.read(sp, "", families).String()
	}
	for _, r := range c.Runs {
		if r != nil {
			d.features(r)
		}
	}
	return d
}

// read takes the numbers out of a spec and returns what remains of it. A number that
// has no default leaves its parameter behind.
func (d *described) read(sp spec.Spec, prefix string, families *spec.Registry[generators.Family]) spec.Spec {
	rest := spec.Named(sp.Name)
	family, ok := families.Lookup(sp.Name)
	if !ok {
		return sp
	}
	given := map[string]spec.Value{}
	for _, a := range sp.Args {
		given[a.Key] = a.Value
	}
	for _, p := range family.Params {
		v, written := given[p.Name]
		if d.all != nil {
			d.tell(Parameter{prefix + p.Name, p, v}, written)
		}
		switch {
		case (p.Type == spec.Int || p.Type == spec.Float) && !p.List && !p.Map:
			text := p.Default
			if written {
				text = v.Text
			}
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				d.params[prefix+p.Name] = x
				d.about[prefix+p.Name] = Quantity{Key: prefix + p.Name, Unit: p.Unit, Doc: p.Doc}
			}
			if p.Default == "" && written {
				rest = rest.WithValue(p.Name, spec.Value{})
			}
		case written && p.Type == spec.Ref && !p.List:
			inner := spec.Named(v.Text)
			if v.Form == spec.Call {
				inner = *v.Spec
			}
			inner = d.read(inner, prefix+p.Name+".", families)
			rest = rest.WithValue(p.Name, spec.Value{Form: spec.Call, Spec: &inner})
		case written:
			rest = rest.WithValue(p.Name, v)
		}
	}
	return rest
}

// tell keeps a parameter, with its default where it was not written.
func (d *described) tell(p Parameter, written bool) {
	if !written {
		preset, err := spec.Parse("x(x=" + p.Param.Default + ")")
		if err != nil || len(preset.Args) == 0 {
			return // there is no default
		}
		p.Value = preset.Args[0].Value
	}
	d.all = append(d.all, p)
}

func (d *described) features(r *results.Record) {
	for name, v := range r.Features {
		if x, ok := number(v); ok {
			d.others[name] = x
		}
	}
}

// number is the value of a feature, 0 or 1 for one that is false or true.
func number(feature any) (float64, bool) {
	switch x := feature.(type) {
	case float64:
		return x, true
	case int: // of a run that was not read from a file
		return float64(x), true
	case bool:
		if x {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}
