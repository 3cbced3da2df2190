package results

import (
	"maps"
	"slices"
)

// alike keeps one of what many records have alike, for they are read by the hundred
// thousand: texts such as the algorithm's, the features and parameters of an instance, and
// how limits were enforced. Nobody changes the maps and lists of a record that was read.
type alike struct {
	texts    map[string]string
	values   map[string]Values // the last ones of each instance, by its hash or name, and algorithm
	rules    []string          // of the last record
	enforced map[string]string // of the last record
}

func newAlike() alike {
	return alike{texts: map[string]string{}, values: map[string]Values{}}
}

// share replaces parts of a record by equal ones of records before it.
func (a *alike) share(r *Record) {
	p := &r.Provenance
	for _, text := range []*string{
		&r.Format, &r.InstanceSHA256, &r.Source, &r.Algorithm, &r.CostFunction, &r.CostUnit,
		&p.Version, &p.Revision, &p.GoVersion, &p.OS, &p.CPUModel, &p.Build, &p.Code,
	} {
		*text = a.text(*text)
	}
	if slices.Equal(r.Rules, a.rules) && (r.Rules == nil) == (a.rules == nil) {
		r.Rules = a.rules
	}
	if maps.Equal(r.Enforced, a.enforced) && (r.Enforced == nil) == (a.enforced == nil) {
		r.Enforced = a.enforced
	}
	a.rules, a.enforced = r.Rules, r.Enforced
	r.Features = a.same(r.InstanceSHA256, r.Features)
	r.AlgorithmParameters = a.same(r.Algorithm, r.AlgorithmParameters)
	a.shareName(&r.Name)
	for i := range r.Aliases {
		a.shareName(&r.Aliases[i])
	}
	r.Incumbents = slices.Clone(r.Incumbents) // decoding leaves room for more
}

func (a *alike) shareName(n *Name) {
	for _, text := range []*string{&n.Instance, &n.Class, &n.Family, &n.Role} {
		*text = a.text(*text)
	}
	n.Parameters = a.same(n.Class, n.Parameters)
}

func (a *alike) text(s string) string {
	if t, ok := a.texts[s]; ok {
		return t
	}
	a.texts[s] = s
	return s
}

// same is an equal map of before, if the last one of that owner is equal.
func (a *alike) same(owner string, v Values) Values {
	if known := a.values[owner]; len(known) > 0 && maps.EqualFunc(v, known, sameValue) {
		return known
	}
	a.values[owner] = v
	return v
}

// sameValue compares what values are; whatever else a file may hold in their place is like
// nothing.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case float64, bool, string:
		return a == b
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	}
	return false
}
