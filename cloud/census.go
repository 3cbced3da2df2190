package cloud

// Domains numbers the failure domains of one kind: of[host] is a number below
// len(names). By is "host", "rack", "zone", or the name of a host label; hosts
// without the attribute share the domain "".
func (in *Instance) Domains(by string) (of []int32, names []string) {
	index := map[string]int32{}
	of = make([]int32, len(in.Hosts))
	for h := range in.Hosts {
		name := in.Hosts[h].Domain(by)
		d, ok := index[name]
		if !ok {
			d = int32(len(names))
			index[name] = d
			names = append(names, name)
		}
		of[h] = d
	}
	return of, names
}

// Domain names the failure domain of the host, as [Instance.Domains] counts them.
func (h *Host) Domain(by string) string {
	switch by {
	case "host":
		return h.Name
	case "rack":
		return h.Rack
	case "zone":
		return h.Zone
	default:
		return h.Labels[by]
	}
}

// Census counts, for one kind of failure domain, how many VMs of each group stand
// in each domain. A [State] keeps it up to date; groups are named by their position
// in [Instance.Groups].
type Census struct {
	by      string
	domain  []int32 // by host
	count   map[uint64]int32
	places  []int32 // by group: domains in which it stands
	present []int32 // by group: VMs that stand anywhere
}

// Domain is the number of a host's failure domain.
func (c *Census) Domain(h HostID) int32 { return c.domain[h] }

// Count is how many VMs of a group stand in a domain.
func (c *Census) Count(group int, domain int32) int { return int(c.count[censusKey(group, domain)]) }

// Places is in how many domains the group stands.
func (c *Census) Places(group int) int { return int(c.places[group]) }

// Present is how many VMs of the group stand anywhere.
func (c *Census) Present(group int) int { return int(c.present[group]) }

func censusKey(group int, domain int32) uint64 { return uint64(group)<<32 | uint64(uint32(domain)) }

func (c *Census) leave(group int32, h HostID) {
	c.present[group]--
	k := censusKey(int(group), c.domain[h])
	if n := c.count[k] - 1; n > 0 {
		c.count[k] = n
	} else {
		delete(c.count, k)
		c.places[group]--
	}
}

func (c *Census) enter(group int32, h HostID) {
	c.present[group]++
	k := censusKey(int(group), c.domain[h])
	n := c.count[k] + 1
	c.count[k] = n
	if n == 1 {
		c.places[group]++
	}
}

// Census starts to count by a kind of failure domain, or returns the count that
// another guard has already asked for. Guards call it when they are made.
func (s *State) Census(by string) *Census {
	for _, c := range s.censuses {
		if c.by == by {
			return c
		}
	}
	if s.groupsOf == nil {
		s.groupsOf = make([][]int32, len(s.inst.VMs))
		for g, group := range s.inst.Groups {
			for _, v := range group.VMs {
				s.groupsOf[v] = append(s.groupsOf[v], int32(g))
			}
		}
	}
	c := &Census{
		by: by, count: map[uint64]int32{},
		places: make([]int32, len(s.inst.Groups)), present: make([]int32, len(s.inst.Groups)),
	}
	c.domain, _ = s.inst.Domains(by)
	for v, h := range s.place {
		if h != Absent {
			for _, g := range s.groupsOf[v] {
				c.enter(g, h)
			}
		}
	}
	s.censuses = append(s.censuses, c)
	return c
}

// GroupsOf lists the groups that a VM is in, once some guard counts groups.
func (s *State) GroupsOf(v VMID) []int32 { return s.groupsOf[v] }
