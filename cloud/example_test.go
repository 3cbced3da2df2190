package cloud_test

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

const twoHosts = `{
  "format": "rearrange/instance/1", "name": "two hosts",
  "resources": [{"name": "ram", "unit": "MiB"}],
  "hosts": [{"name": "host1", "capacity": {"ram": 2000}}, {"name": "host2", "capacity": {"ram": 2000}}],
  "vms": [{"name": "vm1", "demand": {"ram": 1200}}, {"name": "vm2", "demand": {"ram": 500}}, {"name": "vm3", "demand": {"ram": 900}}],
  "initial": {"vm1": "host1", "vm2": "host1", "vm3": "host2"},
  "target": {"vm1": "host2", "vm2": "host1", "vm3": "host1"}
}`

func Example() {
	in, err := cloud.DecodeInstance("two.json", []byte(twoHosts))
	if err != nil {
		panic(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil) // the default rules: capacity and arch
	if err != nil {
		panic(err)
	}
	s := cloud.NewState(in, bound, in.Start())
	vm1, _ := in.VM("vm1")
	vm2, _ := in.VM("vm2")
	host2, _ := in.Host("host2")
	fmt.Println("vm1 may go to host2:", s.Allows(vm1, host2))
	fmt.Println("vm2 may go to host2:", s.Allows(vm2, host2))
	s.Move(vm2, host2)
	fmt.Println("host2 then uses", s.Used(host2, 0), in.Resources[0].Unit)
	s.Undo()
	fmt.Println("and after taking it back", s.Used(host2, 0), in.Resources[0].Unit)
	// Output:
	// vm1 may go to host2: false
	// vm2 may go to host2: true
	// host2 then uses 1400 MiB
	// and after taking it back 900 MiB
}

func ExampleReplay() {
	in, err := cloud.DecodeInstance("two.json", []byte(twoHosts))
	if err != nil {
		panic(err)
	}
	vm1, _ := in.VM("vm1")
	vm3, _ := in.VM("vm3")
	plan := &cloud.Plan{
		Schedule: &cloud.Schedule{Unit: "ms"},
		Steps: []cloud.Step{
			{Action: cloud.Migrate, VM: vm3, From: 1, To: 0, Start: 0, End: 4000},
			{Action: cloud.Migrate, VM: vm1, From: 0, To: 1, Start: 1000, End: 6000},
		},
	}
	s := cloud.NewState(in, nil, in.Initial)
	for e, err := range cloud.Replay(s, plan) {
		if err != nil {
			panic(err)
		}
		what := "begins"
		if e.Ends {
			what = "ends"
		}
		fmt.Printf("at %d ms step %d %s; until then %d were under way\n", e.At, e.Step+1, what, len(s.UnderWay()))
	}
	// Output:
	// at 0 ms step 1 begins; until then 0 were under way
	// at 1000 ms step 2 begins; until then 1 were under way
	// at 4000 ms step 1 ends; until then 2 were under way
	// at 6000 ms step 2 ends; until then 1 were under way
}

func ExampleDecodeInstance() {
	_, err := cloud.DecodeInstance("bad.json", []byte(`{
  "format": "rearrange/instance/1", "name": "bad",
  "resources": [{"name": "ram"}],
  "hosts": [{"name": "host1", "capacity": {"ram": -5}}],
  "vms": [{"name": "vm1", "demand": {"ram": 1}}],
  "initial": {"vm1": "hots1"}
}`))
	fmt.Println(err)
	// Output:
	// bad.json:4:44: /hosts/0/capacity/ram: expected an integer of at least 0, found -5
	// bad.json:6:15: /initial/vm1: unknown host "hots1", did you mean "host1"?
}
