package expression_test

import (
	"math"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
)

const everything = expression.VM | expression.Host | expression.From | expression.To | expression.Used | expression.VMs

// small is an instance with a value for every member.
func small(t testing.TB) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name:      "small",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "disk-gb"}},
		Hosts: []cloud.Host{
			{
				Name: "h0", Capacity: []int64{100, 5}, Reserved: []int64{10, 0}, Arch: "x86_64", Zone: "z", Rack: "r0",
				Labels: map[string]string{"big": "yes"}, NICMbps: 10000,
			},
			{Name: "h1", Capacity: []int64{50, math.MaxInt64 / 2}, Reserved: []int64{0, 0}, Zone: "z", Rack: "r1"},
		},
		VMs: []cloud.VM{
			{
				Name: "v0", Demand: []int64{29, 3}, Arch: "i386", Labels: map[string]string{"my label": "ä"},
				DirtyMiBPerS: new(0.1), WorkingSetMiB: 12.5, Interruptible: true, Pages: []string{"linux"},
			},
			{Name: "v1", Demand: []int64{7, math.MaxInt64 / 2}},
		},
		Groups:  []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1}}, {Name: "db", VMs: []cloud.VMID{0}}},
		Initial: cloud.Placement{0, 1},
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// at is VM v0 on host h0, on its way to h1, with all on h0.
func at() *expression.At {
	return &expression.At{VM: 0, Host: 0, From: 0, To: 1, Used: []int64{36, 3}, VMs: 2}
}

func TestExpressionMeansSomethingElse(t *testing.T) {
	in := small(t)
	for _, c := range []struct {
		source string
		want   bool
	}{
		{"vm.name == 'v0' && vm.arch == \"i386\"", true},
		{"vm.demand.ram == 29 and vm.demand[\"disk-gb\"] == 3", true},
		{"vm.labels[\"my label\"] == 'ä' && vm.labels.other == ''", true},
		{"vm.dirty_mib_per_s == 0.1 && vm.working_set_mib == 12.5", true},
		{"vm.interruptible", true},
		{"!vm.interruptible or not vm.interruptible", false},
		{"'web' in vm.groups && 'x' not in vm.groups && vm.name in ['v0', 'v1']", true},
		{"len(vm.groups) == 2 && len(vm.labels[\"my label\"]) == 1", true},
		{"'linux' in vm.pages", true},
		{"host.name == 'h0' && host.zone == 'z' && host.rack == 'r0' && host.nic_mbps == 10000", true},
		{"host.capacity.ram - host.reserved.ram == 90", true},
		{"host.labels.big == 'yes' && host.arch startsWith 'x86' && host.arch endsWith '64' && host.arch contains '_'", true},
		{"host.arch matches '^x\\\\d+_64$'", true},
		{"from.rack == 'r0' && to.rack == 'r1' && from.zone == to.zone", true},
		{"used.ram == 36 && vms == 2 && used[\"disk-gb\"] <= vms + 1", true},
		{"vm.demand.ram <= 0.29 * host.capacity.ram", true},     // 28.999999999999996 in float64
		{"0.1 + 0.2 == 0.3 && 1 / 3 * 3 == 1", true},            // neither in float64
		{"0.30000000000000000001 > 0.3", true},                  // equal in float64
		{"to.capacity[\"disk-gb\"] * 4 > 0", true},              // wraps in 64 bits
		{"9223372036854775807 + 1 > 9223372036854775807", true}, // "
		{"1 < vm.demand.ram < 30", true},
		{"-7 % 3 == -1 && -(2) < +1 && abs(-2.5) == 2.5", true},
		{"min(3, 1.5, 2) == 1.5 && max(3, 1.5) == 3 && ceil(1.2) == 2 && floor(-1.2) == -2", true},
		{"2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 7 / 2 == 3.5", true},
		{"vms > 1 ? vm.interruptible : false", true},
		{"vms != 2 && 1 / (vms - 2) > 0", false}, // the second is not evaluated
		{"true != false", true},
		{"0x10 == 16 && 1_000 == 1e3", true},
	} {
		p, err := expression.Compile(in, c.source, expression.Test, everything)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		for _, q := range []*expression.Program{p, p.On(0)} {
			if got, err := q.Test(at()); got != c.want || err != nil {
				t.Errorf("%s: expected %v, found %v, %v", c.source, c.want, got, err)
			}
		}
	}
}

