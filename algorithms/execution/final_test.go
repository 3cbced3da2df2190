package execution_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// ending judges how an execution ends, by the books that were kept of it.
type ending struct {
	*ledger
	out    *outcome
	target []cloud.HostID // in force, of the VMs of the instance; foreign VMs stand where they stand
	sum    *tally
}

// faultsOfEnding lists what is wrong with how an execution ends.
func faultsOfEnding(s *scenario, l *ledger, out *outcome, sum *tally) []string {
	e := &ending{ledger: l, out: out, target: slices.Clone(l.host), sum: sum}
	for v := range e.own {
		e.target[v] = cloud.Absent
	}
	for _, entry := range out.journal {
		if entry.Event == execution.EventPlan {
			for v := range e.own {
				e.target[v] = e.id(entry.Target[e.in.VMs[v].Name])
			}
		}
	}
	before := len(l.found)
	e.snapshot()
	e.goal()
	if out.report.Reached {
		e.arrived()
	} else if len(out.report.GivenUp) == 0 {
		e.short()
	} else {
		e.around()
	}
	return l.found[before:]
}

func (e *ending) wrong(format string, args ...any) { e.complain(e.out.report.Ended, format, args...) }

// snapshot holds the books against what the cloud looks like.
func (e *ending) snapshot() {
	for _, vm := range e.out.last.VMs {
		v, _ := e.in.VM(vm.Name)
		if e.id(vm.Host) != e.host[v] || vm.UnderWay || vm.Suspended != e.slept[v] {
			e.wrong("the books are wrong: %+v, not %d", vm, e.host[v])
		}
	}
	if e.out.report.Reached && len(e.out.report.GivenUp) > 0 {
		e.wrong("it is reached, and %v are given up", e.out.report.GivenUp)
	}
}

// broken lists which rules VMs that stand so break in the end, and whether one would stand on a dead host.
func (e *ending) broken(place []cloud.HostID) (out []string) {
	for _, r := range e.whole {
		for _, v := range r.Violations(&standing{place}, nil) {
			out = append(out, v.String())
		}
	}
	for v, h := range place {
		if h != cloud.Absent && e.down[h] {
			out = append(out, fmt.Sprintf("VM %s is on a dead host", e.in.VMs[v].Name))
		}
	}
	return out
}

// goal judges the target in force: it is the given one unless that was spoiled.
func (e *ending) goal() {
	given := slices.Clone(e.host)
	copy(given, e.in.Target[:e.own])
	changed := 0
	for v := range e.own {
		if e.target[v] != given[v] {
			changed++
		}
		if (e.target[v] == cloud.Absent) != (given[v] == cloud.Absent) {
			e.wrong("VM %s is to stand on %d, and is given %d", e.in.VMs[v].Name, e.target[v], given[v])
		}
	}
	if changed > 0 && len(e.broken(given)) == 0 && len(e.out.report.GivenUp) == 0 {
		e.wrong("the target is changed without need: %v instead of %v", e.target, given)
	}
	if changed > 0 {
		e.sum.retargeted++
	}
}

// arrived judges an execution that reports that it reached the target.
func (e *ending) arrived() {
	if !slices.Equal(e.host, e.target) {
		e.wrong("it is reached, but VMs stand on %v instead of %v", e.host, e.target)
	}
	if broken := e.broken(e.host); len(broken) > 0 {
		e.wrong("it is reached, and breaks rules: %v", broken)
	}
}

// maxPlacements bounds exhaustive searches.
const maxPlacements = 50_000

// short judges an execution that reports that it missed the target: no path leads there, or the target breaks a rule and no other target exists.
func (e *ending) short() {
	e.sum.short++
	if slices.Equal(e.host, e.target) && len(e.broken(e.target)) == 0 {
		e.wrong("the target is reached, and reported as missed: %s", e.out.report.Why)
	}
	if e.placements() > maxPlacements {
		return
	}
	e.sum.searched++
	if len(e.broken(e.target)) > 0 {
		if other := e.otherTarget(0, slices.Clone(e.host)); other != nil {
			e.sum.unfound++
			if strings.Contains(e.out.report.Why, "no target exists") {
				e.wrong("there is another target, %v instead of %v: %s", other, e.target, e.out.report.Why)
			}
		}
		return
	}
	if e.reachable(e.target) {
		e.wrong("there is a path from %v to %v: %s", e.host, e.target, e.out.report.Why)
	}
}

// around judges an end at which VMs were given up: the others stand on their targets, unless that breaks a rule or no path leads there.
func (e *ending) around() {
	for _, name := range e.out.report.GivenUp {
		v, _ := e.in.VM(name)
		e.target[v] = e.host[v]
	}
	if slices.Equal(e.host, e.target) || len(e.broken(e.target)) > 0 || e.placements() > maxPlacements {
		return
	}
	e.sum.searched++
	if e.reachable(e.target) {
		e.wrong("others could go around %v, from %v to %v: %s", e.out.report.GivenUp, e.host, e.target, e.out.report.Why)
	}
}

// placements bounds how many there are.
func (e *ending) placements() int {
	size := 1
	for range e.own {
		if size *= len(e.in.Hosts) + 1; size > maxPlacements {
			break
		}
	}
	return size
}

// otherTarget is a sane and reachable placement of the VMs of the instance, from one on; nil if there is none.
func (e *ending) otherTarget(v int, place []cloud.HostID) []cloud.HostID {
	if v == e.own {
		if len(e.broken(place)) > 0 || !e.reachable(place) {
			return nil
		}
		return place
	}
	if e.in.Target[v] == cloud.Absent {
		place[v] = cloud.Absent
		return e.otherTarget(v+1, place)
	}
	for h := range e.in.Hosts {
		if place[v] = cloud.HostID(h); !e.down[h] {
			if found := e.otherTarget(v+1, place); found != nil {
				return found
			}
		}
	}
	return nil
}

// reachable searches all paths from where VMs stand to a target.
func (e *ending) reachable(target []cloud.HostID) bool {
	in := *e.in
	in.Initial, in.Target, in.VMs = slices.Clone(e.host), slices.Clone(target), slices.Clone(in.VMs)
	for v := range in.VMs {
		if v >= e.own || slices.Contains(e.out.report.GivenUp, in.VMs[v].Name) {
			in.VMs[v].Interruptible = false
		}
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
	limits := []spec.Spec{}
	for h, down := range e.down {
		if down {
			limits = append(limits, spec.Named("maintenance").WithValue("hosts", spec.Words(in.Hosts[h].Name)))
		}
	}
	for v := range in.VMs {
		if name := in.VMs[v].Name; v >= e.own || slices.Contains(e.out.report.GivenUp, name) {
			limits = append(limits, spec.Named("pin").WithValue("vms", spec.Words(name)))
		}
	}
	p, err := paths.NewProblem(catalogue.Standard(), &in, []spec.Spec{}, spec.Named("ram"))
	if err != nil {
		panic(err)
	}
	more, err := rules.Bind(catalogue.Standard(), &in, limits)
	if err != nil {
		panic(err)
	}
	inForce, _, err := cloud.Mend(&in, e.whole, in.Initial)
	if err != nil {
		e.wrong("%v", err)
		return false
	}
	p.Rules = slices.Concat(inForce, more)
	_, ok := pathtest.Exhaustive(p).To(p.Start)
	return ok
}
