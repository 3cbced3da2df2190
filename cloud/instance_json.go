package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// InstanceFormat is the version of the instance format that this program reads and
// writes. FORMAT.md documents it.
const InstanceFormat = "rearrange/instance/1"

type wireInstance struct {
	Format      string         `json:"format"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Resources   []wireResource `json:"resources"`
	Hosts       []wireHost     `json:"hosts"`
	VMs         []wireVM       `json:"vms"`
	Groups      []wireGroup    `json:"groups"`
	Rules       *[]string      `json:"rules"`
	Initial     *pairs         `json:"initial"`
	Target      *pairs         `json:"target"`
}

type wireResource struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitzero"`
}

type wireHost struct {
	Name     string  `json:"name"`
	Capacity amounts `json:"capacity"`
	Reserved amounts `json:"reserved,omitempty"`
	Arch     string  `json:"arch,omitzero"`
	Zone     string  `json:"zone,omitzero"`
	Rack     string  `json:"rack,omitzero"`
	Labels   labels  `json:"labels,omitempty"`
	NICMbps  int64   `json:"nic_mbps,omitzero"`
}

type wireVM struct {
	Name          string   `json:"name"`
	Demand        amounts  `json:"demand"`
	Arch          string   `json:"arch,omitzero"`
	Labels        labels   `json:"labels,omitempty"`
	DirtyMiBPerS  float64  `json:"dirty_mib_per_s,omitzero"`
	WorkingSetMiB float64  `json:"working_set_mib,omitzero"`
	Interruptible bool     `json:"interruptible,omitzero"`
	Pages         []string `json:"pages,omitempty"`
}

type wireGroup struct {
	Name string   `json:"name"`
	VMs  []string `json:"vms"`
}

type labels = map[string]string

// ReadInstance reads and checks an instance file; `-` is standard input. Errors
// name file, line and JSON path.
func ReadInstance(path string) (*Instance, error) {
	file, data, err := read(path)
	if err != nil {
		return nil, err
	}
	return DecodeInstance(file, data)
}

// DecodeInstance reads and checks an instance; file names it in errors and may be
// empty. It runs in time linear in the document.
func DecodeInstance(file string, data []byte) (*Instance, error) {
	var w wireInstance
	if err := unmarshal(file, data, &w); err != nil {
		return nil, formatFirst(file, data, err)
	}
	in, err := w.instance()
	if err != nil {
		return nil, placed(file, data, err)
	}
	return in, nil
}

// formatFirst prefers the fault that explains the others: a document of another
// format has unknown fields because it is of another format.
func formatFirst(file string, data []byte, err error) error {
	var head struct {
		Format string `json:"format"`
	}
	if unmarshalLoosely(data, &head) == nil {
		if e := checkFormat(head.Format, InstanceFormat); e != nil {
			return placed(file, data, e)
		}
	}
	return err
}

