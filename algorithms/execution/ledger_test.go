package execution_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// ledger keeps the books of a simulated cloud by its log alone: who stands where, what is under way, and which rules are
// broken. It asks the judge's form of the rules about the whole cloud after every event, and knows no state, no guard and
// nothing of the package under test.
type ledger struct {
	in    *cloud.Instance // with the foreign VMs behind its own ones
	own   int
	whole []cloud.Rule // bound to where VMs stood before the execution
	force []cloud.Rule // mending what the start or a death has broken
	host  []cloud.HostID
	goes  map[cloud.VMID]drivers.Request
	down  []bool
	slept []bool // by VM: suspended
	model limits

	bereft map[int64]bool // requests under way when a host died
	found  []string
	steps  int // that were accepted
}

// limits are those of a model of slots; 0 is none.
type limits struct{ outgoing, incoming, perHost, total int }

// newLedger opens the books. Foreign VMs are described by the last snapshot.
func newLedger(in *cloud.Instance, last *drivers.Snapshot, model limits) (*ledger, error) {
	grown := *in
	grown.VMs, grown.Initial = slices.Clone(in.VMs), in.Initial.Clone()
	if in.Target != nil {
		grown.Target = in.Target.Clone()
	}
	for i := range last.VMs {
		if _, own := in.VM(last.VMs[i].Name); !own {
			grown.VMs = append(grown.VMs, *last.VMs[i].VM)
			grown.Initial = append(grown.Initial, cloud.Absent)
			grown.Target = append(grown.Target, cloud.Absent)
		}
	}
	if err := grown.Check(); err != nil {
		return nil, err
	}
	whole, err := rules.Bind(catalogue.Standard(), &grown, nil)
	if err != nil {
		return nil, err
	}
	l := &ledger{
		in: &grown, own: len(in.VMs), whole: whole, force: slices.Clone(whole), host: grown.Initial.Clone(),
		goes: map[cloud.VMID]drivers.Request{}, down: make([]bool, len(in.Hosts)), slept: make([]bool, len(grown.VMs)), model: model, bereft: map[int64]bool{},
	}
	l.tolerate()
	return l, nil
}

// On, HostOf and Destination implement [cloud.View].
func (l *ledger) On(h cloud.HostID) (out []cloud.VMID) {
	for v := range l.host {
		to, underWay := l.Destination(cloud.VMID(v))
		if l.host[v] == h || underWay && to == h {
			out = append(out, cloud.VMID(v))
		}
	}
	return out
}

func (l *ledger) HostOf(v cloud.VMID) cloud.HostID { return l.host[v] }

func (l *ledger) Destination(v cloud.VMID) (cloud.HostID, bool) {
	r, underWay := l.goes[v]
	return l.id(r.To), underWay
}

// id is the host of a name, Absent for none.
func (l *ledger) id(name string) cloud.HostID {
	for h := range l.in.Hosts {
		if l.in.Hosts[h].Name == name {
			return cloud.HostID(h)
		}
	}
	return cloud.Absent
}

func (l *ledger) complain(at int64, format string, args ...any) {
	l.found = append(l.found, fmt.Sprintf("at %d: %s", at, fmt.Sprintf(format, args...)))
}

// tolerate takes what is broken now as given: from now on it may only shrink.
func (l *ledger) tolerate() {
	for i, r := range l.whole {
		if r.Continuous() && l.force[i] != nil && len(l.force[i].Violations(l, nil)) > 0 {
			l.mend(i)
		}
	}
}

// mend puts a rule into its mending form, from how the cloud is now. One that has none is not judged any more: at-once, which counts what
// hosts held before the execution, is broken by foreign VMs for good.
func (l *ledger) mend(i int) {
	if m, ok := l.whole[i].(cloud.Mender); ok {
		l.force[i] = m.Mend(l)
	} else {
		l.force[i] = nil
	}
}

// replay goes through a log.
func (l *ledger) replay(log []drivers.LogEntry) {
	for _, e := range log {
		l.happens(e)
	}
}

func (l *ledger) happens(e drivers.LogEntry) {
	r := e.Request
	v, _ := l.in.VM(r.VM)
	switch e.What {
	case drivers.Accepted:
		l.accepted(e, v)
		return
	case drivers.Twice:
		l.complain(e.At, "VM %s is started twice", r.VM)
		return
	case drivers.Refused:
		return
	case drivers.Arrived:
		l.host[v] = l.id(r.To)
		l.tolerate() // it stands where the cloud's own scheduler lets it
		return
	case drivers.Died:
		h := l.id(r.From)
		l.down[h] = true
		for v, at := range l.host {
			if at == h {
				l.host[v] = cloud.Absent
			}
		}
		for _, r := range l.goes {
			l.bereft[r.ID] = true
		}
		l.tolerate()
		return
	}
	if got, underWay := l.goes[v]; !underWay || got != r {
		l.complain(e.At, "%s: %+v, which is not under way", e.What, r)
	}
	delete(l.goes, v)
	if e.What == drivers.Ended {
		l.host[v] = l.id(r.To)
		l.slept[v] = r.Action == cloud.Suspend
	}
	l.judge(e, nil)
}

