package costs

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// suspension prices suspends and resumes in multiples of a live migration.
type suspension struct{ suspend, resume int64 }

// suspensionParams are the parameters of cost functions that price suspension so. By
// default suspending and resuming costs more than a bypass, which is two migrations:
// a VM that does not run serves nobody.
func suspensionParams() []spec.Param {
	return []spec.Param{
		{
			Name: "suspend", Type: spec.Int, Default: "2", Bounds: spec.Between(0, 1e6), Unit: "migrations",
			Doc: "cost of suspending an interruptible VM, as a multiple of migrating it live",
		},
		{
			Name: "resume", Type: spec.Int, Default: "1", Bounds: spec.Between(0, 1e6), Unit: "migrations",
			Doc: "cost of resuming it, as a multiple of migrating it live",
		},
	}
}

func newSuspension(a spec.Args) suspension {
	return suspension{suspend: a.Int("suspend"), resume: a.Int("resume")}
}

// check makes sure that no price overflows. Live is the cost of migrating a VM.
func (s suspension) check(in *cloud.Instance, live func(cloud.VMID) int64) error {
	most := max(s.suspend, s.resume, 1)
	for v := range in.VMs {
		if c := live(cloud.VMID(v)); in.VMs[v].Interruptible && c > math.MaxInt64/most {
			return fmt.Errorf("VM %q: %d × %d does not fit in 64 bits", in.VMs[v].Name, c, most)
		}
	}
	return nil
}
