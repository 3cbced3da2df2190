package rules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func interferenceEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "interference",
			Synopsis: "at most max VMs of one group in any place that holds a VM of another group",
			Doc: "\"Wherever\" is per host, rack, zone or label value. The converse is not said: where none of the first " +
				"group stands, any number of the other may. Where both groups are the same, at most so many further " +
				"ones stand beside each; otherwise a VM of both groups counts as one of the other. A migrating VM " +
				"counts in both places. The anti-affinity of Alibaba's scheduling challenge 2018 is this rule by host.",
			Params: []spec.Param{
				groupParam(),
				{
					Name: "with", Type: spec.String, Required: true,
					Doc: "name of the group that is kept small there, or a pattern that stands for each group it matches",
				},
				{
					Name: "max", Type: spec.Int, Required: true, Bounds: spec.Between(0, math.MaxInt32-1), Unit: "VMs",
					Doc: "number of VMs of the other group in the same place at the most",
				},
				byParam("host"), continuousParam(),
			},
			Citation: "Alibaba Global Scheduling Algorithm Competition, 2018: " +
				"https://tianchi.aliyun.com/competition/entrance/231663/introduction",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) { return bindInterference(in, a) }, nil
		},
	}
}

func bindInterference(in *cloud.Instance, a spec.Args) ([]cloud.Rule, error) {
	groups, err := MatchGroups(in, a.String("group"))
	if err != nil {
		return nil, err
	}
	with, err := MatchGroups(in, a.String("with"))
	if err != nil {
		return nil, err
	}
	by := a.String("by")
	if err := CheckBy(in, by); err != nil {
		return nil, err
	}
	var out []cloud.Rule
	for _, g := range groups {
		for _, w := range with {
			most := int(a.Int("max"))
			if g == w {
				most++ // the VM itself, and the others that the rule allows
			}
			if len(in.Groups[g].VMs) == 0 || len(in.Groups[w].VMs) <= most {
				continue // nothing can break it
			}
			text := a.Full().With("group", in.Groups[g].Name).With("with", in.Groups[w].Name).String()
			out = append(out, &interference{
				timed: timed{text, a.Bool("continuous")}, in: in, group: g, with: w, most: most, by: by,
			})
		}
	}
	return out, nil
}

// interference keeps a group small where another one stands.
type interference struct {
	timed
	in          *cloud.Instance
	group, with int
	most        int // VMs of with, where one of group stands
	by          string
}

// Watches implements [cloud.Rule]: a VM of both groups is listed once.
func (r *interference) Watches() []cloud.VMID {
	if r.group == r.with {
		return members(r.in, r.group)
	}
	out := slices.Concat(r.in.Groups[r.group].VMs, r.in.Groups[r.with].VMs)
	slices.Sort(out)
	return slices.Compact(out)
}

// Violations counts both groups in each place; with a change only where it arrives.
func (r *interference) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	only := ""
	if change != nil {
		if change.To == cloud.Absent {
			return nil
		}
		only = r.in.Hosts[change.To].Domain(r.by)
	}
	counts := map[string]int{}
	for _, vm := range r.in.Groups[r.with].VMs {
		for place := range places(r.in, v, vm, r.by) {
			if change == nil || place == only {
				counts[place]++
			}
		}
	}
	var out []cloud.Violation
	reported := map[string]bool{}
	for _, vm := range r.in.Groups[r.group].VMs {
		for place := range places(r.in, v, vm, r.by) {
			if counts[place] > r.most && !reported[place] {
				reported[place] = true
				out = append(out, r.at(cloud.Where{By: r.by, Place: place}, "%s %q holds VM %q of group %q, so that at most %d of group %q may stand there, found %d",
					r.by, place, r.in.VMs[vm].Name, r.in.Groups[r.group].Name, r.most, r.in.Groups[r.with].Name, counts[place]))
			}
		}
	}
	return out
}

func (r *interference) NewGuard(s *cloud.State) cloud.Guard {
	return &interferenceGuard{r.group, r.with, r.most, s.Census(r.by)}
}

// Mend implements [cloud.Mender].
func (r *interference) Mend(start cloud.View) cloud.Mending { return newMending(r, r.in, start) }

type interferenceGuard struct {
	group, with, most int
	census            *cloud.Census
}

func (g *interferenceGuard) arrives(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Allows(s, vm, from, to)
}

func (g *interferenceGuard) leaves(*cloud.State, cloud.VMID, cloud.HostID) bool { return true }

func (g *interferenceGuard) kept(s *cloud.State, h cloud.HostID) bool {
	d := g.census.Domain(h)
	return charged(s, g.census, g.with, d) <= g.most || charged(s, g.census, g.group, d) == 0
}

// Allows looks at where the VM goes; where it comes from nothing is added.
func (g *interferenceGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	if to == cloud.Absent {
		return true
	}
	d := g.census.Domain(to)
	if from != cloud.Absent && g.census.Domain(from) == d {
		return true
	}
	groups := s.GroupsOf(vm)
	count := charged(s, g.census, g.with, d)
	if slices.Contains(groups, int32(g.with)) {
		count++
	}
	return count <= g.most || charged(s, g.census, g.group, d) == 0 && !slices.Contains(groups, int32(g.group))
}
