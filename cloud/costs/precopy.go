package costs

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// The papers describe the model; the rest is where the presets take their numbers from.
const precopyCitation = "Clark et al., Live Migration of Virtual Machines, NSDI 2005; " +
	"Akoush et al., Predicting the Performance of Virtual Machine Migration, MASCOTS 2010, doi:10.1109/MASCOTS.2010.13; " +
	"Liu et al., Performance and Energy Modeling for Live Migration of Virtual Machines, HPDC 2011, doi:10.1145/1996130.1996154; " +
	"QEMU, DEFAULT_MIGRATE_SET_DOWNTIME in migration/options.c: https://gitlab.com/qemu-project/qemu; " +
	"OpenStack Nova, live_migration_downtime: https://docs.openstack.org/nova/latest/configuration/config.html; " +
	"Xen, SPP_MAX_ITERATIONS in tools/libs/guest/xg_sr_save.c, before 4.6 DEF_MAX_ITERS in tools/libxc/xc_domain_save.c: https://github.com/xen-project/xen"

// hypervisor says when a hypervisor stops a VM that is migrated live.
type hypervisor struct {
	name        string
	maxDowntime time.Duration
	maxRounds   int64
}

// hypervisors lists the presets. Only Xen limits the rounds: to 5 since its release 4.6,
// to 29 before. QEMU goes on for as long as it takes, and it is up to the operator to end a
// migration that does not converge (Nova aborts it after live_migration_completion_timeout).
// A cost must be finite, so the model stops such a VM after as many rounds as Xen does.
// Xen knows no greatest downtime: it stops the VM when fewer than 50 pages are left, less
// than a millisecond's worth at 10 Gbit/s, for which 0 stands here. Before 4.6 it also
// stopped once it had sent three times the memory, which the model leaves out ([model]).
func hypervisors() []hypervisor {
	const xenRounds = 5
	return []hypervisor{
		{"qemu", 300 * time.Millisecond, xenRounds},
		{"nova", 500 * time.Millisecond, xenRounds},
		{"xen", 0, xenRounds},
		{"xen-4.5", 0, 29},
	}
}

func precopyEntry() spec.Entry[Binder] {
	return modelEntry(
		"precopy", "the time that a live migration takes, by the pre-copy model",
		"The memory is sent while the VM runs, then what the VM has dirtied meanwhile, and so on; in the end the VM stops and the "+
			"rest is sent. With memory M, dirty rate D, working set W (M where it is not given, or larger) and bandwidth B, round 0 sends v0 = M, "+
			"and round i + 1 sends v(i+1) = min(W, D × v(i) / B), each taking v(i) / B. The VM stops as soon as what is left "+
			"takes at most max-downtime, or when max-rounds rounds have been sent while it ran. The cost is the sum of all rounds, in ms. "+
			"The dirty rate and the working set are rounded to the nearest byte/s and byte, bandwidths down to bytes/s, rounds up to bytes, "+
			"and the cost up to ms.",
		func(all, _ uint64) uint64 { return all },
	)
}

// modelEntry is the entry of a cost function by the pre-copy model: of the bytes that a
// migration sends in all, and after the VM has stopped, charge says which take the time
// that is charged.
func modelEntry(name, synopsis, doc string, charge func(all, last uint64) uint64) spec.Entry[Binder] {
	var names []string
	for _, h := range hypervisors() {
		names = append(names, h.name)
	}
	d := spec.Descriptor{
		Name: name, Synopsis: synopsis, Doc: doc, Citation: precopyCitation,
		Params: slices.Concat([]spec.Param{
			{
				Name: "preset", Type: spec.Choice, Choices: names, Default: names[0],
				Doc: "when the hypervisor stops the VM, where max-downtime and max-rounds do not say: qemu 300ms, nova 500ms, each after at most 5 rounds; " +
					"xen after 5 rounds, xen-4.5 (and earlier) after 29, with no greatest downtime. QEMU itself sets no limit on rounds: 5 are Xen's",
			},
			{
				Name: "bandwidth", Type: spec.Int, Default: "10000", Bounds: spec.Between(1, 1e9), Unit: "Mbit/s",
				Doc: "speed of a host's network interface where the instance does not say (nic_mbps); " +
					"10 Gbit/s Ethernet is a choice, not a measurement. The slower of the two hosts counts",
			},
			{
				Name: "share", Type: spec.Ratio, Default: "1", Bounds: spec.Between(1e-6, 1),
				Doc: "part of that speed that a migration gets; 8/9 is that of BtrPlace, which divides Mbit/s by 9 to get MB/s",
			},
			{
				Name: "max-downtime", Type: spec.Duration, Bounds: spec.Between(0, 3600),
				Doc: "the VM stops when the rest can be sent within this time; the preset's unless given",
			},
			{
				Name: "max-rounds", Type: spec.Int, Bounds: spec.Between(0, 1000), Unit: "rounds",
				Doc: "the VM stops after this many rounds; the preset's unless given",
			},
		}, memoryParams(), suspensionParams()),
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				c := &prices{in: in, text: a.Brief().String(), unit: "ms", suspension: newSuspension(a)}
				if err := newModel(a).fill(c, a, charge); err != nil {
					return nil, err
				}
				return c.ready()
			}, nil
		},
	}
}

