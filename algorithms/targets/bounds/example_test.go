package bounds_test

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// How many hosts do five VMs of 3 GiB need, and can all but one be emptied?
func Example() {
	in := &cloud.Instance{Name: "example", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range 4 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("host", h+1), Capacity: []int64{8192}, Reserved: []int64{512}})
	}
	for v := range 5 {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v+1), Demand: []int64{3072}})
		in.Initial = append(in.Initial, cloud.HostID(v%4))
	}
	if err := in.Check(); err != nil {
		fmt.Println(err)
		return
	}
	catalogue := spec.NewCatalogue(rules.Registry(rules.Entries()...), objectives.Registry(objectives.Entries()...))
	bound, err := rules.Bind(catalogue, in, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	hosts, err := objectives.Bind(catalogue, in, bound, spec.Named("hosts"))
	if err != nil {
		fmt.Println(err)
		return
	}
	least := bounds.New(bounds.Question{Instance: in, Rules: bound}).Hosts(hosts.(*objectives.Hosts))
	fmt.Println(hosts.Show(least.Score)+":", least.Reason)

	proof, none := bounds.New(bounds.Question{Instance: in, Rules: bound, Closed: []bool{true, true, true, false}}).Infeasible()
	fmt.Println(none, proof.Reason)
	// Output:
	// 3 hosts: counting each full 3,072 MiB of ram, all 5 VMs together need at least 3 hosts
	// true all 5 VMs together need 15,360 MiB of ram, and there is room for 7,680 on the only open host: short by 7,680 MiB of ram (capacity)
}
