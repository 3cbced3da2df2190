package validate_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// A second judge of schedules, written from FORMAT.md and from what the rules say of themselves,
// for tests alone. It knows no views and no changes: at every group of events it works out
// anew where each VM is, and asks each rule about the whole cloud.

// moment is a group of events of an instant. The numbers are those of FORMAT.md.
type moment struct {
	at    int64
	group int
}

func (m moment) compare(n moment) int {
	return cmp.Or(cmp.Compare(m.at, n.at), cmp.Compare(m.group, n.group))
}

// momentsOf are when a step starts and when it ends.
func momentsOf(s cloud.Step) (start, end moment) {
	switch {
	case s.End > s.Start:
		return moment{s.Start, 3}, moment{s.End, 1}
	case s.Action == cloud.Shutdown:
		return moment{s.Start, 2}, moment{s.Start, 2}
	case s.Action == cloud.Provision:
		return moment{s.Start, 5}, moment{s.Start, 5}
	default:
		return moment{s.Start, 3}, moment{s.Start, 4}
	}
}

// scene is where all VMs are at some moment.
type scene struct {
	in     *cloud.Instance
	stands []cloud.HostID       // by VM
	goes   map[int]cloud.HostID // by VM under way
	events []cloud.Step         // that led here
}

// beginning is the initial placement.
func beginning(in *cloud.Instance) *scene { return &scene{in: in, stands: in.Initial} }

// sceneAfter is what the events up to a moment have led to.
func sceneAfter(in *cloud.Instance, steps []cloud.Step, m moment) *scene {
	s := &scene{in: in, stands: slices.Clone(in.Initial), goes: map[int]cloud.HostID{}}
	for _, step := range steps {
		start, end := momentsOf(step)
		if start == m || end == m {
			s.events = append(s.events, step)
		}
		if end.compare(m) <= 0 {
			s.stands[step.VM] = step.To
		} else if start.compare(m) <= 0 {
			s.goes[int(step.VM)] = step.To
		}
	}
	return s
}

// charged lists the hosts that hold a VM.
func (s *scene) charged(vm int) []cloud.HostID {
	var out []cloud.HostID
	if s.stands[vm] != cloud.Absent {
		out = append(out, s.stands[vm])
	}
	if to, underWay := s.goes[vm]; underWay && to != cloud.Absent {
		out = append(out, to)
	}
	return out
}

// places are the failure domains of some hosts, each once.
func (s *scene) places(hosts []cloud.HostID, by string) []string {
	var out []string
	for _, h := range hosts {
		host := s.in.Hosts[h]
		place := host.Labels[by]
		switch by {
		case "host":
			place = host.Name
		case "rack":
			place = host.Rack
		case "zone":
			place = host.Zone
		}
		if !slices.Contains(out, place) {
			out = append(out, place)
		}
	}
	return out
}

// held counts the VMs of a list that each place is charged with.
func (s *scene) held(vms []int, by string) map[string]int {
	out := map[string]int{}
	for _, vm := range vms {
		for _, place := range s.places(s.charged(vm), by) {
			out[place]++
		}
	}
	return out
}

// on lists the VMs that a host holds.
func (s *scene) on(h int) []int {
	var out []int
	for vm := range s.in.VMs {
		if slices.Contains(s.charged(vm), cloud.HostID(h)) {
			out = append(out, vm)
		}
	}
	return out
}

// opinion is what the blunt judge thinks of a plan.
type opinion struct {
	faults []string // of the plan itself
	when   string   // the first time that a continuous rule, or in the end any rule, is broken
	broken []string // the rules that are broken then
}

func (o *opinion) valid() bool { return len(o.faults) == 0 && len(o.broken) == 0 }

func (o *opinion) fault(format string, args ...any) {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
}

// ask asks all rules, unless one was broken before: in the end whether they are whole, before whether
// the continuous ones hold as far as the start keeps them.
func (o *opinion) ask(s *scene, when string, final bool) {
	if len(o.broken) > 0 {
		return
	}
	for _, r := range s.in.Rules {
		c, a := counterparts[r.Name], args{r}
		if final && !c.whole(s, a) || !final && !a.discrete() && !c.onTheWay(s, a) {
			o.broken = append(o.broken, r.Name)
		}
	}
	o.when = when
}

// bluntly judges a plan with a schedule. Costs are those of ram.
func bluntly(in *cloud.Instance, p *cloud.Plan) *opinion {
	o := &opinion{}
	var moments []moment
	cost, makespan := int64(0), int64(0)
	for i, s := range p.Steps {
		if s.Start < 0 || s.End < s.Start || i > 0 && s.Start < p.Steps[i-1].Start {
			o.fault("step %d: times", i)
		}
		if !formed(s) {
			o.fault("step %d: form", i)
			return o
		}
		o.lawful(in, p.Steps, i)
		cost += o.priced(in, p.Steps, i)
		makespan = max(makespan, s.End)
		start, end := momentsOf(s)
		moments = append(moments, start, end)
	}
	slices.SortFunc(moments, moment.compare)
	for _, m := range slices.Compact(moments) {
		o.ask(sceneAfter(in, p.Steps, m), fmt.Sprintf("at %d %s", m.at, p.Schedule.Unit), false)
		if m.group == 3 && !withinLimits(in, p, m) {
			o.fault("at %d: too many under way", m.at)
		}
	}
	last := sceneAfter(in, p.Steps, moment{makespan + 1, 0})
	last.events = nil
	o.ask(last, "in the end", true)
	o.claims(in, p, last.stands, cost)
	o.tooShort(in, p)
	if p.Schedule.Makespan != makespan || p.Schedule.LowerBound > makespan {
		o.fault("makespan")
	}
	return o
}

