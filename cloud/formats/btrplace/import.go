package btrplace

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// source is where the format is defined.
const source = "BtrPlace scheduler, package org.btrplace.json: https://github.com/btrplace/scheduler; V. Kherbache, F. Hermenier, " +
	"E. Madelaine: Scheduling live migration of virtual machines. IEEE TCC, 2017. https://doi.org/10.1109/TCC.2017.2754279"

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "btrplace",
			Synopsis: "instances and plans of the BtrPlace scheduler, JSON; file INSTANCE",
			Doc: "Nodes and VMs are called node0, vm0, … after their numbers, unless a naming service says otherwise. " +
				"A fence to one node is the target of its VM. Resources, attributes (as labels) and networks that are trees " +
				"are kept, other constraints become rules. VMs that shall have more of a resource (preserve) demand it from the " +
				"start, so that hosts may be too full. VMs that shall run and stand nowhere (running) wait for a target unless a " +
				"fence says where; no VM may stand on a node that is off unless a constraint asks for that node. A constraint that no rule can say is an error, unless it is " +
				"ignored; the description counts what was left out. The objective is not kept. " +
				"Of a plan the origin is read, and where the actions lead is the target.",
			Params: []spec.Param{{
				Name: "ignore", Type: spec.String, List: true,
				Doc: "ids of constraints and views to leave out, such as seq",
			}},
			Citation: source,
		},
		New: newImporter,
	}
}

// importer reads the format.
type importer struct{ ignore []string }

// newImporter makes an importer.
func newImporter(a spec.Args) (formats.Importer, error) { return importer{a.Strings("ignore")}, nil }

// Files lists the files that Import takes.
func (importer) Files() []string { return []string{"INSTANCE"} }

// Import reads an instance. It takes time and memory linear in its size; errors name file, line and JSON path.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	data, err := fileio.Read(files[0], nil)
	if err != nil {
		return nil, err
	}
	return i.decode(files[0], data)
}

func (i importer) decode(file string, data []byte) (*cloud.Instance, error) {
	var doc wireDocument
	if err := cloud.DecodeForeign(file, data, &doc); err != nil {
		return nil, err
	}
	r := &reader{
		ignore: i.ignore, in: &cloud.Instance{Name: fileio.Title(file, "btrplace")}, rules: newRuleList(), groups: newGroupNames(),
		ours: map[cloud.HostID]bool{}, racked: map[cloud.HostID]bool{}, reserved: map[cloud.HostID]map[string]int64{}, ranks: map[string]rank{},
		held: map[cloud.VMID]cloud.HostID{}, grown: map[cloud.VMID]bool{},
	}
	if err := r.read(&doc); err != nil {
		return nil, cloud.LocateIn(file, data, err)
	}
	if err := r.in.Check(); err != nil {
		return nil, fmt.Errorf("%s: as an instance: %w", file, err)
	}
	return r.in, nil
}
