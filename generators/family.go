package generators

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Family makes the instances of a family with its parameters filled in. They have
// passed [cloud.Instance.Check] and have different names. Every random choice comes
// from the seed: equal families and seeds yield equal bytes. Families are safe for
// concurrent use.
type Family func(seed uint64) ([]*cloud.Instance, error)

// What a family may promise of all its instances, whatever its parameters.
const (
	// Reachable: a path from the initial placement to the target exists.
	Reachable spec.Property = "reachable"
	// Unreachable: no path exists.
	Unreachable spec.Property = "unreachable"
	// Seedless: the seed makes no difference, so one is enough.
	Seedless spec.Property = "seedless"
)

// Kind is the kind of families in a catalogue.
const Kind = "family"

// Registry makes families known to a catalogue.
func Registry(entries ...spec.Entry[Family]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "families", Synopsis: "where instances come from",
		Vocabulary: []spec.Property{Reachable, Unreachable, Seedless},
	}, entries...)
}

// Generate makes the instances that a spec names. They are checked, their names
// differ, and equal specs and seeds yield equal bytes.
func Generate(c *spec.Catalogue, s spec.Spec, seed uint64) ([]*cloud.Instance, error) {
	family, _, err := spec.Build[Family](c, Kind, s)
	if err != nil {
		return nil, err
	}
	return family(seed)
}

// PathUnit is the unit of parameters that name files. Whoever reads specs from a
// file can find them by it, to look for the files beside that file.
const PathUnit = "path"

// Entries lists the families of this package.
func Entries() []spec.Entry[Family] {
	return []spec.Entry[Family]{
		classicEntry(),
		randomEntry(),
		permutationEntry(),
		swapsEntry(),
		chainEntry(),
		ringEntry(),
		narrowEntry(),
		blockedEntry(),
		decoyEntry(),
		flavoursEntry(),
		numaEntry(),
		defragmentEntry(),
		rebalanceEntry(),
		evacuateEntry(),
		upgradeEntry(),
		driftEntry(),
		withEntry(),
		brokenEntry(),
		fileEntry(),
		importEntry(),
	}
}

// draw makes an instance, all but its name, out of a random source.
type draw func(*rand.Rand) (*cloud.Instance, error)

// single is the entry of a family that yields one instance per seed. Plan makes what is to
// be made of the parameters.
func single(d spec.Descriptor, plan func(spec.Args) (draw, error)) spec.Entry[Family] {
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		draw, err := plan(a)
		if err != nil {
			return nil, err
		}
		name := a.Brief()
		return func(seed uint64) ([]*cloud.Instance, error) {
			in, err := draw(source(seed, d.Name))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", seeded(name, seed), err)
			}
			in.Name = seeded(name, seed)
			if in, err = checked(in); err != nil {
				return nil, err
			}
			return []*cloud.Instance{in}, nil
		}, nil
	}}
}

// source is a family's random source. The label keeps apart the sources of families
// that are nested and share a seed: a drift must not repeat the choices by which the
// instance under it was made.
func source(seed uint64, label string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(label))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// seeded is the name of an instance: what made it, and the seed.
func seeded(s spec.Spec, seed uint64) string { return fmt.Sprintf("%s#%d", s, seed) }

// unseeded takes the seed off a name again, for the name of something made out of
// that instance with the same seed.
func unseeded(name string, seed uint64) string {
	return strings.TrimSuffix(name, fmt.Sprintf("#%d", seed))
}

// checked ends the making of an instance.
func checked(in *cloud.Instance) (*cloud.Instance, error) {
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("instance %q: %w", in.Name, err)
	}
	return in, nil
}
