package cloud

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A census is kept as a table, as short lists or as maps; here all of them occur, and lists
// become maps on the way.
func TestCensusMiscounts(t *testing.T) {
	const hosts, vms, groups = 10, 20, 100
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 8))
		in := &Instance{Name: "groups", Resources: []Resource{{Name: "ram"}}, Initial: make(Placement, vms)}
		for h := range hosts {
			in.Hosts = append(in.Hosts, Host{Name: fmt.Sprint("host", h), Zone: fmt.Sprint(h % 2), Capacity: []int64{1}, Reserved: []int64{0}})
		}
		for v := range vms {
			in.VMs = append(in.VMs, VM{Name: fmt.Sprint("vm", v), Demand: []int64{0}})
			in.Initial[v] = HostID(rng.IntN(hosts+1) - 1)
		}
		for g := range groups {
			group := Group{Name: fmt.Sprint("group", g)}
			for v := range VMID(vms) {
				if rng.IntN(vms) < 4 {
					group.VMs = append(group.VMs, v)
				}
			}
			in.Groups = append(in.Groups, group)
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		s := NewState(in, nil, in.Initial)
		byZone, byHost := s.Census("zone"), s.Census("host")
		if byZone.table == nil || byHost.table != nil {
			t.Fatal("both forms of a census are to be tried")
		}
		many := false
		for range 200 {
			s.Move(VMID(rng.IntN(vms)), HostID(max(rng.IntN(2*hosts)-hosts, -1)))
			if rng.IntN(4) == 0 {
				s.Undo()
			}
			recount(t, s, byZone)
			recount(t, s, byHost)
			for i := range byHost.tallies {
				many = many || byHost.tallies[i].many != nil
			}
		}
		if !many {
			t.Error("no host had many groups")
		}
	}
}

// recount holds a census against the placement.
func recount(t *testing.T, s *State, c *Census) {
	t.Helper()
	for g, group := range s.inst.Groups {
		count, present := map[int32]int{}, 0
		for _, v := range group.VMs {
			if h := s.HostOf(v); h != Absent {
				count[c.Domain(h)]++
				present++
			}
		}
		if c.Present(g) != present || c.Places(g) != len(count) {
			t.Fatalf("group %d: expected %d VMs in %d places, found %d in %d", g, present, len(count), c.Present(g), c.Places(g))
		}
		for h := range HostID(len(s.inst.Hosts)) {
			if d := c.Domain(h); c.Count(g, d) != count[d] {
				t.Fatalf("group %d by %s: expected %d VMs on host %d, found %d", g, c.by, count[d], h, c.Count(g, d))
			}
		}
	}
}
