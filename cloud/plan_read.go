package cloud

import (
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// ReadPlan reads a plan for an instance; `-` is standard input. It checks names and
// form, not whether the plan is sane: that is the judge's office.
func ReadPlan(path string, in *Instance) (*Plan, error) {
	file, data, err := read(path)
	if err != nil {
		return nil, err
	}
	return DecodePlan(file, data, in)
}

// DecodePlan is [ReadPlan] for a document in memory. It uses all cores.
func DecodePlan(file string, data []byte, in *Instance) (*Plan, error) {
	r := planReader{in: in, plan: &Plan{}}
	if r.read(data); !r.failed && len(r.faults.list) == 0 {
		return r.plan, nil
	}
	if err := unmarshal(file, data, PlanFormat, new(wirePlan)); err != nil {
		return nil, err
	}
	return nil, unreadable(file, data, &r.faults)
}

// planReader reads a plan; see [reader].
type planReader struct {
	in     *Instance
	plan   *Plan
	failed bool // the document is malformed or of another form
	faults faults
}

// Numbers of members of a plan, a step and a schedule for [lexer.once].
const (
	memberInstance = iota
	memberSHA256
	memberAlgorithm
	memberCostFunction
	memberStatus
	memberPlanFormat
	memberLowerBound
	memberReason
	memberSteps
	memberSchedule
	memberStats
	memberAction
	memberVM
	memberFrom
	memberTo
	memberCost
	memberStart
	memberEnd
	memberTimeUnit
	memberModel
	memberScheduler
	memberDuration
	memberMakespan
	memberBottleneck
	memberSLAs
)

func (r *planReader) read(data []byte) {
	p := r.plan
	var steps section
	var schedule scheduleReader
	var given uint32
	format := ""
	x := lexer{data: data}
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "format":
			format = string(x.once(&given, memberPlanFormat).text())
		case "instance":
			p.Instance = string(x.once(&given, memberInstance).text())
		case "instance_sha256":
			p.InstanceSHA256 = string(x.once(&given, memberSHA256).text())
		case "algorithm":
			p.Algorithm = string(x.once(&given, memberAlgorithm).text())
		case "cost_function":
			p.CostFunction = string(x.once(&given, memberCostFunction).text())
		case "status":
			p.Status = Status(x.once(&given, memberStatus).text())
		case "cost":
			p.Cost = x.once(&given, memberCost).integer()
		case "lower_bound":
			p.LowerBound = x.once(&given, memberLowerBound).integer()
		case "reason":
			p.Reason = string(x.once(&given, memberReason).text())
		case "steps":
			steps = x.once(&given, memberSteps).section('[')
		case "schedule":
			x.once(&given, memberSchedule)
			schedule.read(&x)
			p.Schedule = &schedule.Schedule
		case "stats":
			x.once(&given, memberStats)
			p.Stats = map[string]int64{}
			for x.open('{'); x.more('}'); {
				name := string(x.name())
				if _, twice := p.Stats[name]; twice {
					x.fail()
				}
				p.Stats[name] = x.integer()
			}
		default:
			x.fail()
		}
	}
	if r.failed = !x.end(); r.failed {
		return
	}
	if err := checkFormat(format, PlanFormat); err != nil {
		r.faults.list = []error{err}
		return
	}
	r.checkClaims(given>>memberCost&1 != 0)
	r.readSteps(&steps)
	switch {
	case p.Schedule == nil:
	case p.Status.known() && !p.Status.HasPlan():
		r.faults.add("/schedule", "expected no schedule: no plan goes with the status %q", p.Status)
	default:
		schedule.check(&r.faults)
	}
	if f := &r.faults; len(f.list) > 0 && p.Instance != "" && p.Instance != r.in.Name {
		f.list = append([]error{&PathError{Pointer: "/instance", Msg: fmt.Sprintf(
			"the plan is for the instance %q, it was read for %q", prose.Abridge(p.Instance, maxName), prose.Abridge(r.in.Name, maxName))}}, f.list...)
	}
}

