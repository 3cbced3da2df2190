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

// RemarksOf are the remarks of a cost function or a duration, which may be nil, and of rules, each
// once.
func RemarksOf(bound any, rules ...Rule) []string {
	var out []string
	add := func(x any) {
		r, ok := x.(Remarker)
		if !ok {
			return
		}
		for _, remark := range r.Remarks() {
			if !slices.Contains(out, remark) {
				out = append(out, remark)
			}
		}
	}
	add(bound)
	for _, r := range rules {
		add(r)
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
