package part

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// ways are the rules that look at a VM and the two ends of its migration, which need no state
// of the whole. Where VMs may stand is for filters.
type ways struct {
	others
	pass []cloud.WayFilter // the same rules
}

func newWays(t *Part, of []cloud.Rule) *ways {
	w := &ways{others: others{t: t, rules: of}}
	for _, rule := range of {
		w.pass = append(w.pass, rule.(cloud.WayFilter))
	}
	return w
}

func (w *ways) String() string { return "directions of the part" }

// Passes implements [cloud.WayFilter].
func (w *ways) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	for _, p := range w.pass {
		if !p.Passes(w.t.vms[vm], w.t.outside(from), w.t.outside(to)) {
			return false
		}
	}
	return true
}

// Reverse implements [cloud.OneWay].
func (w *ways) Reverse() cloud.Rule { return newWays(w.t, cloud.Reversed(w.rules)) }

// NewGuard implements [cloud.Rule].
func (w *ways) NewGuard(*cloud.State) cloud.Guard { return rules.WayGuard{WayFilter: w} }
