package exact

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Problem is which placements are possible, and what makes one better than another.
type Problem struct {
	// Question says which rules hold in the end, the whole of those in their mending form, which hosts
	// are empty, and which VMs have to stand.
	bounds.Question
	// Stay leaves VMs that need not stand where they are: nowhere. Else they may stand or not.
	Stay bool
	// Allowed tells whether a VM may stand on a host, beyond what rules say. Nil: it may.
	Allowed func(v cloud.VMID, h cloud.HostID) bool

	// Objective, bound to the instance and its rules, comes first, and the cost of the migrations second.
	// Nil: only the cost counts.
	Objective cloud.Objective
	// Enough is a value of the objective below which only the cost counts: a goal, or a proved lower bound.
	Enough cloud.Score
	// Price is the cost of a migration, at least 0. Nil: all are free.
	Price func(v cloud.VMID, from, to cloud.HostID) int64
	// Known is a placement, sane or not: only better ones are wanted. Nil: all are.
	Known cloud.Placement
	// Below is what a placement has to cost less than. 0: nothing.
	Below int64
	// Except are placements that are not wanted.
	Except []cloud.Placement

	Steps int         // the most steps of the search, as in Result; 0: no limit
	GoOn  func() bool // asked now and then; nil: the search goes on
}

// Result is what is known when a search ends.
type Result struct {
	Placement cloud.Placement // the best one that was found; nil: none
	Score     cloud.Score     // its objective
	Cost      int64           // of its migrations
	// Complete tells that the search has come to its end: the placement is a best one, or else none exists
	// that is wanted.
	Complete bool
	// Steps is about how much was done: one for each VM that was put on a host, or was looked at whether it
	// has one left, and as many as there are hosts for each time that a rule was asked for its verdict.
	Steps int
}

// Solve searches for the best placement. Its time is exponential in the number of VMs: at worst
// O(hosts^VMs × (VMs × (resources + rules of a VM) + what rules take to judge a placement)).
func Solve(p *Problem) Result {
	s := newSearch(p)
	if s.possible() {
		s.explore(0)
	}
	s.best.Complete = !s.stopped
	return s.best
}

// search is one run of branch and bound.
type search struct {
	p     *Problem
	in    *cloud.Instance
	rules []cloud.Rule // whole
	laws  *laws
	state *cloud.State
	meter cloud.Meter // nil without an objective
	grows int         // how many components of the objective are bounds while VMs are missing

	order   []cloud.VMID // to place; those before the depth at hand are placed
	options [][]option   // by VM: where it may go, the cheapest first
	scratch [][]option   // by depth

	cost int64 // of the placed VMs, and of the others at least

	best    Result
	limited bool        // whether there is something to beat:
	score   cloud.Score // at least Enough
	least   int64       // the cost
	ask     int         // at how many steps to ask again whether to go on
	stopped bool
}

// option is a host for a VM; or none, where it may stand nowhere.
type option struct {
	host  cloud.HostID
	cost  int64
	score cloud.Score // at least, with the VM there
}

func newSearch(p *Problem) *search {
	in := p.Instance
	s := &search{p: p, in: in, rules: cloud.Whole(p.Rules), options: make([][]option, len(in.VMs))}
	start := slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	s.state = cloud.NewState(in, nil, start)
	if p.Objective != nil {
		s.meter = cloud.Measure(p.Objective, s.state)
		if g, ok := p.Objective.(cloud.Growing); ok {
			s.grows = g.Grows()
		}
	}
	for v := range cloud.VMID(len(in.VMs)) {
		if s.stands(v) || !p.Stay {
			s.order = append(s.order, v)
		}
	}
	s.laws = newLaws(s.state, s.rules, s.order)
	for _, v := range s.order {
		s.options[v] = s.optionsOf(v)
	}
	if p.Known != nil {
		s.beat(p.Known)
	}
	s.sort()
	s.scratch = make([][]option, len(s.order))
	return s
}

// stands tells whether a VM has to stand somewhere.
func (s *search) stands(v cloud.VMID) bool {
	if s.p.Place != nil {
		return s.p.Place[v]
	}
	return s.in.Initial[v] != cloud.Absent
}

// optionsOf lists where a VM may go: the cheapest first, and of equally cheap ones where it is.
func (s *search) optionsOf(v cloud.VMID) []option {
	var out []option
	if !s.stands(v) {
		out = append(out, s.option(v, cloud.Absent))
	}
	for h := range cloud.HostID(len(s.in.Hosts)) {
		if s.p.Closed != nil && s.p.Closed[h] || s.p.Allowed != nil && !s.p.Allowed(v, h) || !s.laws.admits(v, h) {
			continue
		}
		out = append(out, s.option(v, h))
	}
	slices.SortStableFunc(out, func(a, b option) int {
		if a.cost == b.cost && a.host == s.in.Initial[v] {
			return -1
		}
		return cmp.Compare(a.cost, b.cost)
	})
	return out
}

// option is a VM on a host, which may be none.
func (s *search) option(v cloud.VMID, h cloud.HostID) option {
	o, home := option{host: h}, s.in.Initial[v]
	if home != cloud.Absent && h != cloud.Absent && home != h && s.p.Price != nil {
		o.cost = s.p.Price(v, home, h)
	}
	return o
}

// beat has the search look for something better than a placement.
func (s *search) beat(p cloud.Placement) {
	s.limited = true
	if s.score = s.p.Enough; s.p.Objective != nil {
		s.score = s.atLeast(s.p.Objective.Value(p))
	}
	for v, h := range p {
		s.least += s.option(cloud.VMID(v), h).cost
	}
}

// atLeast is a score, or Enough where it is better.
func (s *search) atLeast(score cloud.Score) cloud.Score {
	if score.Compare(s.p.Enough) < 0 {
		return s.p.Enough
	}
	return score
}

// sort puts those VMs first that some rule waits for, so that small sets are complete early; then those
// with few hosts, and then large ones. O(VMs² × rules of a VM).
func (s *search) sort() {
	size := make([]float64, len(s.in.VMs))
	for r := range s.in.Resources {
		total := 0.0
		for _, v := range s.order {
			total += float64(s.in.VMs[v].Demand[r])
		}
		for _, v := range s.order {
			if total > 0 {
				size[v] += float64(s.in.VMs[v].Demand[r]) / total
			}
		}
	}
	left := slices.Clone(s.laws.left)
	for k := range s.order {
		waiting := func(v cloud.VMID) int {
			least := math.MaxInt
			for _, i := range s.laws.judges[v] {
				least = min(least, left[i])
			}
			return least
		}
		best := k
		for i := k + 1; i < len(s.order); i++ {
			v, w := s.order[i], s.order[best]
			if cmp.Or(cmp.Compare(waiting(v), waiting(w)), cmp.Compare(len(s.options[v]), len(s.options[w])), cmp.Compare(size[w], size[v])) < 0 {
				best = i
			}
		}
		s.order[k], s.order[best] = s.order[best], s.order[k]
		for _, i := range s.laws.judges[s.order[k]] {
			left[i]--
		}
	}
}

// possible adds up what the VMs cost at least, and tells whether there is anything to search.
func (s *search) possible() bool {
	for _, v := range s.order {
		if len(s.options[v]) == 0 {
			return false
		}
		s.cost += s.options[v][0].cost
	}
	return s.laws.hold(s.laws.settled)
}
