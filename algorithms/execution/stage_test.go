package execution_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// stage is a cloud that does what a test says: every step takes ten seconds, unless something happens.
type stage struct {
	now     int64
	down    []string
	vms     []drivers.VM
	ends    map[string]int64 // by VM under way
	acts    map[int64]func() // by time: what happens without a request
	fails   func(drivers.Request) bool
	refuses func(drivers.Request) bool
	asked   []drivers.Request
	dies    int // number of requests after which the executor is killed; 0: never
}

const stepTime = 10_000

// scene sets the stage with an instance in JSON, which gets a plan.
func scene(t *testing.T, instance string) (*stage, *scenario) {
	t.Helper()
	in, err := cloud.DecodeInstance("", []byte(instance))
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{in: in, model: "slots(total=10)", duration: "rate", executor: adaptive}
	if ok, err := s.solved(false); err != nil || !ok {
		t.Fatal("no path", err)
	}
	d := &stage{ends: map[string]int64{}, acts: map[int64]func(){}}
	for v := range in.VMs {
		d.vms = append(d.vms, drivers.VM{VM: &in.VMs[v]})
		if h := in.Initial[v]; h != cloud.Absent {
			d.vms[v].Host = in.Hosts[h].Name
		}
	}
	return d, s
}

func (d *stage) vm(name string) *drivers.VM {
	return &d.vms[slices.IndexFunc(d.vms, func(vm drivers.VM) bool { return vm.Name == name })]
}

// kill takes a host away.
func (d *stage) kill(host string) {
	d.down = append(d.down, host)
	slices.Sort(d.down)
	for i := range d.vms {
		vm := &d.vms[i]
		if vm.UnderWay && (vm.Host == host || vm.To == host) {
			vm.UnderWay, vm.To = false, ""
			delete(d.ends, vm.Name)
		}
		if vm.Host == host {
			vm.Host = ""
		}
	}
}

func (d *stage) Snapshot(context.Context) (*drivers.Snapshot, error) {
	return &drivers.Snapshot{At: d.now, Down: slices.Clone(d.down), VMs: slices.Clone(d.vms)}, nil
}

func (d *stage) Begin(_ context.Context, r drivers.Request) error {
	if d.refuses != nil && d.refuses(r) {
		return &drivers.RefusedError{Why: "the test says so"}
	}
	d.asked = append(d.asked, r)
	vm := d.vm(r.VM)
	vm.UnderWay, vm.To, vm.Request = true, r.To, r.ID
	d.ends[r.VM] = d.now + stepTime
	if d.dies == len(d.asked) {
		return errDied
	}
	return nil
}

func (d *stage) Wait(_ context.Context, until int64) error {
	next := until
	for at := range d.acts {
		next = min(next, at)
	}
	for _, at := range d.ends {
		next = min(next, at)
	}
	if next == math.MaxInt64 {
		return errors.New("nothing happens any more")
	}
	d.now = max(d.now, next)
	for i := range d.vms {
		vm := &d.vms[i]
		if at, underWay := d.ends[vm.Name]; underWay && at <= d.now {
			d.end(vm)
		}
	}
	if act := d.acts[d.now]; act != nil {
		act()
		delete(d.acts, d.now)
	}
	return nil
}

// end ends the step of a VM.
func (d *stage) end(vm *drivers.VM) {
	r := d.asked[slices.IndexFunc(d.asked, func(r drivers.Request) bool { return r.ID == vm.Request })]
	if d.fails == nil || !d.fails(r) {
		vm.Host, vm.Suspended = vm.To, r.Action == cloud.Suspend
	}
	vm.UnderWay, vm.To = false, ""
	delete(d.ends, vm.Name)
}

func (d *stage) Abort(_ context.Context, name string) error {
	vm := d.vm(name)
	vm.UnderWay, vm.To = false, ""
	delete(d.ends, name)
	return nil
}

// play has the adaptive executor carry the plan out, and resumes it if it dies.
func (d *stage) play(t *testing.T, s *scenario) (*execution.Report, []execution.Entry) {
	t.Helper()
	e, _, err := execution.New(catalogue.Standard(), spec.MustParse(s.executor))
	if err != nil {
		t.Fatal(err)
	}
	journal := immortal()
	for {
		known, err := journal.open()
		if err != nil {
			t.Fatal(err)
		}
		report, err := execution.Execute(context.Background(), e, d, s.task(), execution.Options{Journal: journal, Known: known})
		if errors.Is(err, errDied) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		entries, err := journal.read()
		if err != nil {
			t.Fatal(err)
		}
		return report, entries
	}
}

// stands fails the test unless VMs stand on hosts.
func (d *stage) stands(t *testing.T, hosts map[string]string) {
	t.Helper()
	for _, vm := range d.vms {
		if want, ok := hosts[vm.Name]; ok && vm.Host != want {
			t.Errorf("VM %s stands on %q, expected %q; asked for %+v", vm.Name, vm.Host, want, d.asked)
		}
	}
}

// did tells whether a VM was taken somewhere.
func (d *stage) did(a cloud.Action, vm string) bool {
	return slices.ContainsFunc(d.asked, func(r drivers.Request) bool { return r.Action == a && r.VM == vm })
}
