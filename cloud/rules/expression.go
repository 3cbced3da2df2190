package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func expressionEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "expression",
			Synopsis: "a test of your own, of VM and host, of a host and all that stands on it, or of a migration's two ends",
			Doc: "A test that speaks of vm and host says where a VM may stand: expression(test=\"'db' not in vm.groups || " +
				"host.labels.disk == 'ssd'\"). One that speaks of used.<resource>, the sum of the demands on the host, or of vms, " +
				"the number of VMs on it, must be true of every host, and may speak of host too: " +
				"expression(test=\"used.ram <= 0.9 * host.capacity.ram\"). A migrating VM counts on both hosts. Where such a test " +
				"cannot be computed (division by zero), it does not hold; one that cannot be computed for a host without VMs is refused. " +
				"One that speaks of from and to must be true of every migration, and may speak of vm too: " +
				"expression(test=\"from.zone == to.zone || 'mobile' in vm.groups\"). Such a migration may be one that cannot be taken back. " +
				"A suspended VM resumes on its target, so that a suspend is judged as a migration to it; a discrete " +
				"test compares a VM's final host with its initial one. " + expression.Members,
			Params: []spec.Param{
				{
					Name: "test", Type: spec.String, Required: true,
					Doc: "an expression that yields yes or no, of vm and host, of host, used.<resource> and vms, or of vm, from and to",
				},
				continuousParam(),
			},
			Citation:   "Expr language definition: https://expr-lang.org/docs/language-definition",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				r, err := newExpression(in, a)
				if err != nil {
					return nil, err
				}
				return []cloud.Rule{r}, nil
			}, nil
		},
	}
}

const (
	load     = expression.Used | expression.VMs
	bothEnds = expression.From | expression.To
)

func newExpression(in *cloud.Instance, a spec.Args) (cloud.Rule, error) {
	p, err := expression.Compile(in, a.String("test"), expression.Test, expression.VM|expression.Host|load|bothEnds)
	if err != nil {
		return nil, err
	}
	t := timed{a.Full().String(), a.Bool("continuous")}
	if p.About()&bothEnds != 0 {
		if p.About()&(expression.Host|load) != 0 {
			return nil, errors.New("the test speaks of from or to and of host, used or vms: it is either about the two ends " +
				"of a migration, or about where VMs stand, never about both")
		}
		table, err := p.Passage()
		if err != nil {
			return nil, err
		}
		return newEnds(t, in, true, nil, endsTest{p, table}), nil
	}
	if p.About()&load == 0 {
		f, err := p.Filter()
		if err != nil {
			return nil, err
		}
		return &vmTest{t, in, p, f}, nil
	}
	if p.About()&expression.VM != 0 {
		return nil, errors.New("the test speaks of vm and of used or vms: it is either about one VM on a host, " +
			"or about a host and all VMs on it, never about both")
	}
	return newHostTest(in, t, p)
}

// endsTest says from where a VM may go to where.
type endsTest struct {
	p     *expression.Program
	table *expression.Passage
}

func (e endsTest) allows(vm cloud.VMID, from, to cloud.HostID) bool {
	return e.table.Allows(vm, from, to)
}

func (e endsTest) class(vm cloud.VMID, at cloud.HostID) int64 { return e.table.Class(vm, at) }

func (e endsTest) leads(vm cloud.VMID, from, to cloud.HostID) bool {
	return e.table.Leads(vm, from, to)
}

// breach evaluates the expression itself, not the table.
func (e endsTest) breach(vm cloud.VMID, from, to cloud.HostID) string {
	if yes, err := e.p.Test(&expression.At{VM: vm, From: from, To: to}); err != nil || !yes {
		return "the test does not hold for this migration"
	}
	return ""
}

// vmTest says on which hosts a VM may stand.
type vmTest struct {
	timed
	in     *cloud.Instance
	p      *expression.Program
	filter *expression.Filter
}

// Admits implements [cloud.HostFilter].
func (e *vmTest) Admits(vm cloud.VMID, h cloud.HostID) bool { return e.filter.Admits(vm, h) }

// VMClass implements [cloud.VMClassifier].
func (e *vmTest) VMClass(vm cloud.VMID) int64 { return e.filter.VMClass(vm) }

// Remarks implements [cloud.Remarker].
func (e *vmTest) Remarks() []string { return e.p.Remarks() }

func (e *vmTest) Watches() []cloud.VMID { return nil }

// Violations evaluates the expression itself, not the table that guards look it up in.
func (e *vmTest) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if change.To != cloud.Absent {
			out = e.judge(change.VM, change.To, out)
		}
		return out
	}
	for h := range e.in.Hosts {
		for _, vm := range v.On(cloud.HostID(h)) {
			out = e.judge(vm, cloud.HostID(h), out)
		}
	}
	return out
}

func (e *vmTest) judge(vm cloud.VMID, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	if yes, err := e.p.Test(&expression.At{VM: vm, Host: h}); err != nil || !yes {
		out = append(out, e.at(single(e.in, vm, h), "VM %q may not stand on host %q", e.in.VMs[vm].Name, e.in.Hosts[h].Name))
	}
	return out
}

