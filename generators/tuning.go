package generators

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// tuning brings a cloud to a utilisation: it takes a few VMs off a random host, draws others
// in their place as long as that comes nearer, and goes back unless it did. Demands are drawn
// from the distribution that the cloud has, and only the last ones are chosen, so that the
// distribution is hardly changed.
//
// It does not need to know the distribution. Random steps find sizes that add up to the missing
// amount: a step looks at few VMs, so that many can be tried.
type tuning struct {
	rng    *rand.Rand
	wanted float64
	all    []int64 // by resource: the limits of all hosts together
	total  []int64 // by resource: what all VMs demand
	shelf  []shelf
	vms    int
	drawn  int // VMs, those that were taken off again included
	// draw draws a VM for a host; false where none of its kind may stand there.
	draw func(cloud.HostID) (cloud.VM, bool)
}

// shelf is a host with its VMs, or the whole cloud before VMs have hosts.
type shelf struct {
	left []int64 // by resource
	vms  []item
}

// item is a VM that has been drawn.
type item struct {
	cloud.VM
	group int // -1: none
	order int
}

const (
	// tuned is how near to the utilisation asked for tuning ends: features have three decimals.
	// In clouds of few units it ends at the nearest one.
	tuned = 0.0005
	// nearEnough is how far from it a cloud may be at most, by its feature.
	nearEnough = 0.01
	// tuningPatience is how many steps in a row may come no nearer, and tuningPatiencePerHost
	// how many more for each host. A tenth will do when a cloud is near enough.
	tuningPatience, tuningPatiencePerHost = 20_000, 200
	// After detour unsuccessful steps, and detourPerPair more for each pair of hosts, a step that
	// leads away is kept. With many hosts, a single one can usually still gain.
	detour, detourPerPair = 80, 6
	// mostTaken is how many VMs a step takes off a host at most. Two sizes, of which none
	// divides the other, may need as many to fill a host.
	mostTaken = 3
)

// newTuning takes the VMs of an instance as they stand, under limits by host*resources +
// resource. Limits of the whole cloud, as if of one host, are those of VMs that stand nowhere.
func newTuning(in *cloud.Instance, limit []int64, wanted float64, rng *rand.Rand) *tuning {
	n := len(in.Resources)
	t := &tuning{rng: rng, wanted: wanted, all: make([]int64, n), total: make([]int64, n), drawn: len(in.VMs)}
	for k := 0; k < len(limit); k += n {
		t.shelf = append(t.shelf, shelf{left: slices.Clone(limit[k : k+n])})
		for r := range t.all {
			t.all[r] += limit[k+r]
		}
	}
	group := slices.Repeat([]int{-1}, len(in.VMs))
	for g := range in.Groups {
		for _, v := range in.Groups[g].VMs {
			group[v] = g
		}
	}
	for v, h := range in.Initial {
		t.put(&t.shelf[max(h, 0)], item{in.VMs[v], group[v], v})
	}
	return t
}

func (t *tuning) put(s *shelf, it item) {
	s.vms = append(s.vms, it)
	t.vms++
	for r, d := range it.Demand {
		s.left[r] -= d
		t.total[r] += d
	}
}

// take takes a VM off a host.
func (t *tuning) take(s *shelf, i int) item {
	it, last := s.vms[i], len(s.vms)-1
	s.vms[i] = s.vms[last]
	s.vms = s.vms[:last]
	t.vms--
	for r, d := range it.Demand {
		s.left[r] += d
		t.total[r] -= d
	}
	return it
}

// utilisation is that of the fullest resource.
func (t *tuning) utilisation() float64 {
	most := 0.0
	for r, n := range t.total {
		most = max(most, float64(n)/float64(max(t.all[r], 1)))
	}
	return most
}

func (t *tuning) off() float64 { return math.Abs(t.utilisation() - t.wanted) }

