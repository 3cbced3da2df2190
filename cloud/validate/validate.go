package validate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Finding is one fault, and where in the plan it lies.
type Finding struct {
	Step int    // 1-based step of the plan; 0 for the plan or placement as a whole
	Rule string // the broken rule; "" for faults of the plan itself
	Msg  string
}

func (f Finding) String() string {
	s := f.Msg
	if f.Rule != "" {
		s = f.Rule + ": " + s
	}
	if f.Step > 0 {
		s = fmt.Sprintf("step %d: %s", f.Step, s)
	}
	return s
}

// Report is the verdict on a plan.
type Report struct {
	Findings []Finding
	Cost     int64 // recomputed, whatever the plan claims
	Makespan int64 // the last end, in the unit of the schedule; 0 for a path
	Steps    int
	Final    cloud.Placement // where the replay ended
}

// OK tells whether nothing was found.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

// Placement lists what is wrong with a placement: the continuous rules, and when it is to be
// a final one the discrete ones too, and the whole of those in their mending form.
func Placement(in *cloud.Instance, rules []cloud.Rule, p cloud.Placement, final bool) []Finding {
	var out []Finding
	w := newWorld(in, p)
	if final {
		rules = cloud.Whole(rules)
	}
	for _, r := range rules {
		if !final && !r.Continuous() {
			continue
		}
		for _, v := range r.Violations(w, nil) {
			out = append(out, Finding{Rule: v.Rule, Msg: v.Msg})
		}
	}
	return out
}

// maxListed bounds how many violations one error lists.
const maxListed = 10

// CheckInitial reports every continuous rule that the initial placement breaks: for whoever needs
// a sane start, such as formats that cannot say how rules are mended.
func CheckInitial(in *cloud.Instance, rules []cloud.Rule) error {
	var faults []error
	found := Placement(in, rules, in.Initial, false)
	for i, f := range found {
		if i == maxListed {
			faults = append(faults, fmt.Errorf("(%d violations in all)", len(found)))
			break
		}
		faults = append(faults, &cloud.PathError{Pointer: "/initial", Msg: "the initial placement breaks a rule: " + f.String()})
	}
	return errors.Join(faults...)
}

// Plan replays a plan without a schedule on its instance, which must have a target; [Schedule]
// judges plans with one. Shutdowns form one phase and provisions another: each is judged when it
// is over, because a rule such as "at least two" cannot hold while the second is yet to come.
// Every migration is judged while both hosts hold the VM, and after. Rules that the start breaks
// mend on the way ([cloud.Mender]), and are whole in the end.
//
// The replay takes O(steps × what the rules look at around one change), and a full
// judgement at the start, after the shutdowns and at the end.
func Plan(in *cloud.Instance, rules []cloud.Rule, cost cloud.CostFunction, p *cloud.Plan) *Report {
	j := newJudge(in, rules, cost)
	if p.Schedule != nil {
		j.found(0, "the plan has a schedule and is no path: it is judged by its times")
	}
	return j.report(p, j.replay)
}

// report is the verdict of one way to judge a plan.
func (j *judge) report(p *cloud.Plan, judge func(*cloud.Plan)) *Report {
	if j.in.Target == nil {
		j.found(0, "the instance has no target")
	} else {
		if p.InstanceSHA256 != "" && !j.in.Is(p.InstanceSHA256) {
			j.found(0, "the plan was made for another instance: its instance_sha256 is %.12s…, this one's is %.12s…", p.InstanceSHA256, j.in.SHA256())
		}
		judge(p)
		j.ending()
		j.claims(p)
	}
	j.out.Steps = len(p.Steps)
	j.out.Final = j.w.host
	return &j.out
}

type judge struct {
	in      *cloud.Instance
	rules   []cloud.Rule
	everyVM []cloud.Rule   // continuous rules that look at all VMs
	ofVM    [][]cloud.Rule // continuous rules that look at some VMs, by VM; nil where no rule does
	cost    cloud.CostFunction
	w       *world
	change  cloud.Change // of the current step
	clock   *clock       // of a schedule; nil for a path
	out     Report
}

