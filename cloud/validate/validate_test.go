package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// document is an instance with something for every phase: old leaves, a and b swap
// over the free host h3, new comes.
const document = `{
	"format": "rearrange/instance/1", "name": "swap",
	"resources": [{"name": "ram", "unit": "MiB"}],
	"hosts": [
		{"name": "h1", "capacity": {"ram": 1000}},
		{"name": "h2", "capacity": {"ram": 1000}},
		{"name": "h3", "capacity": {"ram": 1000}}
	],
	"vms": [
		{"name": "a", "demand": {"ram": 700}},
		{"name": "b", "demand": {"ram": 600}},
		{"name": "old", "demand": {"ram": 500}},
		{"name": "new", "demand": {"ram": 400}}
	],
	"groups": [{"name": "pair", "vms": ["a", "b"]}, {"name": "late", "vms": ["b", "new"]}],
	"rules": ["capacity", "anti-affinity(group=late, continuous=no)"],
	"initial": {"a": "h1", "b": "h2", "old": "h3"},
	"target": {"a": "h2", "b": "h1", "new": "h3"}
}`

const (
	a, b, old, fresh = cloud.VMID(0), cloud.VMID(1), cloud.VMID(2), cloud.VMID(3)
	h1, h2, h3       = cloud.HostID(0), cloud.HostID(1), cloud.HostID(2)
	none             = cloud.Absent
)

func down(v cloud.VMID, from cloud.HostID) cloud.Step {
	return cloud.Step{Action: cloud.Shutdown, VM: v, From: from, To: none}
}

func migrate(v cloud.VMID, from, to cloud.HostID, cost int64) cloud.Step {
	return cloud.Step{Action: cloud.Migrate, VM: v, From: from, To: to, Cost: cost}
}

func provision(v cloud.VMID, to cloud.HostID) cloud.Step {
	return cloud.Step{Action: cloud.Provision, VM: v, From: none, To: to}
}

// good is a plan with nothing wrong.
func good() *cloud.Plan {
	return &cloud.Plan{
		Status: cloud.Optimal, Cost: 1900, LowerBound: 1900,
		Steps: []cloud.Step{
			down(old, h3), migrate(b, h2, h3, 600), migrate(a, h1, h2, 700), migrate(b, h3, h1, 600), provision(fresh, h3),
		},
	}
}

