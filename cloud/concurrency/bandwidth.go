package concurrency

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func bandwidthEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "bandwidth",
			Synopsis: "links and switches with capacities that migrations under way share",
			Doc: "A migration takes bandwidth of every link and switch on its way, in whole kbit/s; a suspend takes it of the link out of " +
				"the host that the VM leaves, a resume of the link into the one that it comes to, unless the duration gives its time. The network is the instance's (nic_mbps, switch, " +
				"switches). At its full rate a migration takes the smallest capacity on its way. Its least rate is the smallest at which the " +
				"duration says that it converges and sends almost no more than at its full rate; one that does not converge at its " +
				"full rate has no other. pinned: a migration has one rate from its start to its end, as much as its way leaves it when it " +
				"starts. max-min: migrations under way have max-min fair rates, computed anew whenever one starts or ends: the links with the " +
				"least left for each migration without a rate give these migrations that much, rounded down, until all have a rate. " +
				"A migration starts if each link on its way has enough for the least rates of this migration and of all under way there. " +
				"The duration has to give times at rates. With max-min, precopy and rate do; with pinned, mvm does too, but needs " +
				"rounding=1ms if rates may be less than full.",
			Params: []spec.Param{
				{
					Name: "sharing", Type: spec.Choice, Choices: []string{"pinned", "max-min"}, Default: "pinned",
					Doc: "how migrations under way share bandwidth",
				},
				{
					Name: "least", Type: spec.Ratio, Bounds: spec.Between(0, 1),
					Doc: "part of its full rate without which a migration does not start; 1 if pinned, else 0, unless given",
				},
				{
					Name: "growth", Type: spec.Ratio, Default: "0.05", Bounds: spec.Between(0, 1000),
					Doc: "how much more a migration may send at its least rate than at its full rate, as a part of the latter",
				},
				{
					Name: "admission", Type: spec.Bool, Default: "yes",
					Doc: "whether the least rates are kept; with no, all migrations may start, however slow they get. Only with max-min",
				},
				{
					Name: "bandwidth", Type: spec.Int, Default: "10000", Bounds: spec.Between(1, maxMbps), Unit: "Mbit/s",
					Doc: "speed of a host's network interface where the instance does not say (nic_mbps)",
				},
			},
			Citation: "Kherbache, Hermenier, Madelaine, Scheduling Live Migration of Virtual Machines, IEEE Transactions on Cloud Computing 2017, " +
				"doi:10.1109/TCC.2017.2754279",
		},
		New: newBandwidth,
	}
}

// maxMbps is more than any link has.
const maxMbps = 1e9

func newBandwidth(a spec.Args) (Binder, error) {
	pinned := a.String("sharing") == "pinned"
	least := new(big.Rat)
	if pinned {
		least.SetInt64(1)
	}
	if a.Has("least") {
		least = a.Ratio("least")
	}
	if pinned && !a.Bool("admission") {
		return nil, errors.New("admission=no goes with sharing=max-min: a pinned rate is what is left")
	}
	rigid := pinned && least.Cmp(big.NewRat(1, 1)) == 0
	return func(in *cloud.Instance, d cloud.Duration) (Model, error) {
		b := &bandwidth{in: in, text: a.Brief().String(), least: least, growth: a.Ratio("growth"), admits: a.Bool("admission"), pinned: pinned, rigid: rigid}
		if err := b.layOut(a.Int("bandwidth")); err != nil {
			return nil, err
		}
		var fluid bool
		switch paced, ok := d.(durations.Paced); {
		case d == nil && rigid: // all that is asked is what full rates take
		case !ok:
			return nil, fmt.Errorf("it takes a duration that gives times at rates, found %s: expected mvm, precopy or rate", nameOf(d))
		default:
			b.duration = paced
			_, fluid = d.(durations.Fluid)
		}
		switch {
		case rigid:
			return b, nil
		case pinned && b.duration.Grain() > 1: // at half the rate the rounded time may be less than twice as long
			return nil, fmt.Errorf("least below 1 needs a duration whose times are rounded to ms, found %s: expected mvm(rounding=1ms), precopy or rate", d)
		case pinned:
			return pinnedModel{b}, nil
		case !fluid:
			return nil, fmt.Errorf("max-min takes a duration that gives times at rates that change, found %s: expected precopy or rate", nameOf(d))
		}
		return maxMinModel{b}, nil
	}, nil
}

