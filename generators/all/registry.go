package all

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// Registry lists every family of instances.
func Registry() *spec.Registry[generators.Family] {
	entries := append(generators.Entries(), importEntry())
	return spec.NewRegistry("family", generators.Vocabulary(), entries...)
}

// Generate makes the instances that a spec names. They are checked, their names
// differ, and equal specs and seeds yield equal bytes.
func Generate(s spec.Spec, seed uint64) ([]*cloud.Instance, error) {
	family, _, err := Registry().Build(s)
	if err != nil {
		return nil, err
	}
	return family(seed)
}
