package generators

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func randomEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "random",
		Synopsis: "hosts filled with random VMs; a random walk, a shuffle or chance alone leads to the target",
		Doc: "The defaults are those of the first path finder's soak test: 10 hosts, each filled with VMs of " +
			"uniform size until the next one drawn does not fit, and a target 100 random sane migrations away. " +
			"With target=walk a path exists; with target=shuffle and target=fresh that is unknown, and often there is none. " +
			"Both placements obey every rule that the instance carries. " +
			"With utilisation, VMs are drawn until they demand that share of the cloud, and the last ones are chosen so that they do: " +
			"what is measured differs by a hundredth at most, mostly by less than a thousandth. Where no VMs of the sizes asked for " +
			"come as near, the family refuses. With fill-limit, a cap for each host, the share is left to chance: hosts that are filled " +
			"with VMs of up to their own size end about half full. " +
			"A cloud as full as can be, both of whose placements are random and independent: random(start=fresh, target=fresh, " +
			"capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], weights=[.30, .30, .20, .15, .05], utilisation=0.98). " +
			"Where chance finds no second placement for target=fresh, hosts that are alike exchange all their VMs, which are then shuffled; where it finds none for " +
			"start=fresh, VMs are drawn for random hosts. The instance's description says so.",
		Params:   randomParams(),
		Citation: spiers2015 + " (soaktest.py); zipf sizes: " + hoermann1996,
	}
	return single(d, func(a spec.Args) (draw, error) {
		c, err := newRandomCloud(a)
		if err != nil {
			return nil, err
		}
		return c.instance, nil
	})
}

// randomCloud holds the parameters of the family.
type randomCloud struct {
	catalogue *spec.Catalogue
	*hostPlan
	vms         int     // -1: as many as the cloud is to be full of
	utilisation float64 // -1: as full as hosts can be filled
	fillLimit   float64
	draw        func(*rand.Rand) int64
	tries       int
	correlation float64
	i386VMs     float64
	grouping    grouping
	freshStart  bool
	target      string
	migrations  int
	moved       float64
}

func newRandomCloud(a spec.Args) (*randomCloud, error) {
	plan, err := newHostPlan(a)
	if err != nil {
		return nil, err
	}
	c := &randomCloud{
		catalogue: a.Catalogue(),
		hostPlan:  plan, vms: -1, utilisation: -1, fillLimit: a.Float("fill-limit"),
		tries: int(a.Int("tries")), correlation: a.Float("correlation"), i386VMs: a.Float("i386-vms"),
		freshStart: a.String("start") == "fresh", target: a.String("target"),
		migrations: int(a.Int("migrations")), moved: a.Float("moved"),
	}
	switch {
	case a.Has("vms") && a.Has("vms-per-host"):
		return nil, errors.New("vms and vms-per-host say the same in two ways: give one of them")
	case a.Has("vms"):
		c.vms = int(a.Int("vms"))
	case a.Has("vms-per-host"):
		c.vms = share(a.Float("vms-per-host"), c.hosts)
		if c.vms > maxVMs {
			return nil, fmt.Errorf("%d hosts with %g VMs each are more than %d VMs", c.hosts, a.Float("vms-per-host"), maxVMs)
		}
	}
	if a.Has("utilisation") {
		c.utilisation = a.Float("utilisation")
		switch {
		case c.vms >= 0:
			return nil, errors.New("utilisation says how many VMs there are, as vms and vms-per-host do: give one of them")
		case c.fillLimit < 1:
			return nil, errors.New("utilisation is reached, and fill-limit is not to be exceeded: give one of them")
		}
	}
	if c.grouping, err = newGrouping(a, plan); err != nil {
		return nil, err
	}
	c.draw, err = sizes(a)
	return c, err
}

// share is the nearest whole number to a fraction of n. The product is rounded by itself, or
// some processors would fuse it with the sum and come to another number.
func share(fraction float64, n int) int { return int(float64(fraction*float64(n)) + 0.5) }

// instance makes hosts, VMs where they stand, groups, and the target, in this order.
// Choices that a parameter's default leaves out draw nothing: what older specs stand
// for does not change when there are more parameters.
func (c *randomCloud) instance(rng *rand.Rand) (*cloud.Instance, error) {
	in := c.hostPlan.instance(rng)
	asAsked, err := c.start(in, rng)
	if err != nil {
		return nil, err
	}
	if err := c.grouping.choose(in, rng); err != nil {
		return nil, err
	}
	bound, err := rules.Bind(c.catalogue, in, nil)
	if err != nil {
		return nil, err
	}
	s := cloud.NewState(in, bound, in.Initial)
	defer func() {
		if !asAsked {
			in.Description += "; no fresh placement was found for the start, whose VMs were drawn for random hosts instead"
		}
	}()
	switch c.target {
	case "walk":
		n := newWalker(s, rng, false).walk(c.migrations)
		in.Description = fmt.Sprintf("%d random sane migrations lead to the target: a path exists", n)
	case "shuffle":
		n := shuffle(s, share(c.moved, len(in.VMs)), rng)
		in.Description = fmt.Sprintf("%d of %d VMs have another host in the target; whether a path exists is not known", n, len(in.VMs))
	case "fresh":
		s = cloud.NewState(in, bound, nowhere(len(in.VMs)))
		in.Description = "initial placement and target are random and independent; whether a path exists is not known"
		if err := scatter(s, bound, rng); err != nil {
			if !trade(s, in.Initial, rng) {
				return nil, fmt.Errorf("no second placement of the VMs was found: %w, or target=shuffle", err)
			}
			in.Description = "no independent target was found: like hosts exchange all their VMs, which are then shuffled; whether a path exists is not known"
		}
	case "none":
		in.Description = "no target"
		return in, nil
	}
	in.Target = append(cloud.Placement{}, s.Placement()...) // not nil, which means no target, even without VMs
	return in, nil
}

// start draws the VMs and places them. It tells whether it did so as start says, which may be
// impossible in the fullest clouds.
func (c *randomCloud) start(in *cloud.Instance, rng *rand.Rand) (asAsked bool, err error) {
	switch p := c.packing(in, rng); {
	case c.utilisation >= 0:
		return c.reach(in, rng)
	case c.freshStart:
		return true, p.fresh()
	case c.vms >= 0:
		return true, p.deal()
	default:
		return true, p.fill()
	}
}