func (w *wireInstance) instance() (*Instance, error) {
	if err := checkFormat(w.Format, InstanceFormat); err != nil {
		return nil, err
	}
	var f faults
	in := &Instance{Name: w.Name, Description: w.Description}
	resources := map[string]int{}
	for i, r := range w.Resources {
		in.Resources = append(in.Resources, Resource(r))
		resources[r.Name] = i
	}
	if w.Hosts == nil {
		f.add("/hosts", "expected an array of hosts, found nothing")
	}
	if w.VMs == nil {
		f.add("/vms", "expected an array of VMs, found nothing")
	}
	in.Hosts = make([]Host, len(w.Hosts))
	for i, h := range w.Hosts {
		at := "/hosts/" + strconv.Itoa(i)
		in.Hosts[i] = Host{
			Name:     h.Name,
			Capacity: in.vector(&f, at+"/capacity", h.Capacity, resources),
			Reserved: in.vector(&f, at+"/reserved", h.Reserved, resources),
			Arch:     h.Arch, Zone: h.Zone, Rack: h.Rack, Labels: h.Labels, NICMbps: h.NICMbps,
		}
		if h.Capacity == nil {
			f.add(at, "expected a capacity, found nothing")
		}
	}
	in.VMs = make([]VM, len(w.VMs))
	for i, v := range w.VMs {
		at := "/vms/" + strconv.Itoa(i)
		in.VMs[i] = VM{
			Name: v.Name, Demand: in.vector(&f, at+"/demand", v.Demand, resources),
			Arch: v.Arch, Labels: v.Labels,
			DirtyMiBPerS: v.DirtyMiBPerS, WorkingSetMiB: v.WorkingSetMiB,
			Interruptible: v.Interruptible, Pages: v.Pages,
		}
		if v.Demand == nil {
			f.add(at, "expected a demand, found nothing")
		}
	}
	// References need the name indexes, and the indexes need sound definitions.
	in.Initial = make(Placement, len(in.VMs))
	for v := range in.Initial {
		in.Initial[v] = Absent
	}
	if f.list == nil {
		if err := in.Check(); err != nil {
			return nil, err
		}
	} else {
		return nil, f.err()
	}
	in.resolveGroups(&f, w.Groups)
	in.resolveRules(&f, w.Rules)
	if w.Initial == nil {
		f.add("/initial", "expected a placement, found nothing")
	} else {
		in.Initial = in.resolvePlacement(&f, "/initial", *w.Initial)
	}
	if w.Target != nil {
		in.Target = in.resolvePlacement(&f, "/target", *w.Target)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return in, in.Check()
}

// vector spreads named amounts over the resources; what is not named is 0.
func (in *Instance) vector(f *faults, at string, a amounts, resources map[string]int) []int64 {
	out := make([]int64, len(in.Resources))
	for _, e := range a {
		r, ok := resources[e.key]
		if !ok {
			f.add(at+"/"+escapePointer(e.key), "unknown resource %q%s", e.key,
				suggest(e.key, len(in.Resources), func(i int) string { return in.Resources[i].Name }))
			continue
		}
		out[r] = e.value
	}
	return out
}

func (in *Instance) resolveGroups(f *faults, groups []wireGroup) {
	for i, g := range groups {
		group := Group{Name: g.Name, VMs: make([]VMID, 0, len(g.VMs))}
		for j, name := range g.VMs {
			v, ok := in.VM(name)
			if !ok {
				f.add("/groups/"+strconv.Itoa(i)+"/vms/"+strconv.Itoa(j), "unknown VM %q%s", name, in.suggestVM(name))
				continue
			}
			group.VMs = append(group.VMs, v)
		}
		in.Groups = append(in.Groups, group)
	}
}

func (in *Instance) resolveRules(f *faults, texts *[]string) {
	if texts == nil {
		return
	}
	in.Rules = make([]spec.Spec, 0, len(*texts))
	for i, text := range *texts {
		s, err := spec.Parse(text)
		if err != nil {
			f.add("/rules/"+strconv.Itoa(i), "%v", err)
		}
		in.Rules = append(in.Rules, s)
	}
}

func (in *Instance) resolvePlacement(f *faults, at string, p pairs) Placement {
	out := make(Placement, len(in.VMs))
	for v := range out {
		out[v] = Absent
	}
	for _, e := range p {
		v, ok := in.VM(e.key)
		if !ok {
			f.add(at+"/"+escapePointer(e.key), "unknown VM %q%s", e.key, in.suggestVM(e.key))
			continue
		}
		h, ok := in.Host(e.value)
		if !ok {
			f.add(at+"/"+escapePointer(e.key), "unknown host %q%s", e.value, in.suggestHost(e.value))
			continue
		}
		out[v] = h
	}
	return out
}

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
	l.array("resources", len(in.Resources), func(i int) any { return wireResource(in.Resources[i]) })
	l.array("hosts", len(in.Hosts), func(i int) any {
		h := &in.Hosts[i]
		return wireHost{
			Name: h.Name, Capacity: in.named(h.Capacity, true), Reserved: in.named(h.Reserved, false),
			Arch: h.Arch, Zone: h.Zone, Rack: h.Rack, Labels: h.Labels, NICMbps: h.NICMbps,
		}
	})
	l.array("vms", len(in.VMs), func(i int) any {
		v := &in.VMs[i]
		return wireVM{
			Name: v.Name, Demand: in.named(v.Demand, true), Arch: v.Arch, Labels: v.Labels,
			DirtyMiBPerS: v.DirtyMiBPerS, WorkingSetMiB: v.WorkingSetMiB,
			Interruptible: v.Interruptible, Pages: v.Pages,
		}
	})
	if len(in.Groups) > 0 {
		l.array("groups", len(in.Groups), func(i int) any {
			g := wireGroup{Name: in.Groups[i].Name, VMs: []string{}}
			for _, v := range in.Groups[i].VMs {
				g.VMs = append(g.VMs, in.VMs[v].Name)
			}
			return g
		})
	}
	if in.Rules != nil {
		l.array("rules", len(in.Rules), func(i int) any { return in.Rules[i].String() })
	}
	l.object("initial", in.namedPlacement(in.Initial))
	if in.Target != nil {
		l.object("target", in.namedPlacement(in.Target))
	}
	return l.close()
}

// named turns a vector into a JSON object; zeros are left out unless all is set.
func (in *Instance) named(v []int64, all bool) amounts {
	out := amounts{}
	for r, n := range v {
		if all || n != 0 {
			out = append(out, amount{in.Resources[r].Name, n})
		}
	}
	return out
}

func (in *Instance) namedPlacement(p Placement) pairs {
	var out pairs
	for v, h := range p {
		if h != Absent {
			out = append(out, pair{in.VMs[v].Name, in.Hosts[h].Name})
		}
	}
	return out
}

// SHA256 is the hash of the encoded instance, in hexadecimal: what identifies its
// content wherever a file lies and however it is spaced.
func (in *Instance) SHA256() string {
	h := sha256.New()
	if err := in.Encode(h); err != nil {
		panic(err) // a hash accepts every write, and a checked instance has only encodable values
	}
	return hex.EncodeToString(h.Sum(nil))
}
