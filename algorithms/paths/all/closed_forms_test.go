package all_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// puzzle has one VM per host, all equal, and one empty host, the last. The first so many
// VMs change places: in a cycle, or in a chain that ends in the empty host.
func puzzle(t *testing.T, hosts, length int, cycle bool) *paths.Problem {
	t.Helper()
	in := &cloud.Instance{Name: "puzzle", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{1}, Reserved: []int64{0}})
		if h == hosts-1 {
			break
		}
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", h), Demand: []int64{1}})
		in.Initial = append(in.Initial, cloud.HostID(h))
		to := h
		switch {
		case h < length-1:
			to = h + 1
		case h == length-1 && cycle:
			to = 0
		case h == length-1:
			to = hosts - 1
		}
		in.Target = append(in.Target, cloud.HostID(to))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, in, "count")
}

// A cycle of L VMs takes L + 1 migrations: one of them steps aside. A chain of L VMs that
// ends in the empty host takes L.
func TestClosedForms(t *testing.T) {
	for _, algorithm := range []string{"astar", "idastar", "bidirectional", "anytime"} {
		for _, hosts := range []int{3, 4, 5, 8, 13, 20, 30, 40} {
			for _, length := range []int{2, 3, hosts / 2, hosts - 2, hosts - 1} {
				if length < 2 || length > hosts-1 {
					continue
				}
				for _, cycle := range []bool{true, false} {
					want := int64(length)
					if cycle {
						want++
					}
					r := solve(t, algorithm, puzzle(t, hosts, length, cycle), paths.Options{Expansions: 20_000, MemoryBytes: 1 << 30})
					if r.Status != cloud.Optimal || r.Cost != want {
						t.Errorf("%s: %d hosts, length %d, cycle %v: %s at %d with bound %d (%s), expected %d", algorithm, hosts, length, cycle, r.Status, r.Cost, r.LowerBound, r.Reason, want)
					}
				}
			}
		}
	}
}

// Several cycles at once take one further migration each.
func TestCyclesAddUp(t *testing.T) {
	for _, hosts := range []int{5, 7, 11, 21, 39} {
		p := puzzle(t, hosts, 2, true)
		in := *p.Instance
		in.Target = in.Target.Clone()
		cycles := int64(0)
		for v := 0; v+1 < len(in.VMs); v += 2 {
			in.Target[v], in.Target[v+1] = cloud.HostID(v+1), cloud.HostID(v)
			cycles++
		}
		r := solve(t, "astar(heuristic=deadlock)", pathtest.Problem(t, &in, "count"), paths.Options{Expansions: 20_000})
		if r.Status != cloud.Optimal || r.Cost != 3*cycles {
			t.Errorf("%d swaps: %s at %d with bound %d, expected %d", cycles, r.Status, r.Cost, r.LowerBound, 3*cycles)
		}
	}
}
