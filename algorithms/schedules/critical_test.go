package schedules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// problemOf binds a plan to slots and times that grow with memory.
func problemOf(t *testing.T, in *cloud.Instance, steps []cloud.Step, model string) *timetable.Problem {
	return problemOfPlan(t, in, &cloud.Plan{Status: cloud.Feasible, Steps: steps}, model)
}

func problemOfPlan(t *testing.T, in *cloud.Instance, plan *cloud.Plan, model string) *timetable.Problem {
	t.Helper()
	c := spec.NewCatalogue(rules.Registry(rules.Entries()...), durations.Registry(durations.Entries()...), concurrency.Registry(concurrency.Entries()...), costs.Registry(costs.Entries()...))
	p, err := timetable.NewProblem(c, in, nil, plan, spec.MustParse(model), spec.MustParse("rate(bandwidth=8)"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// three hosts of 10 MiB; b makes room for a.
func three() *cloud.Instance {
	in := &cloud.Instance{Name: "three", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range 3 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", h+1), Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for _, v := range []struct {
		name     string
		demand   int64
		from, to cloud.HostID
	}{{"a", 6, 0, 1}, {"b", 6, 1, 2}, {"c", 2, 0, 1}, {"old", 1, 1, cloud.Absent}, {"new", 1, cloud.Absent, 0}} {
		in.VMs = append(in.VMs, cloud.VM{Name: v.name, Demand: []int64{v.demand}})
		in.Initial, in.Target = append(in.Initial, v.from), append(in.Target, v.to)
	}
	return in
}

func step(vm cloud.VMID, from, to cloud.HostID, start, end int64) cloud.Step {
	s := cloud.Step{Action: cloud.Migrate, VM: vm, From: from, To: to, Start: start, End: end}
	switch cloud.Absent {
	case to:
		s.Action = cloud.Shutdown
	case from:
		s.Action = cloud.Provision
	}
	return s
}

// An operator who shortens a step that is not critical gains nothing, so the chain must hold those
// that are, and say what to do about each.
func TestCriticalChainNamesTheWrongSteps(t *testing.T) {
	const a, b, c, old, fresh = 0, 1, 2, 3, 4
	for name, test := range map[string]struct {
		steps []cloud.Step
		want  string
	}{
		"room, then a limit, then the same VM": {
			[]cloud.Step{
				step(old, 1, cloud.Absent, 0, 0),
				step(b, 1, 2, 0, 5), step(a, 0, 1, 5, 9), step(c, 0, 2, 9, 12), step(c, 2, 1, 12, 14),
				step(fresh, cloud.Absent, 0, 14, 14),
			},
			"b; a room; c outgoing migrations of h1; c same VM",
		},
		"phases": {
			[]cloud.Step{
				step(old, 1, cloud.Absent, 0, 4), step(b, 1, 2, 4, 6), step(c, 0, 1, 4, 9), step(a, 0, 1, 9, 10),
				step(fresh, cloud.Absent, 0, 10, 13),
			},
			"old; c phase; a outgoing migrations of h1; new phase",
		},
		"what starts late for no reason": {
			[]cloud.Step{
				step(old, 1, cloud.Absent, 0, 0), step(b, 1, 2, 0, 5), step(c, 0, 1, 5, 9), step(a, 0, 1, 11, 12),
				step(fresh, cloud.Absent, 0, 12, 12),
			},
			"a",
		},
		"what is held back until another one ends": {
			[]cloud.Step{
				step(old, 1, cloud.Absent, 0, 0), step(b, 1, 2, 0, 5), step(c, 0, 1, 5, 9),
				step(a, 0, 1, 9, 12), step(fresh, cloud.Absent, 0, 12, 12),
			},
			"b; c held back; a outgoing migrations of h1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := three()
			p := problemOf(t, in, test.steps, "slots(outgoing=1)")
			var got []string
			for _, l := range Critical(p, test.steps) {
				text := in.VMs[test.steps[l.Step].VM].Name + " " + string(l.Waits)
				if l.Waits == WaitsLimit {
					text = in.VMs[test.steps[l.Step].VM].Name + " " + p.Limits[l.Limit].Name
				}
				got = append(got, strings.TrimSpace(text))
			}
			if text := strings.Join(got, "; "); text != test.want {
				t.Errorf("found %s, want %s", text, test.want)
			}
		})
	}
}

// drawn makes a random cloud and a path of random sane migrations in it.
func drawn(t *testing.T, rng *rand.Rand, model string) *timetable.Problem {
	in := &cloud.Instance{Name: "drawn", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	hosts := 2 + rng.IntN(4)
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", h), Capacity: []int64{20}, Reserved: []int64{0}})
		for range 1 + rng.IntN(3) {
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", len(in.VMs)), Demand: []int64{1 + rng.Int64N(6)}})
			in.Initial = append(in.Initial, cloud.HostID(h))
		}
	}
	in.Target = in.Initial.Clone()
	p := problemOf(t, in, nil, model)
	state := cloud.NewState(in, p.Rules, in.Initial)
	var steps []cloud.Step
	for range 20 {
		v, to := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(hosts))
		if state.Allows(v, to) {
			steps = append(steps, step(v, state.HostOf(v), to, 0, 0))
			state.Move(v, to)
		}
	}
	in.Target = state.Placement()
	return problemOf(t, in, steps, model)
}

// In a schedule that starts each step as soon as it may, a step that starts late waits for something: the chain must
// lead back to the beginning without a gap.
func TestCriticalChainHasGaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	links, models := map[Wait]int{}, []string{"slots(outgoing=1)", "slots(outgoing=2, incoming=1)", "slots(total=2)", "bandwidth(bandwidth=8)", "bandwidth(bandwidth=8, sharing=max-min)"}
	for n := range 400 {
		p := drawn(t, rng, models[n%len(models)])
		run := &Run{Problem: p, best: eager(p)}
		if run.best == nil || len(p.Moves) == 0 {
			continue
		}
		result := run.finish()
		now := int64(0)
		for i, l := range Critical(p, result.Steps) {
			s := result.Steps[l.Step]
			if s.Start != now || l.Waits == WaitsHeldBack || (i == 0) != (l.Waits == WaitsNot) {
				t.Fatalf("link %d starts at %d, after an end at %d, and waits for %q", i+1, s.Start, now, l.Waits)
			}
			now = s.End
			links[l.Waits]++
		}
		if now != result.Makespan {
			t.Fatalf("the chain ends at %d, the schedule at %d", now, result.Makespan)
		}
	}
	for _, w := range []Wait{WaitsVM, WaitsLimit, WaitsRoom} {
		if links[w] < 10 {
			t.Errorf("only %d links wait for %s: nothing was tested", links[w], w)
		}
	}
}