func nameOf(d cloud.Duration) string {
	if d == nil {
		return "none"
	}
	return d.String()
}

// bandwidth is a network that migrations share. By itself it is the model of pinned rates that are full.
type bandwidth struct {
	in            *cloud.Instance
	text          string
	duration      durations.Paced // nil: not known
	least, growth *big.Rat
	admits        bool
	pinned, rigid bool // rigid: each has its full rate

	network *cloud.Network
	kbps    []int64 // by link, 0: it limits nothing
	limit   []int32 // by link: its place in the limits, -1: none
	limits  []Limit

	demands memo[*demand] // of schedulers
	judged  memo[glance]
}

// layOut finds the capacities of all links. O(hosts + switches + VMs).
func (b *bandwidth) layOut(otherwise int64) error {
	b.network = b.in.Network()
	b.demands, b.judged = make(memo[*demand], len(b.in.VMs)), make(memo[glance], len(b.in.VMs))
	for l := range b.network.Links() {
		link := b.network.Link(cloud.LinkID(l))
		if link.Host != cloud.Absent && link.Mbps == 0 {
			link.Mbps = otherwise
		}
		if link.Mbps > maxMbps {
			return fmt.Errorf("%s: expected at most %d Mbit/s, found %d", link.Name, int64(maxMbps), link.Mbps)
		}
		b.kbps = append(b.kbps, 1000*link.Mbps)
		if link.Mbps == 0 {
			b.limit = append(b.limit, -1)
			continue
		}
		b.limit = append(b.limit, int32(len(b.limits)))
		b.limits = append(b.limits, Limit{Name: link.Name, Unit: "kbit/s", Capacity: 1000 * link.Mbps, Host: link.Host})
	}
	return nil
}

func (b *bandwidth) String() string { return b.text }

func (b *bandwidth) Limits() []Limit { return b.limits }

// Needs is the least and the full rate on each link of the way.
func (b *bandwidth) Needs(step *cloud.Step) Needs { return b.demand(step).needs }

// demand is what a step asks of the network.
type demand struct {
	needs       Needs
	least, full int64 // kbit/s
}

// demand is computed once for each step, as long as its VM takes no other.
func (b *bandwidth) demand(step *cloud.Step) *demand {
	timeless := *step
	timeless.Cost, timeless.Start, timeless.End = 0, 0, 0
	return b.demands.of(timeless, func() *demand {
		d := &demand{}
		if !counts(step.Action) {
			d.needs.Time = cloud.TimeOf(b.duration, step)
			return d
		}
		for _, l := range b.network.Way(step.From, step.To, nil) {
			if at := b.limit[l]; at >= 0 {
				d.needs.Uses = append(d.needs.Uses, Use{Limit: at})
				if c := b.limits[at].Capacity; d.full == 0 || c < d.full {
					d.full = c
				}
			}
		}
		d.needs.Time = b.duration.TimeAt(step, d.full)
		if bytes, _ := b.duration.SentAt(step, d.full); bytes == 0 {
			d.needs.Uses, d.least = nil, d.full
			return d
		}
		d.least = b.leastRate(step, d.full)
		for i := range d.needs.Uses {
			d.needs.Uses[i].Least, d.needs.Uses[i].Full = d.least, d.full
		}
		return d
	})
}

// leastRate is the smallest rate that is good enough for a step. It takes O(log rate) looks at the duration.
func (b *bandwidth) leastRate(step *cloud.Step, full int64) int64 {
	if b.rigid {
		return full
	}
	if !b.admits {
		return 0
	}
	sent, converges := b.duration.SentAt(step, full)
	if !converges {
		return full
	}
	most := scaled(b.growth, sent)
	most.Add(most, big.NewRat(sent, 1))
	good := func(rate int64) bool {
		bytes, converges := b.duration.SentAt(step, rate)
		return converges && most.Cmp(big.NewRat(bytes, 1)) >= 0
	}
	share := scaled(b.least, full)
	lo := new(big.Int).Quo(share.Num(), share.Denom()).Int64()
	if !share.IsInt() {
		lo++
	}
	lo, hi := max(lo, 1), full // hi is good
	for lo < hi {
		if mid := lo + (hi-lo)/2; good(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return hi
}

func scaled(x *big.Rat, n int64) *big.Rat { return new(big.Rat).Mul(x, big.NewRat(n, 1)) }
