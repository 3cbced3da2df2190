package gentest

import (
	"bytes"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// awkward texts are legal in our format and a trap in others.
var awkward = []string{
	"", " ", "a,b", "a;b", `a\b`, `"`, `""`, `"a"`, "a\nb", "a\r\nb", "a\rb", "ü", "☁", "[x]", "a [b]", "-1", "0", "1.50", "true", "null", "#",
	"name", "host", "arch", "label.x", "reserved.ram", "node1", "vm1",
}

// Plain makes [Instance] draw names such as host3 and ordinary texts alone.
type Plain bool

// Instance draws a checked instance. Its placements are random and seldom sane; its
// rules are those that every build of the program knows.
func Instance(t *rapid.T, plain Plain) *cloud.Instance {
	d := drawer{t, plain}
	in := &cloud.Instance{Name: "random", Description: d.text("description")}
	for _, name := range d.names("resource", 1, 3) {
		in.Resources = append(in.Resources, cloud.Resource{Name: name, Unit: d.text("unit")})
	}
	hosts, vms := d.names("host", 0, 5), d.names("vm", 0, 7)
	if len(hosts) == 0 {
		vms = nil
	}
	for _, name := range hosts {
		in.Hosts = append(in.Hosts, d.host(name, len(in.Resources)))
	}
	for _, name := range vms {
		in.VMs = append(in.VMs, d.vm(name, len(in.Resources)))
	}
	for _, name := range d.names("group", 0, 3) {
		group := cloud.Group{Name: name, VMs: []cloud.VMID{}}
		for v := range in.VMs {
			if rapid.Bool().Draw(t, "member") {
				group.VMs = append(group.VMs, cloud.VMID(v))
			}
		}
		if rapid.Bool().Draw(t, "turned") {
			slices.Reverse(group.VMs)
		}
		in.Groups = append(in.Groups, group)
	}
	if rapid.Bool().Draw(t, "ruled") {
		in.Rules = rapid.SliceOfDistinct(rapid.SampledFrom(ruleSpecs(in)), spec.Spec.String).Draw(t, "rules")
	}
	if rapid.IntRange(0, 3).Draw(t, "valued") == 0 {
		in.Objective = new(spec.Named("hosts"))
	}
	in.Initial = d.placement(len(vms), len(hosts))
	if rapid.Bool().Draw(t, "aimed") {
		in.Target = d.placement(len(vms), len(hosts))
	}
	d.network(in)
	if err := in.Check(); err != nil {
		t.Fatalf("a random instance is faulty: %v", err)
	}
	return in
}

// ruleSpecs lists specs that bind on any instance.
func ruleSpecs(in *cloud.Instance) []spec.Spec {
	out := []spec.Spec{
		spec.Named("capacity"),
		spec.Named("arch"),
		spec.Named("capacity").With("overcommit."+in.Resources[0].Name, "3/2"),
	}
	for _, g := range in.Groups {
		out = append(out,
			spec.Named("anti-affinity").With("group", g.Name),
			spec.Named("anti-affinity").With("group", g.Name).With("continuous", "no"),
			spec.Named("spread").With("group", g.Name).With("min", "2"))
	}
	return out
}

type drawer struct {
	t     *rapid.T
	plain Plain
}

func (d drawer) text(label string) string {
	if d.plain {
		return rapid.SampledFrom([]string{"", "a", "b"}).Draw(d.t, label)
	}
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.String()).Draw(d.t, label)
}

// names draws different names that are not empty.
func (d drawer) names(kind string, least, most int) []string {
	n := rapid.IntRange(least, most).Draw(d.t, kind+"s")
	var out []string
	for i := range n {
		name := ""
		if !d.plain {
			name = d.text(kind)
		}
		if name == "" || slices.Contains(out, name) {
			name = fmt.Sprintf("%s%d", kind, i)
		}
		if slices.Contains(out, name) {
			name += "x"
		}
		out = append(out, name)
	}
	return out
}

func (d drawer) host(name string, resources int) cloud.Host {
	h := cloud.Host{
		Name: name, Arch: d.text("arch"), Zone: d.text("zone"), Rack: d.text("rack"), Labels: d.labels(), Numbers: d.numbers(),
		NICMbps: rapid.SampledFrom([]int64{0, 0, 1000, 10000}).Draw(d.t, "nic"),
	}
	for range resources {
		h.Capacity = append(h.Capacity, rapid.Int64Range(0, 100).Draw(d.t, "capacity"))
		h.Reserved = append(h.Reserved, rapid.Int64Range(0, h.Capacity[len(h.Capacity)-1]).Draw(d.t, "reserved"))
	}
	return h
}

// network draws switches, none in every other instance, and which host hangs on which.
func (d drawer) network(in *cloud.Instance) {
	if rapid.Bool().Draw(d.t, "no network") {
		return
	}
	mbps := rapid.SampledFrom([]int64{0, 1000, 40_000, 1 << 31})
	names := d.names("switch", 1, 3)
	for i, name := range names {
		s := cloud.Switch{Name: name, Mbps: mbps.Draw(d.t, "of a switch")}
		if up := rapid.IntRange(i+1, len(names)).Draw(d.t, "up"); up < len(names) {
			s.Up, s.UpMbps = names[up], mbps.Draw(d.t, "of a link")
		}
		in.Switches = append(in.Switches, s)
	}
	for h := range in.Hosts {
		if s := rapid.IntRange(0, len(names)).Draw(d.t, "switch"); s < len(names) {
			in.Hosts[h].Switch = names[s]
		}
	}
}

func (d drawer) vm(name string, resources int) cloud.VM {
	v := cloud.VM{
		Name: name, Arch: d.text("arch"), Labels: d.labels(), Numbers: d.numbers(),
		DirtyMiBPerS:  rapid.SampledFrom([]*float64{nil, nil, new(0.0), new(0.1), new(12.0), new(1e-7), new(1e21)}).Draw(d.t, "dirty"),
		WorkingSetMiB: rapid.SampledFrom([]float64{0, 0, 1.0 / 3, 200}).Draw(d.t, "working set"),
		Interruptible: rapid.Bool().Draw(d.t, "interruptible"),
	}
	for range resources {
		v.Demand = append(v.Demand, rapid.Int64Range(0, 100).Draw(d.t, "demand"))
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "pages") {
		v.Pages = append(v.Pages, d.text("page"))
	}
	return v
}

func (d drawer) labels() map[string]string {
	var out map[string]string
	for range rapid.IntRange(0, 2).Draw(d.t, "labels") {
		if out == nil {
			out = map[string]string{}
		}
		out[d.text("key")] = d.text("value")
	}
	return out
}

func (d drawer) numbers() map[string]int64 {
	if !rapid.Bool().Draw(d.t, "numbered") {
		return nil
	}
	return map[string]int64{d.text("key"): rapid.Int64().Draw(d.t, "number")}
}

func (d drawer) placement(vms, hosts int) cloud.Placement {
	p := make(cloud.Placement, vms)
	for v := range p {
		p[v] = cloud.HostID(rapid.IntRange(-1, hosts-1).Draw(d.t, "at"))
	}
	return p
}

// Content is what an instance says apart from its name and description.
func Content(in *cloud.Instance) string {
	bare := *in
	bare.Name, bare.Description = "content", ""
	var b bytes.Buffer
	if err := bare.Encode(&b); err != nil {
		panic(err) // memory accepts every write
	}
	return b.String()
}