// model is the pre-copy model of live migration.
//
// Note: the papers, and Xen before 4.6, also give up where a round makes no progress, or
// where some multiple of the memory has been sent. Under such a rule a VM that dirties
// more memory would stop earlier and so migrate faster. So there is none here, and time is
// monotone in memory and dirty rate, and antitone in bandwidth.
type model struct {
	bandwidth   int64 // Mbit/s of an unknown network interface
	share       *big.Rat
	maxDowntime time.Duration
	maxRounds   int64
}

func newModel(a spec.Args) model {
	m := model{bandwidth: a.Int("bandwidth"), share: a.Ratio("share")}
	for _, h := range hypervisors() {
		if h.name == a.String("preset") {
			m.maxDowntime, m.maxRounds = h.maxDowntime, h.maxRounds
		}
	}
	if a.Has("max-downtime") {
		m.maxDowntime = a.Duration("max-downtime")
	}
	if a.Has("max-rounds") {
		m.maxRounds = a.Int("max-rounds")
	}
	return m
}

// guest is what the model asks of a VM, in bytes and bytes per second.
type guest struct{ memory, dirty, workingSet uint64 }

// send follows the rounds at a bandwidth in bytes per second, and returns the bytes sent
// in all and in the last round, after the VM has stopped. Each round is rounded up to a
// whole byte, which keeps all of it in exact integers. O(rounds).
func (m model) send(g guest, bandwidth uint64) (all, last uint64) {
	left := g.memory
	for round := int64(0); round < m.maxRounds && !m.short(left, bandwidth); round++ {
		all += left
		dirtied, ok := mulDivUp(left, g.dirty, bandwidth)
		if !ok || dirtied > g.workingSet {
			dirtied = g.workingSet
		}
		left = dirtied
	}
	return all + left, left
}

// short tells whether the bytes left can be sent within the greatest downtime.
func (m model) short(left, bandwidth uint64) bool {
	hi1, lo1 := bits.Mul64(left, uint64(time.Second))
	hi2, lo2 := bits.Mul64(bandwidth, uint64(m.maxDowntime))
	return hi1 < hi2 || hi1 == hi2 && lo1 <= lo2
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

// fill computes the prices: VMs are classified by what the model asks of them, ways by
// the slower of their two hosts.
func (m model) fill(c *prices, a spec.Args, charge func(all, last uint64) uint64) error {
	mem, err := newMemory(c.in, a)
	if err != nil {
		return err
	}
	var guests []guest
	if c.vm, guests, err = classify(len(c.in.VMs), func(v int) (guest, error) { return newGuest(mem, v) }); err != nil {
		return err
	}
	speed, speeds, err := m.speeds(c.in)
	if err != nil {
		return err
	}
	c.way = func(from, to cloud.HostID) int32 { return min(speed[from], speed[to]) }
	c.host, c.ways = speed, len(speeds)
	if err := fewEnough(len(guests), c.ways); err != nil {
		return err
	}
	for class, g := range guests {
		for _, bandwidth := range speeds {
			ms, ok := mulDivUp(charge(m.send(g, bandwidth)), 1000, bandwidth)
			if !ok || ms > math.MaxInt64 {
				return fmt.Errorf("VM %q: the time of its migration at %d bytes/s does not fit in 64 bits",
					c.in.VMs[slices.Index(c.vm, int32(class))].Name, bandwidth)
			}
			c.cost = append(c.cost, int64(ms))
		}
	}
	return nil
}

func newGuest(mem memory, v int) (guest, error) {
	vm := &mem.in.VMs[v]
	bytes, err := mem.bytes(v)
	g := guest{memory: bytes, dirty: mebibytes(vm.DirtyMiBPerS), workingSet: bytes}
	if vm.WorkingSetMiB > 0 {
		g.workingSet = min(g.workingSet, mebibytes(vm.WorkingSetMiB))
	}
	return g, err
}

// mebibytes converts MiB to bytes, rounded to the nearest byte. No real rate or memory
// exceeds 2^62 bytes, so larger values count as that.
func mebibytes(f float64) uint64 {
	const most = 1 << 62
	if f *= 1 << 20; f < most {
		return uint64(math.Round(f))
	}
	return most
}

// speeds numbers the bandwidths at which VMs migrate, in bytes per second, in ascending
// order. A host that is faster than all others has a number beyond them: no VM migrates
// at its speed.
func (m model) speeds(in *cloud.Instance) (of []int32, speeds []uint64, err error) {
	of, all, err := classify(len(in.Hosts), func(h int) (uint64, error) {
		mbps := in.Hosts[h].NICMbps
		if mbps == 0 {
			mbps = m.bandwidth
		}
		const bytesPerMbit = 1_000_000 / 8
		x := new(big.Int).Mul(big.NewInt(mbps), big.NewInt(bytesPerMbit))
		x.Mul(x, m.share.Num())
		if x.Quo(x, m.share.Denom()); !x.IsInt64() || x.Sign() == 0 {
			return 0, fmt.Errorf("host %q: %d Mbit/s × %s is not from 1 to 2^63 bytes/s", in.Hosts[h].Name, mbps, m.share.RatString())
		}
		return x.Uint64(), nil
	})
	if err != nil {
		return nil, nil, err
	}
	speeds = slices.Sorted(slices.Values(all))
	hosts := make([]int, len(speeds))
	for h, class := range of {
		rank, _ := slices.BinarySearch(speeds, all[class])
		of[h] = int32(rank)
		hosts[rank]++
	}
	if n := len(speeds) - 1; n >= 0 && hosts[n] == 1 {
		speeds = speeds[:n]
	}
	return of, speeds, nil
}
