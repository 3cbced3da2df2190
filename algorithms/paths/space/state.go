package space

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// State is the state that a search looks at just now, unpacked: who stands where, what
// is used, and which migrations are sane. One state serves a whole search, which goes
// from place to place with it.
type State struct {
	Problem *paths.Problem
	Layout  *Layout

	Host []cloud.HostID // by position in the layout; Absent while suspended
	Free []int64        // [host*R + resource]: what the limits leave; below zero where the start breaks them

	resources int
	demand    []int64 // [position*R + resource]
	uniform   []int64 // by position: cost of any live migration; nil where it depends on the hosts
	suspends  bool    // whether some VM may be suspended
	room      []int64 // Free without any VM that matters
	over      []int64 // [host*R + resource]: how much more than the limits a host may hold; nil where it is nothing
	full      *cloud.State
	ways      []cloud.WayFilter // in place of full, where all other rules are of this kind
}

// NewState makes a state at the start of the problem.
func NewState(p *paths.Problem, l *Layout) *State {
	n, hosts, r := l.Len(), len(p.Instance.Hosts), len(p.Instance.Resources)
	s := &State{
		Problem: p, Layout: l, resources: r,
		Host: make([]cloud.HostID, n), Free: make([]int64, hosts*r),
		demand: make([]int64, n*r),
	}
	sorted := cloud.Sort(p.Instance, p.Rules)
	if sorted.Mends() {
		s.over = make([]int64, hosts*r)
		for i := range s.over {
			s.over[i] = sorted.Ceilings[i] - sorted.Limits[i]
		}
	}
	s.room = sorted.Limits
	if sorted.Joint != nil {
		// Some rule looks at more than limits and at one VM on its way from host to host:
		// the model's own state, with that rule's guard, has to be asked.
		s.full = p.NewState()
	} else {
		s.ways = sorted.Ways
	}
	matters := make([]bool, len(p.Start))
	for i := range n {
		v := l.VM(i)
		matters[v] = true
		copy(s.demand[i*r:], p.Instance.VMs[v].Demand)
	}
	for v, h := range p.Start {
		if h != cloud.Absent && !matters[v] {
			for i, d := range p.Instance.VMs[v].Demand {
				s.room[int(h)*r+i] -= d
			}
		}
	}
	for i := range n {
		s.suspends = s.suspends || l.hosts[i][0] == cloud.Absent
	}
	if u, ok := p.Cost.(cloud.HostIndependent); ok {
		s.uniform = make([]int64, n)
		for i := range n {
			s.uniform[i] = u.MigrateAnywhere(l.VM(i))
		}
	}
	key := make([]uint64, l.Words())
	l.Pack(p.Start, key)
	s.Visit(key)
	return s
}

// Visit goes to the placement that key packs. O(VMs that matter × resources).
func (s *State) Visit(key []uint64) {
	s.Layout.Unpack(key, s.Host)
	copy(s.Free, s.room)
	r := s.resources
	if r == 1 && !s.suspends {
		for i, h := range s.Host {
			s.Free[h] -= s.demand[i]
		}
	} else {
		for i, h := range s.Host {
			if h == cloud.Absent {
				continue
			}
			free, demand := s.Free[int(h)*r:int(h)*r+r], s.demand[i*r:i*r+r]
			for j, d := range demand {
				free[j] -= d
			}
		}
	}
	if s.full != nil {
		for i, h := range s.Host {
			if v := s.Layout.vms[i]; s.full.HostOf(v) != h {
				s.full.Jump(v, h)
			}
		}
	}
}

// Demand is what the VM at a position demands of a resource.
func (s *State) Demand(i, resource int) int64 { return s.demand[i*s.resources+resource] }

// Over is how much more than the limits a host may hold that the start has too full, by
// host*R + resource; nil where the start keeps them.
func (s *State) Over() []int64 { return s.over }

// Resources is the number of resources.
func (s *State) Resources() int { return s.resources }

// Fits tells whether a host's limits leave room for the VM at a position. There is
// always room to be suspended.
func (s *State) Fits(i int, h cloud.HostID) bool {
	if h == cloud.Absent {
		return true
	}
	r := s.resources
	free, demand := s.Free[int(h)*r:int(h)*r+r], s.demand[i*r:i*r+r]
	for j, d := range demand {
		if d > free[j] {
			return false
		}
	}
	return true
}

