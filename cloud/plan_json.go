package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// PlanFormat is the version of the plan format that this program reads and writes.
const PlanFormat = "rearrange/plan/1"

type wirePlan struct {
	Format         string           `json:"format"`
	Instance       string           `json:"instance"`
	InstanceSHA256 string           `json:"instance_sha256"`
	Algorithm      string           `json:"algorithm"`
	CostFunction   string           `json:"cost_function"`
	Status         Status           `json:"status"`
	Cost           *int64           `json:"cost"`
	LowerBound     int64            `json:"lower_bound"`
	Steps          *[]wireStep      `json:"steps"`
	Schedule       *Schedule        `json:"schedule"`
	Stats          map[string]int64 `json:"stats"`
}

type wireStep struct {
	Action Action  `json:"action"`
	VM     string  `json:"vm"`
	From   *string `json:"from"`
	To     *string `json:"to"`
	Cost   *int64  `json:"cost"`
}

// ends says which ends and costs an action has.
type ends struct{ from, to, cost bool }

func endsOf(a Action) (e ends, known bool) {
	switch a {
	case Shutdown:
		return ends{from: true}, true
	case Migrate:
		return ends{from: true, to: true, cost: true}, true
	case Suspend:
		return ends{from: true, cost: true}, true
	case Resume:
		return ends{to: true, cost: true}, true
	case Provision:
		return ends{to: true}, true
	}
	return ends{}, false
}

// ReadPlan reads a plan for an instance; `-` is standard input. It checks names and
// form, not whether the plan is sane: that is the judge's office.
func ReadPlan(path string, in *Instance) (*Plan, error) {
	file, data, err := read(path)
	if err != nil {
		return nil, err
	}
	return DecodePlan(file, data, in)
}

// DecodePlan is [ReadPlan] for a document in memory.
func DecodePlan(file string, data []byte, in *Instance) (*Plan, error) {
	var w wirePlan
	if err := unmarshal(file, data, PlanFormat, &w); err != nil {
		return nil, err
	}
	p, err := w.plan(in)
	if err != nil {
		return nil, placed(file, data, err)
	}
	return p, nil
}

func (w *wirePlan) plan(in *Instance) (*Plan, error) {
	if err := checkFormat(w.Format, PlanFormat); err != nil {
		return nil, err
	}
	var f faults
	p := &Plan{
		Instance: w.Instance, InstanceSHA256: w.InstanceSHA256, Algorithm: w.Algorithm,
		CostFunction: w.CostFunction, Status: w.Status, LowerBound: w.LowerBound,
		Schedule: w.Schedule, Stats: w.Stats,
	}
	known := p.Status.known()
	if !known {
		f.add("/status", "expected optimal, feasible, infeasible, unknown or unsupported, found %s", orNothing(string(p.Status)))
	}
	if p.LowerBound < 0 {
		f.add("/lower_bound", "expected an integer of at least 0, found %d", p.LowerBound)
	}
	switch {
	case w.Cost != nil && *w.Cost < 0:
		f.add("/cost", "expected an integer of at least 0, found %d", *w.Cost)
	case w.Cost != nil && known && !p.Status.HasPlan():
		f.add("/cost", "expected no cost: no plan goes with the status %q; found %d", p.Status, *w.Cost)
	case w.Cost != nil:
		p.Cost = *w.Cost
	case p.Status.HasPlan():
		f.add("", "expected \"cost\", an integer: a plan goes with the status %q; found nothing", p.Status)
	}
	if w.Steps == nil {
		f.add("", "expected \"steps\", an array, found nothing")
	} else {
		for i, s := range *w.Steps {
			p.Steps = append(p.Steps, s.step(&f, "/steps/"+strconv.Itoa(i), in))
		}
	}
	if p.Schedule != nil {
		p.Schedule.check(&f, len(p.Steps))
	}
	if len(f.list) > 0 && p.Instance != "" && p.Instance != in.Name {
		f.list = append([]error{&PathError{Pointer: "/instance", Msg: fmt.Sprintf(
			"the plan is for the instance %q, it was read for %q", abridge(p.Instance, maxName), abridge(in.Name, maxName))}}, f.list...)
	}
	return p, f.err()
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return strconv.Quote(abridge(s, maxName))
}

