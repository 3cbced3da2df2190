package space_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// prepares is a search that does nothing else.
type prepares struct{ prepared bool }

func (s *prepares) Search(run *paths.Run) error {
	_, s.prepared = space.Prepare(run)
	return nil
}

// Tables must not be begun where memory is limited to less than they take: a search that
// is killed for want of memory says nothing.
func TestTablesThatDoNotFitAreNotBegun(t *testing.T) {
	family, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse("random(hosts=500, max=512, racks=250)"))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mib      int64
		prepared bool
	}{{1, false}, {8, true}, {0, true}} {
		s := &prepares{}
		r, err := paths.Solve(context.Background(), s, pathtest.Problem(t, instances[0], "ram"), paths.Options{MemoryBytes: c.mib << 20})
		if err != nil {
			t.Fatal(err)
		}
		if s.prepared != c.prepared {
			t.Errorf("with %d MiB: prepared: %v, want %v", c.mib, s.prepared, c.prepared)
		}
		if !c.prepared && (r.Status != cloud.Unknown || !strings.Contains(r.Reason, fmt.Sprintf("memory limit of %d MiB", c.mib))) {
			t.Errorf("with %d MiB: %s (%s)", c.mib, r.Status, r.Reason)
		}
	}
}

// VMs that may stand on the same hosts share what the layout knows of them, or its size
// would be VMs × hosts whatever the rules.
func TestVMsThatMayStandAlikeShareTheirLists(t *testing.T) {
	in := &cloud.Instance{
		Name: "shared", Resources: []cloud.Resource{{Name: "ram"}},
		Rules: []spec.Spec{spec.Named("capacity"), spec.MustParse("ban(vms=[b, d], hosts=[h2])")},
	}
	for _, h := range []string{"h0", "h1", "h2"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: h, Capacity: []int64{9}, Reserved: []int64{0}})
	}
	for _, v := range []string{"a", "b", "c", "d"} {
		in.VMs = append(in.VMs, cloud.VM{Name: v, Demand: []int64{1}})
		in.Initial, in.Target = append(in.Initial, 0), append(in.Target, 1)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	l := space.NewLayout(pathtest.Problem(t, in, "ram"))
	same := func(i, j int) bool { return &l.Hosts(i)[0] == &l.Hosts(j)[0] }
	if l.Len() != 4 || !same(0, 2) || !same(1, 3) || same(0, 1) || len(l.Hosts(0)) != 3 || len(l.Hosts(1)) != 2 {
		t.Errorf("hosts: %v %v %v %v", l.Hosts(0), l.Hosts(1), l.Hosts(2), l.Hosts(3))
	}
}
