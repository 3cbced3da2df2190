package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// broken is an instance of four hosts in racks r1, r1, r2 and r3, of 10 MiB each, and four VMs of 4 MiB: a, b
// and c on h1, d on h4. The target follows from the steps.
const broken = `{
	"format": "rearrange/instance/1", "name": "broken",
	"resources": [{"name": "ram", "unit": "MiB"}],
	"hosts": [
		{"name": "h1", "capacity": {"ram": 10}, "zone": "z1", "rack": "r1"},
		{"name": "h2", "capacity": {"ram": 10}, "zone": "z1", "rack": "r1"},
		{"name": "h3", "capacity": {"ram": 10}, "zone": "z2", "rack": "r2"},
		{"name": "h4", "capacity": {"ram": 10}, "zone": "z2", "rack": "r3"}
	],
	"vms": [
		{"name": "a", "demand": {"ram": 4}, "interruptible": true}, {"name": "b", "demand": {"ram": 4}},
		{"name": "c", "demand": {"ram": 4}}, {"name": "d", "demand": {"ram": 4}}, {"name": "e", "demand": {"ram": 4}}
	],
	"groups": [{"name": "abc", "vms": ["a", "b", "c"]}, {"name": "ab", "vms": ["a", "b"]}, {"name": "d", "vms": ["d"]}],
	"rules": [RULES],
	"initial": {"a": "h1", "b": "h1", "c": "h1", "d": "h4"}
}`

// leadingTo gives an instance the target that steps lead to, and makes a plan of them. If they have times it is a
// schedule.
func leadingTo(in *cloud.Instance, steps []cloud.Step) *cloud.Plan {
	in.Target = in.Initial.Clone()
	p := &cloud.Plan{Status: cloud.Feasible, Steps: steps}
	makespan := int64(0)
	for _, s := range steps {
		in.Target[s.VM] = s.To
		p.Cost += s.Cost
		makespan = max(makespan, s.End)
	}
	if makespan > 0 {
		p.Schedule = &cloud.Schedule{Model: "slots(total=9)", Unit: "ms", Makespan: makespan}
	}
	return p
}

