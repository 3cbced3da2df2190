package cloud_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
)

// network is a core above two switches, a switch of its own, and a host that names none.
func network(t *testing.T) *cloud.Instance {
	in := &cloud.Instance{
		Name: "network", Resources: []cloud.Resource{{Name: "ram"}}, Initial: cloud.Placement{},
		Switches: []cloud.Switch{
			{Name: "left", Mbps: 5000, Up: "core", UpMbps: 2000},
			{Name: "right", Up: "core", UpMbps: 3000},
			{Name: "core", Mbps: 9000},
			{Name: "apart"},
		},
	}
	for _, h := range [][2]string{{"l1", "left"}, {"l2", "left"}, {"r", "right"}, {"c", "core"}, {"a", "apart"}, {"n"}} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: h[0], Switch: h[1], NICMbps: 1000, Capacity: []int64{0}, Reserved: []int64{0}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWayTakesOtherLinks(t *testing.T) {
	in := network(t)
	n := in.Network()
	for ends, want := range map[string]string{
		"l1 l1": "",
		"l1 l2": "link of l1, out 1000; switch left 5000; link of l2, in 1000",
		"l2 r": "link of l2, out 1000; switch left 5000; link of left, up 2000; switch core 9000; " +
			"link of right, down 3000; switch right 0; link of r, in 1000",
		"r c": "link of r, out 1000; switch right 0; link of right, up 3000; switch core 9000; link of c, in 1000",
		"c r": "link of c, out 1000; switch core 9000; link of right, down 3000; switch right 0; link of r, in 1000",
		"l1 a": "link of l1, out 1000; switch left 5000; link of left, up 2000; switch core 9000; link of core, up 0; " +
			"link of apart, down 0; switch apart 0; link of a, in 1000",
		"n a": "link of n, out 1000; link of apart, down 0; switch apart 0; link of a, in 1000",
		"a n": "link of a, out 1000; switch apart 0; link of apart, up 0; link of n, in 1000",
		"r -": "link of r, out 1000",
		"- r": "link of r, in 1000",
	} {
		host := func(name string) cloud.HostID {
			if name == "-" {
				return cloud.Absent
			}
			h, ok := in.Host(name)
			if !ok {
				t.Fatalf("no host %q", name)
			}
			return h
		}
		from, to, _ := strings.Cut(ends, " ")
		var got []string
		for _, l := range n.Way(host(from), host(to), nil) {
			link := n.Link(l)
			got = append(got, fmt.Sprint(link.Name, " ", link.Mbps))
			if own := strings.HasPrefix(link.Name, "link of "+from+",") || strings.HasPrefix(link.Name, "link of "+to+","); own != (link.Host != cloud.Absent) {
				t.Errorf("%s: %s has the host %d", ends, link.Name, link.Host)
			}
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: expected %s\nfound %s", ends, want, strings.Join(got, "; "))
		}
	}
}

// On the way back data pass the same switches the other way round, and the other half of each link.
func TestWayBackIsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		cloudtest.Switches(t, in)
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		n, seen := in.Network(), map[string]bool{}
		for l := range n.Links() {
			name := n.Link(cloud.LinkID(l)).Name
			if seen[name] {
				t.Fatalf("two links are called %q", name)
			}
			seen[name] = true
		}
		other := strings.NewReplacer(", out", ", in", ", in", ", out", ", up", ", down", ", down", ", up")
		for from := range in.Hosts {
			for to := range in.Hosts {
				way := func(from, to int) (names []string) {
					for _, l := range n.Way(cloud.HostID(from), cloud.HostID(to), nil) {
						names = append(names, n.Link(l).Name)
					}
					return names
				}
				there, back := way(from, to), way(to, from)
				for i := range back {
					back[i] = other.Replace(back[i])
				}
				slices.Reverse(back)
				if !slices.Equal(there, back) {
					t.Fatalf("from %d to %d: %q, and back: %q", from, to, there, back)
				}
				if sorted := slices.Sorted(slices.Values(there)); len(slices.Compact(sorted)) < len(there) {
					t.Fatalf("from %d to %d something is passed twice: %q", from, to, there)
				}
			}
		}
	})
}
