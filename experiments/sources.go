package experiments

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// generate makes the instances of a family; relative paths start at dir.
func generate(c *spec.Catalogue, s spec.Spec, seed uint64, dir string) ([]*cloud.Instance, error) {
	instances, err := generators.Generate(c, generators.Rebase(c, s, dir), seed)
	if err != nil {
		return nil, err
	}
	for _, in := range instances {
		if in.Target == nil {
			return nil, fmt.Errorf("instance %s has no target placement, so there is no path to look for; drift(of=…) makes one", in.Name)
		}
	}
	return instances, nil
}