// accepted checks that a step may start: that its VM is where it claims to be, and that no rule is broken.
func (l *ledger) accepted(e drivers.LogEntry, v cloud.VMID) {
	r := e.Request
	l.steps++
	if _, underWay := l.goes[v]; underWay {
		l.complain(e.At, "VM %s is under way, and started", r.VM)
	}
	if l.id(r.From) != l.host[v] {
		l.complain(e.At, "%+v does not begin where its VM stands", r)
	}
	l.lawful(e, v)
	for _, name := range []string{r.From, r.To} {
		if h := l.id(name); h != cloud.Absent && l.down[h] {
			l.complain(e.At, "%+v has an end on a dead host", r)
		}
	}
	l.goes[v] = r
	l.judge(e, &cloud.Change{VM: v, From: l.id(r.From), To: l.id(r.To)})
	l.crowded(e)
}

// lawful judges a step whatever the rules say.
func (l *ledger) lawful(e drivers.LogEntry, v cloud.VMID) {
	r := e.Request
	leaves, comes := r.From != "", r.To != ""
	ok := false
	switch r.Action {
	case cloud.Migrate:
		ok = leaves && comes && r.From != r.To
	case cloud.Suspend:
		ok = leaves && !comes && l.in.VMs[v].Interruptible && l.in.Target[v] != cloud.Absent
	case cloud.Resume:
		ok = !leaves && comes && l.slept[v]
	case cloud.Shutdown:
		ok = leaves && !comes && l.in.Target[v] == cloud.Absent
	case cloud.Provision:
		ok = !leaves && comes && !l.slept[v] && l.in.Target[v] != cloud.Absent
	}
	if !ok {
		l.complain(e.At, "%+v is no lawful step (suspended: %v)", r, l.slept[v])
	}
}

// crowded counts what is under way.
func (l *ledger) crowded(e drivers.LogEntry) {
	if e.Request.Action == cloud.Shutdown || e.Request.Action == cloud.Provision {
		return
	}
	total, out, in := 0, map[string]int{}, map[string]int{}
	for _, r := range l.goes {
		if r.Action != cloud.Shutdown && r.Action != cloud.Provision {
			total++
			out[r.From]++
			in[r.To]++
		}
	}
	exceeds := func(n, most int) bool { return most > 0 && n > most }
	for _, name := range []string{e.Request.From, e.Request.To} {
		if name != "" && (exceeds(out[name], l.model.outgoing) || exceeds(in[name], l.model.incoming) || exceeds(out[name]+in[name], l.model.perHost)) {
			l.complain(e.At, "%+v is one too many at host %s", e.Request, name)
		}
	}
	if exceeds(total, l.model.total) {
		l.complain(e.At, "%+v is one too many", e.Request)
	}
}

// judge asks the rules after a step has started or is over.
func (l *ledger) judge(e drivers.LogEntry, change *cloud.Change) {
	l.room(e)
	for i, r := range l.whole {
		if !r.Continuous() || l.force[i] == nil {
			continue
		}
		found := l.force[i].Violations(l, nil)
		if change != nil {
			found = append(found, l.force[i].Violations(l, change)...)
		}
		if len(found) == 0 {
			continue
		}
		if l.excused(r, e) {
			l.mend(i)
			continue
		}
		l.complain(e.At, "%s %+v: %v", e.What, e.Request, found[0])
	}
}

// excused tells whether a rule that needs VMs to be there may be broken: because more of them are to enter or leave, as shutdowns and
// provisions are judged together, or because a step ends that was under way when a host died.
func (l *ledger) excused(r cloud.Rule, e drivers.LogEntry) bool {
	name, a := spec.MustParse(r.String()).Name, e.Request.Action
	if name != "spread" && name != "depends" && name != "expression" {
		return false
	}
	if e.What == drivers.Ended && l.bereft[e.Request.ID] {
		return true
	}
	for v := range l.own {
		watched := r.Watches() == nil || slices.Contains(r.Watches(), cloud.VMID(v))
		here, goal := l.host[v] != cloud.Absent, l.in.Target[v] != cloud.Absent
		if watched && here != goal && (a == cloud.Shutdown && here || a == cloud.Provision && !here) {
			return true
		}
	}
	return false
}

// room checks capacity with its own sums. It applies where capacity is a rule without overcommitment and the start kept it.
func (l *ledger) room(e drivers.LogEntry) {
	if !slices.ContainsFunc(rules.Specs(l.in, nil), func(s spec.Spec) bool { return s.String() == "capacity" }) {
		return
	}
	for i, r := range l.whole {
		if _, mending := l.force[i].(cloud.Mending); mending || !strings.HasPrefix(r.String(), "capacity") {
			continue
		}
		for h := range l.in.Hosts {
			for n := range l.in.Resources {
				free := l.in.Hosts[h].Capacity[n] - l.in.Hosts[h].Reserved[n]
				for v := range l.host {
					if to, underWay := l.Destination(cloud.VMID(v)); l.host[v] == cloud.HostID(h) || underWay && to == cloud.HostID(h) {
						free -= l.in.VMs[v].Demand[n]
					}
				}
				if free < 0 {
					l.complain(e.At, "%s %+v: host %s lacks %d", e.What, e.Request, l.in.Hosts[h].Name, -free)
				}
			}
		}
	}
}
