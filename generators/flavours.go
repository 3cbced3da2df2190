package generators

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func flavoursEntry() spec.Entry[Family] {
	names := []string{}
	for _, p := range presets() {
		names = append(names, p.name)
	}
	d := spec.Descriptor{
		Name:     "flavours",
		Synopsis: "VMs of a provider's sizes over racks and zones, some of which must stand apart",
		Doc: "VMs have vcpus, memory and, with preset=openstack, disk, in the sizes of OpenStack or Amazon EC2, small ones " +
			"more often than large ones; a label tells the flavour. They stand on random hosts with room, on two generations of " +
			"hosts that fill racks in turn. Some belong to groups of 2 to 8 VMs that must not share a host. Half of the VMs " +
			"hardly write to their memory, the others do. Frequencies of sizes and groups, and hosts where the provider names " +
			"none, are assumptions that the code states. The utilisation is reached as that of random is. With target=walk a path exists; with target=shuffle that is unknown.",
		Params: []spec.Param{
			{Name: "preset", Type: spec.Choice, Choices: names, Default: "openstack", Doc: "the provider's catalogue: m1 of OpenStack, or m6i, r6i or t3 of Amazon EC2"},
			{Name: "hosts", Type: spec.Int, Default: "120", Unit: "hosts", Bounds: spec.Between(2, 1e6), Doc: "number of hosts"},
			{Name: "racks", Type: spec.Int, Unit: "racks", Bounds: spec.Between(1, 1e6), Doc: "number of racks, among which the hosts are shared evenly; one for every 20 hosts unless given"},
			{Name: "zones", Type: spec.Int, Unit: "zones", Bounds: spec.Between(1, 1e4), Doc: "number of zones, among which the racks are shared evenly; 3, or one for every rack where there are fewer, unless given"},
			{Name: "utilisation", Type: spec.Float, Default: "0.6", Bounds: spec.Between(0, 1), Doc: "share of all that VMs may use that they demand at the start, of the resource demanded most"},
			{Name: "overcommit", Type: spec.Ratio, Bounds: spec.Between(0, 1e6), Doc: "vcpus for every hardware thread; 4 for openstack and burstable, 1 for general and memory unless given. 4 is Nova's default today; when m1 flavours were created by default it was 16"},
			{Name: "grouped", Type: spec.Float, Default: "0.3", Bounds: spec.Between(0, 1), Doc: "fraction of the VMs that belong to a group that must stand apart"},
			{Name: "target", Type: spec.Choice, Choices: []string{"walk", "shuffle", "none"}, Default: "walk", Doc: "walk: random sane migrations lead to the target, so a path exists; " +
				"shuffle: a random sane placement, to which there may be no path; none: no target"},
			{Name: "migrations", Type: spec.Int, Default: "100", Unit: "migrations", Bounds: spec.Between(0, 1e8), Doc: "length of the walk; it is shorter only where nothing can move"},
			{Name: "moved", Type: spec.Float, Default: "0.5", Bounds: spec.Between(0, 1), Doc: "fraction of the VMs that the shuffle puts on another host; " +
				"fewer where hosts are too full to do so"},
		},
		Citation: openstackFlavours + "; " + novaRatios + "; " + awsGeneral + "; " + awsMemory + "; " + cortez2017 + "; " + kherbache,
		InForce: func(a spec.Args) map[string]any {
			c := flavourPlan(a)
			vcpus, _ := c.vcpus.Float64()
			return map[string]any{"racks": float64(c.racks), "zones": float64(c.zones), "overcommit": vcpus}
		},
	}
	return single(d, func(a spec.Args) (draw, error) {
		c, err := newFlavourCloud(a)
		if err != nil {
			return nil, err
		}
		return c.instance, nil
	})
}

// flavourCloud holds the parameters of the family.
type flavourCloud struct {
	catalogue *spec.Catalogue
	preset
	vcpus                *big.Rat // for every hardware thread
	nHosts, racks, zones int
	utilisation, grouped float64
	target               string
	migrations           int
	moved                float64
}

func newFlavourCloud(a spec.Args) (*flavourCloud, error) {
	c := flavourPlan(a)
	if c.racks > c.nHosts {
		return nil, fmt.Errorf("%d hosts cannot fill %d racks", c.nHosts, c.racks)
	}
	if c.zones > c.racks {
		return nil, fmt.Errorf("%d racks cannot fill %d zones", c.racks, c.zones)
	}
	return c, nil
}

