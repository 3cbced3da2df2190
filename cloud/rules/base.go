package rules

import (
	"fmt"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// timed is embedded by rules that are continuous or discrete as their spec says.
type timed struct {
	text       string
	continuous bool
}

// String implements [cloud.Rule].
func (t timed) String() string { return t.text }

// Continuous implements [cloud.Rule].
func (t timed) Continuous() bool { return t.continuous }

// violation is one of the whole rule; [timed.at] says where.
func (t timed) violation(format string, args ...any) cloud.Violation {
	return t.at(cloud.Where{}, format, args...)
}

func (t timed) at(w cloud.Where, format string, args ...any) cloud.Violation {
	return cloud.Violation{Rule: t.text, Where: w, Msg: fmt.Sprintf(format, args...)}
}

// onHost is a host as a place.
func onHost(in *cloud.Instance, h cloud.HostID) cloud.Where {
	return cloud.Where{By: "host", Place: in.Hosts[h].Name}
}

// single is a VM on a host as a place.
func single(in *cloud.Instance, vm cloud.VMID, h cloud.HostID) cloud.Where {
	return cloud.Where{By: "host", Place: in.Hosts[h].Name, VM: in.VMs[vm].Name}
}

func continuousParam() spec.Param {
	return spec.Param{
		Name: "continuous", Type: spec.Bool, Default: "yes",
		Doc: "yes: holds in every state of a path; no: only in the final one",
	}
}

func groupParam() spec.Param {
	return spec.Param{
		Name: "group", Type: spec.String, Required: true,
		Doc: "name of a group, or a pattern such as web-* that stands for each group it matches",
	}
}

// MatchGroups finds the groups that a name or pattern stands for, by position.
func MatchGroups(in *cloud.Instance, pattern string) ([]int, error) {
	if i, ok := in.Group(pattern); ok {
		return []int{i}, nil // a name may look like a pattern
	}
	var out []int
	var known []string
	glob := strings.ContainsAny(pattern, "*?[")
	for i, g := range in.Groups {
		known = append(known, g.Name)
		if !glob {
			continue
		}
		if ok, err := path.Match(pattern, g.Name); err != nil {
			return nil, fmt.Errorf("group pattern %q: %w", pattern, err)
		} else if ok {
			out = append(out, i)
		}
	}
	if len(out) == 0 && !glob {
		return nil, fmt.Errorf("unknown group %q%s", pattern, spec.DidYouMean(pattern, known, "the instance has"))
	}
	return out, nil
}

func oneGroup(in *cloud.Instance, name string) (int, error) {
	groups, err := MatchGroups(in, name)
	if err != nil {
		return 0, err
	}
	if len(groups) != 1 {
		return 0, fmt.Errorf("%q stands for %d groups, expected one", name, len(groups))
	}
	return groups[0], nil
}

// members lists a group's VMs, never as nil, which would mean all VMs to whoever
// asks what a rule watches.
func members(in *cloud.Instance, group int) []cloud.VMID {
	return append([]cloud.VMID{}, in.Groups[group].VMs...)
}

// places is in which places a VM counts for the judge: where it stands, and while it is under
// way also where it is going, each once.
func places(in *cloud.Instance, v cloud.View, vm cloud.VMID, by string) iter.Seq[string] {
	return func(yield func(string) bool) {
		at := v.HostOf(vm)
		if at != cloud.Absent && !yield(in.Hosts[at].Domain(by)) {
			return
		}
		to, underWay := v.Destination(vm)
		if underWay && to != cloud.Absent && (at == cloud.Absent || in.Hosts[at].Domain(by) != in.Hosts[to].Domain(by)) {
			yield(in.Hosts[to].Domain(by))
		}
	}
}

// CheckBy refuses a kind of failure domain that no host has.
func CheckBy(in *cloud.Instance, by string) error {
	switch by {
	case "host", "rack", "zone":
		return nil
	}
	known := []string{"host", "rack", "zone"}
	seen := map[string]bool{}
	for h := range in.Hosts {
		if _, ok := in.Hosts[h].Labels[by]; ok {
			return nil
		}
		for l := range in.Hosts[h].Labels {
			seen[l] = true
		}
	}
	known = append(known, slices.Sorted(maps.Keys(seen))...)
	return fmt.Errorf("no host has the label %q%s", by, spec.DidYouMean(by, known, "known are"))
}

func byParam(def string) spec.Param {
	return spec.Param{
		Name: "by", Type: spec.String, Default: def,
		Doc: "what counts as one place: host, rack, zone, or the name of a host label",
	}
}

// grouped is embedded by rules that count the VMs of one group by the places in which
// they stand.
type grouped struct {
	timed
	in    *cloud.Instance
	group int
	by    string // kind of place
}

// Watches implements [cloud.Rule].
func (g *grouped) Watches() []cloud.VMID { return members(g.in, g.group) }

// perGroup makes a rule for each group that the parameter group stands for, but for those
// that have fewer VMs than it takes to break it.
func perGroup(a spec.Args, by string, least int, rule func(grouped) cloud.Rule) Binder {
	return func(in *cloud.Instance) ([]cloud.Rule, error) {
		groups, err := MatchGroups(in, a.String("group"))
		if err != nil {
			return nil, err
		}
		if err := CheckBy(in, by); err != nil {
			return nil, err
		}
		var out []cloud.Rule
		for _, g := range groups {
			if len(in.Groups[g].VMs) >= least {
				text := a.Full().With("group", in.Groups[g].Name).String()
				out = append(out, rule(grouped{timed{text, a.Bool("continuous")}, in, g, by}))
			}
		}
		return out, nil
	}
}
