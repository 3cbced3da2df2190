package plots

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// everyFate has a VM of every fate: a stays, b moves from h0 to h1, c leaves, d enters.
func everyFate() *cloud.Instance {
	return &cloud.Instance{
		Resources: []cloud.Resource{{Name: "ram"}, {Name: "vcpu"}},
		Hosts:     []cloud.Host{{Name: "h0", Capacity: []int64{100, 4}, Reserved: []int64{10, 0}}, {Name: "h1", Capacity: []int64{50, 4}, Reserved: []int64{0, 0}}},
		VMs:       []cloud.VM{{Name: "b", Demand: []int64{2, 1}}, {Name: "a", Demand: []int64{1, 1}}, {Name: "c", Demand: []int64{4, 1}}, {Name: "d", Demand: []int64{8, 1}}},
		Initial:   cloud.Placement{0, 0, 1, cloud.Absent},
		Target:    cloud.Placement{1, 0, cloud.Absent, 1},
	}
}

func TestOccupancyTellsWhatBecomesOfVMs(t *testing.T) {
	in := everyFate()
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := occupancyOf(in, bound, 0, nil)
	want := [][]load{
		{{0, 90, []occupant{{1, 1, stays}, {0, 2, moves}}}, {1, 50, []occupant{{2, 4, leaves}}}},
		{{0, 90, []occupant{{1, 1, stays}}}, {1, 50, []occupant{{0, 2, moves}, {3, 8, enters}}}},
	}
	all := cmp.AllowUnexported(load{}, occupant{})
	if d := cmp.Diff(want, o.sides, all); d != "" || o.vms != [fates]int{1, 1, 1, 1} || o.amount != [fates]int64{1, 2, 4, 8} {
		t.Error(d, o.vms, o.amount)
	}

	// Of one host: what comes from elsewhere, or goes there, still counts.
	o = occupancyOf(in, bound, 0, []cloud.HostID{1})
	if d := cmp.Diff([fates]int{0, 1, 1, 1}, o.vms); d != "" || len(o.sides[0]) != 1 || len(o.sides[0][0].vms) != 1 {
		t.Errorf("of one host: %+v, VMs %s", o.sides, d)
	}

	// Without a target nothing changes, and without rules what is not reserved is the limit.
	in.Target = nil
	o = occupancyOf(in, nil, 0, nil)
	if len(o.sides) != 1 || o.vms[stays] != 3 || o.sides[0][0].limit != 90 {
		t.Errorf("without a target: %+v", o)
	}
}

func TestHostsbyFullness(t *testing.T) {
	loads := []load{
		{0, 10, []occupant{{0, 1, stays}, {1, 1, moves}}},
		{1, 10, []occupant{{2, 8, stays}}},
		{2, 10, nil},
		{3, 0, []occupant{{3, 5, stays}}}, // nothing to divide by
	}
	got := byFullness(loads, 2)
	want := []fullest{{hosts: 2, share: [fates]float64{0.45, 0.05}}, {hosts: 1}}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12), cmp.AllowUnexported(fullest{})); d != "" {
		t.Error(d)
	}
}

// However hosts are grouped, none is lost, and none is fuller than the ones before it.
func TestGroupsByFullnessHoldAllHostsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loads := make([]load, rapid.IntRange(0, 50).Draw(t, "hosts"))
		for i := range loads {
			loads[i].host, loads[i].limit = cloud.HostID(i), rapid.Int64Range(0, 20).Draw(t, "limit")
			for f := range fates {
				loads[i].vms = append(loads[i].vms, occupant{demand: rapid.Int64Range(0, 5).Draw(t, "demand"), fate: f})
			}
		}
		most := rapid.IntRange(1, 60).Draw(t, "groups")
		groups, hosts := byFullness(loads, most), 0
		for i := range loads {
			if loads[i].limit == 0 {
				hosts++ // left out
			}
		}
		last := math.Inf(1)
		for _, g := range groups {
			hosts += g.hosts
			sum := 0.0
			for _, s := range g.share {
				sum += s
			}
			if sum > last+1e-9 {
				t.Fatalf("a group of fullness %v after one of %v", sum, last)
			}
			last = sum
		}
		if hosts != len(loads) || len(groups) > most {
			t.Fatalf("%d of %d hosts in %d groups, at most %d were asked for", hosts, len(loads), len(groups), most)
		}
	})
}
