package space

import "github.com/cloudrearrange/rearrange/cloud"

// Apply takes the VM at a position to a host, or off its host, without asking whether it
// may, and returns where it stood: applied with that, it is undone. For searches that go
// from a state to its neighbours. O(resources), and what other rules keep count of.
func (s *State) Apply(i int, to cloud.HostID) (from cloud.HostID) {
	from = s.Host[i]
	s.Host[i] = to
	r := s.resources
	demand := s.demand[i*r : i*r+r]
	if from != cloud.Absent {
		free := s.Free[int(from)*r : int(from)*r+r]
		for j, d := range demand {
			free[j] += d
		}
	}
	if to != cloud.Absent {
		free := s.Free[int(to)*r : int(to)*r+r]
		for j, d := range demand {
			free[j] -= d
		}
	}
	if s.full != nil {
		s.full.Jump(s.Layout.vms[i], to)
	}
	return from
}

// LimitsOnly tells whether limits of hosts, and which VM may stand on which host, are all
// that decides whether a migration is sane.
func (s *State) LimitsOnly() bool { return s.full == nil && s.ways == nil }

// othersAllow tells whether the rules that look at more than that let a VM go from where it
// stands to a host.
func (s *State) othersAllow(v cloud.VMID, from, to cloud.HostID) bool {
	if s.full != nil {
		return s.full.Allows(v, to)
	}
	for _, w := range s.ways {
		if !w.Passes(v, from, to) {
			return false
		}
	}
	return true
}

// Uniform tells whether a VM's migration costs the same wherever it goes.
func (s *State) Uniform() bool { return s.uniform != nil }

// Suspends tells whether some VM may be suspended.
func (s *State) Suspends() bool { return s.suspends }

// Step makes a packed state the one after a migration of the VM at a position. O(1).
func (l *Layout) Step(key []uint64, i int, from, to cloud.HostID) {
	key[l.word[i]] += l.shift(i, from, to)
}

// Differs is the position of the one VM that stands elsewhere in the second of two packed
// states.
func (l *Layout) Differs(from, to []uint64) int { return l.differs(from, to) }