// checkClaims checks status, cost and lower bound against each other.
func (r *planReader) checkClaims(hasCost bool) {
	p, f := r.plan, &r.faults
	known := p.Status.known()
	if !known {
		f.add("/status", "expected optimal, feasible, infeasible, unknown or unsupported, found %s", orNothing(string(p.Status)))
	}
	if p.LowerBound < 0 {
		f.add("/lower_bound", "expected an integer of at least 0, found %d", p.LowerBound)
	}
	switch {
	case p.Cost < 0:
		f.add("/cost", "expected an integer of at least 0, found %d", p.Cost)
	case hasCost && known && !p.Status.HasPlan():
		f.add("/cost", "expected no cost: no plan goes with the status %q; found %d", p.Status, p.Cost)
	case !hasCost && p.Status.HasPlan():
		f.add("", "expected \"cost\", an integer: a plan goes with the status %q; found nothing", p.Status)
	}
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return strconv.Quote(prose.Abridge(s, maxName))
}

// scheduleReader reads what is said of the times of a plan.
type scheduleReader struct {
	Schedule
	given uint32
}

func (r *scheduleReader) read(x *lexer) {
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "model":
			r.Model = string(x.once(&r.given, memberModel).text())
		case "scheduler":
			r.Scheduler = string(x.once(&r.given, memberScheduler).text())
		case "duration":
			r.Duration = string(x.once(&r.given, memberDuration).text())
		case "unit":
			r.Unit = string(x.once(&r.given, memberTimeUnit).text())
		case "makespan":
			r.Makespan = x.once(&r.given, memberMakespan).integer()
		case "lower_bound":
			r.LowerBound = x.once(&r.given, memberLowerBound).integer()
		case "bottleneck":
			r.Bottleneck = string(x.once(&r.given, memberBottleneck).text())
		case "slas":
			for x.once(&r.given, memberSLAs).open('['); x.more(']'); {
				r.SLAs = append(r.SLAs, string(x.text()))
			}
		default:
			x.fail()
		}
	}
}

// check checks what can be told without the steps.
func (r *scheduleReader) check(f *faults) {
	for _, want := range []struct {
		member int
		text   string
	}{
		{memberModel, `"model", the spec of a model of concurrency`},
		{memberTimeUnit, `"unit", ms or step`},
		{memberMakespan, `"makespan", an integer`},
	} {
		if r.given>>want.member&1 == 0 {
			f.add("/schedule", "expected %s, found nothing", want.text)
		}
	}
	if r.given>>memberTimeUnit&1 != 0 && r.Unit != "ms" && r.Unit != "step" {
		f.add("/schedule/unit", "expected ms or step, found %s", orNothing(r.Unit))
	}
	if r.Makespan < 0 {
		f.add("/schedule/makespan", "expected an integer of at least 0, found %d", r.Makespan)
	}
	if r.LowerBound < 0 {
		f.add("/schedule/lower_bound", "expected an integer of at least 0, found %d", r.LowerBound)
	}
}

func (r *planReader) readSteps(s *section) {
	if !s.given {
		r.faults.add("", "expected \"steps\", an array, found nothing")
		return
	}
	if s.n > 0 {
		r.plan.Steps = make([]Step, s.n)
	}
	pieces := make([]stepReader, s.pieces())
	inParallel(len(pieces), func(n int) {
		p := &pieces[n]
		p.in, p.scheduled = r.in, r.plan.Schedule != nil
		p.failed = !s.piece(n, func(x *lexer, i int) { r.plan.Steps[i] = p.step(x, i) })
	})
	for n := range pieces {
		r.failed = r.failed || pieces[n].failed
		r.faults.join(&pieces[n].faults)
	}
}

// stepReader reads one piece of the steps.
type stepReader struct {
	in        *Instance
	scheduled bool
	failed    bool
	faults    faults
	vm        []byte // names in the current step
	from, to  []byte
	given     uint32
}

