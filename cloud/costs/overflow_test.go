package costs

import (
	"math"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// That the demands of all VMs add up does not mean that what a plan moves does: a VM may move
// more than once. Whatever the cost function, prices at which plans do not add up are refused.
func TestPlansDoNotAddUp(t *testing.T) {
	const huge = math.MaxInt64 / 5
	in := &cloud.Instance{Name: "huge", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for _, h := range []string{"a", "b", "c"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: h, Rack: h, Capacity: []int64{huge}, Reserved: []int64{0}})
	}
	for _, v := range []string{"x", "y"} {
		in.VMs = append(in.VMs, cloud.VM{Name: v, Demand: []int64{huge}})
	}
	in.Initial, in.Target = cloud.Placement{0, 1}, cloud.Placement{1, 0}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text   string
		adds   bool
		reason string
	}{
		{"ram", false, "could not be added up in 64 bits"},
		{"count", true, ""},
		{"network", false, "could not be added up in 64 bits"},
		{"sum(of=[count, ram])", false, "could not be added up in 64 bits"},
		{`expression(cost="vm.demand.ram")`, false, "could not be added up in 64 bits"},
		{"precopy", false, "expected at most 8 PiB"},
		{"downtime", false, "expected at most 8 PiB"},
	} {
		_, err := Bind(spec.NewCatalogue(Registry(Entries()...)), in, spec.MustParse(c.text))
		if c.adds != (err == nil) || err != nil && !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: error %v, expected %q", c.text, err, c.reason)
		}
	}
}
