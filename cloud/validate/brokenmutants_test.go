package validate_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
)

// mutateMended changes one thing that matters to mending, of a plan or its instance. The target follows, so that
// the plan still leads to it.
func mutateMended(t *rapid.T, in *cloud.Instance, p *cloud.Plan) string {
	kind := rapid.SampledFrom([]string{"capacity", "rule", "set out", "set out", "detour", "go on", "go on", "elsewhere", "elsewhere", "stay"}).Draw(t, "mutation")
	host := func() cloud.HostID { return cloud.HostID(rapid.IntRange(0, len(in.Hosts)-1).Draw(t, "host")) }
	var stay []cloud.VMID
	for v := range in.VMs {
		if in.Initial[v] != cloud.Absent && in.Target[v] != cloud.Absent {
			stay = append(stay, cloud.VMID(v))
		}
	}
	if len(stay) == 0 {
		kind = "rule"
	}
	v := cloud.VMID(0)
	if kind == "set out" || kind == "detour" || kind == "go on" {
		v = rapid.SampledFrom(stay).Draw(t, "vm")
	}
	// add adds a migration of the VM, as the last one.
	add := func(to cloud.HostID) {
		if to == in.Target[v] {
			return
		}
		s := migrate(v, in.Target[v], to, in.VMs[v].Demand[0])
		at := len(p.Steps)
		if p.Schedule != nil {
			s.Start = p.Schedule.Makespan
			s.End = s.Start + rapid.Int64Range(1, 2).Draw(t, "duration")
			p.Schedule.Makespan = s.End
		} else if i := slices.IndexFunc(p.Steps, func(s cloud.Step) bool { return s.Action == cloud.Provision }); i >= 0 {
			at = i
		}
		p.Steps = slices.Insert(p.Steps, at, s)
		p.Cost += s.Cost
		in.Target[v] = to
	}
	switch kind {
	case "capacity":
		h := host()
		in.Hosts[h].Capacity[0] = max(in.Hosts[h].Reserved[0], in.Hosts[h].Capacity[0]-2)
	case "rule":
		addRule(t, in)
	case "set out": // by another host, often where nothing stands
		to := host()
		if rapid.Bool().Draw(t, "alone") {
			for h := range in.Hosts {
				if !slices.Contains(in.Initial, cloud.HostID(h)) {
					to = cloud.HostID(h)
				}
			}
		}
		setOut(t, in, p, v, to)
	case "detour": // to another host and back
		home := in.Target[v]
		add(host())
		add(home)
	case "go on": // often to where it came from
		to := in.Initial[v]
		if rapid.Bool().Draw(t, "anywhere") {
			to = host()
		}
		add(to)
	case "elsewhere": // what leads a VM to its target leads it somewhere else
		to := host()
		for i := len(p.Steps) - 1; i >= 0; i-- {
			if s := &p.Steps[i]; s.To != cloud.Absent && s.To == in.Target[s.VM] && s.From != to {
				s.To, in.Target[s.VM] = to, to
				break
			}
		}
	case "stay": // where it was
		if len(p.Steps) == 0 {
			break
		}
		v = p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(t, "step")].VM
		for _, s := range p.Steps {
			if s.VM == v {
				p.Cost -= s.Cost
			}
		}
		p.Steps = slices.DeleteFunc(p.Steps, func(s cloud.Step) bool { return s.VM == v })
		in.Target[v] = in.Initial[v]
		p.LowerBound = min(p.LowerBound, p.Cost)
		if p.Schedule == nil {
			break
		}
		p.Schedule.Makespan = 0
		for _, s := range p.Steps {
			p.Schedule.Makespan = max(p.Schedule.Makespan, s.End)
		}
		p.Schedule.LowerBound = min(p.Schedule.LowerBound, p.Schedule.Makespan)
	}
	return kind
}

// setOut lets a VM go to a host before anything else, but for the shutdowns of a path.
func setOut(t *rapid.T, in *cloud.Instance, p *cloud.Plan, v cloud.VMID, to cloud.HostID) {
	first := slices.IndexFunc(p.Steps, func(s cloud.Step) bool { return s.VM == v })
	switch {
	case to == in.Initial[v] || first >= 0 && p.Steps[first].To == to:
		return // it need not go there, or goes there anyway
	case first >= 0:
		p.Steps[first].From = to
	default:
		in.Target[v] = to
	}
	s := migrate(v, in.Initial[v], to, in.VMs[v].Demand[0])
	at := 0
	if p.Schedule == nil {
		if at = slices.IndexFunc(p.Steps, func(s cloud.Step) bool { return s.Action != cloud.Shutdown }); at < 0 {
			at = len(p.Steps)
		}
	} else {
		s.End = rapid.Int64Range(1, 2).Draw(t, "duration")
		for i := range p.Steps {
			p.Steps[i].Start, p.Steps[i].End = p.Steps[i].Start+s.End, p.Steps[i].End+s.End
		}
		p.Schedule.Makespan = max(p.Schedule.Makespan+s.End, s.End)
	}
	p.Steps = slices.Insert(p.Steps, at, s)
	p.Cost += s.Cost
}

// addRule adds a continuous rule, which the start may break.
func addRule(t *rapid.T, in *cloud.Instance) {
	s := continuous(cloudtest.RuleSpec(t, in, rapid.SampledFrom(breakable).Draw(t, "rule")))
	in.Rules = append(slices.Clone(in.Rules), s)
}

// fromBroken makes a plan from a start that breaks the named rule, and three mutants of it. It judges nothing.
func fromBroken(rule string, reckless, path bool) *rapid.Generator[[]variant] {
	return rapid.Custom(func(t *rapid.T) []variant {
		plan, change := func() (*cloud.Instance, *cloud.Plan) { return draw(t, rule, reckless, true, true) }, mutateSchedule
		if path {
			plan, change = func() (*cloud.Instance, *cloud.Plan) { return drawPath(t, rule, reckless) }, mutate
		}
		in, p := plan()
		for range 4 {
			if a := (args{in.Rules[0]}); !counterparts[rule].whole(beginning(in), a) && len(toBlame(&scene{in: in, stands: in.Target})) == 0 {
				break
			}
			in, p = plan()
		}
		out := []variant{{in, p, "none"}}
		for range 3 {
			in, p := cloneCase(in, p)
			kind := mutateMended
			if rapid.IntRange(0, 3).Draw(t, "any mutation") == 0 {
				kind = change
			}
			out = append(out, variant{in, p, kind(t, in, p)})
		}
		return out
	})
}
