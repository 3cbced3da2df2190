package rules

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func labelsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "labels",
			Synopsis: "a VM stands only on hosts that carry the labels it asks for",
			Doc: "A VM asks for each of its own labels, key and value, and for those in needs; a host may carry more. It " +
				"holds for all VMs unless some are named. A migrating VM stands on both of its hosts, so that both " +
				"carry the labels; a discrete rule asks only where it stands in the end. A Kubernetes nodeSelector; " +
				"in OpenStack, flavour extra specs against the metadata of a host aggregate.",
			Params: slices.Concat(vmParams(), []spec.Param{
				{
					Name: "keys", Type: spec.String, List: true,
					Doc: "the VMs' own labels that hosts have to carry, by key; all unless given",
				},
				{
					Name: "needs", Map: true, Type: spec.String,
					Doc: "labels that the VMs ask for besides their own",
				},
				continuousParam(),
			}),
			Citation: "Kubernetes, Assigning Pods to Nodes, nodeSelector: " +
				"https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) { return bindLabels(in, a) }, nil
		},
	}
}

// label is a key with its value.
type label struct{ key, value string }

func (l label) String() string { return l.key + "=" + l.value }

func compareLabels(a, b label) int {
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.value, b.value))
}

func bindLabels(in *cloud.Instance, a spec.Args) ([]cloud.Rule, error) {
	r := &labels{timed: timed{a.Full().String(), a.Bool("continuous")}, in: in}
	if a.Has("keys") {
		r.keys = map[string]bool{}
		for _, key := range a.Strings("keys") {
			r.keys[key] = true
		}
	}
	keys, values := a.StringMap("needs")
	for i, key := range keys {
		r.needs = append(r.needs, label{key, values[i]})
	}
	if err := r.check(a.Strings("keys")); err != nil {
		return nil, err
	}
	vms, err := selectVMs(in, a)
	if err != nil {
		return nil, err
	}
	if !selectsVMs(a) {
		for v := range in.VMs {
			vms = append(vms, cloud.VMID(v))
		}
	}
	if r.compile(vms); len(r.vms) == 0 {
		return nil, nil // nobody asks for anything
	}
	return []cloud.Rule{r}, nil
}

// labels keeps VMs on hosts that carry what they ask for. VMs that ask for the same make
// up a class.
type labels struct {
	timed
	in    *cloud.Instance
	keys  map[string]bool // own labels that count, by key; nil for all
	needs []label

	vms      []cloud.VMID // ascending: those that ask for something
	class    []int32      // by position in vms
	asks     [][]int32    // by class: positions in carriers
	carriers []set[cloud.HostID]
}

// check refuses labels that nothing has, which are misspelt.
func (r *labels) check(keys []string) error {
	onHosts := map[string]map[string]bool{}
	for h := range r.in.Hosts {
		for key, value := range r.in.Hosts[h].Labels {
			if onHosts[key] == nil {
				onHosts[key] = map[string]bool{}
			}
			onHosts[key][value] = true
		}
	}
	for _, l := range r.needs {
		values, ok := onHosts[l.key]
		if !ok {
			return fmt.Errorf("no host has the label %q%s", l.key,
				spec.DidYouMean(l.key, slices.Sorted(maps.Keys(onHosts)), "known are"))
		}
		if !values[l.value] {
			return fmt.Errorf("no host has the label %q with the value %q%s", l.key, l.value,
				spec.DidYouMean(l.value, slices.Sorted(maps.Keys(values)), "known are"))
		}
	}
	known := map[string]bool{}
	for v := range r.in.VMs {
		for key := range r.in.VMs[v].Labels {
			known[key] = true
		}
	}
	for _, key := range keys {
		if !known[key] {
			return fmt.Errorf("no VM has the label %q%s", key, spec.DidYouMean(key, slices.Sorted(maps.Keys(known)), "known are"))
		}
	}
	return nil
}

// compile puts the VMs into classes and finds out which hosts carry the labels that some
// class asks for. O(labels of VMs and hosts).
func (r *labels) compile(vms []cloud.VMID) {
	slices.Sort(vms)
	position := map[label]int32{}
	classes := map[string]int32{}
	for _, v := range slices.Compact(vms) {
		asked := r.asked(v)
		if len(asked) == 0 {
			continue
		}
		var asks []int32
		var key []byte
		for _, l := range asked {
			i, ok := position[l]
			if !ok {
				i = int32(len(position))
				position[l] = i
			}
			asks = append(asks, i)
			key = binary.AppendUvarint(key, uint64(i))
		}
		c, ok := classes[string(key)]
		if !ok {
			c = int32(len(r.asks))
			classes[string(key)] = c
			r.asks = append(r.asks, asks)
		}
		r.vms, r.class = append(r.vms, v), append(r.class, c)
	}
	hosts := make([][]cloud.HostID, len(position))
	for h := range r.in.Hosts {
		for key, value := range r.in.Hosts[h].Labels {
			if i, ok := position[label{key, value}]; ok {
				hosts[i] = append(hosts[i], cloud.HostID(h))
			}
		}
	}
	for _, list := range hosts {
		r.carriers = append(r.carriers, newSet(list, len(r.in.Hosts)))
	}
}

// asked lists the labels that a VM asks for, in order.
func (r *labels) asked(v cloud.VMID) []label {
	out := slices.Clone(r.needs)
	for key, value := range r.in.VMs[v].Labels {
		if r.keys == nil || r.keys[key] {
			out = append(out, label{key, value})
		}
	}
	slices.SortFunc(out, compareLabels)
	return slices.Compact(out)
}

// Admits implements [cloud.HostFilter].
func (r *labels) Admits(vm cloud.VMID, h cloud.HostID) bool {
	class := r.VMClass(vm)
	if class < 0 {
		return true
	}
	for _, l := range r.asks[class] {
		if !r.carriers[l].has(h) {
			return false
		}
	}
	return true
}

// VMClass implements [cloud.VMClassifier]; -1 for those that ask for nothing.
func (r *labels) VMClass(vm cloud.VMID) int64 {
	i := int(vm)
	if len(r.vms) < len(r.in.VMs) {
		var asks bool
		if i, asks = slices.BinarySearch(r.vms, vm); !asks {
			return -1
		}
	}
	return int64(r.class[i])
}

func (r *labels) Watches() []cloud.VMID { return r.vms }

// Violations compares the labels themselves.
func (r *labels) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for vm, h := range standing(v, r.vms, change) {
		host := &r.in.Hosts[h]
		for _, want := range r.asked(vm) {
			got, ok := host.Labels[want.key]
			if ok && got == want.value {
				continue
			}
			has := "does not have it"
			if ok {
				has = "has " + label{want.key, got}.String()
			}
			out = append(out, r.at(single(r.in, vm, h), "VM %q asks for the label %s and stands on host %q, which %s",
				r.in.VMs[vm].Name, want, host.Name, has))
		}
	}
	return out
}

func (r *labels) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{r} }

// Mend implements [cloud.Mender].
func (r *labels) Mend(start cloud.View) cloud.Mending { return newMendingFilter(r, r.in, start) }