func (e *vmTest) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{e.filter} }

// Mend implements [cloud.Mender].
func (e *vmTest) Mend(start cloud.View) cloud.Mending { return newMendingFilter(e, e.in, start) }

// hostTest must be true of every host, whatever stands on it.
type hostTest struct {
	timed
	in *cloud.Instance
	p  *expression.Program
	on []*expression.Program // by host
}

// newHostTest refuses what cannot even be computed for empty hosts.
func newHostTest(in *cloud.Instance, t timed, p *expression.Program) (*hostTest, error) {
	e := &hostTest{t, in, p, p.OnEach()}
	for h, on := range e.on {
		if _, err := on.Test(&expression.At{Host: cloud.HostID(h), Used: make([]int64, len(in.Resources))}); err != nil {
			return nil, fmt.Errorf("host %q without VMs: %w", in.Hosts[h].Name, err)
		}
	}
	return e, nil
}

func (e *hostTest) Watches() []cloud.VMID { return nil }

// Violations adds up both ends of a change: a test need not be kinder to a host that
// holds less.
func (e *hostTest) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change == nil {
		for h := range e.in.Hosts {
			out = e.judge(v, cloud.HostID(h), out)
		}
		return out
	}
	for _, h := range []cloud.HostID{change.From, change.To} {
		if h != cloud.Absent {
			out = e.judge(v, h, out)
		}
	}
	return out
}

func (e *hostTest) judge(v cloud.View, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	at := expression.At{Host: h, Used: make([]int64, len(e.in.Resources))}
	for _, vm := range v.On(h) {
		at.VMs++
		for r, d := range e.in.VMs[vm].Demand {
			at.Used[r] += d
		}
	}
	switch yes, err := e.p.Test(&at); {
	case err != nil:
		return append(out, e.at(onHost(e.in, h), "it cannot be computed for host %q with %s: %v", e.in.Hosts[h].Name, e.load(&at), err))
	case !yes:
		return append(out, e.at(onHost(e.in, h), "it does not hold for host %q with %s", e.in.Hosts[h].Name, e.load(&at)))
	}
	return out
}

// load says what stands on a host.
func (e *hostTest) load(at *expression.At) string {
	s := fmt.Sprintf("%d VMs", at.VMs)
	for r, n := range at.Used {
		s += fmt.Sprintf(", %s of %s", strings.TrimSpace(fmt.Sprint(n, " ", e.in.Resources[r].Unit)), e.in.Resources[r].Name)
	}
	return s
}

func (e *hostTest) NewGuard(*cloud.State) cloud.Guard {
	return &hostTestGuard{e, make([]int64, len(e.in.Resources))}
}

// Mend implements [cloud.Mender].
func (e *hostTest) Mend(start cloud.View) cloud.Mending { return newMending(e, e.in, start) }

type hostTestGuard struct {
	e    *hostTest
	used []int64 // scratch
}

// Allows need not look at the source while the VM is under way: it is then as it was.
func (g *hostTestGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return (to == cloud.Absent || g.arrives(s, vm, from, to)) && (from == cloud.Absent || g.leaves(s, vm, from))
}

func (g *hostTestGuard) arrives(s *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	return g.holdsWhatever(s, vm, to, 1)
}

func (g *hostTestGuard) leaves(s *cloud.State, vm cloud.VMID, from cloud.HostID) bool {
	return g.holdsWhatever(s, vm, from, -1)
}

func (g *hostTestGuard) kept(s *cloud.State, h cloud.HostID) bool {
	for r := range g.used {
		g.used[r] = s.Used(h, r)
	}
	yes, err := g.e.on[h].Test(&expression.At{Host: h, Used: g.used, VMs: int64(len(s.On(h)))})
	return yes && err == nil
}

// holdsWhatever tells whether the test is true of a host with the VM and what it demands added,
// or taken away, whichever of the VMs that leave the host have gone: a test need not be
// kinder to a host that holds less. It looks at every subset of them, and says no where there
// are too many.
func (g *hostTestGuard) holdsWhatever(s *cloud.State, vm cloud.VMID, h cloud.HostID, sign int64) bool {
	leave := leaving(s, h)
	if len(leave) > mostLeaving {
		return false
	}
	for gone := range 1 << len(leave) {
		vms := int64(len(s.On(h))) + sign
		for r, d := range g.e.in.VMs[vm].Demand {
			g.used[r] = s.Used(h, r) + sign*d
		}
		for i, v := range leave {
			if gone>>i&1 == 0 {
				continue
			}
			vms--
			for r, d := range g.e.in.VMs[v].Demand {
				g.used[r] -= d
			}
		}
		if yes, err := g.e.on[h].Test(&expression.At{Host: h, Used: g.used, VMs: vms}); !yes || err != nil {
			return false
		}
	}
	return true
}
