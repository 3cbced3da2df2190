package durations

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// The labels by which instances from BtrPlace say how VMs use their memory. Sizes are in MB.
const (
	labelMemUsed          = "memUsed"
	labelHotDirtySize     = "hotDirtySize"
	labelHotDirtyDuration = "hotDirtyDuration" // s
	labelColdDirtyRate    = "coldDirtyRate"    // MB/s
)

const (
	bytesPerMB = 1_000_000
	nsPerS     = 1_000_000_000
)

// An idle VM as BtrPlace assumes it where nothing else is known.
const (
	idleHotBytes = 5 * bytesPerMB
	idleCycle    = 2 * nsPerS
)

func mvmEntry() spec.Entry[Binder] {
	link := bandwidthParams()
	link[1].Default = "8/9"
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "mvm",
			Synopsis: "the time of a live migration by the closed form of mVM, the migration scheduler of BtrPlace",
			Doc: "A VM uses memory M, dirties H of it again and again, once in d seconds, and the rest at a rate C. At bandwidth B, sending " +
				"the memory takes t = M / B. If t > d, the rest of what is dirty takes (H + (t - d) × C) / (B - C), and the hot part " +
				"H / B × H / d / (B - H / d) more; else it takes t × H / d / (B - H / d). A migration that is no faster than memory is " +
				"dirtied never ends: an error if that is so at the full speed of its hosts. The sum is rounded to the nearest multiple of rounding, and " +
				"at least that. M, H, d and C are the labels memUsed (MB), hotDirtySize (MB), hotDirtyDuration (s) and coldDirtyRate (MB/s) of " +
				"the VM. Without memUsed, M is the memory. Without the other three, H is the working set, or M, and H / d the dirty rate; if the " +
				"dirty rate is unknown too, and for each label missing beside others, BtrPlace's idle VM counts: H 5 MB, d 2 s, C 0. " + suspensionDoc,
			Params: slices.Concat(link, []spec.Param{{
				Name: "rounding", Type: spec.Duration, Default: "1s", Bounds: spec.Between(0.001, 3600),
				Doc: "migrations take a multiple of this time, in whole ms; 1s is what BtrPlace does",
			}}, memoryParams(), stepParams()),
			Citation: "Kherbache, Hermenier, Madelaine, Scheduling Live Migration of Virtual Machines, IEEE Transactions on Cloud Computing 2017, " +
				"doi:10.1109/TCC.2017.2754279",
		},
		New: func(a spec.Args) (Binder, error) {
			c := mvm{unit: uint64(a.Duration("rounding") / time.Millisecond)}
			return func(in *cloud.Instance) (cloud.Duration, error) {
				t, err := newTransfers(in, a, c)
				if err != nil {
					return nil, err
				}
				unknown := 0
				for v := range in.VMs {
					if !labelled(&in.VMs[v]) && in.VMs[v].DirtyMiBPerS == nil {
						unknown++
					}
				}
				if unknown > 0 {
					t.remarks = []string{fmt.Sprintf("the dirty rate of %d of %d VMs is not given: taken as 2.5 MB/s, of the same 5 MB", unknown, len(in.VMs))}
				}
				return newTransfer(in, a, t, c)
			}, nil
		},
	}
}

// labelled tells whether a VM says in labels how it dirties memory.
func labelled(vm *cloud.VM) bool {
	for _, label := range []string{labelHotDirtySize, labelHotDirtyDuration, labelColdDirtyRate} {
		if _, ok := vm.Labels[label]; ok {
			return true
		}
	}
	return false
}

// mvm is the course of that name.
type mvm struct{ unit uint64 } // ms