func TestJudgeMendsWrongly(t *testing.T) {
	const (
		c, d, e = cloud.VMID(2), cloud.VMID(3), cloud.VMID(4)
		h4      = cloud.HostID(3)
	)
	move := func(v cloud.VMID, from, to cloud.HostID) cloud.Step { return migrate(v, from, to, 4) }
	suspend := func(v cloud.VMID, from cloud.HostID) cloud.Step {
		return cloud.Step{Action: cloud.Suspend, VM: v, From: from, To: none, Cost: 8}
	}
	resume := func(v cloud.VMID, to cloud.HostID) cloud.Step {
		return cloud.Step{Action: cloud.Resume, VM: v, From: none, To: to, Cost: 4}
	}
	for _, x := range []struct {
		name, rules string
		initial     cloud.Placement // unless as in the instance
		steps       []cloud.Step
		found       string // how the first finding begins; none if empty
	}{
		{"an overfull host loses VMs", `"capacity"`, nil, []cloud.Step{move(a, h1, h2)}, ""},
		{"an overfull host stays so", `"capacity"`, nil, []cloud.Step{move(d, h4, h3)}, `capacity: in the end host "h1"`},
		{"into an overfull host", `"capacity"`, nil, []cloud.Step{move(d, h4, h1), move(d, h1, h4), move(a, h1, h2)}, `step 1: capacity: while VM "d"`},
		{
			"a host that was overfull takes what fits", `"capacity"`, nil,
			[]cloud.Step{move(a, h1, h2), move(b, h1, h2), move(d, h4, h1)},
			"",
		},
		{
			"a VM comes back to a host that is still too full", `"capacity"`,
			cloud.Placement{h1, h1, h1, h1, none},
			[]cloud.Step{move(a, h1, h2), move(b, h1, h3), move(a, h2, h1), move(a, h1, h2)},
			`step 3: capacity: while VM "a"`,
		},
		{
			"a VM comes back and fits", `"capacity"`, nil,
			[]cloud.Step{move(a, h1, h2), move(b, h1, h3), move(a, h2, h1)},
			"",
		},
		{
			"a VM resumes on a host that is still too full", `"capacity"`,
			cloud.Placement{h1, h1, h1, h1, none},
			[]cloud.Step{suspend(a, h1), move(b, h1, h3), resume(a, h1)},
			`step 3: capacity: after VM "a" has resumed`,
		},
		{"a VM resumes elsewhere", `"capacity"`, nil, []cloud.Step{suspend(a, h1), resume(a, h2)}, ""},
		{"a shutdown mends", `"capacity"`, nil, []cloud.Step{down(a, h1)}, ""},
		{"a VM is provisioned on an overfull host", `"capacity"`, nil, []cloud.Step{provision(e, h1)}, `capacity: in the end host "h1"`},
		{"too many VMs on a host", `"max-vms(max=2)"`, nil, []cloud.Step{move(a, h1, h2)}, ""},
		{"yet another host gets too many VMs", `"max-vms(max=1)"`, nil, []cloud.Step{move(a, h1, h4)}, `step 1: max-vms(max=1, continuous=yes): while VM "a"`},
		{
			"an expression about a host that fewer VMs break as well", `"expression(test=\"vms <= 1\")"`, nil,
			[]cloud.Step{move(a, h1, h2), move(b, h1, h3)},
			"",
		},
		{"a group leaves a host", `"anti-affinity(group=ab)"`, nil, []cloud.Step{move(a, h1, h2)}, ""},
		{
			"a VM that is not of the group enters", `"anti-affinity(group=ab)"`, nil,
			[]cloud.Step{move(d, h4, h1), move(a, h1, h2)},
			"",
		},
		{
			"a VM of the group comes back", `"anti-affinity(group=abc)"`, nil,
			[]cloud.Step{move(a, h1, h2), move(a, h2, h1)},
			`step 2: anti-affinity(group=abc, by=host, continuous=yes): while VM "a"`,
		},
		{
			"a move within the rack", `"anti-affinity(group=ab, by=rack)"`, nil,
			[]cloud.Step{move(a, h1, h2), move(b, h1, h3)},
			"",
		},
		{
			"a move within the rack mends nothing", `"anti-affinity(group=ab, by=rack)"`, nil,
			[]cloud.Step{move(a, h1, h2)},
			`anti-affinity(group=ab, by=rack, continuous=yes): in the end`,
		},
		{
			"a third VM comes to the rack", `"max-per-rack(group=abc, max=1)"`,
			cloud.Placement{h1, h1, h3, h4, none},
			[]cloud.Step{move(c, h3, h2)},
			`step 1: max-per-rack(group=abc, max=1, continuous=yes): while VM "c"`,
		},
		{"interference ends", `"interference(group=d, with=ab, max=1)"`, cloud.Placement{h1, h1, h2, h1, none}, []cloud.Step{move(b, h1, h2)}, ""},
		{
			"interference comes back", `"interference(group=d, with=ab, max=0)"`,
			cloud.Placement{h1, h1, h2, h1, none},
			[]cloud.Step{move(a, h1, h2), move(a, h2, h1)},
			`step 2: interference(group=d, with=ab, max=0, by=host, continuous=yes): while VM "a"`,
		},
		{"a VM comes to its fence", `"fence(vms=a, racks=r2)"`, nil, []cloud.Step{move(a, h1, h3)}, ""},
		{
			"a VM outside its fence goes elsewhere outside", `"fence(vms=a, racks=r2)"`, nil,
			[]cloud.Step{move(a, h1, h2)},
			`step 1: fence(vms=[a], racks=[r2], continuous=yes): while VM "a"`,
		},
		{"another VM leaves the fence", `"fence(vms=[a, b], racks=r1)"`, cloud.Placement{h3, h1, h2, h4, none}, []cloud.Step{
			move(b, h1, h3),
		}, `step 1: fence(vms=[a, b], racks=[r1], continuous=yes): while VM "b"`},
		{"a VM leaves its fence again", `"fence(vms=a, racks=r2)"`, nil, []cloud.Step{
			move(a, h1, h3), move(a, h3, h1),
		}, `step 2: fence(vms=[a], racks=[r2], continuous=yes): while VM "a"`},
		{"a VM leaves where it is banned", `"ban(vms=a, hosts=h1)"`, nil, []cloud.Step{move(a, h1, h2)}, ""},
		{"a VM stays where it is banned", `"ban(vms=a, hosts=h1)"`, nil, []cloud.Step{move(b, h1, h2)}, `ban(vms=[a], hosts=[h1], continuous=yes): in the end`},
		{"a split group gathers", `"affinity(group=ab)"`, cloud.Placement{h1, h2, h2, h4, none}, []cloud.Step{move(a, h1, h2)}, ""},
		{
			"a split group goes through other places", `"affinity(group=ab)"`,
			cloud.Placement{h1, h2, h2, h4, none},
			[]cloud.Step{move(a, h1, h3), move(b, h2, h3)},
			"",
		},
		{
			"a split group scatters further", `"affinity(group=abc)"`,
			cloud.Placement{h1, h1, h2, h4, none},
			[]cloud.Step{move(a, h1, h3), move(a, h3, h2), move(b, h1, h2)},
			`step 1: affinity(group=abc, by=host, continuous=yes): after VM "a" has migrated, group "abc" is scattered more widely than at the start, over 3 places by host instead of 2: `,
		},
		{
			"a group that is together splits beside one that is split", `"affinity(group=*)"`,
			cloud.Placement{h1, h1, h2, h4, none},
			[]cloud.Step{move(a, h1, h2), move(b, h1, h2)},
			`step 1: affinity(group=ab, by=host, continuous=yes): while VM "a"`,
		},
		{"a crowded group spreads", `"spread(group=abc, min=2)"`, nil, []cloud.Step{move(a, h1, h2)}, ""},
		{
			"a crowded group spreads over too few places", `"spread(group=abc, min=3)"`, nil,
			[]cloud.Step{move(a, h1, h2)},
			`spread(group=abc, min=3, by=host, continuous=yes): in the end`,
		},
		{
			"a group stands in fewer places than initially", `"spread(group=abc, min=3)"`,
			cloud.Placement{h1, h1, h2, h4, none},
			[]cloud.Step{move(c, h2, h1), move(a, h1, h2), move(b, h1, h3)},
			`step 1: spread(group=abc, min=3, by=host, continuous=yes): after VM "c"`,
		},
		{
			"a shutdown takes a place from a group", `"spread(group=abc, min=3)"`,
			cloud.Placement{h1, h1, h2, h4, none},
			[]cloud.Step{down(c, h2)},
			`step 1: spread(group=abc, min=3, by=host, continuous=yes): after the shutdowns`,
		},
		{"what a VM depends on comes", `"depends(group=ab, on=d)"`, nil, []cloud.Step{move(d, h4, h1)}, ""},
		{"a VM goes to what it depends on", `"depends(group=ab, on=d)"`, nil, []cloud.Step{move(a, h1, h3), move(b, h1, h3)}, ""},
		{
			"a VM lacks what it had", `"depends(group=ab, on=d)"`,
			cloud.Placement{h1, h3, h2, h4, none},
			[]cloud.Step{move(d, h4, h1), move(b, h3, h1)},
			`step 1: depends(group=ab, on=[d], by=zone, continuous=yes): after VM "d"`,
		},
		{"of two rules that the start breaks one stays broken", `"anti-affinity(group=ab)", "capacity"`, nil, []cloud.Step{
			move(c, h1, h2),
		}, `anti-affinity(group=ab, by=host, continuous=yes): in the end`},

		// With times.
		{"VMs leave an overfull host together", `"capacity"`, cloud.Placement{h1, h1, h1, h1, none}, []cloud.Step{
			from(0, 5, move(a, h1, h2)), from(0, 3, move(b, h1, h2)),
		}, ""},
		{"a VM comes while too many are still leaving", `"capacity"`, cloud.Placement{h1, h1, h1, h2, none}, []cloud.Step{
			from(0, 2, move(a, h1, h3)), from(0, 3, move(b, h1, h3)), from(2, 4, move(d, h2, h1)),
		}, `step 3: capacity: at 2 ms, while VM "d"`},
		{"a VM comes when enough have left", `"capacity"`, cloud.Placement{h1, h1, h1, h2, none}, []cloud.Step{
			from(0, 2, move(a, h1, h3)), from(0, 3, move(b, h1, h3)), from(3, 4, move(d, h2, h1)),
		}, ""},
		{
			"what is under way into a place no longer finds the rule kept", `"expression(test=\"vms == 1 || vms == 3\")"`,
			cloud.Placement{h1, h1, h1, h1, none},
			[]cloud.Step{
				from(0, 1, move(a, h1, h2)), from(1, 2, move(b, h1, h3)), from(2, 5, move(b, h3, h1)), from(2, 3, move(c, h1, h4)),
			},
			`step 4: expression(test="vms == 1 || vms == 3", continuous=yes): at 3 ms, after VM "c"`,
		},
		{
			"a newcomer stands where the rule is no longer kept", `"expression(test=\"vms != 3\")"`, nil, []cloud.Step{
				from(0, 1, move(a, h1, h2)), from(1, 2, move(a, h2, h1)), from(1, 2, move(d, h4, h1)), from(2, 3, move(b, h1, h3)),
			}, `step 4: expression(test="vms != 3", continuous=yes): at 3 ms, after VM "b"`,
		},
		{"two rush apart at once", `"affinity(group=abc)"`, cloud.Placement{h1, h1, h2, h4, none}, []cloud.Step{
			from(0, 2, move(a, h1, h3)), from(0, 1, move(b, h1, h4)), from(2, 3, move(b, h4, h3)), from(2, 3, move(c, h2, h3)),
		}, `step 2: affinity(group=abc, by=host, continuous=yes): at 1 ms, after VM "b"`},
		{"a split group gathers at once", `"affinity(group=abc)"`, cloud.Placement{h1, h1, h2, h4, none}, []cloud.Step{
			from(0, 2, move(a, h1, h3)), from(0, 2, move(b, h1, h3)), from(0, 2, move(c, h2, h3)),
		}, ""},
		{"a group leaves one place before it is in the other", `"spread(group=ab, min=3, by=rack)"`, cloud.Placement{h1, h3, h1, h4, none}, []cloud.Step{
			from(0, 2, move(a, h1, h3)), from(0, 3, move(b, h3, h4)),
		}, `step 1: spread(group=ab, min=3, by=rack, continuous=yes): at 2 ms, after VM "a"`},
	} {
		t.Run(x.name, func(t *testing.T) {
			in, err := cloud.DecodeInstance("", []byte(strings.Replace(broken, "RULES", x.rules, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if x.initial != nil {
				in.Initial = x.initial
			}
			p := leadingTo(in, x.steps)
			first := ""
			if o := agree(t, in, p); !o.valid() {
				first = findings(t, in, p)[0].String()
			}
			if x.found == "" && first != "" || !strings.HasPrefix(first, x.found) {
				t.Errorf("the first finding differs (-expected beginning +found):\n%s", cmp.Diff(x.found, first))
			}
		})
	}
}

// findings are those of the judge of paths or of schedules.
func findings(t interface {
	Helper()
	Fatal(...any)
}, in *cloud.Instance, p *cloud.Plan,
) []validate.Finding {
	if p.Schedule != nil {
		return judgeSchedule(t, in, p).Findings
	}
	return judge(t, in, p).Findings
}

// stubborn is a rule that every placement breaks and that has no mending form.
type stubborn struct{}

func (stubborn) String() string                    { return "stubborn" }
func (stubborn) Continuous() bool                  { return true }
func (stubborn) Watches() []cloud.VMID             { return nil }
func (stubborn) NewGuard(*cloud.State) cloud.Guard { return nil }

func (stubborn) Violations(cloud.View, *cloud.Change) []cloud.Violation {
	return []cloud.Violation{{Rule: "stubborn", Msg: "it never holds"}}
}

func TestJudgeToleratesARuleWithoutAMendingForm(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	in.Target = in.Initial
	r := validate.Plan(in, []cloud.Rule{stubborn{}}, count(t, in), &cloud.Plan{Status: cloud.Feasible})
	if len(r.Findings) == 0 || r.Findings[0].String() != "stubborn: initially it never holds" {
		t.Errorf("findings are %v", r.Findings)
	}
}

// While a VM is on its way back to a broken place, another may leave that place only if the whole rule is
// kept there afterwards.
func TestGuardLetsAVMLeaveWhatAnotherComesBackTo(t *testing.T) {
	const c, h4 = cloud.VMID(2), cloud.HostID(3)
	in, err := cloud.DecodeInstance("", []byte(strings.Replace(broken, "RULES", `"expression(test=\"vms == 1 || vms == 3\")"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	in.Initial[3] = h1
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	s := cloud.NewState(in, inForce, in.Initial)
	for _, c := range []cloud.Change{{VM: a, From: h1, To: h2}, {VM: b, From: h1, To: h3}} {
		if !s.Allows(c.VM, c.To) {
			t.Fatalf("a guard refuses to let VM %d leave", c.VM)
		}
		s.Move(c.VM, c.To)
	}
	if !s.Allows(c, h4) {
		t.Error("nobody comes back, and a guard refuses to let a VM leave")
	}
	s.Begin(b, h1)
	if s.Allows(c, h4) {
		t.Error("a guard lets a VM leave, after which the one that comes back does not find the rule kept")
	}
}
