package validate_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// from gives a step its times.
func from(start, end int64, s cloud.Step) cloud.Step {
	s.Start, s.End = start, end
	return s
}

// scheduled is [good] with times: where old was, b makes way at once.
func scheduled() *cloud.Plan {
	p := good()
	p.Steps = []cloud.Step{
		from(0, 0, down(old, h3)), from(0, 6000, migrate(b, h2, h3, 600)), from(6000, 13000, migrate(a, h1, h2, 700)),
		from(13000, 19000, migrate(b, h3, h1, 600)), from(19000, 19000, provision(fresh, h3)),
	}
	p.Schedule = &cloud.Schedule{Model: "slots(outgoing=1)", Unit: "ms", Makespan: 19000, LowerBound: 13000}
	return p
}

func TestJudgeOverlooksAFaultOfASchedule(t *testing.T) {
	for _, c := range []struct {
		name   string
		edit   func(in *cloud.Instance, p *cloud.Plan)
		expect []string
	}{
		{"nothing wrong", func(*cloud.Instance, *cloud.Plan) {}, nil},
		{"no steps", func(in *cloud.Instance, p *cloud.Plan) {
			in.Target = in.Initial
			p.Steps, p.Cost, p.LowerBound, p.Schedule.Makespan, p.Schedule.LowerBound = nil, 0, 0, 0, 0
		}, nil},
		{"a shutdown that takes its time", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[0].End = 1 }, []string{
			`step 2: capacity: at 0 ms, while VM "b" migrates, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
		}},
		{"two steps of a VM at once", func(_ *cloud.Instance, p *cloud.Plan) {
			late := from(5000, 13000, p.Steps[3])
			p.Steps = slices.Insert(slices.Delete(p.Steps, 3, 4), 2, late)
		}, []string{
			`step 3: at 5,000 ms VM "b" is still under way by step 2`,
			`in the end VM "b" stands on host "h3", its target is host "h1"`,
			`anti-affinity(group=late, by=host, continuous=no): in the end host "h3" holds 2 VMs of group "late": b, new`,
			`the plan claims a cost of 1900, its steps cost 1300`,
			`the plan claims that no plan costs less than 1900, it costs 1300 itself`,
		}},
		{"too early for the room that it needs", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[2].Start = 5999 }, []string{
			`step 3: capacity: at 5,999 ms, while VM "a" migrates, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
		}},
		{"the next step of a VM after one that takes no time", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = slices.Insert(p.Steps, 2, from(6000, 6000, migrate(b, h3, h1, 600)), from(6000, 7000, migrate(b, h1, h3, 600)))
			p.Cost, p.LowerBound = 3100, 3100
		}, []string{
			`step 4: at 6,000 ms VM "b" is still under way by step 3`,
			`step 3: capacity: at 6,000 ms, while VM "b" migrates, host "h1" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 3: capacity: at 6,000 ms, after VM "b" has migrated, host "h1" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 6: VM "b" stands on host "h1", the step takes it from host "h3"`,
			`the plan claims a cost of 3100, its steps cost 2500`,
			`the plan claims that no plan costs less than 3100, it costs 2500 itself`,
		}},
		{"one violation of several changes", func(in *cloud.Instance, p *cloud.Plan) {
			in.Hosts[h3].Capacity[0] = 1400
			in.Target = cloud.Placement{h3, h3, none, none}
			p.Steps = []cloud.Step{from(0, 1, down(old, h3)), from(0, 7, migrate(a, h1, h3, 700)), from(0, 6, migrate(b, h2, h3, 600))}
			p.Cost, p.LowerBound, p.Schedule.Makespan, p.Schedule.LowerBound = 1300, 1300, 7, 0
		}, []string{
			`step 2: capacity: at 0 ms, while VM "a" migrates, host "h3" holds VMs that demand 1800 MiB of ram, its limit is 1400`,
		}},
		{"no order", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[2], p.Steps[3] = p.Steps[3], p.Steps[2] }, []string{
			`step 4: the step starts at 6,000 ms, before step 3, at 13,000 ms: steps must be ordered by start time`,
		}},
		{"an end before its start", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[4].End = 18999 }, []string{
			`step 5: the step ends at 18,999 ms, before it starts, at 19,000 ms`,
		}},
		{"before the beginning", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[0] = from(-1, -1, p.Steps[0]) }, []string{
			`step 1: the step starts at -1 ms, before the beginning`,
		}},
		{"wrong makespan, in steps", func(_ *cloud.Instance, p *cloud.Plan) { p.Schedule.Makespan, p.Schedule.Unit = 18999, "step" }, []string{
			`the schedule claims a makespan of time step 18,999, but its last step ends at time step 19,000`,
		}},
		{"bound above the makespan", func(_ *cloud.Instance, p *cloud.Plan) { p.Schedule.LowerBound = 19001 }, []string{
			`the schedule has a lower bound of 19,001 ms but ends at 19,000 ms`,
		}},
		{"too many at once", func(in *cloud.Instance, p *cloud.Plan) {
			in.Hosts[h1].Capacity[0], in.Hosts[h2].Capacity[0] = 2000, 2000
			in.Target = cloud.Placement{h2, h1, none, h3}
			p.Steps = []cloud.Step{
				from(0, 0, down(old, h3)), from(0, 7000, migrate(a, h1, h2, 700)), from(6999, 12000, migrate(b, h2, h1, 600)), from(19000, 19000, provision(fresh, h3)),
			}
			p.Cost, p.LowerBound, p.Schedule.Model = 1300, 1300, "sequential"
		}, []string{
			`step 3: sequential: at 6,999 ms, 2 migrations are under way, at most 1 may be`,
		}},
		{"a step that cannot be", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[1].To = none }, []string{
			`step 2: no migration takes VM "b" from host "h2" to no host`,
			`step 3: capacity: at 6,000 ms, while VM "a" migrates, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 3: capacity: at 13,000 ms, after VM "a" has migrated, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 4: VM "b" stands on host "h2", the step takes it from host "h3"`,
			`the plan claims a cost of 1900, its steps cost 1300`,
			`the plan claims that no plan costs less than 1900, it costs 1300 itself`,
		}},
		{"times of a duration", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Schedule.Duration = "rate(bandwidth=1000)" // 600 MiB take 5,034 ms, 700 take 5,873
		}, nil},
		{"too short", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Schedule.Duration = "rate(bandwidth=1000, shutdown=1s)"
			p.Steps[1].End, p.Steps[2].End = 5034, 11872
		}, []string{
			`step 1: the step ends at 0 ms, at the earliest it can end at 1,000 ms`,
			`step 3: the step ends at 11,872 ms, at the earliest it can end at 11,873 ms`,
		}},
		{"a step that cannot be takes no time", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Schedule.Duration = "rate(bandwidth=1000)"
			p.Steps = append(p.Steps, cloud.Step{Action: cloud.Migrate, VM: a, From: h2, To: none, Start: 19000, End: 19000})
		}, []string{`step 6: no migration takes VM "a" from host "h2" to no host`}},
		{"an action that is none", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = append(p.Steps, cloud.Step{Action: "move", VM: a, From: h2, To: h3, Start: 19000, End: 19000})
		}, []string{`step 6: unknown action "move"`}},
		{"a suspend holds its host until it ends", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[b].Interruptible = true
			p.Steps[1] = from(0, 6001, cloud.Step{Action: cloud.Suspend, VM: b, From: h2, To: none, Cost: 1200})
			p.Steps[3] = from(12999, 19000, cloud.Step{Action: cloud.Resume, VM: b, From: none, To: h1, Cost: 600})
			p.Cost, p.LowerBound = 2500, 2500
		}, []string{
			`step 3: capacity: at 6,000 ms, while VM "a" migrates, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 4: capacity: at 12,999 ms, while VM "b" resumes, host "h1" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
		}},
		{"no target", func(in *cloud.Instance, _ *cloud.Plan) { in.Target = nil }, []string{"the instance has no target"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := cloud.DecodeInstance("", []byte(document))
			if err != nil {
				t.Fatal(err)
			}
			p := scheduled()
			c.edit(in, p)
			r := judgeSchedule(t, in, p)
			var found []string
			for _, f := range r.Findings {
				found = append(found, f.String())
			}
			if d := cmp.Diff(c.expect, found); d != "" {
				t.Errorf("findings (-expected +found):\n%s", d)
			}
		})
	}
}

// A schedule is no path, and a path is no schedule.
func TestJudgeTakesOneKindOfPlanForTheOther(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	if r := judge(t, in, scheduled()); r.OK() {
		t.Error("a schedule is judged as a path")
	}
	if r := validate.Schedule(in, nil, count(t, in), nil, good()); r.OK() {
		t.Error("a path is judged as a schedule")
	}
}

func count(t *testing.T, in *cloud.Instance) cloud.CostFunction {
	t.Helper()
	cost, err := costs.Bind(catalogue.Standard(), in, spec.Named("count"))
	if err != nil {
		t.Fatal(err)
	}
	return cost
}

// A path whose migrations are done one after the other is a sequential schedule: the shutdowns
// at the beginning, the provisions at the end.
func TestSequentialPathIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, p := randomPlan(t)
		p.Schedule = &cloud.Schedule{Model: "sequential", Unit: "ms"}
		for i := range p.Steps {
			s := &p.Steps[i]
			s.Start = p.Schedule.Makespan
			if s.Action == cloud.Migrate {
				p.Schedule.Makespan += rapid.Int64Range(1, 9).Draw(t, "duration")
			}
			s.End = p.Schedule.Makespan
		}
		if r := judgeSchedule(t, in, p); !r.OK() {
			t.Fatalf("%v\n%s", r.Findings, shown(in, p))
		}
	})
}

// What guards grant, the judge accepts, in whatever order the steps end.
func TestJudgeRefusesWhatGuardsGrant(t *testing.T) {
	for _, name := range ruleNames() {
		t.Run(name, func(t *testing.T) {
			together := 0
			rapid.Check(t, func(t *rapid.T) {
				in, p := draw(t, name, false, false, false)
				for v, h := range in.Initial {
					suspended := func(s cloud.Step) bool { return s.Action == cloud.Suspend && int(s.VM) == v }
					if h != cloud.Absent && in.Target[v] == cloud.Absent && slices.ContainsFunc(p.Steps, suspended) {
						t.Skip("a VM is not resumed in time, so that it has no target")
					}
				}
				if r := judgeSchedule(t, in, p); !r.OK() {
					t.Fatalf("every start was granted, the judge finds %v\n%s", r.Findings, shown(in, p))
				}
				for i := range p.Steps {
					if i > 0 && p.Steps[i].Start < p.Steps[i-1].End {
						together++
						break
					}
				}
			})
			if together < 5 {
				t.Errorf("in %d schedules two steps overlap", together)
			}
		})
	}
}

// Why guards refuse more than the judge: of two VMs that must stand on different hosts the
// second goes to the host that the first is leaving. As the times are stated the first has left
// when the second arrives. But an executor can hold back starts, not ends: a migration may take
// longer than planned, and then both stand on one host. So no guard lets the second one start
// while the first is under way.
func TestGuardTrustsStatedTimes(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(`{
		"format": "rearrange/instance/1", "name": "follow", "resources": [{"name": "ram"}],
		"hosts": [{"name": "h1", "capacity": {"ram": 2}}, {"name": "h2", "capacity": {"ram": 2}}, {"name": "h3", "capacity": {"ram": 2}}],
		"vms": [{"name": "a", "demand": {"ram": 1}}, {"name": "b", "demand": {"ram": 1}}],
		"groups": [{"name": "web", "vms": ["a", "b"]}], "rules": ["capacity", "spread(group=web, min=2)"],
		"initial": {"a": "h1", "b": "h2"}, "target": {"a": "h3", "b": "h1"}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := cloud.NewState(in, bound, in.Initial)
	if !s.Allows(a, h3) {
		t.Fatal("nothing is under way, and a guard refuses the first VM")
	}
	s.Begin(a, h3)
	if s.Allows(b, h1) {
		t.Error("a guard lets the second VM start, which may arrive before the first has left")
	}
	p := &cloud.Plan{
		Status: cloud.Feasible, Cost: 2, Steps: []cloud.Step{from(0, 4000, migrate(a, h1, h3, 1)), from(1000, 5000, migrate(b, h2, h1, 1))},
		Schedule: &cloud.Schedule{Model: "slots(total=2)", Unit: "ms", Makespan: 5000},
	}
	if r := judgeSchedule(t, in, p); !r.OK() {
		t.Errorf("the first has left when the second arrives, and the judge finds %v", r.Findings)
	}
	p.Steps[0].End, p.Schedule.Makespan = 6000, 6000
	if r := judgeSchedule(t, in, p); len(r.Findings) != 1 || r.Findings[0].String() !=
		`step 2: spread(group=web, min=2, by=host, continuous=yes): at 5,000 ms, after VM "b" has migrated, group "web" stands in too few places: expected at least 2 different ones by host, found 1` {
		t.Errorf("the first is late, and the judge finds %v", r.Findings)
	}
	s.End(a)
	if !s.Allows(b, h1) {
		t.Error("the first has left, and a guard refuses the second")
	}
}
