package targets

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// draft is a target in the making. It begins with the initial placement, which breaks no rule, and changes
// one VM at a time, each change a sane migration under every rule, the discrete ones too: so it stays sane,
// and the changes are a path to it.
type draft struct {
	*limits
	in    *cloud.Instance
	rules []cloud.Rule // discrete ones are enforced
	state *cloud.State
	rooms *rooms
	sizes []float64 // by VM
	tries int       // bound on the hosts looked at for making room for one VM
	// idle are closed hosts that open for VMs that stand nowhere and fit nowhere else.
	idle []cloud.HostID
}

// enforced is a discrete rule that a draft obeys all the way.
type enforced struct{ cloud.Rule }

func (enforced) Continuous() bool { return true }

// broken tells whether the start breaks a rule.
func (r *Request) broken() bool {
	return slices.ContainsFunc(r.Rules, func(rule cloud.Rule) bool {
		_, mends := rule.(cloud.Mending)
		return mends || !rule.Continuous() && len(rule.Violations(cloud.NewState(r.Instance, nil, r.Instance.Initial).View(), nil)) > 0
	})
}

// newDraft makes the draft of the initial placement, all hosts open, the most loaded ones
// first to be found.
func newDraft(r *Request, tries int) *draft {
	in := r.Instance
	d := &draft{limits: newLimits(r), in: in, tries: tries, rules: slices.Clone(r.Rules)}
	for i, rule := range d.rules {
		if !rule.Continuous() {
			d.rules[i] = enforced{rule}
		}
	}
	d.state = cloud.NewState(in, d.rules, in.Initial)
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

// choice is the draft as it stands, with the VMs that stand nowhere placed if so asked.
func (d *draft) choice(place bool) (Choice, error) {
	if place {
		if err := d.provision(); err != nil {
			return Choice{}, err
		}
	}
	c := Choice{Target: d.state.Placement(), Path: []cloud.Change{}}
	for _, m := range d.state.Moves() {
		if m.From != cloud.Absent { // provisions come after the path
			c.Path = append(c.Path, m)
		}
	}
	return c, nil
}
