package plots

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// cloudOf makes a cloud of so many hosts, in which some VMs move, leave and enter.
func cloudOf(hosts, perHost int, name string) *cloud.Instance {
	rng := rand.New(rand.NewPCG(3, 4))
	in := &cloud.Instance{Name: fmt.Sprint("cloud of ", hosts), Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf(name, h), Capacity: []int64{4096 << (h % 2), 8}, Reserved: []int64{256, 0}})
	}
	in.Target = cloud.Placement{}
	for h := range hosts {
		for range rng.IntN(perHost + 1) {
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", len(in.VMs)), Demand: []int64{int64(100 + rng.IntN(6000/perHost)), 0}})
			from, to := cloud.HostID(h), cloud.HostID(h)
			switch rng.IntN(12) {
			case 0, 1, 2:
				to = cloud.HostID(rng.IntN(hosts))
			case 3:
				to = cloud.Absent
			case 4:
				from = cloud.Absent
			}
			in.Initial, in.Target = append(in.Initial, from), append(in.Target, to)
		}
	}
	return in
}

func clouds() map[string]*cloud.Instance {
	noTarget := cloudOf(4, 4, "h%d")
	noTarget.Target = nil
	full := cloudOf(3, 3, "h%d")
	for h := range full.Hosts {
		full.Hosts[h].Reserved[0] = full.Hosts[h].Capacity[0]
	}
	emptied := cloudOf(60, 1, "h%d")
	for h := range emptied.Hosts {
		emptied.Hosts[h].Reserved[0] = emptied.Hosts[h].Capacity[0]
	}
	return map[string]*cloud.Instance{
		"five":     cloudOf(5, 5, "host%d"),
		"no-host":  {Resources: []cloud.Resource{{Name: "ram"}}},
		"no-vm":    {Name: "empty", Resources: []cloud.Resource{{Name: "ram"}}, Hosts: []cloud.Host{{Name: "a", Capacity: []int64{0}, Reserved: []int64{0}}}},
		"one":      cloudOf(1, 1, "h%d"),
		"target":   noTarget,
		"no-room":  full,
		"no-rooms": emptied,
		"forty":    cloudOf(40, 30, "compute-node-%d.rack-12.zone-north.example.com"),
		"more":     cloudOf(41, 12, "h%d"),
		"huge":     cloudOf(10_000, 15, "h%d"),
	}
}

// A picture of a cloud must be readable, and a file that opens, however large the cloud.
func TestPlacementsOfAllSizesAreDrawn(t *testing.T) {
	for name, in := range clouds() {
		bound, err := rules.Bind(testCatalogue(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, z := range Sizes() {
			f := Placement(in, bound, 0, nil, z)
			checkTexts(t, "placement-"+name+"-"+z, f)
			svg, err := Render(f, "svg")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) || len(svg) > 1<<20 {
				t.Errorf("%s, %s: coordinates that are no numbers, or a file of %d KiB", name, z, len(svg)>>10)
			}
			if z == "page" && (name == "five" || name == "more") {
				compareGolden(t, "placement-"+name, svg)
			}
			if again, _ := Render(Placement(in, bound, 0, nil, z), "svg"); !bytes.Equal(svg, again) {
				t.Errorf("%s: the same cloud gives two different files", name)
			}
			if *view != "" {
				png, err := Render(f, "png")
				if err != nil {
					t.Fatal(err)
				}
				os.WriteFile(filepath.Join(*view, "placement-"+name+"-"+z+".png"), png, 0o666)
			}
		}
	}
}