func (r *stepReader) step(x *lexer, i int) Step {
	r.given, r.vm, r.from, r.to = 0, nil, nil, nil
	out := Step{From: Absent, To: Absent}
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "action":
			out.Action = actionNamed(x.once(&r.given, memberAction).text())
		case "vm":
			r.vm = x.once(&r.given, memberVM).text()
		case "from":
			r.from = x.once(&r.given, memberFrom).text()
		case "to":
			r.to = x.once(&r.given, memberTo).text()
		case "cost":
			out.Cost = x.once(&r.given, memberCost).integer()
		case "start":
			out.Start = x.once(&r.given, memberStart).integer()
		case "end":
			out.End = x.once(&r.given, memberEnd).integer()
		default:
			x.fail()
		}
	}
	if !x.failed {
		r.resolve(place{"/steps/", i}, &out)
	}
	return out
}

// actionNamed returns the action of a name without a copy of the name.
func actionNamed(name []byte) Action {
	for _, a := range []Action{Shutdown, Migrate, Suspend, Resume, Provision} {
		if string(name) == string(a) {
			return a
		}
	}
	return Action(name)
}

// resolve looks up the names in a step and checks that its members fit its action.
func (r *stepReader) resolve(at place, s *Step) {
	f := &r.faults
	has, ok := endsOf(s.Action)
	if !ok {
		f.add(at.String()+"/action", "expected shutdown, migrate, suspend, resume or provision, found %s", orNothing(string(s.Action)))
		return
	}
	if s.VM, ok = vmNamed(r.in, r.vm); !ok && len(r.vm) == 0 {
		f.add(at.String(), "expected \"vm\", a VM name, found nothing")
	} else if !ok {
		f.unknownVM(r.in, at.String()+"/vm", string(r.vm))
	}
	s.From = r.end(at, s.Action, "from", r.from, memberFrom, has.from)
	s.To = r.end(at, s.Action, "to", r.to, memberTo, has.to)
	switch hasCost := r.given>>memberCost&1 != 0; {
	case !hasCost && has.cost:
		f.add(at.String(), "expected \"cost\", an integer: every %s has one; found nothing", s.Action.Noun())
	case s.Cost < 0:
		f.add(at.String()+"/cost", "expected an integer of at least 0, found %d", s.Cost)
	case !has.cost && s.Cost != 0:
		f.add(at.String()+"/cost", "expected no cost or 0: a %s costs nothing; found %d", s.Action.Noun(), s.Cost)
	}
	r.time(at, "start", s.Start, memberStart)
	r.time(at, "end", s.End, memberEnd)
}

// time checks a time of a step. Whether times make sense is for the judge to say.
func (r *stepReader) time(at place, name string, t int64, member int) {
	switch given := r.given>>member&1 != 0; {
	case given && !r.scheduled:
		r.faults.add(at.String()+"/"+name, "expected no %q: the plan has no schedule; found %d", name, t)
	case !given && r.scheduled:
		r.faults.add(at.String(), "expected %q, an integer: the plan has a schedule; found nothing", name)
	case t < 0:
		r.faults.add(at.String()+"/"+name, "expected an integer of at least 0, found %d", t)
	}
}

func (r *stepReader) end(at place, a Action, field string, name []byte, member int, wanted bool) HostID {
	given := r.given>>member&1 != 0
	switch {
	case wanted && !given:
		r.faults.add(at.String(), "expected %q, a host name: every %s has one; found nothing", field, a.Noun())
	case wanted:
		if h, ok := hostNamed(r.in, name); ok {
			return h
		}
		r.faults.unknownHost(r.in, at.String()+"/"+field, string(name))
	case given:
		r.faults.add(at.String()+"/"+field, "expected no %q: a %s has none; found %q", field, a.Noun(), prose.Abridge(string(name), maxName))
	}
	return Absent
}
