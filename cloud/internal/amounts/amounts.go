// Package amounts holds what cost functions and durations have in common: classes of VMs
// and hosts, and the check that the amounts of a plan can be added up.
package amounts

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Classify numbers equal keys alike, in the order in which they first appear.
func Classify[K comparable](n int, key func(int) (K, error)) (of []int32, keys []K, err error) {
	of = make([]int32, n)
	index := map[K]int32{}
	for i := range n {
		k, err := key(i)
		if err != nil {
			return nil, nil, err
		}
		class, known := index[k]
		if !known {
			class = int32(len(keys))
			index[k] = class
			keys = append(keys, k)
		}
		of[i] = class
	}
	return of, keys, nil
}

// stepsEach is how often each VM must be able to take its largest step before the sum over
// a plan overflows. The longest plans known have a few bypasses a VM. More would refuse
// large clouds whose memory is in bytes.
const stepsEach = 64

// CheckSum makes sure that neither an amount nor the sum over any plan of sensible length
// overflows. Most is the largest amount of one step of a VM; false where that does not fit
// in 64 bits. Errors say that a step may "cost" too much, and which are the "costliest".
func CheckSum(in *cloud.Instance, cost, costliest string, most func(cloud.VMID) (int64, bool)) error {
	const limit = math.MaxInt64 / stepsEach
	var total int64
	for v := range in.VMs {
		n, ok := most(cloud.VMID(v))
		if !ok || n > limit {
			return fmt.Errorf("VM %q: a step of it may %s more than %d, and plans could not be added up in 64 bits", in.VMs[v].Name, cost, int64(limit))
		}
		if total += n; total > limit {
			return fmt.Errorf("the %s steps of all VMs add up to more than %d, and plans could not be added up in 64 bits", costliest, int64(limit))
		}
	}
	return nil
}
