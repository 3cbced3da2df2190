package bounds

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func ofParam() spec.Param {
	return spec.Param{
		Name: "of", Type: spec.Ref, Of: Kind, List: true, Default: "[deadlock, pdb]", Doc: "the heuristics to combine",
	}
}

func maxEntry() spec.Entry[Maker] {
	return spec.Entry[Maker]{
		Descriptor: spec.Descriptor{
			Name:       "max",
			Synopsis:   "the highest of several heuristics",
			Citation:   "own work",
			Params:     []spec.Param{ofParam()},
			Properties: []spec.Property{Admissible},
		},
		New: func(a spec.Args) (Maker, error) {
			of := spec.BuiltList[Maker](a, "of")
			return func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
				var m highest
				for _, maker := range of {
					h := maker(run, p, l)
					if h == nil {
						return nil
					}
					m = append(m, h)
				}
				return m
			}, nil
		},
	}
}

// highest is the maximum of heuristics: admissible if all of them are. An estimate takes
// as long as theirs together. It is not incremental, even if they are: from the maximum
// alone nobody can tell what the others were.
type highest []space.Heuristic

// Estimate implements [space.Heuristic].
func (m highest) Estimate(s *space.State) int64 {
	var most int64
	for _, h := range m {
		if most = max(most, h.Estimate(s)); most == space.DeadEnd {
			break
		}
	}
	return most
}

func sumEntry() spec.Entry[Maker] {
	return spec.Entry[Maker]{
		Descriptor: spec.Descriptor{
			Name:     "sum",
			Synopsis: "several heuristics, each of which charges some of the VMs and lets the others move free of charge",
			Doc: "Each VM is charged by one heuristic. VMs that share a host, at the start or in the target, are charged by the " +
				"same: by the one that has the highest estimate of the start when only these are charged.",
			Params:     []spec.Param{ofParam()},
			Citation:   "Katz and Domshlak 2010, Optimal admissible composition of abstraction heuristics, doi 10.1016/j.artint.2010.04.021",
			Properties: []spec.Property{Admissible},
		},
		New: func(a spec.Args) (Maker, error) {
			of := spec.BuiltList[Maker](a, "of")
			return func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic { return newSum(run, p, l, of) }, nil
		},
	}
}

// total is the sum of heuristics that see different cost functions. Admissible: each is,
// for its own cost function; and these add up to that of the problem, for each VM is
// charged by one of them and moves at no cost in the others (cost partitioning).
type total []space.Heuristic

func newSum(run *paths.Run, p *paths.Problem, l *space.Layout, of []Maker) space.Heuristic {
	if !run.Keep(int64(len(p.Instance.VMs)) * int64(len(of)+1)) {
		return nil
	}
	charged := make([][]bool, len(of))
	for n := range of {
		charged[n] = make([]bool, len(p.Instance.VMs))
	}
	if len(of) > 1 {
		s := space.NewState(p, l)
		for _, vms := range apart(p, l) {
			only := make([]bool, len(p.Instance.VMs))
			for _, v := range vms {
				only[v] = true
			}
			best, most := 0, int64(-1)
			for n, maker := range of {
				kept := run.Kept()
				h := maker(run, partly(p, only), l)
				if h == nil {
					return nil
				}
				if share := h.Estimate(s); share > most {
					best, most = n, share
				}
				run.Release(kept)
			}
			for _, v := range vms {
				charged[best][v] = true
			}
		}
	} else if len(of) == 1 {
		for v := range charged[0] {
			charged[0][v] = true
		}
	}
	var t total
	for n, maker := range of {
		h := maker(run, partly(p, charged[n]), l)
		if h == nil {
			return nil
		}
		t = append(t, h)
	}
	return t
}

// Estimate implements [space.Heuristic].
func (t total) Estimate(s *space.State) int64 {
	var sum int64
	for _, h := range t {
		share := h.Estimate(s)
		if share == space.DeadEnd {
			return space.DeadEnd
		}
		sum = plus(sum, share)
	}
	return sum
}

// apart divides the VMs that matter into groups that share no host, neither at the start
// nor in the target.
func apart(p *paths.Problem, l *space.Layout) [][]cloud.VMID {
	// Hosts are linked by the VMs that go from one to the other.
	sets := disjoint.New[cloud.HostID](len(p.Instance.Hosts))
	for i := range l.Len() {
		vm := l.VM(i)
		sets.Join(p.Start[vm], p.Goal[vm])
	}
	groups := make([][]cloud.VMID, len(sets))
	for i := range l.Len() {
		vm := l.VM(i)
		h := sets.Leader(p.Goal[vm])
		groups[h] = append(groups[h], vm)
	}
	out := groups[:0]
	for _, g := range groups {
		if len(g) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// partly is a problem in which only some of the VMs are charged.
func partly(p *paths.Problem, charged []bool) *paths.Problem {
	q := *p
	c := partial{p.Cost, charged}
	if u, ok := p.Cost.(cloud.HostIndependent); ok {
		q.Cost = partialUniform{c, u}
	} else {
		q.Cost = c
	}
	return &q
}

// partial is a cost function that charges some VMs only.
type partial struct {
	cloud.CostFunction
	charged []bool // by VM
}

func (c partial) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	if !c.charged[vm] {
		return 0
	}
	return c.CostFunction.Migrate(vm, from, to)
}

func (c partial) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	if !c.charged[vm] {
		return 0
	}
	return c.CostFunction.Suspend(vm, from)
}

func (c partial) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	if !c.charged[vm] {
		return 0
	}
	return c.CostFunction.Resume(vm, to)
}

// HostClasses implements [cloud.HostClassifier].
func (c partial) HostClasses() []int32 { return cloud.HostClassesOf(c.CostFunction) }

// VMClass implements [cloud.VMClassifier].
func (c partial) VMClass(vm cloud.VMID) int64 {
	switch k, ok := c.CostFunction.(cloud.VMClassifier); {
	case !c.charged[vm]:
		return math.MinInt64
	case ok:
		return k.VMClass(vm)
	default:
		return int64(vm)
	}
}

type partialUniform struct {
	partial
	u cloud.HostIndependent
}

func (c partialUniform) MigrateAnywhere(vm cloud.VMID) int64 {
	if !c.charged[vm] {
		return 0
	}
	return c.u.MigrateAnywhere(vm)
}
