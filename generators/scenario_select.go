package generators

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// selection names hosts, racks and zones to be emptied.
type selection []struct {
	by    string // host, rack, zone
	names []string
}

// selectNumbered selects the hosts, racks or zones of some numbers, as
// [cloud.Instance.Domains] counts them.
func selectNumbered(in *cloud.Instance, by string, numbers []int) selection {
	_, known := in.Domains(by)
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = known[n]
	}
	return selection{{by, names}}
}

func (s selection) empty() bool {
	n := 0
	for _, x := range s {
		n += len(x.names)
	}
	return n == 0
}

// hosts are those selected, in their order.
func (s selection) hosts(in *cloud.Instance) ([]cloud.HostID, error) {
	var out []cloud.HostID
	for _, x := range s {
		found, err := targets.HostsOf(in, x.by, x.names)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// maintenance is the rule that nothing arrives on the hosts selected.
func (s selection) maintenance() spec.Spec {
	rule := spec.Named("maintenance")
	for _, x := range s {
		if len(x.names) > 0 {
			rule = rule.WithValue(x.by+"s", spec.Words(x.names...))
		}
	}
	return rule
}

// domains numbers the hosts, racks or zones, in their order; hosts without a rack or zone
// are in none.
func domains(in *cloud.Instance, by string) []int {
	_, names := in.Domains(by)
	var out []int
	for d, name := range names {
		if name != "" {
			out = append(out, d)
		}
	}
	return out
}

// occupied are the domains in which VMs of the placement stand.
func occupied(in *cloud.Instance, by string, p cloud.Placement) []int {
	of, names := in.Domains(by)
	holds := make([]bool, len(names))
	for _, h := range p {
		if h != cloud.Absent {
			holds[of[h]] = true
		}
	}
	return slices.DeleteFunc(domains(in, by), func(d int) bool { return !holds[d] })
}
