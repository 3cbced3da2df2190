package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func directionEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "direction",
			Synopsis: "VMs go from older hosts to newer ones and never back, by a label of the hosts",
			Doc: "The order lists the values of the label from the oldest to the newest: direction(label=cpu, order=[haswell, " +
				"skylake, icelake]). Hosts of equal value exchange VMs freely. A host without the label takes VMs from " +
				"everywhere and gives them to every host. A suspended VM resumes on its target, so that the suspend is judged as a migration " +
				"to it. A discrete rule compares the final host of a VM with its initial one. It holds for all VMs " +
				"unless some are named. A live migration needs a destination with all that the guest was shown: Nova " +
				"refuses a hypervisor that is older than the source's, and vSphere a processor with fewer features; Ganeti's migration " +
				"tags let VMs go to nodes that are upgraded already.",
			Params: slices.Concat([]spec.Param{
				{Name: "label", Type: spec.String, Required: true, Doc: "name of the host label"},
				{Name: "order", Type: spec.String, List: true, Required: true, Doc: "its values, from those that VMs may leave to those they may go to; every value that a host has"},
			}, vmParams(), []spec.Param{continuousParam()}),
			Citation: "OpenStack Nova, nova/conductor/tasks/live_migrate.py, DestinationHypervisorTooOld; VMware vSphere 6.7, " +
				"vCenter Server and Host Management, CPU Compatibility and EVC; Ganeti, hbal(1), Migration tags",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			order := a.Strings("order")
			for i, value := range order {
				if slices.Contains(order[:i], value) {
					return nil, fmt.Errorf("the order lists %q twice", value)
				}
			}
			return func(in *cloud.Instance) ([]cloud.Rule, error) { return bindDirection(in, a, order) }, nil
		},
	}
}

func bindDirection(in *cloud.Instance, a spec.Args, order []string) ([]cloud.Rule, error) {
	d := &direction{in: in, label: a.String("label"), order: order, rank: make([]int32, len(in.Hosts))}
	if err := d.sort(); err != nil {
		return nil, err
	}
	vms, err := selectVMs(in, a)
	if err != nil || selectsVMs(a) && len(vms) == 0 {
		return nil, err
	}
	t := timed{a.Full().String(), a.Bool("continuous")}
	return []cloud.Rule{newEnds(t, in, !selectsVMs(a), vms, d)}, nil
}

// direction is the order of hosts by a label.
type direction struct {
	in    *cloud.Instance
	label string
	order []string
	rank  []int32 // by host: position of its value in the order, -1 without the label
	free  bool    // whether there is a host without the label, by way of which VMs get everywhere
}

// sort ranks the hosts. It refuses a label that no host has, and values that the order lacks.
func (d *direction) sort() error {
	known, labelled := map[string]bool{}, false
	for h := range d.in.Hosts {
		host := &d.in.Hosts[h]
		for key := range host.Labels {
			known[key] = true
		}
		value, ok := host.Labels[d.label]
		d.rank[h] = int32(slices.Index(d.order, value))
		if !ok {
			d.rank[h], d.free = -1, true
			continue
		}
		if labelled = true; d.rank[h] < 0 {
			return fmt.Errorf("host %q has the label %s, which is not in the order%s",
				host.Name, label{d.label, value}, spec.DidYouMean(value, d.order, "it lists"))
		}
	}
	if !labelled {
		return fmt.Errorf("no host has the label %q%s", d.label,
			spec.DidYouMean(d.label, slices.Sorted(maps.Keys(known)), "known are"))
	}
	return nil
}

func (d *direction) allows(_ cloud.VMID, from, to cloud.HostID) bool {
	return d.rank[to] >= d.rank[from] || d.rank[to] < 0
}

func (d *direction) leads(vm cloud.VMID, from, to cloud.HostID) bool {
	return d.free || d.allows(vm, from, to)
}

// class is never -1.
func (d *direction) class(_ cloud.VMID, at cloud.HostID) int64 { return int64(d.rank[at]) + 1 }

// breach reads the labels themselves.
func (d *direction) breach(_ cloud.VMID, from, to cloud.HostID) string {
	source, sourced := d.in.Hosts[from].Labels[d.label]
	destination, aimed := d.in.Hosts[to].Labels[d.label]
	if !sourced || !aimed || source == destination {
		return ""
	}
	for _, value := range d.order {
		switch value {
		case source:
			return ""
		case destination:
			return fmt.Sprintf("%s is older than %s", label{d.label, destination}, label{d.label, source})
		}
	}
	return ""
}
