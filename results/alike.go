package results

import (
	"maps"
	"slices"
)

// alike keeps one of what many records have alike, for they are read by the hundred
// thousand: texts such as the algorithm's, the features of an instance, and how limits
// were enforced. Nobody changes the maps and lists of a record that was read.
type alike struct {
	texts    map[string]string
	features map[string]map[string]any // the last ones of each instance, by its hash
	rules    []string                  // of the last record
	enforced map[string]string         // of the last record
}

func newAlike() alike {
	return alike{texts: map[string]string{}, features: map[string]map[string]any{}}
}

// share replaces parts of a record by equal ones of records before it.
func (a *alike) share(r *Record) {
	p := &r.Provenance
	for _, text := range []*string{
		&r.Instance, &r.InstanceSHA256, &r.Algorithm, &r.CostFunction, &p.Version, &p.Revision, &p.GoVersion, &p.OS, &p.CPUModel,
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
	if known := a.features[r.InstanceSHA256]; len(known) > 0 && maps.EqualFunc(r.Features, known, sameFeature) {
		r.Features = known
	} else {
		a.features[r.InstanceSHA256] = r.Features
	}
	r.Incumbents = slices.Clone(r.Incumbents) // decoding leaves room for more
}

func (a *alike) text(s string) string {
	if t, ok := a.texts[s]; ok {
		return t
	}
	a.texts[s] = s
	return s
}

// sameFeature compares what features are, numbers and booleans; whatever else a file may
// hold in their place is like nothing.
func sameFeature(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && a == b
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	}
	return false
}
