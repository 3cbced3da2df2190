package cloud_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// sameState holds a state against a fresh one of the same placement.
func sameState(t *rapid.T, in *cloud.Instance, bound []cloud.Rule, s *cloud.State) {
	fresh := cloud.NewState(in, bound, s.Placement())
	for h := range in.Hosts {
		h := cloud.HostID(h)
		on, want := slices.Sorted(slices.Values(s.On(h))), slices.Sorted(slices.Values(fresh.On(h)))
		if !slices.Equal(on, want) {
			t.Fatalf("host %d holds %v, expected %v", h, on, want)
		}
		for r := range in.Resources {
			if s.Used(h, r) != fresh.Used(h, r) {
				t.Fatalf("host %d uses %d of resource %d, expected %d", h, s.Used(h, r), r, fresh.Used(h, r))
			}
		}
	}
	for _, by := range cloudtest.By(in) {
		a, b := s.Census(by), fresh.Census(by)
		for g := range in.Groups {
			if a.Places(g) != b.Places(g) || a.Present(g) != b.Present(g) {
				t.Fatalf("group %d by %s: %d places and %d present, expected %d and %d",
					g, by, a.Places(g), a.Present(g), b.Places(g), b.Present(g))
			}
			for h := range in.Hosts {
				d := a.Domain(cloud.HostID(h))
				if d != b.Domain(cloud.HostID(h)) || a.Count(g, d) != b.Count(g, d) {
					t.Fatalf("group %d by %s: %d on host %d, expected %d", g, by, a.Count(g, d), h, b.Count(g, d))
				}
			}
		}
	}
	for v := range in.VMs {
		v := cloud.VMID(v)
		if s.HostOf(v) != fresh.HostOf(v) {
			t.Fatalf("VM %d on %d, expected %d", v, s.HostOf(v), fresh.HostOf(v))
		}
		for h := cloud.Absent; int(h) < len(in.Hosts); h++ {
			if s.Allows(v, h) != fresh.Allows(v, h) {
				t.Fatalf("Allows(%d, %d) = %v, a fresh state says otherwise", v, h, s.Allows(v, h))
			}
		}
	}
}

// anyRules draws rules that bind; whether they hold does not matter here.
func anyRules(t *rapid.T, in *cloud.Instance) []cloud.Rule {
	var specs []spec.Spec
	descriptors := catalogue.Standard().Descriptors(rules.Kind)
	for range rapid.IntRange(0, 4).Draw(t, "rules") {
		d := descriptors[rapid.IntRange(0, len(descriptors)-1).Draw(t, "rule")]
		specs = append(specs, cloudtest.RuleSpec(t, in, d.Name))
	}
	bound, err := rules.Bind(catalogue.Standard(), in, append([]spec.Spec{}, specs...))
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

func TestStateLosesCountOnAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		s := cloud.NewState(in, bound, in.Initial)
		past := []cloud.Placement{s.Placement()}
		t.Repeat(map[string]func(*rapid.T){
			"move": func(t *rapid.T) {
				v := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
				to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
				from := s.HostOf(v)
				s.Move(v, to)
				past = append(past, s.Placement())
				if last := s.Moves()[len(s.Moves())-1]; last != (cloud.Change{VM: v, From: from, To: to}) {
					t.Fatalf("the trail ends with %v", last)
				}
			},
			"undo": func(t *rapid.T) {
				if len(past) == 1 {
					t.Skip("nothing to undo")
				}
				s.Undo()
				past = past[:len(past)-1]
			},
			"clone": func(t *rapid.T) {
				c := s.Clone()
				if len(c.Moves()) != 0 {
					t.Fatal("a clone has a trail")
				}
				for v := range in.VMs {
					c.Move(cloud.VMID(v), cloud.HostID(v%len(in.Hosts)))
				}
				sameState(t, in, bound, c)
			},
			"jump": func(t *rapid.T) {
				c := s.Clone()
				v := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
				from := c.HostOf(v)
				c.Move(v, cloud.Absent)
				c.Jump(v, cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to")))
				if len(c.Moves()) != 1 {
					t.Fatal("a jump leaves a trace")
				}
				sameState(t, in, bound, c)
				c.Undo()
				if c.HostOf(v) != from {
					t.Fatalf("undone, VM %d is on %d, expected %d", v, c.HostOf(v), from)
				}
				sameState(t, in, bound, c)
			},
			"": func(t *rapid.T) {
				if !s.Placement().Equal(past[len(past)-1]) || len(s.Moves()) != len(past)-1 {
					t.Fatalf("expected %v, found %v", past[len(past)-1], s.Placement())
				}
				sameState(t, in, bound, s)
			},
		})
	})
}

// benchState is a state of 1,000 hosts with 20 VMs each, three resources and groups
// of four that stay apart.
func benchState(tb testing.TB) *cloud.State {
	in := bigInstance(1000, 20_000)
	for v := 0; v+4 <= len(in.VMs); v += 4 {
		ids := []cloud.VMID{}
		for i := range 4 {
			ids = append(ids, cloud.VMID(v+i))
		}
		in.Groups = append(in.Groups, cloud.Group{Name: fmt.Sprintf("g%d", v/4), VMs: ids})
	}
	if err := in.Check(); err != nil {
		tb.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{
		spec.Named("capacity"), spec.Named("arch"), spec.MustParse("anti-affinity(group=*)"), spec.MustParse("spread(group=*, min=2)"),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return cloud.NewState(in, bound, in.Initial)
}

// bigInstance spreads VMs evenly over hosts and half fills them.
func bigInstance(hosts, vms int) *cloud.Instance {
	in := &cloud.Instance{
		Name:      "big",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu", Unit: "core"}, {Name: "disk", Unit: "GiB"}},
	}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("host%d", h), Capacity: []int64{1 << 18, 128, 4000}, Reserved: []int64{4096, 0, 0},
			Arch: "x86_64", Rack: fmt.Sprintf("rack%d", h/20),
		})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{
			Name: fmt.Sprintf("vm%d", v), Demand: []int64{int64(1024 + v%7*512), int64(1 + v%3), 20}, Arch: "x86_64",
		})
		in.Initial = append(in.Initial, cloud.HostID(v%hosts))
	}
	in.Target = in.Initial.Clone()
	return in
}

func walk(s *cloud.State, i int) (cloud.VMID, cloud.HostID) {
	in := s.Instance()
	return cloud.VMID(i * 7919 % len(in.VMs)), cloud.HostID(i * 104729 % len(in.Hosts))
}

func TestHotLoopAllocates(t *testing.T) {
	s := benchState(t)
	step := func() {
		for i := range 2000 {
			if v, h := walk(s, i); s.Allows(v, h) {
				s.Move(v, h)
				s.Undo()
			}
		}
	}
	step() // lists grow to their size
	if n := testing.AllocsPerRun(5, step); n > 0 {
		t.Errorf("2000 times Allows, Move and Undo allocate %v times", n)
	}
}

func BenchmarkAllows(b *testing.B) {
	s := benchState(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		v, h := walk(s, i)
		s.Allows(v, h)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "migrations/s")
}

func BenchmarkMoveUndo(b *testing.B) {
	s := benchState(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		v, h := walk(s, i)
		s.Move(v, h)
		s.Undo()
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "states/s")
}
