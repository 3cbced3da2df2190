package targets

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Search is how long a strategy looks for a better target than the one that it constructs.
type Search struct {
	GoOn func() bool // asked all the time
	Seed uint64
}

// packing is the target of a choice, for the search to begin with.
func (r *Request) packing(c Choice) *packing.Packing {
	home := r.Instance.Initial.Clone()
	x := packing.New(&packing.Problem{
		Instance: r.Instance, Rules: cloud.Whole(r.Rules), Home: home, Price: r.Cost.Migrate,
	}, r.Search.Seed)
	x.Place(c.Target)
	return x
}

// places tells whether VMs that stand nowhere stand somewhere in a target. A search that begins with the
// placement as it is would leave them out.
func (r *Request) places(target cloud.Placement) bool {
	for v, h := range r.Instance.Initial {
		if h == cloud.Absent && target[v] != cloud.Absent {
			return true
		}
	}
	return false
}

// searched is the choice that a packing has become, if it differs.
func searched(c Choice, x *packing.Packing) Choice {
	if found := x.Placement(); !found.Equal(c.Target) {
		return Choice{Target: found}
	}
	return c
}

// fewest closes as many hosts as it can, and then lowers the cost without opening any more. It begins
// with the target that was constructed and with the placement as it is.
func (r *Request) fewest(c Choice) Choice {
	floor := r.floorHosts()
	best := r.packing(c)
	r.closeIdle(best)
	if other := r.packing(Choice{Target: r.Instance.Initial}); !r.places(c.Target) && other.Sane() {
		r.closeIdle(other)
		r.closeMore(other, floor, 8)
		if a, b := open(other), open(best); a < b || a == b && other.Cost() < best.Cost() {
			best = other
		}
	}
	for round := 1; r.Search.GoOn() && best.Cost() > 0; round *= 2 {
		r.closeMore(best, floor, 16*round)
		tries := 0
		best.Improve(func() bool { tries++; return tries < 2000*round && r.Search.GoOn() })
	}
	return searched(c, best)
}

// open counts the hosts in use.
func open(x *packing.Packing) (n int) {
	for h := range x.Hosts() {
		if len(x.On(h)) > 0 {
			n++
		}
	}
	return n
}

func (r *Request) closeIdle(x *packing.Packing) {
	for h := range x.Hosts() {
		if len(x.On(h)) == 0 {
			x.Close(h, true)
		}
	}
}

// closeMore closes one host after another, small ones first, and of equal ones those first that are cheap
// to empty, until only as many are left as the floor. Tries bounds the attempts for each.
func (r *Request) closeMore(x *packing.Packing, floor, tries int) {
	l := newLimits(r)
	average := l.average()
	room := make([]float64, len(r.Instance.Hosts))
	var hosts []cloud.HostID
	for h := range x.Hosts() {
		for i, n := range l.host(h) {
			if average[i] > 0 {
				room[h] += min(float64(n)/average[i], 1<<20)
			}
		}
		if len(x.On(h)) > 0 {
			hosts = append(hosts, h)
		}
	}
	slices.SortStableFunc(hosts, func(a, b cloud.HostID) int {
		return cmp.Or(cmp.Compare(room[a], room[b]), cmp.Compare(x.Worth(a), x.Worth(b)))
	})
	left := len(hosts)
	for _, h := range hosts {
		if left <= floor || !r.Search.GoOn() {
			return
		}
		if !x.Spares(h) {
			continue
		}
		x.Close(h, true)
		n := 0
		if !x.Repair(func() bool { n++; return n < tries && r.Search.GoOn() }, h) {
			x.Close(h, false)
		} else {
			left--
		}
	}
}

// lowest lowers the highest load to a goal, or as far as it can, and then the cost at that load.
func (r *Request) lowest(c Choice, goal float64) Choice {
	l, in := newLimits(r), r.Instance
	x, y := r.packing(c), r.packing(Choice{Target: in.Initial})
	cap := func(x *packing.Packing, most float64) {
		for h := range in.Hosts {
			for i, n := range l.host(cloud.HostID(h)) {
				if n != math.MaxInt64 {
					x.Limit(cloud.HostID(h), i, int64(most*float64(n)+1e-9))
				}
			}
		}
	}
	floor := float64(bounds.New(bounds.Question{Instance: r.Instance, Rules: r.Rules}).Peak(nil).Score[0]) / millionths
	low, high := max(goal, floor-1/millionths), r.Measure(x.Placement()).Highest // the floor is rounded up
	try := func(most float64, tries int) bool {
		cap(x, most)
		n := 0
		if !x.Repair(func() bool { n++; return n < tries && r.Search.GoOn() }) {
			return false
		}
		high = r.Measure(x.Placement()).Highest
		return true
	}
	if high > goal && !try(goal, 500) {
		for high-low > 1e-5 && r.Search.GoOn() {
			if most := (low + high) / 2; !try(most, 1000) {
				low = most
			}
		}
	}
	most := max(goal, high)
	cap(x, most)
	cap(y, most)
	n := 0
	if !r.places(c.Target) && y.Repair(func() bool { n++; return n < 1000 && r.Search.GoOn() }) && y.Cost() < x.Cost() && y.Sane() {
		x = y
	}
	x.Improve(r.Search.GoOn)
	return searched(c, x)
}

// cleared empties hosts at as low a cost as it can, whether or not they have been emptied already.
func (r *Request) cleared(c Choice, hosts []cloud.HostID) (Choice, bool) {
	if c.Target == nil {
		c.Target = r.Instance.Initial
	}
	x := r.packing(c)
	for _, h := range hosts {
		x.Shut(h)
	}
	if !x.Repair(r.Search.GoOn) || !x.Sane() { // a rule that the start breaks may still be broken
		return Choice{}, false
	}
	x.Improve(r.Search.GoOn)
	return searched(c, x), true
}

// millionths is the unit of loads that are integers.
const millionths = 1e6

func (r *Request) floorHosts() int {
	o, err := objectives.Bind(r.catalogue, r.Instance, r.Rules, spec.Named("hosts"))
	if err != nil {
		return 0
	}
	return int(floor(bounds.New(bounds.Question{Instance: r.Instance, Rules: r.Rules}), o)[0])
}