// flavourPlan is what the parameters come to, whether or not they go together.
func flavourPlan(a spec.Args) *flavourCloud {
	c := &flavourCloud{
		catalogue: a.Catalogue(),
		nHosts:    int(a.Int("hosts")), racks: (int(a.Int("hosts")) + 19) / 20,
		utilisation: a.Float("utilisation"), grouped: a.Float("grouped"), target: a.String("target"),
		migrations: int(a.Int("migrations")), moved: a.Float("moved"),
	}
	for _, p := range presets() {
		if p.name == a.String("preset") {
			c.preset = p
		}
	}
	if a.Has("racks") {
		c.racks = int(a.Int("racks"))
	}
	if c.zones = min(3, c.racks); a.Has("zones") {
		c.zones = int(a.Int("zones"))
	}
	if c.vcpus = big.NewRat(c.overcommit, 1); a.Has("overcommit") {
		c.vcpus = a.Ratio("overcommit")
	}
	return c
}

func (c *flavourCloud) instance(rng *rand.Rand) (*cloud.Instance, error) {
	in := c.emptyHosts()
	bound, err := rules.Bind(c.catalogue, in, nil)
	if err != nil {
		return nil, err
	}
	share, err := c.fill(in, bound[0].(cloud.Limiter), rng)
	if err != nil {
		return nil, err
	}
	in.Description = fmt.Sprintf("%d VMs demand %.1f %% of what they may use of the scarcest resource; ", len(in.VMs), 100*share)
	return in, c.aim(in, rng)
}

// aim chooses the target.
func (c *flavourCloud) aim(in *cloud.Instance, rng *rand.Rand) error {
	if c.target == "none" {
		in.Description += "no target"
		return nil
	}
	bound, err := rules.Bind(c.catalogue, in, nil)
	if err != nil {
		return err
	}
	s := cloud.NewState(in, bound, in.Initial)
	if c.target == "shuffle" {
		n := shuffle(s, share(c.moved, len(in.VMs)), rng)
		in.Description += fmt.Sprintf("%d have another host in the target, and whether a path exists is not known", n)
	} else {
		n := newWalker(s, rng, false).walk(c.migrations)
		in.Description += fmt.Sprintf("%d random sane migrations lead to the target: a path exists", n)
	}
	in.Target = append(cloud.Placement{}, s.Placement()...) // not nil, which means no target, even without VMs
	return nil
}

// amounts are what a flavour demands, or a host has, of each resource of the preset.
func (c *flavourCloud) amounts(ramMiB, vcpus, diskGB int64) []int64 {
	if c.disk {
		return []int64{ramMiB, vcpus, diskGB}
	}
	return []int64{ramMiB, vcpus}
}

// demand is that of a flavour.
func (c *flavourCloud) demand(flavour int) []int64 {
	fl := c.flavours[flavour]
	return c.amounts(fl.ramMiB, fl.vcpus, fl.diskGB)
}

func (c *flavourCloud) emptyHosts() *cloud.Instance {
	in := &cloud.Instance{Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}}}
	if c.disk {
		in.Resources = append(in.Resources, cloud.Resource{Name: "disk", Unit: "GB"})
	}
	capacity := spec.Named("capacity")
	if text := c.vcpus.RatString(); text != "1" {
		capacity = capacity.With("overcommit.vcpu", text)
	}
	in.Rules = []spec.Spec{capacity}
	labels := [2]map[string]string{}
	for i, t := range c.hosts {
		labels[i] = map[string]string{"type": t.name}
	}
	in.Hosts = make([]cloud.Host, c.nHosts)
	for h := range in.Hosts {
		rack := h * c.racks / c.nHosts
		zone := rack * c.zones / c.racks
		t := c.hosts[rack%2]
		in.Hosts[h] = cloud.Host{
			Name: fmt.Sprintf("host%d", h+1), Rack: fmt.Sprintf("rack%d", rack+1), Zone: fmt.Sprintf("zone%d", zone+1),
			Capacity: c.amounts(t.ramMiB, t.threads, t.diskGB), Reserved: c.amounts(t.reservedRAMMiB, 0, 0),
			NICMbps: t.nicMbps, Labels: labels[rack%2],
		}
	}
	return in
}