// newJudge finds out which continuous rules look at which VMs. Rules about all VMs, of
// which there may be one for every host, are kept apart.
func newJudge(in *cloud.Instance, rules []cloud.Rule, cost cloud.CostFunction) *judge {
	j := &judge{in: in, rules: slices.Clone(rules), cost: cost, w: newWorld(in, in.Initial)}
	for i, r := range j.rules {
		if !r.Continuous() {
			continue
		}
		if broken := r.Violations(j.w, nil); len(broken) > 0 {
			m, mends := r.(cloud.Mender)
			if mends {
				r = m.Mend(j.w)
				j.rules[i] = r
			} else {
				j.broken(0, "initially ", broken)
			}
		}
		vms := r.Watches()
		if vms == nil {
			j.everyVM = append(j.everyVM, r)
		} else if j.ofVM == nil {
			j.ofVM = make([][]cloud.Rule, len(in.VMs))
		}
		for _, v := range vms {
			j.ofVM[v] = append(j.ofVM[v], r)
		}
	}
	return j
}

// changed judges the current change by the rules that it can break.
func (j *judge) changed(step int, a cloud.Action, when phrases) {
	for _, r := range j.everyVM {
		j.changedBy(r, step, a, when)
	}
	if j.ofVM != nil {
		for _, r := range j.ofVM[j.change.VM] {
			j.changedBy(r, step, a, when)
		}
	}
}

func (j *judge) changedBy(r cloud.Rule, step int, a cloud.Action, when phrases) {
	broken := r.Violations(j.w, &j.change)
	if len(broken) > 0 && j.clock != nil {
		broken = j.clock.news(broken)
	}
	if len(broken) > 0 {
		j.broken(step, j.clock.String()+fmt.Sprintf(when[a], j.in.VMs[j.change.VM].Name), broken)
	}
}

func (j *judge) found(step int, format string, args ...any) {
	j.out.Findings = append(j.out.Findings, Finding{Step: step, Msg: fmt.Sprintf(format, args...)})
}

func (j *judge) broken(step int, when string, vs []cloud.Violation) {
	for _, v := range vs {
		j.out.Findings = append(j.out.Findings, Finding{Step: step, Rule: v.Rule, Msg: when + v.Msg})
	}
}

// everything judges the whole placement.
func (j *judge) everything(step int, when string, final bool) {
	rules := j.rules
	if final {
		rules = cloud.Whole(rules)
	}
	for _, r := range rules {
		if final || r.Continuous() {
			j.broken(step, when, r.Violations(j.w, nil))
		}
	}
}

// The phases of a plan, in their order.
const (
	shutdowns = iota
	migrations
	provisions
)

func phaseOf(a cloud.Action) int {
	switch a {
	case cloud.Shutdown:
		return shutdowns
	case cloud.Provision:
		return provisions
	default:
		return migrations
	}
}

func (j *judge) replay(p *cloud.Plan) {
	phase := shutdowns
	for i, s := range p.Steps {
		n := i + 1
		before := phase
		if phase = max(phase, phaseOf(s.Action)); phaseOf(s.Action) < phase {
			j.found(n, "the %s comes too late: shutdowns come first, then migrations, then provisions", s.Action.Noun())
		}
		if before == shutdowns && phase > shutdowns && i > 0 {
			j.everything(i, "after the shutdowns ", false)
		}
		j.step(n, s)
	}
	if phase == shutdowns && len(p.Steps) > 0 {
		j.everything(len(p.Steps), "after the shutdowns ", false)
	}
}

// ending judges where a plan has led.
func (j *judge) ending() {
	for v, want := range j.in.Target {
		if got := j.w.host[v]; got != want {
			j.found(0, "in the end VM %q stands on %s, its target is %s", j.in.VMs[v].Name, j.where(got), j.where(want))
		}
	}
	j.everything(0, "in the end ", true)
}

func (j *judge) step(n int, s cloud.Step) {
	if !j.lawful(n, s) {
		return
	}
	j.change = cloud.Change{VM: s.VM, From: j.w.host[s.VM], To: s.To}
	switch s.Action {
	case cloud.Shutdown, cloud.Provision:
		j.w.move(s.VM, s.To)
	case cloud.Migrate:
		j.w.depart(s.VM, s.To)
		j.changed(n, s.Action, during)
		j.w.arrive(s.VM)
		j.changed(n, s.Action, after)
	default: // unlike in a migration there is no time at which two hosts hold the VM
		j.w.move(s.VM, s.To)
		j.changed(n, s.Action, after)
	}
	j.charge(n, s)
}

// phrases say when a finding was made, by what the step does.
type phrases map[cloud.Action]string

var (
	during = phrases{
		cloud.Shutdown: "while VM %q is shut down, ", cloud.Migrate: "while VM %q migrates, ", cloud.Suspend: "while VM %q is suspended, ",
		cloud.Resume: "while VM %q resumes, ", cloud.Provision: "while VM %q is provisioned, ",
	}
	after = phrases{
		cloud.Shutdown: "after VM %q is shut down, ", cloud.Migrate: "after VM %q has migrated, ", cloud.Suspend: "after VM %q is suspended, ",
		cloud.Resume: "after VM %q has resumed, ", cloud.Provision: "after VM %q is provisioned, ",
	}
)

