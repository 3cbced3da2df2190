package summary

import (
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// FamilyKind is the kind of generators in a catalogue.
const FamilyKind = "family"

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
func ParametersOf(instance string, c *spec.Catalogue) (family string, params []Parameter) {
	o := originOf(Class(instance), c)
	return o.family, o.all
}

// origin is what made the instances of a class, as their names tell.
type origin struct {
	family string             // empty where the name is not a spec
	shape  string             // the spec, with any numbers
	all    []Parameter        // of the family, defaults included
	params map[string]float64 // those that are numbers
	about  map[string]Quantity
}

func originOf(class string, c *spec.Catalogue) *origin {
	o := &origin{params: map[string]float64{}, about: map[string]Quantity{}}
	sp, err := spec.Parse(class)
	if err != nil {
		return o
	}
	if _, ok := c.Lookup(FamilyKind, sp.Name); ok {
		o.family = sp.Name
	}
	o.shape = o.read(sp, "", c).String()
	return o
}

// parameter finds a parameter by its key.
func (o *origin) parameter(key string) (Parameter, bool) {
	i := slices.IndexFunc(o.all, func(p Parameter) bool { return p.Key == key })
	if i < 0 {
		return Parameter{}, false
	}
	return o.all[i], true
}

// origins reads what made instances off their names, for each class once: an experiment
// has many instances, and few classes.
type origins struct {
	catalogue *spec.Catalogue
	known     map[string]*origin
}

func (s *Summary) newOrigins() *origins { return &origins{s.Catalogue, map[string]*origin{}} }

func (o *origins) of(c *Case) placed {
	name := Class(c.Instance)
	made := o.known[name]
	if made == nil {
		made = originOf(name, o.catalogue)
		o.known[name] = made
	}
	return placed{made, c}
}

// placed is a case with the quantities of its instance.
type placed struct {
	*origin
	of *Case
}

// value is the value of a parameter, or of a feature where no parameter has the key.
func (p placed) value(key string) (float64, bool) {
	if v, ok := p.params[key]; ok {
		return v, true
	}
	feature, ok := p.feature(key)
	if !ok {
		return 0, false
	}
	return number(feature)
}

// feature is a feature of the instance. All runs on it tell the same, but for those of
// other versions, which may measure more.
func (p placed) feature(key string) (any, bool) {
	for _, r := range slices.Backward(p.of.Runs) {
		if r != nil {
			if v, ok := r.Features[key]; ok {
				return v, true
			}
		}
	}
	return nil, false
}

func (p placed) quantity(key string) Quantity {
	if q, ok := p.about[key]; ok {
		return q
	}
	return Quantity{Key: key, Unit: features.UnitOf(key)}
}

// read takes the numbers out of a spec and returns what remains of it. A number that
// has no default leaves its parameter behind.
func (o *origin) read(sp spec.Spec, prefix string, c *spec.Catalogue) spec.Spec {
	rest := spec.Named(sp.Name)
	family, ok := c.Lookup(FamilyKind, sp.Name)
	if !ok {
		return sp
	}
	given := map[string]spec.Value{}
	for _, a := range sp.Args {
		given[a.Key] = a.Value
	}
	for _, p := range family.Params {
		v, written := given[p.Name]
		o.tell(Parameter{prefix + p.Name, p, v}, written)
		switch {
		case (p.Type == spec.Int || p.Type == spec.Float) && !p.List && !p.Map:
			text := p.Default
			if written {
				text = v.Text
			}
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				o.params[prefix+p.Name] = x
				o.about[prefix+p.Name] = Quantity{Key: prefix + p.Name, Unit: p.Unit, Doc: p.Doc}
			}
			if p.Default == "" && written {
				rest = rest.WithValue(p.Name, spec.Value{})
			}
		case written && p.Type == spec.Ref && !p.List:
			inner := spec.Named(v.Text)
			if v.Form == spec.Call {
				inner = *v.Spec
			}
			inner = o.read(inner, prefix+p.Name+".", c)
			rest = rest.WithValue(p.Name, spec.Value{Form: spec.Call, Spec: &inner})
		case written:
			rest = rest.WithValue(p.Name, v)
		}
	}
	return rest
}

// tell keeps a parameter, with its default where it was not written.
func (o *origin) tell(p Parameter, written bool) {
	if !written {
		preset, err := spec.Parse("x(x=" + p.Param.Default + ")")
		if err != nil || len(preset.Args) == 0 {
			return // there is no default
		}
		p.Value = preset.Args[0].Value
	}
	o.all = append(o.all, p)
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
