package btrplace

import (
	"fmt"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "btrplace",
			Synopsis: "instances of the BtrPlace scheduler, JSON; file instance.json",
			Doc: "Targets are fences to one node. Rules become constraints as far as there are such; the others are lost. " +
				"Attributes that begin with rearrange. keep what BtrPlace has no notion of.",
			Citation: source,
		},
		New: func(spec.Args) (formats.Exporter, error) { return exporter{}, nil },
	}
}

// exporter writes the format.
type exporter struct{}

// Export writes one file. Amounts that do not fit in 32 bits are an error. It takes time
// and memory linear in the instance and in what its rules name.
func (exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	w := newWriter(in)
	if err := w.check(); err != nil {
		return nil, nil, err
	}
	model := &wireModel{Mapping: w.mapping(), Attributes: w.attributes(), Views: w.views()}
	doc := wireDocument{Model: model, Constraints: w.constraints(), Objective: w.objective()}
	data, err := json.Marshal(&doc, json.Deterministic(true))
	if err != nil {
		return nil, nil, err
	}
	return []fileio.File{{Name: "instance.json", Data: append(data, '\n')}}, w.losses(), nil
}

// writer writes one instance.
type writer struct {
	in          *cloud.Instance
	node        []int64 // per host: its number
	vm          []int64 // per VM
	named       namedViews
	network     *wireView        // nil where there is none
	kept        bool             // the network is that of the instance
	switches    map[string]int64 // numbers by name
	renamed     bool             // an import gives switches other names
	unsaid      []spec.Spec      // rules that are lost
	list        []wireConstraint
	capacity    *spec.Spec // the first of its name, nil where there is none
	twins       []bool     // per group, when first asked for
	twin        bool       // a rule is about a group whose VMs are those of an earlier one
	asleep      map[cloud.VMID]cloud.HostID
	offlineHost []bool
	closed      []bool // per offline host: a rule keeps all VMs off it
}

// namedViews tells which naming services are needed.
type namedViews struct{ nodes, vms bool }

func newWriter(in *cloud.Instance) *writer {
	w := &writer{in: in, asleep: map[cloud.VMID]cloud.HostID{}}
	w.node, w.named.nodes = numbers("node", len(in.Hosts), func(h int) string { return in.Hosts[h].Name })
	w.vm, w.named.vms = numbers("vm", len(in.VMs), func(v int) string { return in.VMs[v].Name })
	w.findStates()
	w.findNetwork()
	return w
}

// numbers finds the numbers in names that are ascending and have one, or counts.
func numbers(prefix string, n int, name func(int) string) (out []int64, named bool) {
	out = make([]int64, n)
	last := int64(-1)
	for i := range n {
		number, ok := numberIn(prefix, name(i))
		if !ok || number <= last {
			named = true
			break
		}
		out[i], last = number, number
	}
	for i := 0; named && i < n; i++ {
		out[i] = int64(i)
	}
	return out, named
}

// check refuses amounts that the format cannot hold.
func (w *writer) check() error {
	for r, resource := range w.in.Resources {
		for h := range w.in.Hosts {
			host := &w.in.Hosts[h]
			if n := max(host.Capacity[r]-host.Reserved[r], host.Reserved[r]); n > math.MaxInt32 {
				return fmt.Errorf("host %q: expected amounts of %q up to %d, found %d", host.Name, resource.Name, math.MaxInt32, n)
			}
		}
		for v := range w.in.VMs {
			if n := w.in.VMs[v].Demand[r]; n > math.MaxInt32 {
				return fmt.Errorf("VM %q: expected amounts of %q up to %d, found %d", w.in.VMs[v].Name, resource.Name, math.MaxInt32, n)
			}
		}
	}
	return nil
}

// objective is what BtrPlace shall look for: the scheduling of migrations needs a network.
func (w *writer) objective() jsontext.Value {
	if w.network != nil {
		return jsontext.Value(`{"id":"minimizeMTTRMigrationScheduling"}`)
	}
	return jsontext.Value(`{"id":"minimizeMTTR"}`)
}

// waits tells whether a VM stands nowhere, shall run, and has no target yet.
func (w *writer) waits(v int) bool {
	return w.in.VMs[v].Labels[labelWaits] == "yes" && w.in.Initial[v] == cloud.Absent && (w.in.Target == nil || w.in.Target[v] == cloud.Absent)
}

// findStates finds the nodes that are offline and the VMs that are asleep, as labels of
// imported instances tell.
func (w *writer) findStates() {
	w.offlineHost, w.closed = make([]bool, len(w.in.Hosts)), make([]bool, len(w.in.Hosts))
	for h := range w.in.Hosts {
		w.offlineHost[h] = w.in.Hosts[h].Labels[labelOffline] == "yes"
	}
	host := map[string]cloud.HostID{}
	for h, n := range w.node {
		host[fmt.Sprint(n)] = cloud.HostID(h)
	}
	for v, h := range w.in.Initial {
		if h != cloud.Absent {
			w.offlineHost[h] = false // where a VM stands the node is on, and the label an attribute
		}
		if bed, ok := host[w.in.VMs[v].Labels[labelAsleep]]; ok && h == cloud.Absent {
			w.asleep[cloud.VMID(v)] = bed
		}
	}
	for v, bed := range w.asleep {
		if w.offlineHost[bed] {
			delete(w.asleep, v)
		}
	}
}
