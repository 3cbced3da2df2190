package cloud

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Remarker is an optional ability of what is bound to an instance: a [CostFunction], a
// [Duration] or a [Rule].
type Remarker interface {
	// Remarks tell users what was assumed where the instance does not say, a line each,
	// in lower case and without a full stop.
	Remarks() []string
}

// RemarksOf are the remarks of cost functions, durations or rules, each once.
func RemarksOf[T any](bound ...T) []string {
	var out []string
	for _, b := range bound {
		r, ok := any(b).(Remarker)
		if !ok {
			continue
		}
		for _, remark := range r.Remarks() {
			if !slices.Contains(out, remark) {
				out = append(out, remark)
			}
		}
	}
	return out
}

// WithoutDirtyRate says in words how many VMs have no dirty rate; "" if all have one.
func (in *Instance) WithoutDirtyRate() string {
	n := 0
	for v := range in.VMs {
		if in.VMs[v].DirtyMiBPerS == nil {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("the dirty rate of %d of %s is not given", n, prose.Count(len(in.VMs), "VM"))
}
