package durations

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/internal/amounts"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Transfers are the times of all live migrations in an instance, in ms. It is also what a
// cost function that charges time looks up.
type Transfers struct {
	VM    []int32 // class by VM
	Host  []int32 // class by host: its rank by speed
	Ways  int     // number of classes of ways between two hosts
	Times []int64 // [class of VM * Ways + class of way]

	remarks []string
	guests  []guest  // by class of VM
	speed   []uint64 // bytes/s, by class of host
}

// Way is the class of a way between two different hosts: that of the slower one.
func (t *Transfers) Way(from, to cloud.HostID) int32 { return min(t.Host[from], t.Host[to]) }

// Remarks implements [cloud.Remarker].
func (t *Transfers) Remarks() []string { return t.remarks }

// guest is what a model asks of a VM, in bytes and bytes per second.
type guest struct {
	memory, dirty, workingSet uint64
	cycle                     uint64 // ns in which mvm's VM dirties its working set
}

// course is how live migrations go by a model.
type course interface {
	// guest is what the model asks of a VM.
	guest(mem memory, vm int) (guest, error)
	// time is how long one takes at a speed in bytes/s, in ms; false where it has no end, or one that does not fit.
	time(g guest, bytesPerS uint64) (ms uint64, ok bool)
	// sent is what it sends, in bytes, and whether it converges.
	sent(g guest, bytesPerS uint64) (bytes uint64, converges bool)
}

// newTransfers computes the times: VMs are classified by what the model asks of them. O(VMs + hosts + classes of VMs ×
// speeds).
func newTransfers(in *cloud.Instance, a spec.Args, c course) (*Transfers, error) {
	mem, err := newMemory(in, a)
	if err != nil {
		return nil, err
	}
	t := &Transfers{}
	if t.VM, t.guests, err = amounts.Classify(len(in.VMs), func(v int) (guest, error) { return c.guest(mem, v) }); err != nil {
		return nil, err
	}
	if t.Host, t.speed, t.Ways, err = speeds(in, a); err != nil {
		return nil, err
	}
	if t.Ways > 0 && len(t.guests) > expression.MaxCombinations/t.Ways {
		return nil, fmt.Errorf("there are %d classes of VMs and %d of ways from host to host: expected at most %d combinations",
			len(t.guests), t.Ways, expression.MaxCombinations)
	}
	for class, g := range t.guests {
		for _, bytesPerS := range t.speed[:t.Ways] {
			ms, ok := c.time(g, bytesPerS)
			if !ok || ms > math.MaxInt64 {
				return nil, fmt.Errorf("VM %q: the time of its migration at %d bytes/s does not fit in 64 bits, or it has no end",
					in.VMs[slices.Index(t.VM, int32(class))].Name, bytesPerS)
			}
			t.Times = append(t.Times, int64(ms))
		}
	}
	return t, nil
}

// mulDivUp is a × b / c, rounded up; false where it does not fit in 64 bits.
func mulDivUp(a, b, c uint64) (uint64, bool) {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, c)
	if r > 0 {
		q++
	}
	return q, r == 0 || q > 0
}

// stepParams are the times of all steps but live migrations.
func stepParams() []spec.Param {
	param := func(name, def, doc string) spec.Param {
		return spec.Param{Name: name, Type: spec.Duration, Default: def, Bounds: spec.Between(0, 86400), Doc: doc}
	}
	return []spec.Param{
		param("suspend", "", "time of a suspend; the memory over the bandwidth of the host unless given"),
		param("resume", "", "time of a resume; the memory over the bandwidth of the host unless given"),
		param("shutdown", "0s", "time of a shutdown"),
		param("provision", "0s", "time of a provision"),
	}
}

const suspensionDoc = "A suspend sends the memory once at the speed of the host that the VM leaves, and a resume at the speed of the one that it comes to."

// transfer is a duration made of transfers.
type transfer struct {
	text string
	*Transfers
	course              course
	share               *big.Rat
	shareNum            uint64 // of share, 0 where it does not fit
	shareDenom          uint64
	suspend, resume     int64 // ms; -1: the memory over the bandwidth
	shutdown, provision int64 // ms
}

// newTransfer takes the times of all other steps from the parameters, and refuses times
// that could overflow.
func newTransfer(in *cloud.Instance, a spec.Args, t *Transfers, c course) (*transfer, error) {
	ms := func(name string) int64 {
		if !a.Has(name) {
			return -1
		}
		return int64((a.Duration(name) + time.Millisecond - 1) / time.Millisecond)
	}
	d := &transfer{
		text: a.Brief().String(), Transfers: t, course: c, share: a.Ratio("share"),
		suspend: ms("suspend"), resume: ms("resume"), shutdown: ms("shutdown"), provision: ms("provision"),
	}
	if num, denom := d.share.Num(), d.share.Denom(); num.IsUint64() && denom.IsUint64() {
		d.shareNum, d.shareDenom = num.Uint64(), denom.Uint64()
	}
	return d, amounts.CheckSum(in, "take", "longest", func(vm cloud.VMID) (int64, bool) { return d.longest(in, vm), true })
}

func (d *transfer) String() string { return d.text }

func (d *transfer) Unit() string { return "ms" }

func (d *transfer) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return d.Times[int(d.VM[vm])*d.Ways+int(d.Way(from, to))]
}

func (d *transfer) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	return d.onceAt(d.suspend, vm, d.speed[d.Host[from]])
}

func (d *transfer) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	return d.onceAt(d.resume, vm, d.speed[d.Host[to]])
}

func (d *transfer) Shutdown(cloud.VMID, cloud.HostID) int64 { return d.shutdown }

func (d *transfer) Provision(cloud.VMID, cloud.HostID) int64 { return d.provision }

// onceAt is a time that was given, or else that of sending the memory once at a speed in bytes/s.
func (d *transfer) onceAt(given int64, vm cloud.VMID, bytesPerS uint64) int64 {
	if given >= 0 {
		return given
	}
	ms, ok := mulDivUp(d.guests[d.VM[vm]].memory, 1000, bytesPerS)
	if !ok || ms > math.MaxInt64 {
		return Never
	}
	return int64(ms)
}

// longest is the time of a VM's longest step.
func (d *transfer) longest(in *cloud.Instance, vm cloud.VMID) int64 {
	n := max(d.shutdown, d.provision)
	if d.Ways > 0 {
		n = max(n, slices.Max(d.Times[int(d.VM[vm])*d.Ways:][:d.Ways]))
	}
	if in.VMs[vm].Interruptible && len(d.speed) > 0 {
		n = max(n, d.onceAt(d.suspend, vm, d.speed[0]), d.onceAt(d.resume, vm, d.speed[0])) // the slowest
	}
	return n
}
