package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// crowded is an instance whose start breaks the second rule and the third, of which the third is discrete.
const crowded = `{
	"format": "rearrange/instance/1", "name": "crowded",
	"resources": [{"name": "ram"}],
	"hosts": [{"name": "h1", "capacity": {"ram": 3}}, {"name": "h2", "capacity": {"ram": 9}}],
	"vms": [{"name": "a", "demand": {"ram": 2}}, {"name": "b", "demand": {"ram": 2}}],
	"groups": [{"name": "ab", "vms": ["a", "b"]}],
	"rules": ["arch", "capacity", "anti-affinity(group=ab, continuous=no)", "max-vms(max=2)"],
	"initial": {"a": "h1", "b": "h1"}
}`

func crowdedRules(t *testing.T) (*cloud.Instance, []cloud.Rule) {
	t.Helper()
	in, err := cloud.DecodeInstance("", []byte(crowded))
	if err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return in, bound
}

func TestMendChangesRulesThatTheStartKeeps(t *testing.T) {
	in, bound := crowdedRules(t)
	given := slices.Clone(bound)
	inForce, breaches, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	if len(breaches) != 1 || !strings.Contains(breaches[0].String(), "capacity") || !strings.Contains(breaches[0].String(), "h1") {
		t.Errorf("breaches are %v, expected one of capacity on h1", breaches)
	}
	for i, r := range inForce {
		_, mends := r.(cloud.Mending)
		if mends != (i == 1) || !mends && r != given[i] {
			t.Errorf("rule %s: in its mending form: %v", given[i], mends)
		}
	}
	if !slices.Equal(bound, given) {
		t.Error("the given rules have changed")
	}
}

func TestSaneStartChangesTheRules(t *testing.T) {
	in, bound := crowdedRules(t)
	for name, start := range map[string]cloud.Placement{"elsewhere": {0, 1}, "nowhere": {cloud.Absent, cloud.Absent}} {
		inForce, breaches, err := cloud.Mend(in, bound, start)
		if err != nil || len(breaches) > 0 {
			t.Errorf("%s: breaches %v, error %v", name, breaches, err)
		}
		if len(inForce) != len(bound) || &inForce[0] != &bound[0] {
			t.Errorf("%s: another slice of rules", name)
		}
	}
}

func TestWholeLeavesARuleInItsMendingForm(t *testing.T) {
	in, bound := crowdedRules(t)
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	mending := slices.Clone(inForce)
	if whole := cloud.Whole(inForce); !slices.Equal(whole, bound) {
		t.Errorf("whole are %v, expected %v", whole, bound)
	}
	if !slices.Equal(inForce, mending) {
		t.Error("the rules in force have changed")
	}
	if whole := cloud.Whole(bound); &whole[0] != &bound[0] {
		t.Error("rules that are whole are copied")
	}
}

// stubborn is a rule that every placement breaks and that has no mending form.
type stubborn struct{ discrete bool }

func (stubborn) String() string                    { return "stubborn" }
func (s stubborn) Continuous() bool                { return !s.discrete }
func (stubborn) Watches() []cloud.VMID             { return nil }
func (stubborn) NewGuard(*cloud.State) cloud.Guard { return nil }

func (s stubborn) Violations(cloud.View, *cloud.Change) []cloud.Violation {
	return []cloud.Violation{{Rule: s.String(), Msg: "it never holds"}}
}

func TestMendToleratesARuleWithoutAMendingForm(t *testing.T) {
	in, bound := crowdedRules(t)
	_, _, err := cloud.Mend(in, append(slices.Clone(bound), stubborn{}), in.Initial)
	if err == nil || !strings.Contains(err.Error(), "stubborn") || strings.Contains(err.Error(), "capacity") {
		t.Errorf("error %v, expected one that names stubborn and nothing else", err)
	}
	if _, _, err := cloud.Mend(in, append(slices.Clone(bound), stubborn{discrete: true}), in.Initial); err != nil {
		t.Errorf("a discrete rule may be broken at the start, error %v", err)
	}
}
