package cloud

import (
	"slices"
	"strconv"

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
	Unit string `json:"unit"`
}

type wireHost struct {
	Name     string  `json:"name"`
	Capacity amounts `json:"capacity"`
	Reserved amounts `json:"reserved"`
	Arch     string  `json:"arch"`
	Zone     string  `json:"zone"`
	Rack     string  `json:"rack"`
	Labels   labels  `json:"labels"`
	NICMbps  int64   `json:"nic_mbps"`
}

type wireVM struct {
	Name          string   `json:"name"`
	Demand        amounts  `json:"demand"`
	Arch          string   `json:"arch"`
	Labels        labels   `json:"labels"`
	DirtyMiBPerS  float64  `json:"dirty_mib_per_s"`
	WorkingSetMiB float64  `json:"working_set_mib"`
	Interruptible bool     `json:"interruptible"`
	Pages         []string `json:"pages"`
}

type wireGroup struct {
	Name string    `json:"name"`
	VMs  *[]string `json:"vms"`
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
	if err := unmarshal(file, data, InstanceFormat, &w); err != nil {
		return nil, err
	}
	in, err := w.instance()
	if err != nil {
		return nil, placed(file, data, err)
	}
	return in, nil
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
		f.add("", "expected \"hosts\", an array, found nothing")
	}
	if w.VMs == nil {
		f.add("", "expected \"vms\", an array, found nothing")
	}
	in.Hosts = make([]Host, len(w.Hosts))
	for i, h := range w.Hosts {
		at := "/hosts/" + strconv.Itoa(i)
		in.Hosts[i] = Host{
			Name:     h.Name,
			Capacity: in.vector(&f, at, "capacity", h.Capacity, resources),
			Reserved: in.vector(&f, at, "reserved", h.Reserved, resources),
			Arch:     h.Arch, Zone: h.Zone, Rack: h.Rack, Labels: nilIfEmpty(h.Labels), NICMbps: h.NICMbps,
		}
		if h.Capacity == nil {
			f.add(at, "expected \"capacity\", an object, found nothing")
		}
	}
	in.VMs = make([]VM, len(w.VMs))
	for i, v := range w.VMs {
		at := "/vms/" + strconv.Itoa(i)
		in.VMs[i] = VM{
			Name: v.Name, Demand: in.vector(&f, at, "demand", v.Demand, resources),
			Arch: v.Arch, Labels: nilIfEmpty(v.Labels),
			DirtyMiBPerS: positiveZero(v.DirtyMiBPerS), WorkingSetMiB: positiveZero(v.WorkingSetMiB),
			Interruptible: v.Interruptible, Pages: slices.Clip(v.Pages),
		}
		if len(v.Pages) == 0 {
			in.VMs[i].Pages = nil
		}
		if v.Demand == nil {
			f.add(at, "expected \"demand\", an object, found nothing")
		}
	}
	in.checkDefinitions(&f) // builds the name indexes, which references need
	in.resolveGroups(&f, w.Groups)
	in.checkGroups(&f)
	in.resolveRules(&f, w.Rules)
	if w.Initial == nil {
		f.add("", "expected \"initial\", an object, found nothing")
	} else {
		in.Initial = in.resolvePlacement(&f, "/initial", *w.Initial)
	}
	if w.Target != nil {
		in.Target = in.resolvePlacement(&f, "/target", *w.Target)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return in, nil
}

func nilIfEmpty(l labels) labels {
	if len(l) == 0 {
		return nil
	}
	return l
}

// positiveZero keeps equal numbers equal in writing too: -0 == 0.
func positiveZero(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x
}

// vector spreads named amounts over the resources; what is not named is 0.
func (in *Instance) vector(f *faults, at, field string, a amounts, resources map[string]int) []int64 {
	out := make([]int64, len(in.Resources))
	for _, e := range a {
		r, ok := resources[e.key]
		if ok {
			out[r] = e.value
		} else if len(resources) > 0 { // else that is the fault to report
			f.unknown(at+"/"+field+"/"+escapePointer(e.key), "resource", e.key,
				len(in.Resources), func(i int) string { return in.Resources[i].Name })
		}
	}
	return out
}

func (in *Instance) resolveGroups(f *faults, groups []wireGroup) {
	for i, g := range groups {
		at := "/groups/" + strconv.Itoa(i)
		group := Group{Name: g.Name}
		if g.VMs == nil {
			f.add(at, "expected \"vms\", an array, found nothing")
		} else {
			group.VMs = make([]VMID, 0, len(*g.VMs))
			for j, name := range *g.VMs {
				v, ok := in.VM(name)
				if !ok {
					f.unknownVM(in, at+"/vms/"+strconv.Itoa(j), name)
					continue
				}
				group.VMs = append(group.VMs, v)
			}
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
			f.unknownVM(in, at+"/"+escapePointer(e.key), e.key)
			continue
		}
		h, ok := in.Host(e.value)
		if !ok {
			f.unknownHost(in, at+"/"+escapePointer(e.key), e.value)
			continue
		}
		out[v] = h
	}
	return out
}