func TestBadExpressionIsNotExplained(t *testing.T) {
	in := small(t)
	for _, c := range []struct {
		source, want string
		yields       expression.Result
		may          expression.Subject
	}{
		{source: "vm.demnad.ram < 1", want: `column 4: unknown member "demnad" of vm, did you mean "demand"?`},
		{source: "1 < host.capacity.rma", want: `column 19: unknown member "rma" of host.capacity, did you mean "ram"?`},
		{source: "used.cpu < 1", want: `column 6: unknown member "cpu" of used; it has ram, disk-gb`},
		{source: "hots.name == ''", want: `column 1: unknown name "hots", did you mean "host"?`},
		{source: "host.name == h1", want: `column 14: unknown name "h1": texts stand in quotes, "h1"`},
		{source: "host.name == ''", may: expression.VM | expression.From, want: `column 1: unknown name "host"; known here are vm, from`},
		{source: "vm", want: `column 1: vm is not a value: name a member; it has name, arch, demand,`},
		{source: "vm.demand > 1", want: `column 4: vm.demand is not a value: expected vm.demand.<resource>`},
		{source: "'x' == host.labels", want: `column 13: host.labels is not a value: expected host.labels.<label>`},
		{source: "used > 1", want: `column 1: used is not a value: expected used.<resource>`},
		{source: "vm.name.first == ''", want: `column 9: vm.name is a text and has no members`},
		{source: "vm.labels[vm.name] == ''", want: `column 14: expected the name of a member, in quotes`},
		{source: "(1 + 2).x == 1", want: `column 4: only vm, hosts and what they hold have members`},
		{source: "vm.name < 3", want: `column 4: expected a number on the left of <, found a text`},
		{source: "1 + true > 0", want: `column 5: expected a number on the right of +, found yes or no`},
		{source: "vm.pages == ['linux']", want: `column 10: lists do not compare: ask with in for one text`},
		{source: "'ä' == 1", want: `column 6: cannot compare a text with a number`},
		{source: "vm.name && true", want: `column 4: expected yes or no on the left of &&, found a text`},
		{source: "!1", want: `column 2: expected yes or no after !, found a number`},
		{source: "1 in vm.groups", want: `column 1: expected a text on the left of in, found a number`},
		{source: "'a' in 'abc'", want: `column 8: expected a list of texts on the right of in, found a text`},
		{source: "'a' in [1]", want: `column 9: expected a text in quotes: lists are of texts that stand in the expression`},
		{source: "1 ? true : false", want: `column 1: expected yes or no as a condition, found a number`},
		{source: "vms > 1 ? 'a' : 1", want: `the two branches must be alike, found a text and a number`},
		{source: "1 + 1", want: `expected an expression that yields yes or no, found a number`},
		{source: "true", yields: expression.Amount, want: `expected an expression that yields a number, found yes or no`},
		{source: "now() > 1", want: `column 1: unknown function "now"; known are abs, ceil, floor, len, max, min`},
		{source: "flor(1.5) == 1", want: `column 1: unknown function "flor", did you mean "floor"?`},
		{source: "abs(1, 2) == 1", want: `abs takes one argument, found 2`},
		{source: "max() == 1", want: `max`},
		{source: "len(1) == 1", want: `column 5: expected a text or a list of texts for len, found a number`},
		{source: "vm.name.lower() == ''", want: `only functions can be called: abs, ceil`},
		{source: "any(vm.groups, # == 'x')", want: `unknown function "any"; known are abs`},
		{source: "let x = 1; x == 1", want: `variables have no use in these expressions`},
		{source: "vm?.name == ''", want: `optional members (?.) have no use in these expressions`},
		{source: "vm.name[0:1] == ''", want: `slices have no use in these expressions`},
		{source: "{a: 1}", want: `maps have no use in these expressions`},
		{source: "nil == 1", want: `nil and optional values have no use in these expressions`},
		{source: "true; true", want: `sequences have no use in these expressions`},
		{source: "2 ** 3 > 1", want: `column 3: the operator ** has no use in these expressions`},
		{source: "(vm.name ?? '') == ''", want: `the operator ?? has no use in these expressions`},
		{source: "vm.name matches '('", want: `column 17: error parsing regexp: missing closing )`},
		{source: "vm.name matches vm.arch", want: `column 20: expected a pattern that stands in the expression, in quotes`},
		{source: "vms >", want: `unexpected end`},
		{source: "'abc", want: `literal not terminated`},
		{source: "vms > 1 ~", want: `column 9: unrecognized character`},
		{source: "99999999999999999999 > 1", want: `expected a number, found "99999999999999999999": value out of range`},
		{source: "1e > 1", want: `expected a number, found "1e": invalid syntax`},
		{source: "1e-999999999 > 1", want: `column 1: the number is too small`},
		{source: "1e999999999 > 1", want: `expected a number, found "1e999999999": value out of range`},
		{source: " \n", want: `expected an expression, found none`},
		{source: strings.Repeat("(", 5000), want: `expected an expression of at most 4096 bytes, found 5000`},
		{source: strings.Repeat("(", 4000), want: `unexpected end`},
	} {
		if c.may == 0 {
			c.may = everything
		}
		_, err := expression.Compile(in, c.source, c.yields, c.may)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s:\nfound    %v\nexpected … %s …", c.source, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60s: the error spans several lines: %v", c.source, err)
		}
	}
}

// Faults that depend on what an expression is evaluated for have a reason, and are none
// where the rest of the expression decides.
func TestFaultOfEvaluationIsLost(t *testing.T) {
	in := small(t)
	for _, c := range []struct{ source, want string }{
		{"1 / (vms - 2)", "column 3: division by zero"},
		{"1 % (vms - 2)", "column 3: division by zero"},
		{"5 % (vms / 4)", "column 3: % takes integers, found 5 % 1/2"},
		{"1 / (host.capacity.ram - 100) + vms", "column 3: division by zero"},
		{"min(1, 1 / (vms - 2))", "column 10: division by zero"},
		{"vms - 3", "expected a number of at least 0, found -1"},
		{"9223372036854775807 + 0.1", "the number does not fit in 64 bits"},
		{"vms == 2 ? 5 : 1 / (host.capacity.ram - 100)", ""},
		{"9223372036854775806.5", ""},
	} {
		p, err := expression.Compile(in, c.source, expression.Amount, everything)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		for _, q := range []*expression.Program{p, p.On(0)} {
			_, err := q.Amount(at())
			if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
				t.Errorf("%s: expected %q, found %v", c.source, c.want, err)
			}
		}
	}
}

func TestAmountIsNotRoundedUp(t *testing.T) {
	in := small(t)
	for source, want := range map[string]int64{
		"0.5": 1, "1": 1, "1.0000000000000000000001": 2, "vm.demand.ram / 3": 10, "0": 0, "9223372036854775807": math.MaxInt64,
	} {
		p, err := expression.Compile(in, source, expression.Amount, everything)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Amount(at()); got != want || err != nil {
			t.Errorf("%s: expected %d, found %d, %v", source, want, got, err)
		}
	}
}
