package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// nodes makes machines of two nodes with 10 cores each, the last host alone, and VMs: each demand, 2 for a double one,
// and its host.
func nodes(t *testing.T, vms ...[3]int) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "nodes", Resources: []cloud.Resource{{Name: "cpu", Unit: "cores"}}}
	for h := range 5 {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("n%d", h), Capacity: []int64{11}, Reserved: []int64{1}, Labels: map[string]string{"machine": fmt.Sprintf("m%d", h/2)},
		})
	}
	for v, x := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{int64(x[0])}, Labels: map[string]string{"numa": fmt.Sprint(x[1])}})
		in.Initial = append(in.Initial, cloud.HostID(x[2]))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestNUMAChargesAnotherHost(t *testing.T) {
	for _, c := range []struct {
		name string
		vms  [][3]int // the first one goes to the host
		to   cloud.HostID
		want bool
	}{
		{"half on each node", [][3]int{{20, 2, 0}}, 2, true},
		{"an odd demand is rounded up on both", [][3]int{{9, 2, 0}, {5, 1, 2}, {5, 1, 3}}, 2, true},
		{"an odd demand finds too little room", [][3]int{{9, 2, 0}, {5, 1, 2}, {6, 1, 3}}, 2, false},
		{"the partner is full", [][3]int{{2, 2, 0}, {10, 1, 3}}, 2, false},
		{"a VM on one node has no business with the partner", [][3]int{{10, 1, 0}, {10, 1, 3}}, 2, true},
		{"a double VM on the partner leaves half of its demand", [][3]int{{6, 1, 0}, {10, 2, 3}}, 2, false},
		{"from one half to the other", [][3]int{{10, 1, 0}}, 1, true},
		{"a double VM counts twice between halves", [][3]int{{12, 2, 0}}, 1, false},
		{"a small double VM goes between halves", [][3]int{{10, 2, 0}}, 1, true},
		{"a machine of one node bears all of it", [][3]int{{11, 2, 0}}, 4, false},
		{"and has room for it", [][3]int{{10, 2, 0}}, 4, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := nodes(t, c.vms...)
			bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.Named("numa")})
			if err != nil {
				t.Fatal(err)
			}
			s := cloud.NewState(in, bound, in.Initial)
			change := &cloud.Change{VM: 0, From: in.Initial[0], To: c.to}
			judged := len(bound[0].Violations(moving(in.Initial, *change), change)) == 0
			if got := s.Allows(0, c.to); got != c.want || judged != c.want {
				t.Errorf("the guard says %v, the judge %v", got, judged)
			}
		})
	}
}

func TestNUMATakesFaultyMachines(t *testing.T) {
	in := nodes(t, [3]int{4, 3, 0})
	for _, c := range []struct{ rule, want string }{
		{"numa", `VM "v0" has the label numa=3, expected 1 or 2`},
		{"numa(pair=mashine)", `no host has the label "mashine", did you mean "machine"?`},
		{"numa(pair=zone, double=none)", `hosts "n0", "n1" and "n2" have the same zone, "z": a machine has two halves`},
		{"numa(double=none, overcommit.ram=2)", `unknown resource "ram"`},
	} {
		for h := range in.Hosts {
			in.Hosts[h].Zone = "z"
		}
		_, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(c.rule)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\nfound    %v\nexpected … %s …", c.rule, err, c.want)
		}
	}
}

// Where each host is a machine, numa is capacity.
func TestNUMAOfSingleNodesIsNotCapacity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		over := rapid.SampledFrom([]string{"0.75", "1", "3/2"}).Draw(t, "overcommit")
		var states []*cloud.State
		for _, text := range []string{"capacity(overcommit.r0=" + over + ")", "numa(pair=host, overcommit.r0=" + over + ")"} {
			bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(text)})
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, cloud.NewState(in, bound, in.Initial))
		}
		for v := range in.VMs {
			allows := func(s *cloud.State) []bool {
				var out []bool
				for h := range in.Hosts {
					out = append(out, s.Allows(cloud.VMID(v), cloud.HostID(h)))
				}
				return out
			}
			if a, b := allows(states[0]), allows(states[1]); !slices.Equal(a, b) {
				t.Fatalf("VM %d: capacity allows %v, numa %v", v, a, b)
			}
		}
	})
}
