package greedy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// VMs that filters do not tell apart share a list of the hosts that they are admitted to;
// it is that of each of them.
func TestListsOfHostsAreThoseThatFiltersAdmit(t *testing.T) {
	t.Parallel()
	few := 0
	for seed := range uint64(4000) {
		p := pathtest.Problem(t, pathtest.Ruled(rand.New(rand.NewPCG(seed, 1))), "ram")
		if _, err := paths.Solve(context.Background(), trace(func(run *paths.Run) {
			w := newWalk(run, newSizes(p), p.Start, p.Goal, false)
			for v := range p.Instance.VMs {
				var want []cloud.HostID
				for h := range w.hosts() {
					if w.admits(cloud.VMID(v), h) {
						want = append(want, h)
					}
				}
				if got := w.homesOf(cloud.VMID(v)); w.homes.of != nil && !slices.Equal(got, want) {
					t.Errorf("seed %d: VM %d is listed for %v, admitted to %v", seed, v, got, want)
				}
				if len(want) < int(w.hosts()) {
					few++
				}
			}
		}), p, paths.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if few < 300 {
		t.Errorf("filters keep %d VMs off hosts, too few to show anything", few)
	}
}

// Racks of a cloud that VMs must not leave, each with a pair of VMs that swap: whoever
// looked for room in the whole cloud would look at very many hosts for each bypass.
func TestBypassesAreLookedForWhereFiltersAdmitThem(t *testing.T) {
	const racks = 300
	in := &cloud.Instance{
		Name: "fenced", Resources: []cloud.Resource{{Name: "ram"}},
		Rules: []spec.Spec{spec.Named("capacity"), spec.MustParse(`expression(test="host.rack == vm.labels.rack")`)},
	}
	for r := range racks {
		rack := fmt.Sprint("r", r)
		for h := range 3 {
			in.Hosts = append(in.Hosts, cloud.Host{
				Name: fmt.Sprint(rack, "h", h), Rack: rack, Capacity: []int64{4}, Reserved: []int64{0},
			})
		}
		for v := range 2 {
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint(rack, "v", v), Demand: []int64{4}, Labels: map[string]string{"rack": rack}})
			in.Initial = append(in.Initial, cloud.HostID(3*r+v))
			in.Target = append(in.Target, cloud.HostID(3*r+1-v))
		}
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	p := pathtest.Problem(t, in, "count")
	r, err := paths.Solve(context.Background(), searcher{params{window: 16, patience: 30, attempts: 1, both: true}}, p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	if r.Cost != 3*racks || r.Counters.Generated > 50*racks {
		t.Errorf("%s, %d migrations, %d candidates; expected %d migrations, and no more than some dozens of candidates for each", r.Status, r.Cost, r.Counters.Generated, 3*racks)
	}
}
