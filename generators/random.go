package generators

import (
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func randomEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "random",
		Synopsis: "equal hosts filled with random VMs; a random walk or a shuffle leads to the target",
		Doc: "The defaults are those of the first path finder's soak test: 10 hosts, each filled with VMs of " +
			"uniform size until the next one drawn does not fit, and a target 100 random sane migrations away. " +
			"With target=walk a path exists; with target=shuffle that is unknown, and often there is none.",
		Params:   randomParams(),
		Citation: spiers2015 + " (soaktest.py)",
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		c, err := newRandomCloud(a)
		if err != nil {
			return nil, err
		}
		name := d.Brief(a.Full())
		return func(seed uint64) ([]*cloud.Instance, error) {
			in, err := c.instance(source(seed, d.Name))
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

func randomParams() []spec.Param {
	return []spec.Param{
		{Name: "hosts", Type: spec.Int, Default: "10", Unit: "hosts", Bounds: spec.Between(2, 1e6), Doc: "number of hosts"},
		{Name: "vms", Type: spec.Int, Unit: "VMs", Bounds: spec.Between(0, maxVMs), Doc: "number of VMs, each dealt to a random host with room; " +
			"unless given, every host is filled in turn until the next VM does not fit"},
		{Name: "capacity", Type: spec.Int, Default: "4096", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "capacity of each host, of every resource"},
		{Name: "reserved", Type: spec.Int, Default: "280", Unit: "MiB", Bounds: spec.Between(0, 1e12), Doc: "what each host keeps for itself, of every resource"},
		{Name: "sizes", Type: spec.Choice, Choices: []string{"uniform", "lognormal", "flavours"}, Default: "uniform", Doc: "distribution of a VM's demand"},
		{Name: "min", Type: spec.Int, Default: "128", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "smallest demand, for uniform and lognormal sizes"},
		{Name: "max", Type: spec.Int, Default: "4096", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "largest demand, for uniform and lognormal sizes"},
		{Name: "median", Type: spec.Float, Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "median of lognormal sizes before they are cut to min and max; " +
			"the geometric mean of min and max unless given"},
		{Name: "sigma", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 10), Doc: "standard deviation of the logarithm of lognormal sizes"},
		{Name: "flavours", Type: spec.Int, List: true, Default: "[512, 1024, 2048]", Unit: "MiB", Bounds: spec.Between(1, 1e12), Doc: "the sizes to choose from " +
			"with sizes=flavours, all equally likely; one that is listed twice is twice as likely"},
		{Name: "utilisation", Type: spec.Float, Default: "1", Bounds: spec.Between(0, 1), Doc: "fraction of a host's room (capacity - reserved) that VMs " +
			"may fill at the start, of every resource"},
		{Name: "tries", Type: spec.Int, Default: "1", Unit: "draws", Bounds: spec.Between(1, 1e6), Doc: "how many sizes are drawn, one after " +
			"the other, before a host counts as full; many bring hosts close to the utilisation allowed"},
		{Name: "resources", Type: spec.Int, Default: "1", Bounds: spec.Between(1, 16), Doc: "number of resources: ram, r2, r3, …; all have the same " +
			"capacity and distribution of demands"},
		{Name: "correlation", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "correlation of a VM's demand of ram with its demand " +
			"of each other resource"},
		{Name: "i386-hosts", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "fraction of the hosts that are i386, the last ones; the others are x86_64"},
		{Name: "i386-vms", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1), Doc: "chance of a VM to be i386; one that is drawn to fill an i386 host always is"},
		{Name: "target", Type: spec.Choice, Choices: []string{"walk", "shuffle"}, Default: "walk", Doc: "walk: random sane migrations lead to the target, so a path exists; " +
			"shuffle: a random sane placement, to which there may be no path"},
		{Name: "migrations", Type: spec.Int, Default: "100", Unit: "migrations", Bounds: spec.Between(0, 1e8), Doc: "length of the walk; it is shorter only where nothing can move"},
		{Name: "moved", Type: spec.Float, Default: "0.5", Bounds: spec.Between(0, 1), Doc: "fraction of the VMs that the shuffle puts on another host; " +
			"fewer where hosts are too full to do so"},
	}
}

