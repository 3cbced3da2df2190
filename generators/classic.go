package generators

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const spiers2015 = "A. Spiers, Cloud rearrangement, 2015: http://blog.adamspiers.org/cloud-rearrangement; " +
	"code: https://github.com/aspiers/migrationpaths"

// classicEntry is the family of the 13 cases that came with the first published VM
// migration path finder, from two hosts that swap two VMs to chains in which every
// VM waits for another. Costs are in MiB of memory moved, the sum over migrations:
//
//	case                published  true optimum
//	simple_swap               512           512
//	simple_cessation         6512          6512
//	simple_deadlock    infeasible    infeasible
//	swap_with_one_temp       9768          9768
//	complex_swap             9700          9700
//	complex_pair_swap        4375          4375
//	shutdown_and_swap        1280          1280
//	tricky                   3850          3850
//	weird                    7365          7365
//	circles                  4798          4798
//	chain4                   3960          2690
//	chain6                   4360          3030
//	slow                    12368         12368
//
// Published is what that path finder's own tests expect of it, a heuristic. The same
// numbers are to be had from [ClassicOptima].
func classicEntry() spec.Entry[Family] {
	var names []string
	for _, c := range classicCases() {
		names = append(names, c.name)
	}
	return spec.Entry[Family]{
		Descriptor: spec.Descriptor{
			Name:     "classic",
			Synopsis: "the 13 cases of the first published VM migration path finder",
			Doc: "Two to seven hosts each, of two architectures, some with VMs to shut down. " +
				"All but simple_deadlock have a path.",
			Params: []spec.Param{{
				Name: "case", Type: spec.Choice, Choices: names, Doc: "one of the cases; all unless given",
			}},
			Citation:   spiers2015,
			Properties: []spec.Property{Seedless},
		},
		New: func(a spec.Args) (Family, error) {
			return func(uint64) ([]*cloud.Instance, error) {
				var out []*cloud.Instance
				for _, c := range classicCases() {
					if a.Has("case") && c.name != a.String("case") {
						continue
					}
					in, err := c.instance()
					if err != nil {
						return nil, err
					}
					out = append(out, in)
				}
				return out, nil
			}, nil
		},
	}
}

func (c *classicCase) instance() (*cloud.Instance, error) {
	in := &cloud.Instance{
		Name:      c.name,
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Target:    cloud.Placement{},
	}
	for i, h := range c.hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("host%d", i+1), Arch: h.arch,
			Capacity: []int64{h.capacity}, Reserved: []int64{h.reserved},
		})
	}
	for _, v := range c.vms {
		in.VMs = append(in.VMs, cloud.VM{Name: v.name, Demand: []int64{v.ramMiB}, Arch: v.arch})
		in.Initial = append(in.Initial, cloud.HostID(v.initial-1)) // 0 becomes Absent
		in.Target = append(in.Target, cloud.HostID(v.target-1))
	}
	return checked(in)
}

// ClassicOptimum is what is known of one published case, under the cost function ram
// and the default rules.
type ClassicOptimum struct {
	Case       string
	Infeasible bool  // no path exists; the costs are then 0
	Published  int64 // MiB: what the first path finder's tests expect of it
	Optimum    int64 // MiB: what no path beats
}

// ClassicOptima lists what is known of the published cases, in the order in which
// the family yields them.
func ClassicOptima() []ClassicOptimum {
	var out []ClassicOptimum
	for _, c := range classicCases() {
		out = append(out, ClassicOptimum{c.name, c.infeasible, c.published, c.optimum})
	}
	return out
}
