package validate_test

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
)

// bluntlyPath judges a plan without a schedule, for all rules. Costs are those of ram.
func bluntlyPath(in *cloud.Instance, p *cloud.Plan) *opinion {
	o := &opinion{}
	phases := map[cloud.Action]int{cloud.Shutdown: 1, cloud.Migrate: 2, cloud.Suspend: 2, cloud.Resume: 2, cloud.Provision: 3}
	stands, phase, cost := in.Initial.Clone(), 0, int64(0)
	asked := false // after the shutdowns
	for i, s := range p.Steps {
		if !formed(s) {
			o.fault("step %d: form", i)
			return o
		}
		if phases[s.Action] < phase {
			o.fault("step %d: too late", i)
		}
		phase = phases[s.Action]
		if stands[s.VM] != s.From {
			o.fault("step %d: the VM is elsewhere", i)
		}
		if !permitted(in, s) {
			o.fault("step %d: not lawful", i)
		}
		cost += o.priced(in, p.Steps, i)
		if phase > 1 && !asked {
			o.ask(&scene{in: in, stands: stands.Clone()}, "after the shutdowns", false)
			asked = true
		}
		now := &scene{in: in, stands: stands, goes: map[int]cloud.HostID{int(s.VM): s.To}, events: []cloud.Step{s}}
		if s.Action == cloud.Migrate {
			o.ask(now, fmt.Sprintf("step %d: while VM", i+1), false)
		}
		stands = stands.Clone()
		stands[s.VM] = s.To
		if phase == 2 {
			o.ask(&scene{in: in, stands: stands, events: now.events}, fmt.Sprintf("step %d: after VM", i+1), false)
		}
	}
	if !asked && phase > 0 {
		o.ask(&scene{in: in, stands: stands}, "after the shutdowns", false)
	}
	o.ask(&scene{in: in, stands: stands}, "in the end", true)
	o.claims(in, p, stands, cost)
	return o
}
