package generators

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func evacuateEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "evacuate",
		Synopsis: "another family's placements and targets in which hosts, racks or zones are empty",
		Citation: "own work",
		Doc: "What is to be emptied is named, or drawn by chance from the hosts, racks or zones that hold VMs. The target " +
			"is that of the strategy evacuate, under all rules of the instance; where it finds none, the instance is " +
			"refused. A path is known to exist unless VMs had to move together; the description says which.",
		Params: []spec.Param{
			scenarioParam(),
			evacuateParam("hosts"), evacuateParam("racks"), evacuateParam("zones"),
			{Name: "by", Type: spec.Choice, Choices: []string{"host", "rack", "zone"}, Default: "host", Doc: "what is drawn, unless hosts, racks or zones are named"},
			{Name: "count", Type: spec.Int, Default: "1", Bounds: spec.Between(1, 1e6), Doc: "how many hosts, racks or zones are drawn, unless they are named"},
			displaceParam(), maintenanceParam(),
		},
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		e := evacuation{
			catalogue: a.Catalogue(),
			name:      a.Brief(), by: a.String("by"), count: int(a.Int("count")),
			displace: int(a.Int("displace")), maintenance: a.Bool("maintenance"),
			named: selection{{"host", a.Strings("hosts")}, {"rack", a.Strings("racks")}, {"zone", a.Strings("zones")}},
		}
		base := spec.Built[Family](a, "of")
		return func(seed uint64) ([]*cloud.Instance, error) {
			return each(base, seed, func(in *cloud.Instance) ([]*cloud.Instance, error) {
				out, err := e.of(in, seed)
				return []*cloud.Instance{out}, err
			})
		}, nil
	}}
}

type evacuation struct {
	catalogue   *spec.Catalogue
	name        spec.Spec
	named       selection
	by          string
	count       int
	displace    int
	maintenance bool
}

func (e evacuation) of(base *cloud.Instance, seed uint64) (*cloud.Instance, error) {
	chosen := e.named
	if chosen.empty() {
		held := occupied(base, e.by, base.Initial)
		if len(held) < e.count {
			return nil, fmt.Errorf("evacuate: count=%d, but only %d of its %ss hold VMs", e.count, len(held), e.by)
		}
		rng := source(seed, "evacuate of "+base.Name)
		rng.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
		held = held[:e.count]
		slices.Sort(held)
		chosen = selectNumbered(base, e.by, held)
	}
	hosts, err := chosen.hosts(base)
	if err != nil {
		return nil, fmt.Errorf("evacuate: %w", err)
	}
	c := scenario{catalogue: e.catalogue, name: e.name, what: "evacuation"}
	if e.maintenance {
		c.rules = []spec.Spec{chosen.maintenance()}
	}
	return c.of(base, seed, targets.Evacuate(hosts, e.displace), base.Initial)
}
