package schedules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// Link is a step of a critical chain, and why it starts no earlier.
type Link struct {
	Step  int // position in the steps
	Waits Wait
	Limit int32 // that it waits for, by position in the limits of the problem; -1 where it waits for something else
}

// Wait is why a step of a critical chain starts when the one before it ends, and no earlier.
type Wait string

// The reasons to wait.
const (
	WaitsNot      Wait = ""          // the first step of a chain
	WaitsVM       Wait = "same VM"   // the step before moves the same VM
	WaitsLimit    Wait = "limit"     // of the model of concurrency, which the step before uses too
	WaitsRoom     Wait = "room"      // some rule would be broken while the step before is under way
	WaitsPhase    Wait = "phase"     // moves start after all shutdowns, provisions after all moves
	WaitsWindow   Wait = "window"    // an SLA does not let the step be under way before
	WaitsHeldBack Wait = "held back" // nothing but the scheduler keeps it from starting earlier
)

// Critical finds a chain of steps that makes a schedule as long as it is: the last one ends last, and each of the others
// ends when the next one starts, which waits for it; the first one may wait for the end of a window. The steps are those of a valid schedule of the problem, such as
// [Result.Steps]. Of several chains it is one that begins first. Under an elastic model, a step waits for a limit that it
// shares with one that ends when it starts, if for nothing else. There is no chain where nothing takes time.
// O(steps log steps + uses), and a question to the rules per step.
func Critical(p *timetable.Problem, steps []cloud.Step) []Link {
	c := &chains{p: p, steps: steps, links: make([]link, len(steps)), used: make([]int64, len(p.Limits))}
	_, c.elastic = p.Model.(concurrency.Elastic)
	starts, ends := map[int64][]int{}, map[int64][]int{}
	for i, s := range steps {
		starts[s.Start] = append(starts[s.Start], i)
		if s.End > s.Start {
			ends[s.End] = append(ends[s.End], i)
		}
	}
	state := cloud.NewState(p.Instance, p.Rules, p.Instance.Initial)
	now := int64(-1)
	for e, err := range cloud.Replay(state, &cloud.Plan{Steps: steps, Schedule: &cloud.Schedule{}}) {
		if err != nil {
			return nil // no valid schedule
		}
		if e.At != now { // nothing of this instant has happened yet
			now = e.At
			c.enter(ends[now])
			for _, i := range starts[now] {
				c.links[i] = c.link(state, i)
			}
		}
		c.take(e)
	}
	return c.chain()
}

// link is a step and the one that it waits for.
type link struct {
	Link
	before int   // position of the step that it waits for, or -1
	begins int64 // when the chain that ends with the step begins
}

// chains finds for each step the chain that ends with it, instant by instant.
type chains struct {
	p       *timetable.Problem
	steps   []cloud.Step
	elastic bool
	links   []link
	used    []int64 // of each limit, before anything of this instant has happened

	// The steps that end now, those first whose chains begin first: all, by limit, by VM and by the host that they leave.
	ending  []int
	byLimit map[int32]int
	byVM    map[cloud.VMID]int
	byHost  map[cloud.HostID]int
}

// enter prepares for the steps that start at an instant at which some end.
func (c *chains) enter(ending []int) {
	slices.SortStableFunc(ending, func(a, b int) int { return int(min(max(c.links[a].begins-c.links[b].begins, -1), 1)) })
	c.ending, c.byLimit, c.byVM, c.byHost = ending, map[int32]int{}, map[cloud.VMID]int{}, map[cloud.HostID]int{}
	for _, i := range slices.Backward(ending) { // so that the first one stays
		s := &c.steps[i]
		c.byVM[s.VM], c.byHost[s.From] = i, i
		for _, u := range c.p.Needs(s).Uses {
			c.byLimit[u.Limit] = i
		}
	}
}

// link finds what a step that starts now waits for. The state is that before the ends of now.
func (c *chains) link(state *cloud.State, i int) link {
	out := link{Link: Link{Step: i, Waits: WaitsNot, Limit: -1}, before: -1, begins: c.steps[i].Start}
	wait := func(before int, w Wait, limit int32) {
		if begins := c.links[before].begins; out.before < 0 || begins < out.begins {
			out = link{Link{i, w, limit}, before, begins}
		}
	}
	s := &c.steps[i]
	if len(c.ending) == 0 {
		if c.p.OpensAt(s) {
			out.Waits = WaitsWindow
		}
		return out
	}
	first := c.ending[0]
	if before, same := c.byVM[s.VM]; same {
		wait(before, WaitsVM, -1)
		return out // no rule can be asked about a VM under way
	}
	if after := c.steps[first].Action; s.Action == cloud.Provision || s.Action != cloud.Shutdown && after == cloud.Shutdown {
		wait(first, WaitsPhase, -1)
		return out
	}
	for _, u := range c.p.Needs(s).Uses {
		before, shared := c.byLimit[u.Limit]
		if shared && (c.elastic || c.used[u.Limit]+u.Least > c.p.Limits[u.Limit].Capacity) {
			wait(before, WaitsLimit, u.Limit)
		}
	}
	if !state.Allows(s.VM, s.To) {
		if before, leaves := c.byHost[s.To]; leaves && s.To != cloud.Absent {
			wait(before, WaitsRoom, -1)
		} else {
			wait(first, WaitsRoom, -1)
		}
	}
	if out.before < 0 {
		wait(first, WaitsHeldBack, -1)
	}
	return out
}

// take lets an event change what is used of limits.
func (c *chains) take(e cloud.Event) {
	sign := int64(1)
	if e.Ends {
		sign = -1
	}
	for _, u := range c.p.Needs(&c.steps[e.Step]).Uses {
		c.used[u.Limit] += sign * u.Least
	}
}

// chain follows the links back from the step that ends last.
func (c *chains) chain() (out []Link) {
	last := -1
	for i, s := range c.steps {
		if s.End > s.Start && (last < 0 || s.End > c.steps[last].End || s.End == c.steps[last].End && c.links[i].begins < c.links[last].begins) {
			last = i
		}
	}
	for ; last >= 0; last = c.links[last].before {
		out = append(out, c.links[last].Link)
	}
	slices.Reverse(out)
	return out
}
