package generators

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func upgradeEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "upgrade",
		Synopsis: "a rolling upgrade: a sequence of instances in which every host is emptied once",
		Citation: "own work",
		Doc: "One instance for each batch of hosts, racks or zones, in their order: the batch is emptied by the strategy " +
			"evacuate, under all rules of the instance. Each instance begins where the one before it ends, so hosts that " +
			"are done are filled again when later ones need the room. With direction=yes VMs go to hosts that are done and not " +
			"back, as where a hypervisor takes no VM of a newer one. Batches that hold no VM when their turn comes are " +
			"passed over. Where the strategy finds no target, the sequence is refused: ask for smaller batches. A path " +
			"is known to exist unless VMs had to move together; each description says which.",
		Params: []spec.Param{
			scenarioParam(),
			{Name: "by", Type: spec.Choice, Choices: []string{"host", "rack", "zone"}, Default: "host", Doc: "what a batch is made of"},
			{Name: "batch", Type: spec.Int, Bounds: spec.Between(1, 1e6), Doc: "hosts, racks or zones that are emptied together; a tenth of all, and at least one, unless given"},
			{Name: "steps", Type: spec.Int, Unit: "instances", Bounds: spec.Between(1, 1e6), Doc: "the most instances to yield, from the first one; all unless given"},
			{Name: "step", Type: spec.Int, Bounds: spec.Between(1, 1e6), Doc: "yields only the instance of this batch; the names of instances have it"},
			displaceParam(), maintenanceParam(),
			{Name: "direction", Type: spec.Bool, Default: "no", Doc: "yes: hosts carry the label version, new if an earlier step upgraded them and else old, and each instance carries the rule direction, so that no VM returns to a host that is not upgraded yet"},
		},
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		u := upgrade{
			catalogue: a.Catalogue(),
			by:        a.String("by"), batch: int(a.Int("batch")), steps: int(a.Int("steps")), step: int(a.Int("step")),
			displace: int(a.Int("displace")), maintenance: a.Bool("maintenance"), direction: a.Bool("direction"),
		}
		for _, arg := range a.Brief().Args {
			if arg.Key != "steps" && arg.Key != "step" { // the same instance has one name
				u.args = append(u.args, arg)
			}
		}
		base := spec.Built[Family](a, "of")
		return func(seed uint64) ([]*cloud.Instance, error) {
			return each(base, seed, func(in *cloud.Instance) ([]*cloud.Instance, error) { return u.of(in, seed) })
		}, nil
	}}
}

type upgrade struct {
	catalogue   *spec.Catalogue
	args        []spec.Arg // of the names of instances, but for the step
	by          string
	batch       int // 0: a tenth
	steps, step int // 0: all
	displace    int
	maintenance bool
	direction   bool
}

// of makes the sequence of instances.
func (u upgrade) of(base *cloud.Instance, seed uint64) ([]*cloud.Instance, error) {
	all := domains(base, u.by)
	if len(all) == 0 {
		return nil, fmt.Errorf("upgrade: none of its hosts stands in a %s", u.by)
	}
	size := u.batch
	if size == 0 {
		size = max(1, len(all)/10)
	}
	if u.direction {
		var err error
		if base, err = withVersions(base); err != nil {
			return nil, err
		}
	}
	var out []*cloud.Instance
	place := base.Initial
	for n := 1; (n-1)*size < len(all) && (u.steps == 0 || len(out) < u.steps); n++ {
		chosen := selectNumbered(base, u.by, all[(n-1)*size:min(n*size, len(all))])
		hosts, err := chosen.hosts(base)
		if err != nil {
			return nil, fmt.Errorf("upgrade: %w", err)
		}
		now := base
		if u.direction {
			base = versioned(base, hosts, newVersion) // for the steps to come
		}
		if !holdsVMs(place, hosts) {
			continue
		}
		c := scenario{
			catalogue: u.catalogue,
			name:      spec.Spec{Name: "upgrade", Args: u.args}.With("step", fmt.Sprint(n)),
			what:      fmt.Sprintf("step %d of %d of an upgrade", n, (len(all)+size-1)/size),
		}
		if u.maintenance {
			c.rules = []spec.Spec{chosen.maintenance()}
		}
		if u.direction {
			c.rules = append(c.rules, spec.Named("direction").With("label", versionLabel).WithValue("order", spec.Words(oldVersion, newVersion)))
		}
		in, err := c.of(now, seed, targets.Evacuate(hosts, u.displace), place)
		if err != nil {
			return nil, err
		}
		place = in.Target
		if u.step == 0 || u.step == n {
			out = append(out, in)
		}
		if u.step == n {
			break
		}
	}
	if len(out) == 0 {
		return nil, u.nothing()
	}
	return out, nil
}

// What an upgrade with a direction writes on hosts.
const (
	versionLabel = "version"
	oldVersion   = "old"
	newVersion   = "new"
)

// withVersions is the instance with the old version on every host.
func withVersions(in *cloud.Instance) (*cloud.Instance, error) {
	all := make([]cloud.HostID, len(in.Hosts))
	for h := range all {
		all[h] = cloud.HostID(h)
		if _, taken := in.Hosts[h].Labels[versionLabel]; taken {
			return nil, fmt.Errorf("upgrade: host %q has the label %q already, which direction=yes would overwrite", in.Hosts[h].Name, versionLabel)
		}
	}
	return versioned(in, all, oldVersion), nil
}

// versioned is the instance with a version on some hosts.
func versioned(in *cloud.Instance, hosts []cloud.HostID, version string) *cloud.Instance {
	out := *in
	out.Hosts = slices.Clone(in.Hosts)
	for _, h := range hosts {
		labels := maps.Clone(out.Hosts[h].Labels)
		if labels == nil {
			labels = map[string]string{}
		}
		labels[versionLabel] = version
		out.Hosts[h].Labels = labels
	}
	return &out
}

func (u upgrade) nothing() error {
	if u.step > 0 {
		return fmt.Errorf("upgrade: there is no step %d in which a VM has to move", u.step)
	}
	return fmt.Errorf("upgrade: no VM stands in any %s, so none has to move", u.by)
}

// holdsVMs tells whether a VM stands on one of the hosts, which are in ascending order.
func holdsVMs(p cloud.Placement, hosts []cloud.HostID) bool {
	among := map[cloud.HostID]bool{}
	for _, h := range hosts {
		among[h] = true
	}
	for _, h := range p {
		if among[h] {
			return true
		}
	}
	return false
}
