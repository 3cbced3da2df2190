package costs

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// suspension prices suspends and resumes in multiples of a live migration.
type suspension struct{ suspend, resume int64 }

// suspensionParams are the parameters of cost functions that price suspension so. By
// default suspending and resuming costs more than a bypass, which is two migrations:
// a VM that does not run serves nobody. Where a migration costs by the hosts, it is the
// VM's costliest one between any two hosts that is multiplied, so that this holds wherever
// the bypass leads.
func suspensionParams() []spec.Param {
	return []spec.Param{
		{
			Name: "suspend", Type: spec.Int, Default: "2", Bounds: spec.Between(0, 1e6), Unit: "migrations",
			Doc: "cost of suspending an interruptible VM, as a multiple of migrating it live, at its costliest",
		},
		{
			Name: "resume", Type: spec.Int, Default: "1", Bounds: spec.Between(0, 1e6), Unit: "migrations",
			Doc: "cost of resuming it, as a multiple of migrating it live, at its costliest",
		},
	}
}

func newSuspension(a spec.Args) suspension {
	return suspension{suspend: a.Int("suspend"), resume: a.Int("resume")}
}

// costliest is the most that a VM pays for one step, if it pays at most live for a live
// migration; false where that does not fit in 64 bits.
func (s suspension) costliest(in *cloud.Instance, vm cloud.VMID, live int64) (int64, bool) {
	if !in.VMs[vm].Interruptible {
		return live, true
	}
	factor := max(s.suspend, s.resume, 1)
	return live * factor, live <= math.MaxInt64/factor
}
