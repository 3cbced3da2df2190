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
	tallies []tally // by domain; nil where a table is small enough
	table   []int32 // [domain*groups + group]
	groups  int
	places  []int32 // by group: domains in which it stands
	present []int32 // by group: VMs that stand anywhere
}

// newCensus makes the census of an empty cloud. Either form takes no more memory than a
// state does.
func newCensus(in *Instance, by string) *Census {
	c := &Census{
		by: by, groups: len(in.Groups),
		places: make([]int32, len(in.Groups)), present: make([]int32, len(in.Groups)),
	}
	var names []string
	if c.domain, names = in.Domains(by); len(names)*c.groups <= 16*(len(in.VMs)+len(in.Hosts)) {
		c.table = make([]int32, len(names)*c.groups)
	} else {
		c.tallies = make([]tally, len(names))
	}
	return c
}

// Domain is the number of a host's failure domain.
func (c *Census) Domain(h HostID) int32 { return c.domain[h] }

// Count is how many VMs of a group stand in a domain.
func (c *Census) Count(group int, domain int32) int {
	if c.table != nil {
		return int(c.table[int(domain)*c.groups+group])
	}
	return int(c.tallies[domain].count(int32(group)))
}

// Places is in how many domains the group stands.
func (c *Census) Places(group int) int { return int(c.places[group]) }

// Present is how many VMs of the group stand anywhere.
func (c *Census) Present(group int) int { return int(c.present[group]) }

func (c *Census) leave(group int32, h HostID) {
	c.present[group]--
	if c.add(group, c.domain[h], -1) == 0 {
		c.places[group]--
	}
}

func (c *Census) enter(group int32, h HostID) {
	c.present[group]++
	if c.add(group, c.domain[h], 1) == 1 {
		c.places[group]++
	}
}

// add changes a count by one and returns what it is then.
func (c *Census) add(group, domain, n int32) int32 {
	if c.table != nil {
		at := int(domain)*c.groups + int(group)
		c.table[at] += n
		return c.table[at]
	}
	return c.tallies[domain].add(group, n)
}

// tally counts the groups in one domain. On a host stand VMs of few groups, and to look
// through a short list is faster than to look into a map, the more so as many rules ask
// for counts of the same host in turn.
type tally struct {
	few  []groupCount
	many map[int32]int32 // in place of few, once there were more than mostFew; nil before
}

type groupCount struct{ group, count int32 }

// mostFew is how many groups are looked through one by one.
const mostFew = 32

func (t *tally) count(group int32) int32 {
	if t.many != nil {
		return t.many[group]
	}
	for _, e := range t.few {
		if e.group == group {
			return e.count
		}
	}
	return 0
}

// add changes a count by one and returns what it is then.
func (t *tally) add(group, n int32) int32 {
	if t.many != nil {
		now := t.many[group] + n
		if t.many[group] = now; now == 0 {
			delete(t.many, group)
		}
		return now
	}
	for i := range t.few {
		e := &t.few[i]
		if e.group != group {
			continue
		}
		e.count += n
		now := e.count
		if now == 0 {
			*e = t.few[len(t.few)-1]
			t.few = t.few[:len(t.few)-1]
		}
		return now
	}
	if t.few = append(t.few, groupCount{group, n}); len(t.few) > mostFew {
		t.many = make(map[int32]int32, 2*mostFew)
		for _, e := range t.few {
			t.many[e.group] = e.count
		}
		t.few = nil
	}
	return n
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
	c := newCensus(s.inst, by)
	for v := range s.seats {
		if h := s.seats[v].host; h != Absent {
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