// lawful notes what is wrong with a step whatever the rules say, and tells whether it can be
// taken at all.
func (j *judge) lawful(n int, s cloud.Step) bool {
	if int(s.VM) < 0 || int(s.VM) >= len(j.in.VMs) || !j.host(s.From) || !j.host(s.To) {
		j.found(n, "the step names a VM or a host that the instance does not have")
		return false
	}
	vm := &j.in.VMs[s.VM]
	leaves, arrives := s.Action != cloud.Provision && s.Action != cloud.Resume, s.Action != cloud.Shutdown && s.Action != cloud.Suspend
	if leaves != (s.From != cloud.Absent) || arrives != (s.To != cloud.Absent) {
		j.found(n, "no %s takes VM %q from %s to %s", s.Action.Noun(), vm.Name, j.where(s.From), j.where(s.To))
		return false
	}
	if at := j.w.host[s.VM]; at != s.From {
		j.found(n, "VM %q stands on %s, the step takes it from %s", vm.Name, j.where(at), j.where(s.From))
	}
	initial, target := &j.in.Initial[s.VM], &j.in.Target[s.VM]
	switch s.Action {
	case cloud.Shutdown:
		if *initial == cloud.Absent || *target != cloud.Absent {
			j.found(n, "VM %q is not to be shut down: only VMs with an initial host and no target are", vm.Name)
		}
	case cloud.Provision:
		if *initial != cloud.Absent || *target == cloud.Absent {
			j.found(n, "VM %q is not to be provisioned: only VMs with a target and no initial host are", vm.Name)
		}
	case cloud.Migrate:
		if s.From == s.To {
			j.found(n, "VM %q would migrate from %s to itself", vm.Name, j.where(s.To))
			return false
		}
	case cloud.Suspend:
		if !vm.Interruptible {
			j.found(n, "VM %q is not interruptible and must not be suspended", vm.Name)
		}
		if *target == cloud.Absent {
			j.found(n, "VM %q would be suspended and has no target to resume on: it is to be shut down", vm.Name)
		}
	case cloud.Resume:
		if *initial == cloud.Absent {
			j.found(n, "VM %q was never suspended: it has no initial host, and is to be provisioned", vm.Name)
		}
		if s.To != *target {
			j.found(n, "VM %q would resume on %s; a suspended VM resumes on its target, %s", vm.Name, j.where(s.To), j.where(*target))
		}
	default:
		j.found(n, "unknown action %q", s.Action)
		return false
	}
	return true
}

// where names a host in a sentence.
func (j *judge) where(h cloud.HostID) string {
	if h == cloud.Absent {
		return "no host"
	}
	return fmt.Sprintf("host %q", j.in.Hosts[h].Name)
}

// host tells whether the instance has the host; Absent counts as one.
func (j *judge) host(h cloud.HostID) bool {
	return h == cloud.Absent || (h >= 0 && int(h) < len(j.in.Hosts))
}

func (j *judge) charge(n int, s cloud.Step) {
	cost := int64(0)
	if s.Action != cloud.Shutdown && s.Action != cloud.Provision {
		cost = cloud.CostOf(j.cost, cloud.Change{VM: s.VM, From: s.From, To: s.To})
	}
	if cost != s.Cost {
		j.found(n, "the plan claims a cost of %d for this step, it costs %d by %s", s.Cost, cost, j.cost)
	}
	if j.out.Cost > math.MaxInt64-cost {
		j.found(n, "the cost of the plan does not fit in 64 bits")
		return
	}
	j.out.Cost += cost
}

// claims holds what the plan says of itself against what the replay showed.
func (j *judge) claims(p *cloud.Plan) {
	if !p.Status.HasPlan() {
		j.found(0, "the status is %q, with which no plan goes", p.Status)
		return
	}
	if p.Cost != j.out.Cost {
		j.found(0, "the plan claims a cost of %d, its steps cost %d", p.Cost, j.out.Cost)
	}
	if p.LowerBound > j.out.Cost {
		j.found(0, "the plan claims that no plan costs less than %d, it costs %d itself", p.LowerBound, j.out.Cost)
	}
	if p.Status == cloud.Optimal && p.LowerBound < p.Cost {
		j.found(0, "the plan claims to be optimal with a cost of %d and a lower bound of %d", p.Cost, p.LowerBound)
	}
}
