package durations

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PrecopyCitation is where the pre-copy model comes from: the papers describe it; the rest is
// where the presets take their numbers from.
const PrecopyCitation = "Clark et al., Live Migration of Virtual Machines, NSDI 2005; " +
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
// A time must be finite, so the model stops such a VM after as many rounds as Xen does.
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
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "precopy",
			Synopsis: "the time that a live migration takes, by the pre-copy model",
			Doc: "The memory is sent while the VM runs, then what the VM has dirtied meanwhile, and so on; in the end the VM stops and the " +
				"rest is sent. With memory M, dirty rate D, working set W (M where it is not given, or larger) and bandwidth B, round 0 sends v0 = M, " +
				"and round i + 1 sends v(i+1) = min(W, D × v(i) / B), each taking v(i) / B. The VM stops as soon as what is left " +
				"takes at most max-downtime, or when max-rounds rounds have been sent while it ran. The time is the sum of all rounds. " +
				"The dirty rate and the working set are rounded to the nearest byte/s and byte, bandwidths down to bytes/s, rounds up to bytes, " +
				"and the time up to ms. " + suspensionDoc,
			Params:   slices.Concat(PrecopyParams(), stepParams()),
			Citation: PrecopyCitation,
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.Duration, error) {
				t, err := Precopy(in, a, Whole)
				if err != nil {
					return nil, err
				}
				m := newModel(a)
				d, err := newTransfer(in, a, t, counted{m, Whole})
				return copied{&flowing{d, m}}, err
			}, nil
		},
	}
}

// PrecopyParams are the parameters of the pre-copy model.
func PrecopyParams() []spec.Param {
	var names []string
	for _, h := range hypervisors() {
		names = append(names, h.name)
	}
	return slices.Concat([]spec.Param{{
		Name: "preset", Type: spec.Choice, Choices: names, Default: names[0],
		Doc: "when the hypervisor stops the VM, where max-downtime and max-rounds do not say: qemu 300ms, nova 500ms, each after at most 5 rounds; " +
			"xen after 5 rounds, xen-4.5 (and earlier) after 29, with no greatest downtime. QEMU itself sets no limit on rounds: 5 are Xen's",
	}}, bandwidthParams(), []spec.Param{
		{
			Name: "max-downtime", Type: spec.Duration, Bounds: spec.Between(0, 3600),
			Doc: "the VM stops when the rest can be sent within this time; the preset's unless given",
		},
		{
			Name: "max-rounds", Type: spec.Int, Bounds: spec.Between(0, 1000), Unit: "rounds",
			Doc: "the VM stops after this many rounds; the preset's unless given",
		},
		{
			Name: "dirty", Type: spec.Float, Bounds: spec.Between(0, 1e9), Unit: "MiB/s",
			Doc: "dirty rate of VMs for which the instance gives no dirty_mib_per_s; 0 unless given, with a remark",
		},
	}, memoryParams())
}

// Part says which bytes of a live migration take the time that is counted: of those sent
// in all, and in the last round, after the VM has stopped.
type Part func(all, last uint64) uint64

// Whole counts all bytes sent, for the time of a live migration; Downtime counts those sent while
// the VM stands still.
func Whole(all, _ uint64) uint64     { return all }
func Downtime(_, last uint64) uint64 { return last }

// Precopy binds the pre-copy model to an instance, by arguments of [PrecopyParams].
func Precopy(in *cloud.Instance, a spec.Args, part Part) (*Transfers, error) {
	m := newModel(a)
	t, err := newTransfers(in, a, counted{m, part})
	if err != nil {
		return nil, err
	}
	if without := in.WithoutDirtyRate(); without != "" && !a.Has("dirty") && m.maxRounds > 0 {
		t.remarks = []string{fmt.Sprintf("%s: taken as 0 MiB/s; %s(dirty=…) sets another", without, a.Brief().Name)}
	}
	return t, nil
}

// model is the pre-copy model of live migration.
//
// Note: the papers, and Xen before 4.6, also give up where a round makes no progress, or
// where some multiple of the memory has been sent. Under such a rule a VM that dirties
// more memory would stop earlier and so migrate faster. So there is none here, and time is
// monotone in memory and dirty rate, and antitone in bandwidth.
type model struct {
	maxDowntime time.Duration
	maxRounds   int64
	dirty       float64 // MiB/s of VMs that give none
}

func newModel(a spec.Args) model {
	m := model{dirty: a.Float("dirty")}
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

// guest is what the model asks of a VM.
func (m model) guest(mem memory, v int) (guest, error) {
	vm := &mem.in.VMs[v]
	bytes, err := mem.bytes(v)
	dirty := m.dirty
	if vm.DirtyMiBPerS != nil {
		dirty = *vm.DirtyMiBPerS
	}
	g := guest{memory: bytes, dirty: mebibytes(dirty), workingSet: bytes}
	if vm.WorkingSetMiB > 0 {
		g.workingSet = min(g.workingSet, mebibytes(vm.WorkingSetMiB))
	}
	return g, err
}

// send follows the rounds at a bandwidth in bytes per second, and returns the bytes sent
// in all and in the last round, after the VM has stopped, and whether that is because little was left, or, where no
// downtime is too short to go on, each round is shorter than the one before. Each round is rounded up to a whole byte, which keeps
// all of it in exact integers. O(rounds).
func (m model) send(g guest, bandwidth uint64) (all, last uint64, converges bool) {
	left := g.memory
	for round := int64(0); round < m.maxRounds && !m.short(left, bandwidth); round++ {
		all += left
		dirtied, ok := mulDivUp(left, g.dirty, bandwidth)
		if !ok || dirtied > g.workingSet {
			dirtied = g.workingSet
		}
		left = dirtied
	}
	return all + left, left, m.short(left, bandwidth) || m.maxDowntime == 0 && g.dirty < bandwidth
}

// counted is the course of migrations of the model of which a part counts.
type counted struct {
	model
	part Part
}

func (c counted) time(g guest, bytesPerS uint64) (ms uint64, ok bool) {
	all, last, _ := c.send(g, bytesPerS)
	return mulDivUp(c.part(all, last), 1000, bytesPerS)
}

func (c counted) sent(g guest, bytesPerS uint64) (bytes uint64, converges bool) {
	all, _, converges := c.send(g, bytesPerS)
	return all, converges
}

// short tells whether the bytes left can be sent within the greatest downtime.
func (m model) short(left, bandwidth uint64) bool {
	hi1, lo1 := bits.Mul64(left, uint64(time.Second))
	hi2, lo2 := bits.Mul64(bandwidth, uint64(m.maxDowntime))
	return hi1 < hi2 || hi1 == hi2 && lo1 <= lo2
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

// Stopping is an optional ability of a [cloud.Duration]: it knows for how long a live migration stops its VM, just before its end.
type Stopping interface {
	cloud.Duration
	// Stopped is that time at the full rate of the two hosts, in ms. O(rounds).
	Stopped(s *cloud.Step) int64
}

// copied is the duration of the pre-copy model.
type copied struct{ *flowing }

// Stopped implements [Stopping].
func (d copied) Stopped(s *cloud.Step) int64 {
	speed := d.speed[d.Way(s.From, s.To)]
	_, last, _ := d.rounds.send(d.guests[d.VM[s.VM]], speed)
	ms, _ := mulDivUp(last, 1000, speed)
	return int64(ms)
}
