package targets

import (
	"cmp"
	"context"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// draft is a target in the making. It begins with the initial placement, mends what that
// breaks, and changes one VM at a time, each change a sane migration under every rule, the
// discrete ones too: so it stays sane, and the changes are a path to it. Only where VMs
// must stay together, or are in each other's way, are they moved together, and then that
// path may be lost.
type draft struct {
	*limits
	in       *cloud.Instance
	whole    []cloud.Rule // discrete ones are enforced
	rules    []cloud.Rule // the same, in force: those that are broken are in their mending form
	onTheWay []cloud.Rule // of the request
	// broken are the rules that were broken when they were last put in force, by number.
	broken []int
	repair *repair // nil unless a rule is being mended
	state  *cloud.State
	rooms  *rooms
	sizes  []float64 // by VM
	tries  int       // bound on the hosts looked at for making room for one VM
	// idle are closed hosts that open for VMs that stand nowhere and fit nowhere else.
	idle []cloud.HostID
	// watching lists, by VM, the rules that watch few VMs, this one among them. Nil
	// until it is asked for.
	watching [][]int32
	ways     *cloud.Sorted // of rules, asked between which hosts VMs may go
	stepwise bool          // never moves VMs together
	vain     int           // relocations that failed since the last that did not
	// pathless is set when VMs moved other than by a sane migration.
	pathless bool
}

// newDraft makes the draft of the initial placement, all hosts open, the most loaded ones
// first to be found.
func newDraft(r *Request, tries int) *draft {
	in := r.Instance
	d := &draft{limits: newLimits(r), in: in, tries: tries, onTheWay: r.Rules, whole: slices.Clone(cloud.Whole(r.Rules))}
	for i, rule := range r.Rules {
		_, mends := rule.(cloud.Mending)
		if !rule.Continuous() {
			d.whole[i] = enforced{rule}
		}
		if mends || !rule.Continuous() {
			d.broken = append(d.broken, i)
		}
	}
	d.rules = d.whole
	d.state = cloud.NewState(in, nil, in.Initial)
	d.obey()
	average := d.average()
	d.measure(average)
	order := make([]cloud.HostID, len(in.Hosts))
	for h := range order {
		order[h] = cloud.HostID(h)
	}
	loads := d.loads()
	slices.SortStableFunc(order, func(a, b cloud.HostID) int { return cmp.Compare(loads[b], loads[a]) })
	d.rooms = newRooms(order, average)
	for h := range order {
		d.open(cloud.HostID(h))
	}
	return d
}

// measure gives each VM a size: the sum over the resources of what it demands of an
// average host, which is the weight FFDSum of Panigrahy et al. 2011 by capacity.
func (d *draft) measure(average []float64) {
	d.sizes = make([]float64, len(d.in.VMs))
	for v := range d.in.VMs {
		for i, demand := range d.in.VMs[v].Demand {
			if average[i] > 0 {
				d.sizes[v] += float64(demand) / average[i]
			}
		}
	}
}

// loads is the load of every host.
func (d *draft) loads() []float64 {
	out := make([]float64, len(d.in.Hosts))
	for h := range out {
		out[h] = d.loadOf(cloud.HostID(h))
	}
	return out
}

func (d *draft) loadOf(h cloud.HostID) float64 {
	worst := 0.0
	for i, limit := range d.host(h) {
		worst = max(worst, portion(d.state.Used(h, i), limit))
	}
	return worst
}

// free is what a host has left of a resource.
func (d *draft) free(h cloud.HostID, resource int) int64 {
	if !d.bound {
		return unbounded
	}
	return max(0, d.host(h)[resource]-d.state.Used(h, resource))
}

func (d *draft) open(h cloud.HostID) {
	d.rooms.set(h, func(i int) int64 { return d.free(h, i) })
}

// move changes the draft without asking whether it may.
func (d *draft) move(v cloud.VMID, to cloud.HostID) {
	from := d.state.HostOf(v)
	d.state.Move(v, to)
	d.touch(from, to)
}

// undo takes back all moves but the first so many.
func (d *draft) undo(depth int) {
	for moves := d.state.Moves(); len(moves) > depth; moves = d.state.Moves() {
		last := moves[len(moves)-1]
		d.state.Undo()
		d.touch(last.From, last.To)
	}
}

func (d *draft) touch(hosts ...cloud.HostID) {
	for _, h := range hosts {
		if h != cloud.Absent && d.rooms.isOpen(h) {
			d.open(h)
		}
	}
}

// decreasing sorts VMs by size, the largest first.
func (d *draft) decreasing(vms []cloud.VMID) {
	slices.SortFunc(vms, func(a, b cloud.VMID) int {
		return cmp.Or(cmp.Compare(d.sizes[b], d.sizes[a]), cmp.Compare(a, b))
	})
}

// choice is the draft as it stands, mended where that has become possible, with the VMs that stand nowhere placed if so asked.
func (d *draft) choice(ctx context.Context, place bool) (Choice, error) {
	if err := d.mend(ctx); err != nil {
		return Choice{}, err
	}
	if place {
		if err := d.provision(); err != nil {
			return Choice{}, err
		}
	}
	c := Choice{Target: d.state.Placement()}
	if d.pathless {
		return c, nil
	}
	c.Path = []cloud.Change{}
	for _, m := range d.state.Moves() {
		if m.From != cloud.Absent { // provisions come after the path
			c.Path = append(c.Path, m)
		}
	}
	return c, nil
}
