package cloud

// Charger is an optional ability of a continuous [Rule] under which a VM may charge two hosts, the halves
// of one machine, and which bounds what each host is charged with. It takes the place of a [Limiter], and
// must not be one: a host is not charged with the demands of the VMs that stand on it.
type Charger interface {
	Rule
	// Charge is what a VM that stands on a host charges it with, by resource, and another host, Absent
	// if there is none, that it charges with as much. The slice is not to be changed.
	Charge(vm VMID, at HostID) (amounts []int64, also HostID)
	// Bound is what a host may be charged with of a resource, in its unit, where a VM arrives that charges it.
	Bound(host HostID, resource int) int64
}

// ChargerOf is the first continuous rule that is a [Charger]; nil if none is.
func ChargerOf(rules []Rule) Charger {
	for _, rule := range rules {
		if c, ok := rule.(Charger); ok && rule.Continuous() {
			return c
		}
	}
	return nil
}

// Charges is what VMs charge hosts with: their demands, unless a [Charger] says otherwise.
type Charges struct {
	demands []int64 // [vm*R + resource]
	width   int     // R
	rule    Charger // nil: none
}

// ChargesOf finds out what VMs charge hosts with under rules.
func ChargesOf(in *Instance, rules []Rule) *Charges {
	return &Charges{in.Demands(), len(in.Resources), ChargerOf(rules)}
}

// Of is what a VM that stands on a host charges it with, by resource, and the other host, Absent if there is
// none, that it charges with as much. O(1).
func (c *Charges) Of(vm VMID, at HostID) (amounts []int64, also HostID) {
	if c.rule != nil {
		return c.rule.Charge(vm, at)
	}
	return c.demands[int(vm)*c.width : (int(vm)+1)*c.width], Absent
}

// Spread tells whether some VM may charge two hosts.
func (c *Charges) Spread() bool { return c.rule != nil }

// Used is what each host is charged with in a placement, by host*R + resource.
func (c *Charges) Used(hosts int, p Placement) []int64 {
	out := make([]int64, hosts*c.width)
	for v, h := range p {
		if h == Absent {
			continue
		}
		amounts, also := c.Of(VMID(v), h)
		for r, n := range amounts {
			out[int(h)*c.width+r] += n
			if also != Absent {
				out[int(also)*c.width+r] += n
			}
		}
	}
	return out
}
