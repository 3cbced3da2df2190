package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// WriteFile writes the instance to a file, `-` being standard output.
func (in *Instance) WriteFile(path string) error {
	return fileio.Write(path, nil, in.Encode)
}

// Encode writes the instance in its JSON format. Equal instances yield equal bytes.
func (in *Instance) Encode(w io.Writer) error {
	l := newLayout(w)
	l.member("format", InstanceFormat)
	l.member("name", in.Name)
	if in.Description != "" {
		l.member("description", in.Description)
	}
	l.array("resources", len(in.Resources), func(i int) {
		l.open()
		l.text("name", in.Resources[i].Name)
		l.optional("unit", in.Resources[i].Unit)
		l.shut()
	})
	l.array("hosts", len(in.Hosts), func(i int) { l.host(in, &in.Hosts[i]) })
	l.array("vms", len(in.VMs), func(i int) { l.vm(in, &in.VMs[i]) })
	if len(in.Groups) > 0 {
		l.array("groups", len(in.Groups), func(i int) { l.group(in, &in.Groups[i]) })
	}
	if len(in.Switches) > 0 {
		l.array("switches", len(in.Switches), func(i int) { l.networkSwitch(&in.Switches[i]) })
	}
	if in.Rules != nil {
		l.array("rules", len(in.Rules), func(i int) { l.quote(in.Rules[i].String()) })
	}
	if len(in.SLAs) > 0 {
		l.array("slas", len(in.SLAs), func(i int) { l.quote(in.SLAs[i].String()) })
	}
	if in.Objective != nil {
		l.member("objective", in.Objective.String())
	}
	if len(in.MoveCosts) > 0 {
		l.array("move_costs", len(in.MoveCosts), func(i int) { l.moveClass(in, &in.MoveCosts[i]) })
	}
	l.placement("initial", in, in.Initial)
	if in.Target != nil {
		l.placement("target", in, in.Target)
	}
	return l.close()
}

func (l *layout) host(in *Instance, h *Host) {
	l.open()
	l.text("name", h.Name)
	l.amounts("capacity", in, h.Capacity, true)
	l.amounts("reserved", in, h.Reserved, false)
	l.optional("arch", h.Arch)
	l.optional("zone", h.Zone)
	l.optional("rack", h.Rack)
	named(l, "labels", h.Labels)
	named(l, "numbers", h.Numbers)
	if h.NICMbps != 0 {
		l.integer("nic_mbps", h.NICMbps)
	}
	l.optional("switch", h.Switch)
	l.shut()
}

func (l *layout) vm(in *Instance, v *VM) {
	l.open()
	l.text("name", v.Name)
	l.amounts("demand", in, v.Demand, true)
	l.optional("arch", v.Arch)
	named(l, "labels", v.Labels)
	named(l, "numbers", v.Numbers)
	if v.DirtyMiBPerS != nil {
		l.field("dirty_mib_per_s")
		l.marshal(*v.DirtyMiBPerS)
	}
	if v.WorkingSetMiB != 0 {
		l.field("working_set_mib")
		l.marshal(v.WorkingSetMiB)
	}
	if v.Interruptible {
		l.field("interruptible")
		l.print("true")
	}
	if len(v.Pages) > 0 {
		l.field("pages")
		l.marshal(v.Pages)
	}
	l.shut()
}

func (l *layout) group(in *Instance, g *Group) {
	l.open()
	l.text("name", g.Name)
	l.field("vms")
	l.list(len(g.VMs), func(i int) { l.quote(in.VMs[g.VMs[i]].Name) })
	l.shut()
}

// SHA256 is the hash of the instance's content, in hexadecimal: everything except its name and
// description. Spacing and location of its file make no difference. After [Instance.Check] it
// is computed only once. Safe for concurrent use.
func (in *Instance) SHA256() string {
	m := in.cache()
	m.hashed.Do(func() { m.hash = in.content().sha256() })
	return m.hash
}

// Is tells whether a hash is that of the instance's content. Plans of before that was the
// content alone carry a hash that covers name and description.
func (in *Instance) Is(sha256 string) bool { return sha256 == in.SHA256() || sha256 == in.sha256() }

// SourceSHA256 is the hash of the hosts and VMs of an instance, in hexadecimal: instances
// that were made out of one cloud by other placements, groups, rules, SLAs or objectives share it.
func (in *Instance) SourceSHA256() string {
	source := in.content()
	source.Groups, source.Rules, source.SLAs, source.Objective, source.MoveCosts = nil, nil, nil, nil, nil
	source.Initial, source.Target = slices.Repeat(Placement{Absent}, len(in.VMs)), nil
	return source.sha256()
}

// content is the instance without what it is called.
func (in *Instance) content() *Instance {
	out := *in
	out.Name, out.Description = "", ""
	return &out
}

func (in *Instance) sha256() string {
	h := sha256.New()
	if err := in.Encode(h); err != nil {
		panic(err) // a hash accepts every write, and a checked instance has only encodable values
	}
	return hex.EncodeToString(h.Sum(nil))
}
