package generators

import (
	"fmt"
	"testing"
)

func TestHostSizesAreDealtAsAsked(t *testing.T) {
	const capacity = 4096
	in := generate(t, "random(hosts=9, host-sizes=[1, 2, 4])", 1)[0]
	for h, host := range in.Hosts {
		if want := []int64{1, 2, 4}[h%3] * capacity; host.Capacity[0] != want || host.Reserved[0] != 280 {
			t.Errorf("host %d has %d MiB and keeps %d, expected %d and 280", h+1, host.Capacity[0], host.Reserved[0], want)
		}
	}
	in = generate(t, "random(hosts=3000, vms=0, host-sizes=[1, 1, 4], host-order=chance)", 1)[0]
	large, runs := 0, 0
	for h, host := range in.Hosts {
		if host.Capacity[0] == 4*capacity {
			large++
			if h >= 3 && in.Hosts[h-3].Capacity[0] == 4*capacity {
				runs++
			}
		}
	}
	if large < 900 || large > 1100 || runs > 500 {
		t.Errorf("%d of 3000 hosts are large, expected about 1000; %d of them follow another at a distance of 3", large, runs)
	}
}

// Larger hosts have to be filled further.
func TestLargeHostsTakeMoreVMs(t *testing.T) {
	in := generate(t, "random(hosts=100, host-sizes=[1, 10], max=1000, tries=50)", 1)[0]
	used := make([]int64, 2)
	for v, h := range in.Initial {
		used[h%2] += in.VMs[v].Demand[0]
	}
	if used[1] < 9*used[0] {
		t.Errorf("small hosts hold %d MiB and ten times larger ones %d", used[0], used[1])
	}
}

func TestRacksNestInZones(t *testing.T) {
	for _, c := range []struct{ hosts, racks, zones int }{{20, 6, 3}, {20, 7, 3}, {7, 7, 7}, {7, 0, 3}, {7, 3, 0}, {100, 1, 1}} {
		in := generate(t, fmt.Sprintf("random(hosts=%d, racks=%d, zones=%d)", c.hosts, c.racks, c.zones), 1)[0]
		zoneOf, rack, zone := map[string]string{}, map[string]int{}, map[string]int{}
		for _, h := range in.Hosts {
			if z, known := zoneOf[h.Rack]; known && c.racks > 0 && z != h.Zone {
				t.Errorf("%+v: rack %q lies in zones %q and %q", c, h.Rack, z, h.Zone)
			}
			zoneOf[h.Rack] = h.Zone
			rack[h.Rack]++
			zone[h.Zone]++
		}
		if len(rack) != max(c.racks, 1) || len(zone) != max(c.zones, 1) {
			t.Errorf("%+v: %d racks and %d zones", c, len(rack), len(zone))
		}
		for name, n := range rack {
			if n != c.hosts/len(rack) && n != c.hosts/len(rack)+1 {
				t.Errorf("%+v: rack %q has %d hosts", c, name, n)
			}
		}
	}
}
