package cloud

// Objective is what makes a placement good, bound to an instance and its rules. Lower is better.
// Values are exact integers, so that proofs may rest on them.
type Objective interface {
	// String is the spec of the objective.
	String() string
	// Unit is the unit of its values: "hosts", "MiB", ….
	Unit() string
	// Value is how good a placement is, sane or not. No component is below 0. It shares no code with
	// the meters.
	Value(p Placement) Score
	// Show writes a value for people, its unit included: "12 hosts", "97.3 %".
	Show(s Score) string
	// NewMeter makes the incremental form for one state, without VMs under way. The state does not
	// know of it yet: see [Measure].
	NewMeter(s *State) Meter
}

// Ordered is an optional ability of an [Objective] whose scores have more than one component.
type Ordered interface {
	Objective
	// Components is how many components a score has, 4 at most.
	Components() int
}

// Components is how many components the scores of an objective have: 1 unless it is [Ordered].
func Components(o Objective) int {
	if many, ok := o.(Ordered); ok {
		return many.Components()
	}
	return 1
}

// Growing is an optional ability of an [Objective] that says something of placements in the making.
type Growing interface {
	Objective
	// Grows is how many of the first components never fall when a VM that stands nowhere is placed, so
	// that they are lower bounds while VMs are missing.
	Grows() int
}

// Meter is the incremental form of an [Objective]. It belongs to one [State], which tells it of
// every change ([State.Attach]).
type Meter interface {
	Follower
	// Value is that of the state as it is.
	Value() Score
	// After is the value if the VM stood on another host, or on none. Where it stands already, it is
	// Value.
	After(vm VMID, to HostID) Score
}

// Score is the value of an objective: components of which the first decides, and each later one
// where all before it are equal. Most objectives have one; the others are 0.
type Score [4]int64

// Compare is below zero if s is better than t.
func (s Score) Compare(t Score) int {
	for i := range s {
		if s[i] != t[i] {
			if s[i] < t[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// Attach has a follower told of every change of the state from now on.
func (s *State) Attach(f Follower) { s.follow = append(s.follow, f) }

// Measure makes the meter of an objective for a state, and attaches it. Clones of the state do not
// know of it.
func Measure(o Objective, s *State) Meter {
	m := o.NewMeter(s)
	s.Attach(m)
	return m
}
