package cloud

// Duration is how long each step of a plan takes, bound to an instance: non-negative
// integers in one unit. It is apart from what the steps cost.
type Duration interface {
	// String is the spec of the duration.
	String() string
	// Unit is the unit of all times: "ms", or "step" in a model in which time passes in
	// steps.
	Unit() string
	// Migrate is the time of a live migration between two different hosts.
	Migrate(vm VMID, from, to HostID) int64
	// Suspend and Resume are the times of taking an interruptible VM off its host, and of
	// bringing it back.
	Suspend(vm VMID, from HostID) int64
	Resume(vm VMID, to HostID) int64
	// Shutdown and Provision are the times of the first and the last steps of a plan.
	Shutdown(vm VMID, from HostID) int64
	Provision(vm VMID, to HostID) int64
}

// TimeOf is the time of a step.
func TimeOf(d Duration, s *Step) int64 {
	switch s.Action {
	case Shutdown:
		return d.Shutdown(s.VM, s.From)
	case Provision:
		return d.Provision(s.VM, s.To)
	case Suspend:
		return d.Suspend(s.VM, s.From)
	case Resume:
		return d.Resume(s.VM, s.To)
	default:
		return d.Migrate(s.VM, s.From, s.To)
	}
}