func TestJudgeOverlooksAFault(t *testing.T) {
	for _, c := range []struct {
		name   string
		edit   func(in *cloud.Instance, p *cloud.Plan)
		expect []string
	}{
		{"nothing wrong", func(*cloud.Instance, *cloud.Plan) {}, nil},
		{"wrong from", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[2].From = h2; p.Steps[2].To = h3 }, []string{
			`step 3: VM "a" stands on host "h1", the step takes it from host "h2"`,
			`step 3: capacity: while VM "a" migrates, host "h3" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 3: capacity: after VM "a" has migrated, host "h3" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`in the end VM "a" stands on host "h3", its target is host "h2"`,
			`capacity: in the end host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
		}},
		{"missing step", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps = slices.Delete(p.Steps, 3, 4) }, []string{
			`in the end VM "b" stands on host "h3", its target is host "h1"`,
			`anti-affinity(group=late, by=host, continuous=no): in the end host "h3" holds 2 VMs of group "late": b, new`,
			`the plan claims a cost of 1900, its steps cost 1300`,
			`the plan claims that no plan costs less than 1900, it costs 1300 itself`,
		}},
		{"missing shutdown", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps = p.Steps[1:] }, []string{
			`step 1: capacity: while VM "b" migrates, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`step 1: capacity: after VM "b" has migrated, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`in the end VM "old" stands on host "h3", its target is no host`,
		}},
		{"shutdown too late", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = append(p.Steps[1:4:4], down(old, h3), p.Steps[4])
		}, []string{
			`step 1: capacity: while VM "b" migrates, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`step 1: capacity: after VM "b" has migrated, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`step 4: the shutdown comes too late: shutdowns come first, then migrations, then provisions`,
		}},
		{"migration after a provision", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps[3], p.Steps[4] = p.Steps[4], p.Steps[3]
		}, []string{
			`step 5: the migration comes too late: shutdowns come first, then migrations, then provisions`,
		}},
		{"wrong cost of a step", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[1].Cost = 599 }, []string{
			`step 2: the plan claims a cost of 599 for this step, it costs 600 by ram`,
		}},
		{"a price on a shutdown", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[0].Cost = 1 }, []string{
			`step 1: the plan claims a cost of 1 for this step, it costs 0 by ram`,
		}},
		{"wrong total", func(_ *cloud.Instance, p *cloud.Plan) { p.Cost, p.LowerBound = 2000, 1900 }, []string{
			`the plan claims a cost of 2000, its steps cost 1900`,
			`the plan claims to be optimal with a cost of 2000 and a lower bound of 1900`,
		}},
		{"optimal with a gap", func(_ *cloud.Instance, p *cloud.Plan) { p.LowerBound = 1899 }, []string{
			`the plan claims to be optimal with a cost of 1900 and a lower bound of 1899`,
		}},
		{"feasible with a gap", func(_ *cloud.Instance, p *cloud.Plan) { p.Status, p.LowerBound = cloud.Feasible, 1899 }, nil},
		{"bound above cost", func(_ *cloud.Instance, p *cloud.Plan) { p.Status, p.LowerBound = cloud.Feasible, 1901 }, []string{
			`the plan claims that no plan costs less than 1901, it costs 1900 itself`,
		}},
		{"infeasible, with steps", func(_ *cloud.Instance, p *cloud.Plan) { p.Status = cloud.Infeasible }, []string{
			`the status is "infeasible", with which no plan goes`,
		}},
		{"shutting down what stays", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[0] = down(a, h1) }, []string{
			`step 1: VM "a" is not to be shut down: only VMs with an initial host and no target are`,
			`step 2: capacity: while VM "b" migrates, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`step 2: capacity: after VM "b" has migrated, host "h3" holds VMs that demand 1100 MiB of ram, its limit is 1000`,
			`step 3: VM "a" stands on no host, the step takes it from host "h1"`,
			`in the end VM "old" stands on host "h3", its target is no host`,
		}},
		{"provisioning twice", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps = append(p.Steps, p.Steps[4]) }, []string{
			`step 6: VM "new" stands on host "h3", the step takes it from no host`,
		}},
		{"provisioning what was there", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = append(p.Steps, provision(old, h3))
		}, []string{
			`step 6: VM "old" is not to be provisioned: only VMs with a target and no initial host are`,
			`in the end VM "old" stands on host "h3", its target is no host`,
		}},
		{"a swap in place", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = []cloud.Step{down(old, h3), migrate(a, h1, h2, 700), migrate(b, h2, h1, 600), provision(fresh, h3)}
			p.Cost, p.LowerBound = 1300, 1300
		}, []string{
			`step 2: capacity: while VM "a" migrates, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 2: capacity: after VM "a" has migrated, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
		}},
		{"discrete rule broken at the end", func(in *cloud.Instance, p *cloud.Plan) {
			in.Target[fresh] = h1
			in.Hosts[h1].Capacity[0] = 2000
			p.Steps[4].To = h1
		}, []string{
			`anti-affinity(group=late, by=host, continuous=no): in the end host "h1" holds 2 VMs of group "late": b, new`,
		}},
		{"another instance", func(_ *cloud.Instance, p *cloud.Plan) { p.InstanceSHA256 = strings.Repeat("0", 64) }, []string{
			`the plan was made for another instance: its instance_sha256 is 000000000000…, this one's is SHA…`,
		}},
		{"to itself", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = slices.Insert(p.Steps, 2, migrate(b, h3, h3, 0))
		}, []string{
			`step 3: VM "b" would migrate from host "h3" to itself`,
		}},
		{"to nowhere", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = slices.Insert(p.Steps, 2, migrate(b, h3, none, 0))
		}, []string{
			`step 3: no migration takes VM "b" from host "h3" to no host`,
		}},
		{"shutting down twice", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps = slices.Insert(p.Steps, 1, down(old, none)) }, []string{
			`step 2: no shutdown takes VM "old" from no host to no host`,
		}},
		{"what does not exist", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps = slices.Insert(p.Steps, 2, migrate(99, h3, h1, 0), migrate(b, -2, h1, 0), migrate(b, h3, 3, 0))
		}, []string{
			`step 3: the step names a VM or a host that the instance does not have`,
			`step 4: the step names a VM or a host that the instance does not have`,
			`step 5: the step names a VM or a host that the instance does not have`,
		}},
		{"wrong final placement", func(_ *cloud.Instance, p *cloud.Plan) { p.Steps[4].To = h1 }, []string{
			`in the end VM "new" stands on host "h1", its target is host "h3"`,
			`anti-affinity(group=late, by=host, continuous=no): in the end host "h1" holds 2 VMs of group "late": b, new`,
		}},
		{"suspended instead of moved out of the way", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[b].Interruptible = true
			p.Steps[1] = cloud.Step{Action: cloud.Suspend, VM: b, From: h2, To: none, Cost: 1200}
			p.Steps[3] = cloud.Step{Action: cloud.Resume, VM: b, From: none, To: h1, Cost: 600}
			p.Cost, p.LowerBound = 2500, 2500
		}, nil},
		{"suspend of a VM that must not be", func(_ *cloud.Instance, p *cloud.Plan) {
			p.Steps[1] = cloud.Step{Action: cloud.Suspend, VM: b, From: h2, To: none}
			p.Steps[3] = cloud.Step{Action: cloud.Resume, VM: b, From: none, To: h1}
			p.Cost, p.LowerBound = 2500, 2500
		}, []string{
			`step 2: VM "b" is not interruptible and must not be suspended`,
			`step 2: the plan claims a cost of 0 for this step, it costs 1200 by ram`,
			`step 4: the plan claims a cost of 0 for this step, it costs 600 by ram`,
		}},
		{"resume elsewhere, and into no room", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[b].Interruptible = true
			p.Steps = []cloud.Step{
				down(old, h3),
				{Action: cloud.Suspend, VM: b, From: h2, To: none, Cost: 1200},
				{Action: cloud.Resume, VM: b, From: none, To: h1, Cost: 600},
				migrate(a, h1, h2, 700), provision(fresh, h3),
			}
			p.Steps = append(p.Steps[:3], append([]cloud.Step{
				{Action: cloud.Suspend, VM: b, From: h1, To: none, Cost: 1200},
				{Action: cloud.Resume, VM: b, From: none, To: h3, Cost: 600},
				migrate(a, h1, h2, 700), migrate(b, h3, h1, 600),
			}, p.Steps[4])...)
			p.Cost, p.LowerBound = 4900, 4900
		}, []string{
			`step 3: capacity: after VM "b" has resumed, host "h1" holds VMs that demand 1300 MiB of ram, its limit is 1000`,
			`step 5: VM "b" would resume on host "h3"; a suspended VM resumes on its target, host "h1"`,
		}},
		{"resume of a VM that was never suspended", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[fresh].Interruptible = true
			p.Steps = slices.Insert(p.Steps, 4,
				cloud.Step{Action: cloud.Resume, VM: fresh, From: none, To: h3, Cost: 400},
				cloud.Step{Action: cloud.Suspend, VM: fresh, From: h3, To: none, Cost: 800})
			p.Cost, p.LowerBound = p.Cost+1200, p.LowerBound+1200
		}, []string{
			`step 5: VM "new" was never suspended: it has no initial host, and is to be provisioned`,
		}},
		{"suspend in place of a shutdown", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[old].Interruptible = true
			c := 2 * in.VMs[old].Demand[0]
			p.Steps[0] = cloud.Step{Action: cloud.Suspend, VM: old, From: h3, To: none, Cost: c}
			p.Cost, p.LowerBound = p.Cost+c, p.LowerBound+c
		}, []string{
			`step 1: VM "old" would be suspended and has no target to resume on: it is to be shut down`,
		}},
		{"a host too full at the start takes another", func(in *cloud.Instance, _ *cloud.Plan) { in.Hosts[h3].Capacity[0] = 450 }, []string{
			`step 2: capacity: while VM "b" migrates, host "h3" holds VMs that demand 600 MiB of ram, its limit is 450`,
			`step 2: capacity: after VM "b" has migrated, host "h3" holds VMs that demand 600 MiB of ram, its limit is 450`,
		}},
		{"shutdowns break a rule", func(in *cloud.Instance, _ *cloud.Plan) {
			in.Groups = append(in.Groups, cloud.Group{Name: "s", VMs: []cloud.VMID{b, old}})
			in.Rules = append(in.Rules, spec.MustParse("spread(group=s, min=2)"))
		}, []string{
			`step 1: spread(group=s, min=2, by=host, continuous=yes): after the shutdowns group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
			`step 2: spread(group=s, min=2, by=host, continuous=yes): while VM "b" migrates, group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
			`step 2: spread(group=s, min=2, by=host, continuous=yes): after VM "b" has migrated, group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
			`step 4: spread(group=s, min=2, by=host, continuous=yes): while VM "b" migrates, group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
			`step 4: spread(group=s, min=2, by=host, continuous=yes): after VM "b" has migrated, group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
			`spread(group=s, min=2, by=host, continuous=yes): in the end group "s" stands in too few places: expected at least 2 different ones by host, found 1`,
		}},
		{"arrivals on a host in maintenance", func(in *cloud.Instance, _ *cloud.Plan) {
			in.Rules = append(in.Rules, spec.MustParse("maintenance(hosts=h3)"))
		}, []string{
			`step 2: maintenance(hosts=[h3], continuous=yes): while VM "b" migrates, VM "b" arrives on host "h3", which is in maintenance`,
			`step 2: maintenance(hosts=[h3], continuous=yes): after VM "b" has migrated, VM "b" arrives on host "h3", which is in maintenance`,
			`maintenance(hosts=[h3], continuous=yes): in the end host "h3" is in maintenance and VM "new", which did not stand there initially, stands on it`,
		}},
		{"back to a host in maintenance", func(in *cloud.Instance, p *cloud.Plan) {
			in.VMs[b].Interruptible = true
			in.Rules = append(in.Rules, spec.MustParse("maintenance(hosts=h2)"))
			in.Target[a], in.Target[b] = h1, h2
			p.Steps = []cloud.Step{
				down(old, h3), migrate(b, h2, h3, 600), migrate(b, h3, h2, 600),
				{Action: cloud.Suspend, VM: b, From: h2, To: none, Cost: 1200},
				{Action: cloud.Resume, VM: b, From: none, To: h2, Cost: 600},
				provision(fresh, h3),
			}
			p.Cost, p.LowerBound = 3000, 3000
		}, []string{
			`step 3: maintenance(hosts=[h2], continuous=yes): while VM "b" migrates, VM "b" arrives on host "h2", which is in maintenance`,
			`step 3: maintenance(hosts=[h2], continuous=yes): after VM "b" has migrated, VM "b" arrives on host "h2", which is in maintenance`,
			`step 5: maintenance(hosts=[h2], continuous=yes): after VM "b" has resumed, VM "b" arrives on host "h2", which is in maintenance`,
		}},
		{"back to a host in maintenance, of which only the end counts", func(in *cloud.Instance, p *cloud.Plan) {
			in.Rules = append(in.Rules, spec.MustParse("maintenance(hosts=h2, continuous=no)"))
			in.Target[a], in.Target[b] = h1, h2
			p.Steps = []cloud.Step{down(old, h3), migrate(b, h2, h3, 600), migrate(b, h3, h2, 600), provision(fresh, h3)}
			p.Cost, p.LowerBound = 1200, 1200
		}, nil},
		{"no target", func(in *cloud.Instance, _ *cloud.Plan) { in.Target = nil }, []string{
			`the instance has no target`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := cloud.DecodeInstance("", []byte(document))
			if err != nil {
				t.Fatal(err)
			}
			p := good()
			c.edit(in, p)
			r := judge(t, in, p)
			var found []string
			for _, f := range r.Findings {
				found = append(found, strings.ReplaceAll(
					strings.ReplaceAll(f.String(), fmt.Sprintf("%.12s", in.SHA256()), "SHA"), "capacity()", "capacity"))
			}
			if d := cmp.Diff(c.expect, found); d != "" {
				t.Errorf("findings (-expected +found):\n%s", d)
			}
			if r.OK() != (len(found) == 0) || r.Steps != len(p.Steps) || len(r.Final) != len(in.VMs) {
				t.Errorf("the report contradicts itself: %+v", r)
			}
		})
	}
}

func judge(t interface {
	Helper()
	Fatal(...any)
}, in *cloud.Instance, p *cloud.Plan,
) *validate.Report {
	t.Helper()
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	ram, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	return validate.Plan(in, bound, ram, p)
}

func TestPlacementJudgesWrongRules(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := cloud.Placement{none, h1, none, h1}
	if f := validate.Placement(in, bound, p, false); len(f) != 0 {
		t.Errorf("discrete rules do not hold on the way, found %v", f)
	}
	if f := validate.Placement(in, bound, p, true); len(f) != 1 || !strings.HasPrefix(f[0].Rule, "anti-affinity") {
		t.Errorf("discrete rules hold in the end, found %v", f)
	}
}

func TestCheckInitialListsWhatIsBrokenUpToALimit(t *testing.T) {
	in := &cloud.Instance{
		Name: "full", Resources: []cloud.Resource{{Name: "ram"}}, VMs: []cloud.VM{{Name: "v", Demand: []int64{0}}},
		Initial: cloud.Placement{cloud.Absent},
	}
	for h := range 12 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", h), Capacity: []int64{1}, Reserved: []int64{0}})
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", h), Demand: []int64{2}})
		in.Initial = append(in.Initial, cloud.HostID(h))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.Named("capacity")})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(fmt.Sprint(validate.CheckInitial(in, bound)), "\n")
	if len(lines) != 11 || !strings.HasPrefix(lines[0], "/initial: the initial placement breaks a rule: capacity") || lines[10] != "(12 violations in all)" {
		t.Errorf("got %d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	in.Initial = slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	if err := validate.CheckInitial(in, bound); err != nil {
		t.Errorf("nobody is anywhere, and yet: %v", err)
	}
}

func ExamplePlan() {
	in, err := cloud.DecodeInstance("", []byte(document))
	if err != nil {
		panic(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		panic(err)
	}
	ram, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		panic(err)
	}
	p := &cloud.Plan{Status: cloud.Feasible, Cost: 1300}
	p.Steps = in.Steps([]cloud.Change{{VM: a, From: h1, To: h2}, {VM: b, From: h2, To: h1}}, ram)
	for _, f := range validate.Plan(in, bound, ram, p).Findings {
		fmt.Println(f)
	}
	// Output:
	// step 2: capacity: while VM "a" migrates, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000
	// step 2: capacity: after VM "a" has migrated, host "h2" holds VMs that demand 1300 MiB of ram, its limit is 1000
}
