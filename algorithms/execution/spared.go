package execution

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// spared is a rule about which VM stands on which host, without a verdict on VMs that start on dead hosts: it matters no more what stands
// there, and a rule that cannot be mended would refuse the start.
type spared struct {
	cloud.Rule
	filter cloud.HostFilter
	in     *cloud.Instance
	dead   map[string]bool
}

// spare replaces the rules that VMs break at the start because of dead hosts and that cannot be mended.
func spare(in *cloud.Instance, bound []cloud.Rule, down []string) []cloud.Rule {
	dead := map[string]bool{}
	for _, name := range down {
		dead[name] = true
	}
	out := make([]cloud.Rule, len(bound))
	for i, r := range bound {
		out[i] = r
		_, mends := r.(cloud.Mender)
		if f, ok := r.(cloud.HostFilter); ok && !mends && r.Continuous() {
			out[i] = &spared{r, f, in, dead}
		}
	}
	return out
}

// Admits implements [cloud.HostFilter].
func (s *spared) Admits(v cloud.VMID, h cloud.HostID) bool {
	return s.dead[s.in.Hosts[h].Name] || s.filter.Admits(v, h)
}

// Violations implements [cloud.Rule].
func (s *spared) Violations(v cloud.View, _ *cloud.Change) (out []cloud.Violation) {
	for h := range s.in.Hosts {
		for _, vm := range v.On(cloud.HostID(h)) {
			if !s.Admits(vm, cloud.HostID(h)) {
				out = append(out, cloud.Violation{
					Rule: s.String(), Where: cloud.Where{By: "host", Place: s.in.Hosts[h].Name, VM: s.in.VMs[vm].Name},
					Msg: fmt.Sprintf("VM %q may not stand on host %q", s.in.VMs[vm].Name, s.in.Hosts[h].Name),
				})
			}
		}
	}
	return out
}

// NewGuard implements [cloud.Rule].
func (s *spared) NewGuard(*cloud.State) cloud.Guard { return rules.FilterGuard{HostFilter: s} }