// Cost is the cost of taking the VM at a position from where it stands to a host, or of
// suspending or resuming it.
func (s *State) Cost(i int, to cloud.HostID) int64 {
	if s.uniform != nil && to != cloud.Absent && s.Host[i] != cloud.Absent {
		return s.uniform[i]
	}
	return cloud.CostOf(s.Problem.Cost, cloud.Change{VM: s.Layout.vms[i], From: s.Host[i], To: to})
}

// Move is one sane migration out of a state; To is Absent for a suspend.
type Move struct {
	Pos  int32 // of the VM in the layout
	To   cloud.HostID
	Cost int64
}

// Moves appends every sane migration out of the state: by position, then by host.
// O(VMs that matter × hosts × resources), and what other rules take.
func (s *State) Moves(out []Move) []Move {
	out, _ = s.MovesWhile(out, NewAsker(func(int) bool { return true }))
	return out
}

// Asker asks, while the migrations out of a state are listed, whether to go on: every so
// often, and before the list grows.
type Asker struct {
	goOn  func(room int) bool // room: for how many migrations memory is or would be taken
	pairs int                 // since it was asked last
}

// NewAsker makes an asker that asks goOn, which is told for how many migrations there would
// be memory.
func NewAsker(goOn func(room int) bool) *Asker { return &Asker{goOn: goOn} }

// pairsBetweenAsks is how many pairs of a VM and a host are looked at until it is asked
// whether to go on: about a millisecond.
const pairsBetweenAsks = 1 << 18

// More tells whether to look at so many more pairs of a VM and a host, each of which may add
// a migration to the list, and makes room for those. While a list grows there are two, and a
// third that has not been collected yet.
func (a *Asker) More(out []Move, pairs int) ([]Move, bool) {
	if a.pairs += pairs; a.pairs < pairsBetweenAsks && cap(out)-len(out) >= pairs {
		return out, true
	}
	a.pairs = 0
	if cap(out)-len(out) >= pairs {
		return out, a.goOn(cap(out))
	}
	room := max(len(out)+pairs, 2*cap(out))
	if cap(out) > fewMoves {
		room = max(len(out)+pairs, cap(out)+cap(out)/4)
	}
	if !a.goOn(2*cap(out) + room) {
		return out, false
	}
	// Copying a list of gigabytes takes long, so that it is asked meanwhile as well.
	grown := make([]Move, 0, room)
	for part := range slices.Chunk(out, pairsBetweenAsks) {
		if grown = append(grown, part...); len(grown) < len(out) && !a.goOn(2*cap(out)+room) {
			return out, false
		}
	}
	return grown, true
}

// MovesWhile is [State.Moves] for clouds that are so large that one state's migrations may
// take more time or memory than there is. Where it is not to go on, the list is cut short,
// and so is the answer.
func (s *State) MovesWhile(out []Move, ask *Asker) ([]Move, bool) {
	more := true
	switch {
	case s.resources == 1 && s.uniform != nil && s.LimitsOnly() && !s.suspends: // most of the time; the loop that all else waits for
		for i, hosts := range s.Layout.enter {
			if out, more = ask.More(out, len(hosts)); !more {
				return out, false
			}
			at, demand, cost := s.Host[i], s.demand[i], s.uniform[i]
			for _, h := range hosts {
				if demand <= s.Free[h] && h != at {
					out = append(out, Move{int32(i), h, cost})
				}
			}
		}
	default:
		for i, v := range s.Layout.vms {
			at := s.Host[i]
			hosts := s.Layout.enter[i]
			if at == cloud.Absent { // a suspended VM resumes on its target and nowhere else
				hosts = s.Problem.Goal[v : v+1]
			}
			if out, more = ask.More(out, len(hosts)); !more {
				return out, false
			}
			for _, h := range hosts {
				if h != at && s.Fits(i, h) && (s.LimitsOnly() || s.othersAllow(v, at, h)) {
					out = append(out, Move{int32(i), h, s.Cost(i, h)})
				}
			}
		}
	}
	return out, true
}
