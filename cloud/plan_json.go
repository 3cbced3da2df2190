package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// PlanFormat is the version of the plan format that this program reads and writes.
const PlanFormat = "rearrange/plan/1"

// The wire types of plans serve the same purpose as those of instances.

type wirePlan struct {
	Format         string            `json:"format"`
	Instance       string            `json:"instance"`
	InstanceSHA256 string            `json:"instance_sha256"`
	Algorithm      string            `json:"algorithm"`
	CostFunction   string            `json:"cost_function"`
	Status         Status            `json:"status"`
	Cost           int64             `json:"cost"`
	LowerBound     int64             `json:"lower_bound"`
	Reason         string            `json:"reason"`
	Steps          skimmed[wireStep] `json:"steps"`
	Schedule       wireSchedule      `json:"schedule"`
	Stats          skimmedMap[int64] `json:"stats"`
}

type wireStep struct {
	Action Action `json:"action"`
	VM     string `json:"vm"`
	From   string `json:"from"`
	To     string `json:"to"`
	Cost   int64  `json:"cost"`
	Start  int64  `json:"start"`
	End    int64  `json:"end"`
}

type wireSchedule struct {
	Model      string   `json:"model"`
	Scheduler  string   `json:"scheduler"`
	Duration   string   `json:"duration"`
	Unit       string   `json:"unit"`
	Makespan   int64    `json:"makespan"`
	LowerBound int64    `json:"lower_bound"`
	Bottleneck string   `json:"bottleneck"`
	SLAs       []string `json:"slas"`
}

// ends says which members a step with some action has.
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
	if p.Reason != "" {
		l.member("reason", p.Reason)
	}
	l.steps(in, p.Steps, p.Schedule != nil)
	if p.Schedule != nil {
		l.schedule(p.Schedule)
	}
	stats := p.Stats
	if stats == nil {
		stats = map[string]int64{}
	}
	l.member("stats", stats)
	return l.close()
}

func (l *layout) schedule(s *Schedule) {
	l.begin("schedule")
	l.open()
	l.text("model", s.Model)
	if s.Scheduler != "" {
		l.text("scheduler", s.Scheduler)
	}
	if s.Duration != "" {
		l.text("duration", s.Duration)
	}
	l.text("unit", s.Unit)
	l.integer("makespan", s.Makespan)
	l.integer("lower_bound", s.LowerBound)
	if s.Bottleneck != "" {
		l.text("bottleneck", s.Bottleneck)
	}
	if len(s.SLAs) > 0 {
		l.field("slas")
		l.list(len(s.SLAs), func(i int) { l.quote(s.SLAs[i]) })
	}
	l.shut()
}

func (l *layout) steps(in *Instance, steps []Step, scheduled bool) {
	hosts := namesOf(in.Hosts)
	l.array("steps", len(steps), func(i int) { l.step(in, hosts, &steps[i], scheduled) })
}

func (l *layout) step(in *Instance, hosts []string, s *Step, scheduled bool) {
	l.open()
	l.text("action", string(s.Action))
	l.text("vm", in.VMs[s.VM].Name)
	if s.From != Absent {
		l.text("from", hosts[s.From])
	}
	if s.To != Absent {
		l.text("to", hosts[s.To])
	}
	if e, _ := endsOf(s.Action); e.cost {
		l.integer("cost", s.Cost)
	}
	if scheduled {
		l.integer("start", s.Start)
		l.integer("end", s.End)
	}
	l.shut()
}

// StepsSHA256 is the hash of the steps alone: equal for plans that do the same,
// whoever found them.
func (p *Plan) StepsSHA256(in *Instance) string {
	h := sha256.New()
	l := &layout{w: h, first: true}
	l.steps(in, p.Steps, p.Schedule != nil)
	l.flush()
	return hex.EncodeToString(h.Sum(nil))
}