// guest reads the labels of a VM, or what stands for them.
func (m mvm) guest(mem memory, v int) (guest, error) {
	vm := &mem.in.VMs[v]
	number := func(label string, scale float64, otherwise uint64) (uint64, error) {
		text, ok := vm.Labels[label]
		if !ok {
			return otherwise, nil
		}
		x, err := strconv.ParseFloat(text, 64)
		if x *= scale; err != nil || !(x >= 0 && x <= maxMemoryBytes) {
			return 0, fmt.Errorf("VM %q: label %s: expected a number of at least 0 that is no greater than any machine has, found %q", vm.Name, label, text)
		}
		return uint64(math.Round(x)), nil
	}
	g := guest{workingSet: idleHotBytes, cycle: idleCycle}
	var err error
	if _, given := vm.Labels[labelMemUsed]; given {
		g.memory, err = number(labelMemUsed, bytesPerMB, 0)
	} else {
		g.memory, err = mem.bytes(v)
	}
	if err != nil {
		return g, err
	}
	if !labelled(vm) {
		if vm.DirtyMiBPerS != nil {
			g.workingSet, g.cycle = hotPart(vm, g.memory)
		}
		return g, nil
	}
	if g.workingSet, err = number(labelHotDirtySize, bytesPerMB, idleHotBytes); err != nil {
		return g, err
	}
	if g.dirty, err = number(labelColdDirtyRate, bytesPerMB, 0); err != nil {
		return g, err
	}
	if g.cycle, err = number(labelHotDirtyDuration, nsPerS, idleCycle); err == nil && g.cycle == 0 {
		err = fmt.Errorf("VM %q: label %s: expected more than 0, found %q", vm.Name, labelHotDirtyDuration, vm.Labels[labelHotDirtyDuration])
	}
	return g, err
}

// hotPart is what a VM of a given dirty rate dirties again and again, and the ns in which it does so once.
func hotPart(vm *cloud.VM, memory uint64) (bytes, cycle uint64) {
	bytes = memory
	if w := mebibytes(vm.WorkingSetMiB); w > 0 {
		bytes = min(bytes, w)
	}
	rate := mebibytes(*vm.DirtyMiBPerS)
	if rate == 0 || bytes == 0 {
		return 0, nsPerS
	}
	ns, ok := mulDivUp(bytes, nsPerS, rate)
	if !ok {
		return 0, nsPerS // less than a byte in 500 years
	}
	return bytes, ns
}

// exact is the time in s before it is rounded, as a fraction; false where it has no end. With the rate h = H / d of the
// hot part, t × h / (B - h) more than t = M / B is M / (B - h). The sum of the longer form stands over its common denominator.
func (mvm) exact(g guest, bytesPerS uint64) (num, denom *big.Int, ok bool) {
	if bytesPerS == 0 {
		return nil, nil, false
	}
	int := func(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
	mul := func(of ...*big.Int) *big.Int {
		x := new(big.Int).Set(of[0])
		for _, y := range of[1:] {
			x.Mul(x, y)
		}
		return x
	}
	m, b, hot, cold, cycle, s := int(g.memory), int(bytesPerS), int(g.workingSet), int(g.dirty), int(g.cycle), int(nsPerS)
	free := mul(b, cycle)
	free.Sub(free, mul(hot, s)) // (B - h) × d, in bytes / 10^9
	if free.Sign() <= 0 {
		return nil, nil, false
	}
	over := mul(m, s)
	over.Sub(over, mul(cycle, b)) // (t - d) × B, in bytes / 10^9
	if over.Sign() <= 0 {
		return mul(m, cycle), free, true
	}
	rest := new(big.Int).Sub(b, cold)
	if rest.Sign() <= 0 {
		return nil, nil, false
	}
	num = mul(m, s, rest, free)
	x := mul(hot, b, s)
	num.Add(num, mul(x.Add(x, mul(over, cold)), free))
	num.Add(num, mul(hot, hot, s, s, rest))
	return num, mul(s, b, rest, free), true
}

func (m mvm) time(g guest, bytesPerS uint64) (ms uint64, ok bool) {
	num, denom, ok := m.exact(g, bytesPerS)
	if !ok {
		return 0, false
	}
	unit := new(big.Int).SetUint64(m.unit)
	n := roundedHalfUp(num.Mul(num, big.NewInt(1000)), denom.Mul(denom, unit))
	if n.Mul(n, unit); !n.IsInt64() {
		return 0, false
	}
	return max(m.unit, n.Uint64()), true
}

func (m mvm) sent(g guest, bytesPerS uint64) (bytes uint64, converges bool) {
	num, denom, ok := m.exact(g, bytesPerS)
	if !ok {
		return maxMemoryBytes, false
	}
	n := roundedHalfUp(num.Mul(num, new(big.Int).SetUint64(bytesPerS)), denom)
	if !n.IsUint64() {
		return maxMemoryBytes, true
	}
	return n.Uint64(), true
}

// roundedHalfUp is the integer that is nearest to a fraction of at least 0, the greater one of two.
func roundedHalfUp(num, denom *big.Int) *big.Int {
	x := new(big.Int).Lsh(num, 1)
	return x.Quo(x.Add(x, denom), new(big.Int).Lsh(denom, 1))
}
