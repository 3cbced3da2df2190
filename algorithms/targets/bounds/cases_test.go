package bounds_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// small makes a cloud of one resource: hosts by room, VMs by demand, all of them on the first host, which
// need not be sane. All VMs are in the group g, the first two also in the group two; hosts stand in pairs in
// racks.
func small(t *testing.T, rooms, demands []int64, texts ...string) (bounds.Question, *objectives.Hosts) {
	t.Helper()
	in := &cloud.Instance{Name: "small", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Groups: []cloud.Group{{Name: "g"}, {Name: "two"}}}
	for i, room := range rooms {
		name := string(rune('1' + i))
		in.Hosts = append(in.Hosts, cloud.Host{Name: "h" + name, Rack: "r" + string(rune('1'+i/2)), Capacity: []int64{room}, Reserved: []int64{0}})
	}
	for i, demand := range demands {
		in.VMs = append(in.VMs, cloud.VM{Name: string(rune('a' + i)), Demand: []int64{demand}})
		in.Initial = append(in.Initial, 0)
		in.Groups[0].VMs = append(in.Groups[0].VMs, cloud.VMID(i))
	}
	in.Groups[1].VMs = in.Groups[0].VMs[:min(2, len(demands))]
	for _, text := range append([]string{"capacity"}, texts...) {
		in.Rules = append(in.Rules, spec.MustParse(text))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(pathtest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := objectives.Bind(spec.NewCatalogue(objectives.Registry(objectives.Entries()...)), in, bound, spec.MustParse("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	return bounds.Question{Instance: in, Rules: bound}, o.(*objectives.Hosts)
}

// An operator who reads that there is no target has to see why: with the rule, the VMs and what is missing.
func TestProofDoesNotSayWhy(t *testing.T) {
	for _, x := range []struct {
		rooms, demands []int64
		rules          []string
		closed         string
		want           []string
		missing        int64
	}{
		{[]int64{5, 5}, []int64{3, 3, 3}, nil, "", []string{`counting`, `3 MiB of ram`, "(capacity)"}, 1},
		{[]int64{4, 4}, []int64{3, 2, 2, 2}, nil, "", []string{"need 9 MiB of ram", "room for 8 on the 2 hosts", "short by 1 MiB of ram"}, 1},
		{[]int64{4, 4}, []int64{5}, nil, "", []string{`VM "a" demands 5 MiB of ram`, "none of the 2 hosts", "short by 1 MiB"}, 1},
		{
			[]int64{9, 9},
			[]int64{1, 1, 1},
			[]string{"anti-affinity(group=g)"},
			"",
			[]string{`VMs "a", "b", "c" can stand only on 2 hosts ("h1", "h2")`, "room for 1 VM", "anti-affinity(group=g"},
			1,
		},
		{
			[]int64{9, 9, 9, 9},
			[]int64{1, 1, 1},
			[]string{"anti-affinity(group=g)"},
			"34",
			[]string{"can stand only on 2 hosts", "room for 1 VM"},
			1,
		},
		{
			[]int64{9, 9, 9},
			[]int64{1, 1},
			[]string{"fence(vms=[a], hosts=[h1, h2])", "ban(vms=[a], hosts=[h1, h2])"},
			"",
			[]string{`VM "a" may stand on no host`, "fence(", "ban("},
			1,
		},
		{
			[]int64{9, 9, 9},
			[]int64{1, 1},
			[]string{"affinity(group=g)", "fence(vms=[a], hosts=[h1])", "ban(vms=[b], hosts=[h1])"},
			"",
			[]string{`VMs "a", "b" have to share a host`, "affinity(", "fence(", "ban("},
			1,
		},
		{[]int64{9, 9}, []int64{5, 6}, []string{"affinity(group=g)"}, "", []string{"share a host and demand 11 MiB", "affinity("}, 2},
		{
			[]int64{9, 9},
			[]int64{1, 1},
			[]string{"affinity(group=g)", "anti-affinity(group=g, by=rack)"},
			"",
			[]string{"have to share a host, and no rack may hold more than 1"},
			1,
		},
		{
			[]int64{9, 9, 9, 9},
			[]int64{1, 1, 1},
			[]string{"spread(group=g, min=3, by=rack)"},
			"",
			[]string{"in 3 racks at least", "in 2 racks at most", "short by 1", "spread("},
			1,
		},
		{
			[]int64{9, 9, 9, 9},
			[]int64{1, 1, 1},
			[]string{"spread(group=g, min=2, by=rack)", "affinity(group=g, by=rack)"},
			"",
			[]string{"in 2 racks at least and in 1 rack at most"},
			1,
		},
		{
			[]int64{4, 4, 4, 4},
			[]int64{3, 3, 3},
			[]string{"affinity(group=g, by=rack)"},
			"",
			[]string{"have to stand in 1 rack", "affinity("},
			1,
		},
		{[]int64{9, 9}, []int64{1, 1, 1}, []string{"max-vms(max=1)"}, "", []string{"where rules allow 2 VMs", "short by 1 VM", "max-vms("}, 1},
		{[]int64{10, 10}, []int64{5, 5, 6}, []string{"anti-affinity(group=two)"}, "", []string{"no two of them can share a host"}, 1},
		{[]int64{9}, []int64{1}, nil, "1", []string{"the only host is to be empty"}, 0},
	} {
		q, _ := small(t, x.rooms, x.demands, x.rules...)
		if x.closed != "" {
			q.Closed = make([]bool, len(x.rooms))
			for _, c := range x.closed {
				q.Closed[c-'1'] = true
			}
		}
		proof, none := bounds.New(q).Infeasible()
		for _, part := range x.want {
			if !none || !strings.Contains(proof.Reason, part) {
				t.Errorf("rooms %v, demands %v, %v: expected a proof with %q, found %q", x.rooms, x.demands, x.rules, part, proof.Reason)
			}
		}
		if proof.Missing != x.missing {
			t.Errorf("%s: expected %d to be missing, found %d", proof.Reason, x.missing, proof.Missing)
		}
	}
}

// Each kind of bound decides somewhere, alone.
func TestBoundOnHostsForgetsAnArgument(t *testing.T) {
	for name, x := range map[string]struct {
		rooms, demands []int64
		rules          []string
		hosts, peak    int64
	}{
		"volume, the largest hosts first": {[]int64{4, 4, 4, 4, 12}, []int64{3, 3, 3, 3, 3, 3}, nil, 3, 750_000},
		"large VMs":                       {[]int64{10, 10, 10, 10}, []int64{6, 6, 6}, nil, 3, 600_000},
		"a third":                         {[]int64{9, 9, 9}, []int64{4, 4, 4, 4, 4}, nil, 3, 888_889},
		"gaps":                            {[]int64{10, 10, 10, 10}, []int64{7, 7, 4, 4}, nil, 3, 700_000},
		"how many a host may hold":        {[]int64{9, 9, 9}, []int64{1, 1, 1}, []string{"max-vms(max=2)"}, 2, 111_112},
		"apart":                           {[]int64{9, 9, 9}, []int64{1, 1, 1}, []string{"anti-affinity(group=g)"}, 3, 111_112},
		"apart by rack":                   {[]int64{9, 9, 9, 9}, []int64{1, 1}, []string{"anti-affinity(group=two, by=rack)"}, 2, 111_112},
		"a clique":                        {[]int64{10, 10, 10}, []int64{5, 5, 6}, []string{"anti-affinity(group=two)"}, 3, 600_000},
		"spread":                          {[]int64{9, 9, 9}, []int64{1, 1, 1}, []string{"spread(group=g, min=3)"}, 3, 111_112},
		"pinned to different hosts":       {[]int64{9, 9, 9}, []int64{1, 1}, []string{"fence(vms=[a], hosts=[h2])", "fence(vms=[b], hosts=[h3])"}, 2, 111_112},
		"pinned, and a rest":              {[]int64{2, 9, 9}, []int64{1, 9, 1}, []string{"fence(vms=[a], hosts=[h1])"}, 2, 1_000_000},
		"fenced from each other": {
			[]int64{9, 9, 9, 9},
			[]int64{1, 1, 1, 1},
			[]string{"fence(group=two, hosts=[h1, h2])", "ban(vms=[c, d], hosts=[h1, h2])"},
			2,
			111_112,
		},
		"fenced to small hosts": {[]int64{2, 2, 20}, []int64{2, 2, 16}, []string{"fence(group=two, hosts=[h1, h2])"}, 3, 1_000_000},
		"kept together":         {[]int64{9, 9, 9}, []int64{3, 3, 5, 5}, []string{"affinity(group=two)"}, 3, 666_667},
	} {
		q, o := small(t, x.rooms, x.demands, x.rules...)
		b := bounds.New(q)
		if got := b.Hosts(o); got.Score[0] != x.hosts {
			t.Errorf("%s: expected a bound of %d hosts, found %d (%s)", name, x.hosts, got.Score[0], got.Reason)
		}
		if got := b.Peak(nil); got.Score[0] != x.peak {
			t.Errorf("%s: expected a bound of %d on the peak, found %d (%s)", name, x.peak, got.Score[0], got.Reason)
		}
		if p, none := b.Infeasible(); none {
			t.Errorf("%s: %q is no proof", name, p.Reason)
		}
	}
}
