package part

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// ways is a rule that looks at a VM and the two ends of its migration, and so needs no state
// of the whole.
type ways struct {
	others
	of cloud.WayFilter // the same rule
}

func newWays(t *Part, rule cloud.Rule) *ways {
	return &ways{others{t: t, rules: []cloud.Rule{rule}}, rule.(cloud.WayFilter)}
}

func (w *ways) String() string { return w.rules[0].String() }

// Passes implements [cloud.WayFilter].
func (w *ways) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	return w.of.Passes(w.t.vms[vm], w.t.outside(from), w.t.outside(to))
}

// Leads implements [cloud.WayFilter].
func (w *ways) Leads(vm cloud.VMID, from, to cloud.HostID) bool {
	return w.of.Leads(w.t.vms[vm], w.t.outside(from), w.t.outside(to))
}

// WayClass implements [cloud.WayFilter].
func (w *ways) WayClass(vm cloud.VMID, host cloud.HostID) int64 {
	return w.of.WayClass(w.t.vms[vm], w.t.outside(host))
}

// Reverse implements [cloud.OneWay].
func (w *ways) Reverse() cloud.Rule { return newWays(w.t, cloud.Reversed(w.rules)[0]) }

// NewGuard implements [cloud.Rule].
func (w *ways) NewGuard(*cloud.State) cloud.Guard { return rules.WayGuard{WayFilter: w} }
