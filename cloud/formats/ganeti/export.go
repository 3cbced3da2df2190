package ganeti

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/lost"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const source = "Ganeti, htools(1), the file of option -t: http://manpages.ubuntu.com/manpages/trusty/man1/htools.1.html"

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "ganeti",
			Synopsis: "a cluster for Ganeti's hbal, hsqueeze and hspace; file cluster.data",
			Doc: "Writes memory and vcpus with what rules let VMs use of them, anti-affinity by host as exclusion tags, and the " +
				"initial placement. Instances stand on external storage, so that they can migrate to every node. The plan format " +
				"ganeti reads what `hbal -t cluster.data -C` prints.",
			Params: []spec.Param{
				{Name: "memory", Type: spec.String, Default: "ram", Doc: "the resource that is memory, in MiB"},
				{Name: "vcpus", Type: spec.String, Default: "vcpu", Doc: "the resource that is vcpus"},
			},
			Citation: source,
		},
		New: func(a spec.Args) (formats.Exporter, error) {
			return exporter{catalogue: a.Catalogue(), memory: a.String("memory"), vcpus: a.String("vcpus")}, nil
		},
	}
}

// exporter writes the format.
type exporter struct {
	catalogue     *spec.Catalogue
	memory, vcpus string // names of resources
}

// Export writes one file. It takes time linear in the instance and, where rules say which VMs may stand where, in VMs × hosts.
func (e exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	c := cluster{in: in, tags: make([][]string, len(in.VMs))}
	if c.memory, err = in.Resource(e.memory); err != nil {
		return nil, nil, err
	}
	if c.vcpus, err = in.Resource(e.vcpus); err != nil {
		return nil, nil, err
	}
	bound, err := rules.Bind(e.catalogue, in, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := writable(in); err != nil {
		return nil, nil, err
	}
	unsaid := c.sort(bound)
	data := c.text()
	return []fileio.File{{Name: "cluster.data", Data: data}}, append(c.lost(), unsaid...), nil
}

// writable refuses names that would be read as several columns or lines.
func writable(in *cloud.Instance) error {
	awkward := func(r rune) bool { return r == '|' || r <= ' ' }
	for h := range in.Hosts {
		if name := in.Hosts[h].Name; strings.ContainsFunc(name, awkward) {
			return fmt.Errorf("the name of host %q has a space or a bar in it", name)
		}
	}
	for v := range in.VMs {
		if name := in.VMs[v].Name; strings.ContainsFunc(name, awkward) {
			return fmt.Errorf("the name of VM %q has a space or a bar in it", name)
		}
	}
	return nil
}

// cluster is an instance in Ganeti's words.
type cluster struct {
	in            *cloud.Instance
	memory, vcpus int
	limits        []int64    // by host*R + resource
	tags          [][]string // by VM: exclusion tags
	ratio         float64    // of vcpus to CPUs
	uneven        bool       // the ratio is not that of all hosts
}

// sort takes account of the rules, and returns phrases for those that have no place in the file.
func (c *cluster) sort(bound []cloud.Rule) []string {
	c.limits = cloud.Sort(c.in, bound).Limits
	var unsaid []spec.Spec
	apart := 0
	for _, r := range bound {
		switch q, quota := r.(cloud.Quota); {
		case quota && q.Places() == "host" && !slices.ContainsFunc(c.hosts(), func(h cloud.HostID) bool { return q.Most(h) != 1 }):
			apart++
			for _, v := range r.Watches() {
				c.tags[v] = append(c.tags[v], fmt.Sprintf("%s:%d", apartTag, apart))
			}
		case !c.limitsOnly(r) && !c.admitsAll(r):
			unsaid = append(unsaid, formulation.Spec(r))
		}
	}
	c.setRatio()
	return lost.Rules(unsaid)
}

const apartTag = "apart"

func (c *cluster) hosts() []cloud.HostID {
	out := make([]cloud.HostID, len(c.in.Hosts))
	for h := range out {
		out[h] = cloud.HostID(h)
	}
	return out
}

func (c *cluster) limitsOnly(r cloud.Rule) bool {
	_, ok := r.(cloud.Limiter)
	return ok && r.Continuous() && cloud.Plain(r)
}

// admitsAll tells whether a rule lets every VM stand on every host.
func (c *cluster) admitsAll(r cloud.Rule) bool {
	f, ok := r.(cloud.HostFilter)
	if !ok || !cloud.Plain(r) {
		return false
	}
	for v := range c.in.VMs {
		for h := range c.in.Hosts {
			if !f.Admits(cloud.VMID(v), cloud.HostID(h)) {
				return false
			}
		}
	}
	return true
}

// cpus are the CPUs of a host that are for its VMs.
func (c *cluster) cpus(h int) int64 {
	return c.in.Hosts[h].Capacity[c.vcpus] - c.in.Hosts[h].Reserved[c.vcpus]
}

func (c *cluster) limit(h, resource int) int64 { return c.limits[h*len(c.in.Resources)+resource] }

// setRatio finds the ratio of vcpus to CPUs that all hosts have, or the least one.
func (c *cluster) setRatio() {
	c.ratio = math.Inf(1)
	for h := range c.in.Hosts {
		if n := c.cpus(h); n > 0 {
			c.ratio = min(c.ratio, float64(c.limit(h, c.vcpus))/float64(n))
		}
	}
	if math.IsInf(c.ratio, 1) {
		c.ratio = 1
	}
	for h := range c.in.Hosts {
		c.uneven = c.uneven || int64(c.ratio*float64(c.cpus(h))) != c.limit(h, c.vcpus)
	}
}

// text is the file: groups, nodes, instances, tags and policies, an empty line between them.
func (c *cluster) text() []byte {
	var b bytes.Buffer
	fmt.Fprint(&b, "default|default|preferred||\n\n")
	used := make([]int64, len(c.in.Hosts))
	var all, largest [2]int64 // memory and vcpus of all VMs, and of the largest
	present := int64(0)
	for v, h := range c.in.Initial {
		if h == cloud.Absent {
			continue
		}
		present++
		used[h] += c.in.VMs[v].Demand[c.memory]
		for i, r := range [...]int{c.memory, c.vcpus} {
			n := c.in.VMs[v].Demand[r]
			all[i] += n
			largest[i] = max(largest[i], n)
		}
	}
	for h := range c.in.Hosts {
		reserved := c.in.Hosts[h].Reserved[c.memory]
		limit := c.limit(h, c.memory)
		if limit == math.MaxInt64 {
			limit = c.in.Hosts[h].Capacity[c.memory] - reserved
		}
		fmt.Fprintf(&b, "%s|%d|%d|%d|0|0|%d|N|default|1||N|0|0|1\n",
			c.in.Hosts[h].Name, limit+reserved, reserved, limit-used[h], c.cpus(h))
	}
	fmt.Fprintln(&b)
	for v, h := range c.in.Initial {
		if h != cloud.Absent {
			vm := &c.in.VMs[v]
			fmt.Fprintf(&b, "%s|%d|0|%d|running|Y|%s||ext|%s|0|-|N\n", vm.Name, vm.Demand[c.memory], vm.Demand[c.vcpus],
				c.in.Hosts[h].Name, strings.Join(c.tags[v], ","))
		}
	}
	fmt.Fprintf(&b, "\nhtools:iextags:%s\n\n", apartTag)
	present = max(present, 1)
	for _, owner := range [...]string{"", "default"} {
		fmt.Fprintf(&b, "%s|%d,%d,0,0,0,0|0,0,0,0,0,0;%d,%d,0,1,1,0|ext|%s|1\n", owner, all[0]/present, all[1]/present,
			largest[0], largest[1], strconv.FormatFloat(c.ratio, 'f', -1, 64))
	}
	return b.Bytes()
}

// lost lists what the file does not say, rules apart.
func (c *cluster) lost() []string {
	out := slices.Concat(lost.Wishes(c.in), lost.Numbers(c.in), lost.Network(c.in))
	if absent := count(c.in.Initial, func(h cloud.HostID) bool { return h == cloud.Absent }); absent > 0 {
		out = append(out, fmt.Sprintf("VMs that stand nowhere at the start (%d)", absent))
	}
	if c.in.Target != nil {
		out = append(out, "the target placement")
	}
	for r := range c.in.Resources {
		if r != c.memory && r != c.vcpus {
			out = append(out, fmt.Sprintf("resource %q", c.in.Resources[r].Name))
		}
	}
	if c.uneven {
		out = append(out, "limits on vcpus that are not the same multiple of every host's: the least one is written")
	}
	if slices.ContainsFunc(c.in.Hosts, func(h cloud.Host) bool { return h.Zone != "" || h.Rack != "" || len(h.Labels) > 0 }) {
		out = append(out, "zones, racks and labels of hosts")
	}
	return out
}

func count[T any](list []T, is func(T) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}