// run takes steps until the utilisation is reached, or no more is gained. It returns an error
// if that is not near enough. As long as it is not, a step is kept now and then that leads
// away: two hosts may have to change before one gains.
func (t *tuning) run() error {
	patience := tuningPatience + tuningPatiencePerHost*len(t.shelf)
	away := detour + detourPerPair*len(t.shelf)*len(t.shelf)
	enough := max(tuned, 0.501/float64(max(1, slices.Max(t.all))))
	nearest, best := t.utilisation(), t.off()
	for vain := 0; best > enough && vain < patience; vain++ {
		near := t.near(nearest)
		if near && vain > patience/10 {
			break
		}
		t.step(!near && vain%away == away-1)
		if off := t.off(); off < best {
			nearest, best, vain = t.utilisation(), off, 0
		}
	}
	if !t.near(nearest) {
		return fmt.Errorf("no choice of VMs of these sizes was found with a utilisation nearer to %g than %g: "+
			"ask for another utilisation, smaller VMs or more hosts", t.wanted, thousandths(nearest))
	}
	return nil
}

// near tells whether a cloud of some utilisation is near enough, by its feature.
func (t *tuning) near(utilisation float64) bool {
	return math.Abs(thousandths(utilisation)-t.wanted) <= nearEnough
}

func thousandths(x float64) float64 { return math.Round(1000*x) / 1000 }

// step exchanges some VMs of a host for others, unless that leads away from the utilisation and
// is not to be kept all the same.
func (t *tuning) step(keep bool) {
	h := cloud.HostID(t.rng.IntN(len(t.shelf)))
	s, before := &t.shelf[h], t.off()
	var out []item
	for range t.rng.IntN(min(len(s.vms), mostTaken) + 1) {
		out = append(out, t.take(s, t.rng.IntN(len(s.vms))))
	}
	stay := len(s.vms)
	for t.add(h) {
	}
	in := s.vms[stay:]
	if !keep && t.off() > before || !inherit(out, in) {
		for len(s.vms) > stay {
			t.take(s, len(s.vms)-1)
		}
		for _, it := range out {
			t.put(s, it)
		}
	}
}

// add draws a VM for the host, and tells whether it has room there and comes nearer.
func (t *tuning) add(h cloud.HostID) bool {
	s, before := &t.shelf[h], t.off()
	vm, ok := t.draw(h)
	if !ok || !within(vm.Demand, s.left) || t.vms == maxVMs {
		return false
	}
	t.put(s, item{vm, -1, t.drawn})
	if t.off() >= before {
		t.take(s, len(s.vms)-1)
		return false
	}
	t.drawn++
	return true
}

// inherit gives VMs the places of those that they replace, in their groups too; it tells
// whether they are enough for all that were in groups.
func inherit(out, in []item) bool {
	slices.SortStableFunc(out, func(a, b item) int { return cmp.Compare(b.group, a.group) })
	if len(out) > len(in) && out[len(in)].group >= 0 {
		return false
	}
	for i := range min(len(out), len(in)) {
		in[i].group, in[i].order = out[i].group, out[i].order
	}
	return true
}

// apply makes the VMs, their hosts and their groups those of the instance.
func (t *tuning) apply(in *cloud.Instance) {
	type placed struct {
		item
		host cloud.HostID
	}
	var all []placed
	for h := range t.shelf {
		host := cloud.HostID(h)
		if len(t.shelf) < len(in.Hosts) {
			host = cloud.Absent
		}
		for _, it := range t.shelf[h].vms {
			all = append(all, placed{it, host})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	in.VMs, in.Initial = nil, nil
	for g := range in.Groups {
		in.Groups[g].VMs = nil
	}
	for _, p := range all {
		if p.group >= 0 {
			in.Groups[p.group].VMs = append(in.Groups[p.group].VMs, cloud.VMID(len(in.VMs)))
		}
		p.Name = vmName(len(in.VMs))
		in.VMs, in.Initial = append(in.VMs, p.VM), append(in.Initial, p.host)
	}
}

// vmName is the name of a VM by its number.
func vmName(v int) string { return fmt.Sprintf("vm%d", v+1) }

func within(demand, room []int64) bool {
	for r, d := range demand {
		if d > room[r] {
			return false
		}
	}
	return true
}
