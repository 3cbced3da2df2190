package execution

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// world is the cloud as the executor knows it: the instance with the foreign VMs that have come behind its own ones, its initial placement that in
// which everything under way has ended. The steps that are left are a path from there to the target.
type world struct {
	task   *Task
	in     *cloud.Instance
	specs  []spec.Spec
	way    []spec.Spec         // those that hold on the way
	bound  []cloud.Rule        // in force on the way
	final  []cloud.Rule        // that hold in the end alone
	guests []cloud.Rule        // that hold on the way, about VMs that stand elsewhere initially: they mean the beginning of the execution
	down   []string            // hosts that are dead
	slept  map[cloud.VMID]bool // VMs that were suspended, or are under way to that

	state    *cloud.State // with what is under way
	settled  *cloud.State // in which all of that has ended
	guard    *concurrency.Guard
	needs    func(*cloud.Step) concurrency.Needs // of the limits of the model of concurrency and of SLAs
	closers  []slas.Closer
	clock    int64         // since the execution began
	underWay []*cloud.Step // by VM; nil where it is not under way
	order    []cloud.VMID  // of the VMs of a snapshot; -1: the world has none of the name
	queue    []cloud.Step
}

// newWorld makes the world that a snapshot shows. VMs of the instance head for the target, those that are stuck and foreign ones stay where
// they are. O(instance).
func newWorld(task *Task, snap *drivers.Snapshot, target cloud.Placement, stuck map[string]bool) (*world, error) {
	w := &world{task: task, down: snap.Down, slept: map[cloud.VMID]bool{}}
	in := *task.Instance
	in.VMs = slices.Clone(in.VMs)
	host := func(name string) cloud.HostID {
		if h, ok := task.Instance.Host(name); ok {
			return h
		}
		return cloud.Absent
	}
	now, after := slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs)), slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	in.Target = slices.Clip(target.Clone())
	fixed := make([]string, 0, len(stuck))
	for i := range snap.VMs {
		vm := &snap.VMs[i]
		v, known := task.Instance.VM(vm.Name)
		if !known {
			if vm.Host == "" {
				w.order = append(w.order, -1)
				continue
			}
			v = cloud.VMID(len(in.VMs))
			in.VMs = append(in.VMs, *vm.VM)
			now, after, in.Target = append(now, cloud.Absent), append(after, cloud.Absent), append(in.Target, cloud.Absent)
		}
		w.order = append(w.order, v)
		now[v], after[v] = host(vm.Host), host(vm.Host)
		w.slept[v] = vm.Suspended || vm.UnderWay && vm.To == ""
		if vm.UnderWay {
			after[v] = host(vm.To)
		}
		if !known || stuck[vm.Name] {
			in.Target[v] = after[v]
			in.VMs[v].Interruptible = false
			fixed = append(fixed, vm.Name)
		}
	}
	in.Initial = after
	w.underWay = make([]*cloud.Step, len(in.VMs))
	w.in, w.specs = &in, slices.Clone(rules.Specs(task.Instance, task.Rules))
	if len(snap.Down) > 0 {
		w.specs = append(w.specs, downSpec(snap.Down))
	}
	if len(fixed) > 0 {
		w.specs = append(w.specs, spec.Named("pin").WithValue("vms", spec.Words(fixed...)))
	}
	return w, w.bind(now)
}

// downSpec is the rule that nothing comes to hosts that are down.
func downSpec(hosts []string) spec.Spec {
	return spec.Named("maintenance").WithValue("hosts", spec.Words(hosts...))
}

// bind makes the states in which VMs stand where they come from, and where they go to.
func (w *world) bind(now cloud.Placement) error {
	if err := w.in.Check(); err != nil {
		return err
	}
	if err := w.bindOrigin(now); err != nil {
		return err
	}
	way, bound, err := w.onTheWay()
	if err != nil {
		return err
	}
	inForce, _, err := cloud.Mend(w.in, bound, w.in.Initial)
	if err != nil {
		return err
	}
	takes, err := durations.Bind(w.task.Catalogue, w.in, w.task.Duration)
	if err != nil {
		return err
	}
	model, err := concurrency.Bind(w.task.Catalogue, w.in, takes, w.task.Model)
	if err != nil {
		return err
	}
	levels, err := w.task.levels(w.in, takes)
	if err != nil {
		return err
	}
	for _, s := range levels {
		if c, ok := s.(slas.Closer); ok {
			w.closers = append(w.closers, c)
		}
	}
	w.needs = (&timetable.Problem{Model: model, SLAs: levels}).Needs
	w.way, w.bound, w.guard = way, inForce, concurrency.GuardOf(timetable.LimitsOf(model, levels))
	w.settled = cloud.NewState(w.in, inForce, w.in.Initial)
	w.state = cloud.NewState(w.in, inForce, now)
	for v, to := range w.in.Initial {
		if now[v] != to {
			w.send(w.stepOf(cloud.VMID(v), now[v], to))
		}
	}
	return nil
}

// stepOf is a step as what is under way has it.
func (w *world) stepOf(v cloud.VMID, from, to cloud.HostID) *cloud.Step {
	s := &cloud.Step{Action: cloud.Migrate, VM: v, From: from, To: to}
	switch cloud.Absent {
	case to:
		s.Action = cloud.Suspend
		if w.in.Target[v] == cloud.Absent {
			s.Action = cloud.Shutdown
		}
	case from:
		s.Action = w.entry(v)
	}
	return s
}

// entry is how a VM comes back that stands nowhere: one that was suspended still exists, one that is new or stood on a host that died does not.
func (w *world) entry(v cloud.VMID) cloud.Action {
	if w.slept[v] {
		return cloud.Resume
	}
	return cloud.Provision
}

// seen finds the VM that a snapshot shows at a position: the same one there as before, mostly.
func (w *world) seen(i int, name string) (cloud.VMID, bool) {
	if i < len(w.order) {
		if v := w.order[i]; v >= 0 && w.in.VMs[v].Name == name {
			return v, true
		}
	}
	return w.in.VM(name)
}

func (w *world) hostName(h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return w.in.Hosts[h].Name
}

// start sends a VM off. end lets it arrive, and fail lets it stay where it was: its step is the first of the queue again.
func (w *world) start(s *cloud.Step) {
	w.settled.Jump(s.VM, s.To)
	w.send(s)
}

func (w *world) send(s *cloud.Step) {
	w.state.Begin(s.VM, s.To)
	w.guard.Begin(w.needs(s))
	w.underWay[s.VM] = new(*s)
}

func (w *world) end(v cloud.VMID) cloud.Step {
	s := w.underWay[v]
	w.state.End(v)
	w.guard.End(w.needs(s))
	w.underWay[v] = nil
	return *s
}

func (w *world) fail(v cloud.VMID) {
	s := w.end(v)
	w.state.Jump(v, s.From)
	w.settled.Jump(v, s.From)
	w.queue = slices.Insert(w.queue, 0, s)
}

// asks tells whether rules are asked about a step. Shutdowns and provisions are judged together, when the target is.
func asks(s *cloud.Step) bool { return s.Action != cloud.Shutdown && s.Action != cloud.Provision }

// walks tells whether the steps that are left lead to the target.
func (w *world) walks() bool {
	n := 0
	defer func() {
		for range n {
			w.settled.Undo()
		}
	}()
	for i := range w.queue {
		s := &w.queue[i]
		if w.settled.HostOf(s.VM) != s.From || asks(s) && !w.settled.Allows(s.VM, s.To) {
			return false
		}
		w.settled.Move(s.VM, s.To)
		n++
	}
	return w.settled.Placement().Equal(w.in.Target)
}