// priced judges the claimed cost of a step, and returns the right one.
func (o *opinion) priced(in *cloud.Instance, steps []cloud.Step, i int) int64 {
	price := int64(0)
	switch s := steps[i]; s.Action {
	case cloud.Migrate, cloud.Resume:
		price = in.VMs[s.VM].Demand[0]
	case cloud.Suspend:
		price = 2 * in.VMs[s.VM].Demand[0]
	}
	if steps[i].Cost != price {
		o.fault("step %d: cost", i)
	}
	return price
}

// claims judges what a plan says of itself, by where it leads and what it costs.
func (o *opinion) claims(in *cloud.Instance, p *cloud.Plan, final cloud.Placement, cost int64) {
	if !slices.Equal(final, in.Target) {
		o.fault("target")
	}
	if p.Cost != cost || p.LowerBound > cost || p.Status == cloud.Optimal && p.LowerBound < p.Cost || !p.Status.HasPlan() {
		o.fault("cost")
	}
}

// formed tells whether a step has the ends that its action takes.
func formed(s cloud.Step) bool {
	from, to := s.From != cloud.Absent, s.To != cloud.Absent
	switch s.Action {
	case cloud.Shutdown, cloud.Suspend:
		return from && !to
	case cloud.Resume, cloud.Provision:
		return !from && to
	default:
		return from && to
	}
}

// lawful judges one step whatever the rules say.
func (o *opinion) lawful(in *cloud.Instance, steps []cloud.Step, i int) {
	s := steps[i]
	start, _ := momentsOf(s)
	at := in.Initial[s.VM]
	var last moment
	for j, other := range steps {
		if j == i || other.VM != s.VM {
			continue
		}
		begun, ended := momentsOf(other)
		before := begun.compare(start) < 0 || begun == start && j < i
		if before && ended.compare(start) > 0 {
			o.fault("step %d: under way by step %d", i, j)
		}
		if before && begun.compare(last) >= 0 {
			at, last = other.To, begun
		}
	}
	if at != s.From {
		o.fault("step %d: the VM is elsewhere", i)
	}
	if !permitted(in, s) {
		o.fault("step %d: not lawful", i)
	}
}

// permitted tells whether a VM may do such a step at all.
func permitted(in *cloud.Instance, s cloud.Step) bool {
	was, shall := in.Initial[s.VM] != cloud.Absent, in.Target[s.VM] != cloud.Absent
	switch s.Action {
	case cloud.Shutdown:
		return was && !shall
	case cloud.Provision:
		return !was && shall
	case cloud.Migrate:
		return s.From != s.To
	case cloud.Suspend:
		return in.VMs[s.VM].Interruptible && was && shall
	case cloud.Resume:
		return was && s.To == in.Target[s.VM]
	}
	return false
}

// withinLimits judges what is under way after the starts of an instant by the model of
// concurrency.
func withinLimits(i *cloud.Instance, p *cloud.Plan, m moment) bool {
	all := 0
	in := map[string]map[string]int{"outgoing": {}, "incoming": {}, "per-host": {}, "per-rack": {}}
	for _, s := range p.Steps {
		start, end := momentsOf(s)
		if s.Action == cloud.Shutdown || s.Action == cloud.Provision || start.compare(m) > 0 || end.compare(m) <= 0 {
			continue
		}
		all++
		racks := map[string]bool{}
		for way, h := range map[string]cloud.HostID{"outgoing": s.From, "incoming": s.To} {
			if h == cloud.Absent {
				continue
			}
			host := i.Hosts[h]
			in[way][host.Name]++
			in["per-host"][host.Name]++
			if host.Rack != "" {
				racks[host.Rack] = true
			}
		}
		for rack := range racks {
			in["per-rack"][rack]++
		}
	}
	model := args{spec.MustParse(p.Schedule.Model)}
	within := func(n int, limit string) bool {
		most, limited := bluntPresets[model.text("preset", "")][limit]
		if model.has(limit) {
			most, limited = model.number(limit), true
		}
		return !limited || n <= most
	}
	switch model.spec.Name {
	case "sequential":
		return all <= 1
	case "bandwidth":
		return withinLinks(i, p, m)
	case "steps":
		most := 2
		if model.has("per-host") {
			most = model.number("per-host")
		}
		for _, n := range in["per-host"] {
			if n > most {
				return false
			}
		}
		return true
	}
	for limit, counts := range in {
		for _, n := range counts {
			if !within(n, limit) {
				return false
			}
		}
	}
	return within(all, "total")
}

// bluntPresets are the published limits.
var bluntPresets = map[string]map[string]int{
	"nova": {"outgoing": 1}, "kubevirt": {"total": 5, "outgoing": 2}, "vmotion-1g": {"per-host": 4}, "vmotion-10g": {"per-host": 8},
	"watcher": {"total": 2}, "proxlb": {"incoming": 1, "total": 2},
}

// args reads the arguments of a spec.
type args struct{ spec spec.Spec }

func (a args) has(key string) bool {
	_, ok := a.spec.Value(key)
	return ok
}

// texts are a list, or a list of one.
func (a args) texts(key string) []string {
	v, ok := a.spec.Value(key)
	if !ok {
		return nil
	}
	if v.Form != spec.List {
		return []string{v.Text}
	}
	var out []string
	for _, e := range v.List {
		out = append(out, e.Text)
	}
	return out
}

func (a args) text(key, otherwise string) string {
	if !a.has(key) {
		return otherwise
	}
	return a.texts(key)[0]
}

func (a args) number(key string) int {
	n, err := strconv.Atoi(a.text(key, ""))
	if err != nil {
		panic(err)
	}
	return n
}

func (a args) discrete() bool { return a.text("continuous", "yes") == "no" }
