package targets_test

import (
	"fmt"
	"regexp"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// ruleTexts are rules of every kind on the instances of drawInstance, each of which is
// also tried as a discrete one.
var ruleTexts = []string{
	"arch", "anti-affinity(group=g1)", "anti-affinity(group=g*, by=rack)", "affinity(group=g1)", "affinity(group=g2, by=zone)",
	"max-per-host(group=g1, max=2)", "max-per-rack(group=g2, max=2)", "max-per-zone(group=g1, max=2)",
	"interference(group=g1, with=g2, max=1)", "spread(group=g1, min=2)", "spread(group=g2, min=2, by=zone)",
	"depends(group=g1, on=g2)", "fence(vms=vm0, hosts=[host1, host2])", "fence(group=g1, zones=y)", "ban(vms=vm1, racks=a)",
	"pin(vms=vm2)", "quarantine(hosts=host1)", "maintenance(hosts=host1)", "max-vms(max=2)", "numa(pair=machine)", "labels(needs.disk=ssd, vms=vm0)",
	`expression(test="vms <= 3")`, `expression(test="vms != 2")`, `expression(test="host.zone == 'y' || 'g1' not in vm.groups")`,
}

// drawInstance draws a small instance without a target: hosts of racks and zones with some
// room to spare, VMs of two groups that overlap, some of them absent.
func drawInstance(t *rapid.T) *cloud.Instance {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "pick") }
	in := &cloud.Instance{Name: "drawn", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	if rapid.Bool().Draw(t, "two resources") {
		in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu"})
	}
	hosts := rapid.IntRange(3, 6).Draw(t, "hosts")
	in.Groups = []cloud.Group{{Name: "g1"}, {Name: "g2"}}
	for v := range rapid.IntRange(3, 9).Draw(t, "vms") {
		vm := cloud.VM{Name: fmt.Sprintf("vm%d", v), Arch: pick("", "", "i386", "x86_64")}
		if rapid.IntRange(0, 2).Draw(t, "on two nodes") == 0 {
			vm.Labels = map[string]string{"numa": "2"}
		}
		for range in.Resources {
			vm.Demand = append(vm.Demand, rapid.Int64Range(0, 5).Draw(t, "demand"))
		}
		in.VMs = append(in.VMs, vm)
		in.Initial = append(in.Initial, cloud.HostID(max(-1, rapid.IntRange(-1, 2*hosts-1).Draw(t, "host")/2)))
		for g := range in.Groups {
			if rapid.IntRange(0, 2).Draw(t, "member") == 0 {
				in.Groups[g].VMs = append(in.Groups[g].VMs, cloud.VMID(v))
			}
		}
	}
	for h := range hosts {
		host := cloud.Host{
			Name: fmt.Sprintf("host%d", h), Arch: pick("", "x86_64", "x86_64"), Rack: pick("", "a", "b"), Zone: pick("y", "z"),
			Labels: map[string]string{"disk": pick("ssd", "hdd"), "machine": fmt.Sprintf("m%d", h/2)},
		}
		for r := range in.Resources {
			used := int64(0)
			for v, at := range in.Initial {
				if at == cloud.HostID(h) {
					used += in.VMs[v].Demand[r]
				}
			}
			host.Reserved = append(host.Reserved, 1)
			host.Capacity = append(host.Capacity, 1+used+rapid.Int64Range(0, 9).Draw(t, "spare"))
		}
		in.Hosts = append(in.Hosts, host)
	}
	if err := in.Check(); err != nil {
		t.Fatalf("a random instance is faulty: %v", err)
	}
	return in
}

// draw makes a request with random rules: continuous ones that hold at the start, and
// discrete ones that may not.
func draw(t *rapid.T) *targets.Request {
	in := drawInstance(t)
	in.Rules = []spec.Spec{spec.Named("capacity")}
	for range rapid.IntRange(0, 3).Draw(t, "rules") {
		s := spec.MustParse(rapid.SampledFrom(ruleTexts).Draw(t, "rule"))
		if s.Name != "arch" && rapid.Bool().Draw(t, "discrete") {
			s = s.With("continuous", "no")
		}
		bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{s})
		if err != nil {
			if drawn := regexp.MustCompile(`unknown (rack|zone)|no host has the label`); !drawn.MatchString(err.Error()) {
				t.Fatal(err)
			}
			continue // no host of that rack or zone, or with that label, was drawn
		}
		if len(validate.Placement(in, bound, in.Initial, false)) == 0 {
			in.Rules = append(in.Rules, s)
		}
	}
	r := request(t, in)
	return r
}
