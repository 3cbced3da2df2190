package cloud_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

// BenchmarkEncode writes a cloud of 1,000 hosts and 20,000 VMs.
func BenchmarkEncode(b *testing.B) {
	in := &cloud.Instance{Name: "large", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}, {Name: "disk", Unit: "GB"}}}
	for h := range 1000 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("host", h), Capacity: []int64{1 << 16, 64, 1000}, Reserved: []int64{512, 0, 0}, Rack: "rack1", Zone: "zone1"})
	}
	for v := range 20000 {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{2048, 1, 20}, Labels: map[string]string{"flavour": "m1.small"}, DirtyMiBPerS: new(1.5)})
		in.Initial = append(in.Initial, cloud.HostID(v%1000))
		in.Target = append(in.Target, cloud.HostID((v+1)%1000))
	}
	if err := in.Check(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := in.Encode(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
