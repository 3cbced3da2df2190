package paths

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Lawful tells whether a path may hold the change, whatever the rules say of the
// placement: a VM that the path is not about never moves, only an interruptible one is
// suspended, and a suspended one is resumed on its final host and nowhere else.
func (p *Problem) Lawful(m cloud.Change) bool {
	switch {
	case m.From == m.To || p.Goal[m.VM] == cloud.Absent:
		return false
	case m.To == cloud.Absent:
		return p.Instance.VMs[m.VM].Interruptible
	case m.From == cloud.Absent:
		return m.To == p.Goal[m.VM]
	}
	return true
}

// CarriesOut tells whether migrations are a path: whether they lead from the start to the
// goal by steps that are lawful and sane. It is for searches that put plans together and
// want to know before they announce them; the judge does not use it. O(instance +
// migrations), and what rules ask.
func (p *Problem) CarriesOut(migrations []cloud.Change) bool {
	if slices.ContainsFunc(migrations, func(m cloud.Change) bool { return !p.Lawful(m) }) {
		return false
	}
	s := p.NewState()
	return s.Walk(migrations) == len(migrations) && s.Placement().Equal(p.Goal)
}

// Reversed is a walk taken back: the same migrations, the last first and each the other way.
func Reversed(moves []cloud.Change) []cloud.Change {
	out := make([]cloud.Change, 0, len(moves))
	for _, m := range slices.Backward(moves) {
		out = append(out, cloud.Change{VM: m.VM, From: m.To, To: m.From})
	}
	return out
}

// PathCost adds up the cost of migrations; a sum that does not fit in 63 bits is
// MaxInt64.
func PathCost(c cloud.CostFunction, migrations []cloud.Change) int64 {
	var sum int64
	for _, m := range migrations {
		sum = Plus(sum, cloud.CostOf(c, m))
	}
	return sum
}

// Plus adds up amounts that are not negative; a sum that does not fit is MaxInt64.
func Plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
