package occupancy

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
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
	bound, err := rules.Bind(spec.NewCatalogue(rules.Registry(rules.Entries()...)), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Of(in, bound, 0, nil)
	want := [][]Load{
		{{0, 90, []Occupant{{1, 1, Stays}, {0, 2, Moves}}}, {1, 50, []Occupant{{2, 4, Leaves}}}},
		{{0, 90, []Occupant{{1, 1, Stays}}}, {1, 50, []Occupant{{0, 2, Moves}, {3, 8, Enters}}}},
	}
	if d := cmp.Diff(want, o.Sides); d != "" || o.Count != [Fates]int{1, 1, 1, 1} || o.Amount != [Fates]int64{1, 2, 4, 8} {
		t.Error(d, o.Count, o.Amount)
	}

	// Of one host: what comes from elsewhere, or goes there, still counts.
	o = Of(in, bound, 0, []cloud.HostID{1})
	if d := cmp.Diff([Fates]int{0, 1, 1, 1}, o.Count); d != "" || len(o.Sides[0]) != 1 || len(o.Sides[0][0].VMs) != 1 {
		t.Errorf("of one host: %+v, VMs %s", o.Sides, d)
	}

	// Without a target nothing changes, and without rules what is not reserved is the limit.
	in.Target = nil
	o = Of(in, nil, 0, nil)
	if len(o.Sides) != 1 || o.Count[Stays] != 3 || o.Sides[0][0].Limit != 90 {
		t.Errorf("without a target: %+v", o)
	}
}

func TestHostsByFullness(t *testing.T) {
	loads := []Load{
		{0, 10, []Occupant{{0, 1, Stays}, {1, 1, Moves}}},
		{1, 10, []Occupant{{2, 8, Stays}}},
		{2, 10, nil},
		{3, 0, []Occupant{{3, 5, Stays}}}, // nothing to divide by
	}
	got := ByFullness(loads, 2)
	want := []Group{{Hosts: 2, Share: [Fates]float64{0.45, 0.05}}, {Hosts: 1}}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Error(d)
	}
}

// However hosts are grouped, none is lost, and none is fuller than the ones before it.
func TestGroupsByFullnessHoldAllHostsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loads := make([]Load, rapid.IntRange(0, 50).Draw(t, "hosts"))
		for i := range loads {
			loads[i].Host, loads[i].Limit = cloud.HostID(i), rapid.Int64Range(0, 20).Draw(t, "limit")
			for f := range Fates {
				loads[i].VMs = append(loads[i].VMs, Occupant{Demand: rapid.Int64Range(0, 5).Draw(t, "demand"), Fate: f})
			}
		}
		most := rapid.IntRange(1, 60).Draw(t, "groups")
		groups, hosts := ByFullness(loads, most), 0
		for i := range loads {
			if loads[i].Limit == 0 {
				hosts++ // left out
			}
		}
		last := math.Inf(1)
		for _, g := range groups {
			hosts += g.Hosts
			sum := 0.0
			for _, s := range g.Share {
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
