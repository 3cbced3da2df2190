package generators

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func driftEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "drift",
		Synopsis: "a placement and what random sane migrations make of it",
		Doc: "Takes the initial placement of each instance that another family yields, forgets the target that " +
			"it may have, and lets VMs wander under the instance's own rules. With direction=back, the " +
			"default, the task is to restore the placement that the wandering began with. Every step can be " +
			"taken back, so a path exists. An instance in which nothing can move is refused. One whose initial placement " +
			"breaks rules drifts forth alone, and is refused unless it keeps them afterwards.",
		Params: []spec.Param{
			{Name: "of", Type: spec.Ref, Of: Kind, Required: true, Doc: "the family whose instances drift"},
			{Name: "migrations", Type: spec.Int, Default: "100", Unit: "migrations", Bounds: spec.Between(1, 1e8), Doc: "number of random sane migrations"},
			{Name: "direction", Type: spec.Choice, Choices: []string{"back", "forth"}, Default: "back", Doc: "back: from the drifted placement to the given one; forth: the other way round"},
		},
		Citation:   "the walk is the one of the first path finder's soak test: https://github.com/aspiers/migrationpaths",
		Properties: []spec.Property{Reachable},
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		of := spec.Built[Family](a, "of")
		drift := drift{
			catalogue:  a.Catalogue(),
			migrations: int(a.Int("migrations")), back: a.String("direction") == "back",
			name: a.Brief(),
		}
		return func(seed uint64) ([]*cloud.Instance, error) {
			bases, err := of(seed)
			if err != nil {
				return nil, err
			}
			out := make([]*cloud.Instance, len(bases))
			for i, base := range bases {
				if out[i], _, err = drift.of(base, seed); err != nil {
					return nil, fmt.Errorf("instance %q cannot drift: %w", base.Name, err)
				}
			}
			return out, nil
		}, nil
	}}
}

type drift struct {
	catalogue  *spec.Catalogue
	migrations int
	back       bool
	name       spec.Spec
}

// of makes the instance, and returns the path that proves the target reachable.
func (d *drift) of(base *cloud.Instance, seed uint64) (*cloud.Instance, []cloud.Change, error) {
	// The name tells what drifts by the name of the instance, not by what made it:
	// the same instance read from another folder must yield the same bytes.
	out := *base
	out.Name = seeded(d.name.WithValue("of", nameValue(unseeded(base.Name, seed))), seed)
	out.Description = "what " + strconv.Itoa(d.migrations) + " random sane migrations make of " + base.Name + ": a path exists"
	out.Target = nil
	bound, err := rules.Bind(d.catalogue, &out, nil)
	if err != nil {
		return nil, nil, err
	}
	if d.back {
		if f := validate.Placement(&out, bound, base.Initial, true); len(f) > 0 {
			return nil, nil, fmt.Errorf("the placement to begin with is not sane: %s", f[0])
		}
	}
	if bound, _, err = cloud.Mend(&out, bound, base.Initial); err != nil {
		return nil, nil, err
	}
	s := cloud.NewState(&out, bound, base.Initial)
	if n := newWalker(s, source(seed, "drift of "+base.Name), d.back).walk(d.migrations); n == 0 {
		return nil, nil, errors.New("no migration is sane")
	}
	path := append([]cloud.Change(nil), s.Moves()...)
	out.Initial, out.Target = base.Initial, s.Placement()
	if d.back {
		out.Initial, out.Target = out.Target, out.Initial
		path = reversed(path)
	} else if f := validate.Placement(&out, bound, out.Target, true); len(f) > 0 {
		return nil, nil, fmt.Errorf("the placement after %d migrations is not one to end with: %s", d.migrations, f[0])
	}
	in, err := checked(&out)
	return in, path, err
}

// nameValue writes the name of an instance as part of another name: as the spec that
// it mostly is, else as a text.
func nameValue(name string) spec.Value {
	if s, err := spec.Parse(name); err == nil {
		return spec.Value{Form: spec.Call, Spec: &s}
	}
	return spec.Value{Form: spec.Word, Text: name}
}

func reversed(path []cloud.Change) []cloud.Change {
	out := make([]cloud.Change, len(path))
	for i, c := range path {
		out[len(path)-1-i] = cloud.Change{VM: c.VM, From: c.To, To: c.From}
	}
	return out
}
