package results

import (
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// alike keeps one of what many records have alike, for they are read by the hundred
// thousand: texts such as the algorithm's, the features and parameters of an instance, rules,
// and how limits were enforced. Nobody changes the maps and lists of a record that was read.
type alike struct {
	texts  map[string]string
	decode json.Options
}

// mostAlike bounds how many different values of a kind are remembered.
const mostAlike = 1 << 16

func newAlike() alike {
	return alike{map[string]string{}, json.WithUnmarshalers(json.JoinUnmarshalers(
		once[Values](), once[map[string]string](), once[[]string](),
	))}
}

// once decodes each text of a value once.
func once[T any]() *json.Unmarshalers {
	known := map[string]T{}
	return json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *T) error {
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		if seen, ok := known[string(raw)]; ok {
			*v = seen
			return nil
		}
		err = json.Unmarshal(raw, v)
		if err == nil && len(known) < mostAlike {
			known[string(raw)] = *v
		}
		return err
	})
}

// share replaces texts of a record by equal ones of records before it.
func (a *alike) share(r *Record) {
	p := &r.Provenance
	texts := []*string{
		&r.Format, &r.InstanceSHA256, &r.Source, &r.Algorithm, &r.CostFunction, &r.CostUnit,
		&p.Version, &p.Revision, &p.GoVersion, &p.OS, &p.CPUModel, &p.Build, &p.Code,
		&r.Instance, &r.Class, &r.Family, &r.Role,
	}
	if t := r.Target; t != nil {
		texts = append(texts, &t.Strategy, &t.Objective, &t.ObjectiveUnit, &t.SHA256)
	}
	if s := r.Schedule; s != nil {
		texts = append(texts, &s.Model, &s.Duration, &s.Scheduler, &s.Unit, &s.Bottleneck, &s.Moves)
	}
	if e := r.Execution; e != nil {
		texts = append(texts, &e.Executor, &e.On, &e.Why)
	}
	for i := range r.Aliases {
		n := &r.Aliases[i]
		texts = append(texts, &n.Instance, &n.Class, &n.Family, &n.Role)
	}
	for _, text := range texts {
		known, seen := a.texts[*text]
		if !seen {
			known = *text
			a.texts[known] = known
		}
		*text = known
	}
	r.Incumbents = slices.Clone(r.Incumbents) // decoding leaves room for more
}
