package durations

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Binder binds a duration to an instance.
type Binder func(*cloud.Instance) (cloud.Duration, error)

// Kind is the kind of durations in a catalogue.
const Kind = "duration"

// Registry makes durations known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: Kind, Plural: "durations", Synopsis: "how long a migration takes"}, entries...)
}

// Entries lists the durations of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{
		mvmEntry(),
		precopyEntry(),
		rateEntry(),
		unitEntry(),
	}
}

// Bind binds the duration that a spec names to an instance.
func Bind(c *spec.Catalogue, in *cloud.Instance, s spec.Spec) (cloud.Duration, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	d, err := binder(in)
	if err != nil {
		return nil, fmt.Errorf("duration %s: %w", s, err)
	}
	return d, nil
}