// eager starts moves, in their order, as soon as nothing refuses them; nil where that ends in a dead end.
func eager(p *timetable.Problem) *timetable.Table {
	table := p.NewTable()
	for !table.Done() {
		for m := range p.Moves {
			if table.Starts[m] < 0 && table.Refuses(int32(m)) == timetable.Free {
				table.Begin(int32(m))
			}
		}
		if len(table.Advance()) == 0 {
			return nil
		}
	}
	return table
}

// The table of bottlenecks must add up: what a limit is asked for is what a schedule uses of it over time.
func TestLoadsAndLevelsDisagree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		p := drawn(t, rng, "slots(outgoing=1, total=3)")
		table := eager(p)
		if table == nil {
			continue
		}
		result := (&Run{Problem: p, best: table}).finish()
		var before Load
		for i, l := range Loads(p) {
			area, levels := 0.0, Use(p, result.Steps, l.Limit)
			for k, level := range levels[1:] {
				area += levels[k].Used * float64(level.At-levels[k].At)
			}
			if d := area - l.Work; d > 1e-6 || d < -1e-6 || i > 0 && l.Work > before.Work {
				t.Errorf("%s: work %g, used %g, after one of %g", p.Limits[l.Limit].Name, l.Work, area, before.Work)
			}
			if Peak(levels) > 1+1e-9 {
				t.Errorf("%s: %g of its capacity is used", p.Limits[l.Limit].Name, Peak(levels))
			}
			before = l
		}
		if n := Peak(UnderWay(result.Steps)); n > 3 || len(p.Moves) > 0 && n < 1 {
			t.Errorf("%g migrations are under way", n)
		}
	}
}

// A plan that has a schedule can get another one, although its steps in the order of their starts need not be a path: here
// c must not arrive beside b.
func TestScheduledPlanGetsNoOtherSchedule(t *testing.T) {
	in := three()
	in.VMs, in.Initial, in.Target = in.VMs[:3], in.Initial[:3], cloud.Placement{0, 2, 1}
	in.Groups = []cloud.Group{{Name: "apart", VMs: []cloud.VMID{1, 2}}}
	in.Rules = []spec.Spec{spec.MustParse("capacity"), spec.MustParse("spread(group=apart, min=2)")}
	steps := []cloud.Step{step(2, 0, 1, 0, 10), step(1, 1, 2, 1, 5)}
	if err := (sequential{}).Schedule(&Run{Problem: problemOf(t, in, steps, "sequential")}); err == nil {
		t.Fatal("the steps are a path in the order of their starts: nothing is tested")
	}
	scheduled := &cloud.Plan{Status: cloud.Feasible, Steps: steps, Schedule: &cloud.Schedule{}}
	if err := (sequential{}).Schedule(&Run{Problem: problemOfPlan(t, in, scheduled, "sequential")}); err != nil {
		t.Error(err)
	}
}