// randomCloud holds the parameters of the family.
type randomCloud struct {
	hosts, resources   int
	vms                int // -1: until the hosts are full
	capacity, reserved int64
	room               int64 // what VMs may fill of a host at the start
	draw               func(*rand.Rand) int64
	tries              int
	correlation        float64
	i386Hosts          int
	i386VMs            float64
	archs              bool // whether architectures play a part at all
	shuffle            bool
	migrations         int
	moved              float64
}

func newRandomCloud(a spec.Args) (*randomCloud, error) {
	c := &randomCloud{
		hosts: int(a.Int("hosts")), resources: int(a.Int("resources")), vms: -1,
		capacity: a.Int("capacity"), reserved: a.Int("reserved"),
		tries: int(a.Int("tries")), correlation: a.Float("correlation"),
		i386VMs: a.Float("i386-vms"), shuffle: a.String("target") == "shuffle",
		migrations: int(a.Int("migrations")), moved: a.Float("moved"),
	}
	if a.Has("vms") {
		c.vms = int(a.Int("vms"))
	}
	if c.reserved > c.capacity {
		return nil, fmt.Errorf("hosts of %d MiB cannot keep %d MiB reserved", c.capacity, c.reserved)
	}
	c.room = int64(a.Float("utilisation") * float64(c.capacity-c.reserved))
	c.i386Hosts = share(a.Float("i386-hosts"), c.hosts)
	c.archs = c.i386Hosts > 0 || c.i386VMs > 0
	var err error
	c.draw, err = sizes(a)
	return c, err
}

// share is the nearest whole number to a fraction of n.
func share(fraction float64, n int) int { return int(fraction*float64(n) + 0.5) }

func (c *randomCloud) instance(rng *rand.Rand) (*cloud.Instance, error) {
	in := c.emptyHosts()
	var err error
	if c.vms < 0 {
		err = c.fill(in, rng)
	} else {
		err = c.deal(in, rng)
	}
	if err != nil {
		return nil, err
	}
	bound, err := rules.Bind(in, nil)
	if err != nil {
		return nil, err
	}
	s := cloud.NewState(in, bound, in.Initial)
	if c.shuffle {
		n := shuffle(s, share(c.moved, len(in.VMs)), rng)
		in.Description = fmt.Sprintf("%d of %d VMs have another host in the target; whether a path exists is not known", n, len(in.VMs))
	} else {
		n := newWalker(s, rng, false).walk(c.migrations)
		in.Description = fmt.Sprintf("%d random sane migrations lead to the target: a path exists", n)
	}
	in.Target = append(cloud.Placement{}, s.Placement()...) // not nil, which means no target, even without VMs
	return in, nil
}

func (c *randomCloud) emptyHosts() *cloud.Instance {
	in := &cloud.Instance{Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for r := 2; r <= c.resources; r++ {
		in.Resources = append(in.Resources, cloud.Resource{Name: fmt.Sprintf("r%d", r)})
	}
	in.Hosts = make([]cloud.Host, c.hosts)
	for h := range in.Hosts {
		in.Hosts[h] = cloud.Host{
			Name:     fmt.Sprintf("host%d", h+1),
			Capacity: repeated(c.capacity, c.resources), Reserved: repeated(c.reserved, c.resources),
			Arch: c.hostArch(h),
		}
	}
	return in
}

func (c *randomCloud) hostArch(h int) string {
	switch {
	case !c.archs:
		return ""
	case h >= c.hosts-c.i386Hosts:
		return x86
	default:
		return x64
	}
}

func repeated(n int64, times int) []int64 {
	out := make([]int64, times)
	for i := range out {
		out[i] = n
	}
	return out
}
