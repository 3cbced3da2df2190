package fixingthecloud

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func TestFixtureIsReadWhole(t *testing.T) {
	in, err := importer{}.Import([]string{"testdata/swap.txt"})
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != "swap" || len(in.Hosts) != 3 || len(in.VMs) != 4 {
		t.Errorf("got %q with %d hosts and %d VMs", in.Name, len(in.Hosts), len(in.VMs))
	}
	if diff := cmp.Diff(cloud.Host{Name: "host2", Capacity: []int64{2048, 16}, Reserved: []int64{0, 0}}, in.Hosts[2]); diff != "" {
		t.Errorf("host2 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(cloud.VM{Name: "vm1", Demand: []int64{3072, 4}}, in.VMs[1]); diff != "" {
		t.Errorf("vm1 (-want +got):\n%s", diff)
	}
	if !in.Initial.Equal(cloud.Placement{0, 0, 1, 2}) || !in.Target.Equal(cloud.Placement{0, 1, 0, 2}) {
		t.Errorf("initial %v, target %v", in.Initial, in.Target)
	}
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []cloud.Placement{in.Initial, in.Target} {
		if f := validate.Placement(in, bound, p, true); len(f) > 0 {
			t.Errorf("%v is not sane: %v", p, f)
		}
	}
}

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing at all", "", "p.txt:1: expected the number of hosts (an integer of at least 0), found the end of the file"},
		{"a word", "2 two", `p.txt:1: expected the number of VMs (an integer of at least 0), found "two"`},
		{"cut short", "2 1\n1 1\n", "p.txt:3: expected the cpu of host 1 (an integer of at least 0), found the end of the file"},
		{"unknown host", "1 1\n1 1\n1 1\n0 1\n", `p.txt:4: expected the new host of VM 0 (an integer from 0 to 0), found "1"`},
		{"counted from 1", "1 1\n1 1\n1 1\n1 0\n", `p.txt:4: expected the old host of VM 0 (an integer from 0 to 0), found "1"`},
		{"trailing data", "0 0\n\n0", `p.txt:3: expected the end of the file, found "0"`},
		{"VMs and no hosts", "0 1\n1 1\n0 0", `p.txt:1: expected the number of VMs (an integer from 0 to 0), found "1"`},
		{"sum too large", "2 0\n0 9223372036854775807\n0 1", `p.txt: /hosts/1/capacity/ram: with this one the sum of "capacity" over all hosts does not fit in 64 bits`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode("p.txt", []byte(c.data))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzImport(f *testing.F) {
	data, err := os.ReadFile("testdata/swap.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("0 0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := decode("p.txt", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p.txt:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		if err := in.Check(); err != nil {
			t.Errorf("an instance that does not hold what the model demands: %v", err)
		}
		if err := in.Encode(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}