func (s *Schedule) check(f *faults, steps int) {
	for _, list := range []struct {
		name  string
		times []float64
	}{{"starts", s.Starts}, {"ends", s.Ends}} {
		at := "/schedule/" + list.name
		if len(list.times) != steps {
			f.add(at, "expected %d times, one per step, found %d", steps, len(list.times))
		}
		for i, t := range list.times {
			if t < 0 {
				f.add(at+"/"+strconv.Itoa(i), "expected a number of at least 0, found %v", t)
			}
		}
	}
	if s.Makespan < 0 {
		f.add("/schedule/makespan", "expected a number of at least 0, found %v", s.Makespan)
	}
}

func (s wireStep) step(f *faults, at string, in *Instance) Step {
	out := Step{Action: s.Action, From: Absent, To: Absent}
	has, ok := endsOf(s.Action)
	if !ok {
		f.add(at+"/action", "expected shutdown, migrate, suspend, resume or provision, found %s", orNothing(string(s.Action)))
		return out
	}
	if out.VM, ok = in.VM(s.VM); !ok && s.VM == "" {
		f.add(at, "expected \"vm\", a VM name, found nothing")
	} else if !ok {
		f.unknownVM(in, at+"/vm", s.VM)
	}
	end := func(field string, name *string, wanted bool) HostID {
		switch {
		case wanted && name == nil:
			f.add(at, "expected %q, a host name: every %s has one; found nothing", field, s.Action.Noun())
		case wanted:
			if h, ok := in.Host(*name); ok {
				return h
			}
			f.unknownHost(in, at+"/"+field, *name)
		case name != nil:
			f.add(at+"/"+field, "expected no %q: a %s has none; found %q", field, s.Action.Noun(), abridge(*name, maxName))
		}
		return Absent
	}
	out.From = end("from", s.From, has.from)
	out.To = end("to", s.To, has.to)
	switch {
	case s.Cost == nil && has.cost:
		f.add(at, "expected \"cost\", an integer: every %s has one; found nothing", s.Action.Noun())
	case s.Cost == nil:
	case *s.Cost < 0:
		f.add(at+"/cost", "expected an integer of at least 0, found %d", *s.Cost)
	case !has.cost && *s.Cost != 0:
		f.add(at+"/cost", "expected no cost or 0: a %s costs nothing; found %d", s.Action.Noun(), *s.Cost)
	default:
		out.Cost = *s.Cost
	}
	return out
}

// WriteFile writes the plan to a file, `-` being standard output.
func (p *Plan) WriteFile(path string, in *Instance) error {
	return fileio.Write(path, nil, func(w io.Writer) error { return p.Encode(w, in) })
}

// Encode writes the plan in its JSON format. Equal plans yield equal bytes.
func (p *Plan) Encode(w io.Writer, in *Instance) error {
	l := newLayout(w)
	l.member("format", PlanFormat)
	l.member("instance", p.Instance)
	l.member("instance_sha256", p.InstanceSHA256)
	l.member("algorithm", p.Algorithm)
	l.member("cost_function", p.CostFunction)
	l.member("status", p.Status)
	if p.Status.HasPlan() {
		l.member("cost", p.Cost)
	}
	l.member("lower_bound", p.LowerBound)
	l.array("steps", len(p.Steps), func(i int) { l.step(in, &p.Steps[i]) })
	if p.Schedule != nil {
		l.member("schedule", p.Schedule)
	}
	stats := p.Stats
	if stats == nil {
		stats = map[string]int64{}
	}
	l.member("stats", stats)
	return l.close()
}

func (l *layout) step(in *Instance, s *Step) {
	l.open()
	l.text("action", string(s.Action))
	l.text("vm", in.VMs[s.VM].Name)
	if s.From != Absent {
		l.text("from", in.Hosts[s.From].Name)
	}
	if s.To != Absent {
		l.text("to", in.Hosts[s.To].Name)
	}
	if e, _ := endsOf(s.Action); e.cost {
		l.integer("cost", s.Cost)
	}
	l.shut()
}

// StepsSHA256 is the hash of the steps alone: equal for plans that do the same,
// whoever found them.
func (p *Plan) StepsSHA256(in *Instance) string {
	h := sha256.New()
	l := &layout{w: h, first: true}
	l.array("steps", len(p.Steps), func(i int) { l.step(in, &p.Steps[i]) })
	l.flush()
	return hex.EncodeToString(h.Sum(nil))
}
