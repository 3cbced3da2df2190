package cloud_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// encoder is an instance, or a plan with its instance.
type encoder func(*bytes.Buffer) error

func encoded(tb interface{ Fatal(...any) }, e encoder) string {
	var b bytes.Buffer
	if err := e(&b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func instanceText(tb interface{ Fatal(...any) }, in *cloud.Instance) string {
	return encoded(tb, func(b *bytes.Buffer) error { return in.Encode(b) })
}

var sameInstance = cmp.Options{
	cmpopts.IgnoreUnexported(cloud.Instance{}),
}

// roundTrip holds that an instance survives its own format.
func roundTrip(tb interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, in *cloud.Instance,
) {
	text := instanceText(tb, in)
	again, err := cloud.DecodeInstance("", []byte(text))
	if err != nil {
		tb.Fatalf("what was written does not read: %v\n%s", err, text)
	}
	if d := cmp.Diff(in, again, sameInstance); d != "" {
		tb.Fatalf("read again it differs (-before +after):\n%s", d)
	}
	if second := instanceText(tb, again); second != text {
		tb.Fatalf("written again it differs:\n%s", cmp.Diff(text, second))
	}
	if in.SHA256() != again.SHA256() {
		tb.Fatal("equal instances have different hashes")
	}
}

func TestInstanceChangesInItsFormat(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, in)
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		if rapid.Bool().Draw(t, "no target") {
			in.Target = nil
		}
		for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
			if rapid.Bool().Draw(t, "with rule") {
				in.Rules = append(in.Rules, cloudtest.RuleSpec(t, in, d.Name))
			}
		}
		if rapid.Bool().Draw(t, "with SLAs") {
			in.SLAs = []spec.Spec{spec.MustParse("deadline(at=30m)"), spec.MustParse("at-once(most=2, by=rack)")}
		}
		if rapid.Bool().Draw(t, "with objective") {
			name := rapid.SampledFrom(catalogue.Standard().Descriptors(objectives.Kind)).Draw(t, "objective").Name
			in.Objective = new(cloudtest.ObjectiveSpec(t, in, name))
		}
		for g := range in.Groups {
			if in.Groups[g].VMs == nil {
				in.Groups[g].VMs = []cloud.VMID{}
			}
		}
		in.Description = rapid.String().Draw(t, "description")
		in.VMs[0].Name += rapid.String().Draw(t, "name")
		if rapid.Bool().Draw(t, "rate given") {
			in.VMs[0].DirtyMiBPerS = new(rapid.SampledFrom([]float64{0, rapid.Float64Range(0, 1e300).Draw(t, "rate")}).Draw(t, "or 0"))
		}
		numbers := rapid.MapOfN(rapid.String(), rapid.Int64(), 1, 3)
		in.VMs[0].Numbers, in.Hosts[0].Numbers = numbers.Draw(t, "of a VM"), numbers.Draw(t, "of a host")
		if n := rapid.IntRange(0, 3).Draw(t, "classes"); n > 0 {
			in.MoveCosts = make([]cloud.MoveClass, n)
			for c := range in.MoveCosts {
				in.MoveCosts[c].To = rapid.SliceOfN(rapid.Int64Range(0, 1<<50), n, n).Draw(t, "to")
			}
			for h := range in.Hosts {
				c := &in.MoveCosts[rapid.IntRange(0, n-1).Draw(t, "class")]
				c.Hosts = append(c.Hosts, cloud.HostID(h))
			}
		}
		cloudtest.Switches(t, in)
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, in)
	})
}

// The hash is of the content: spacing, order of members and defaults written out
// make no difference; everything else does.
func TestHashIsOfTheSpacing(t *testing.T) {
	text := testdata(t, "instance.json")
	hash := func(text string) string {
		t.Helper()
		in, err := cloud.DecodeInstance("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return in.SHA256()
	}
	want := hash(text)
	for _, same := range []string{
		strings.Join(strings.Fields(text), " "),
		edit(t, text, `"vm1": "host1",`, ``) + "\n",
		edit(t, text, `{"name": "vm3", "demand": {}}`, `{"demand": {"vcpu": 0}, "pages": [], "labels": {}, "arch": "", "interruptible": false, "working_set_mib": -0.0, "name": "vm3"}`),
		edit(t, text, `"anti-affinity(group=web)"`, `" anti-affinity( group = \"web\" )"`),
		edit(t, text, `"vm2": "host1",`, ``),
		edit(t, text, `"zone": "az1"`, `"numbers": {}, "zone": "az1"`),
	} {
		changed := strings.Contains(same, `"vm1": "host1"`) && strings.Contains(same, `"vm2": "host1"`)
		if got := hash(same); (got == want) != changed {
			t.Errorf("the hash is equal: %v\n%s", got == want, same)
		}
	}
}

// A dirty rate of 0 is known, one that is left out is not.
func TestUnknownDirtyRateIsZero(t *testing.T) {
	text := testdata(t, "instance.json")
	hashes := map[string]string{}
	for given, written := range map[string]string{"": "", `, "dirty_mib_per_s": 0`: `,"dirty_mib_per_s":0`, `, "dirty_mib_per_s": -0.0`: `,"dirty_mib_per_s":0`} {
		in, err := cloud.DecodeInstance("", []byte(edit(t, text, `"demand": {"ram": 500}`, `"demand": {"ram": 500}`+given)))
		if err != nil {
			t.Fatal(err)
		}
		if rate := in.VMs[1].DirtyMiBPerS; (rate == nil) != (given == "") || rate != nil && *rate != 0 {
			t.Errorf("%q is read as %v", given, rate)
		}
		if want := `"demand":{"ram":500,"vcpu":0,"disk/ssd":0}` + written + "}"; !strings.Contains(instanceText(t, in), want) {
			t.Errorf("%q: expected %s in\n%s", given, want, instanceText(t, in))
		}
		if first, known := hashes[written]; known && first != in.SHA256() {
			t.Errorf("%q has a hash of its own", given)
		}
		hashes[written] = in.SHA256()
	}
	if hashes[""] == hashes[`,"dirty_mib_per_s":0`] {
		t.Error("an unknown rate and a rate of 0 share a hash")
	}
}

// What a program puts into an instance is checked as what a file holds is.
func TestCheckTrustsPrograms(t *testing.T) {
	for name, spoil := range map[string]func(*cloud.Instance){
		"invalid UTF-8 in a name":  func(in *cloud.Instance) { in.VMs[0].Name = "\xff" },
		"invalid UTF-8 in a page":  func(in *cloud.Instance) { in.VMs[0].Pages = []string{"\xff"} },
		"invalid UTF-8 in a label": func(in *cloud.Instance) { in.Hosts[0].Labels = map[string]string{"a": "\xff"} },
		"too few amounts":          func(in *cloud.Instance) { in.Hosts[0].Capacity = nil },
		"no reserve":               func(in *cloud.Instance) { in.Hosts[0].Reserved = nil },
		"no demand":                func(in *cloud.Instance) { in.VMs[0].Demand = nil },
		"short placement":          func(in *cloud.Instance) { in.Initial = in.Initial[1:] },
		"no placement":             func(in *cloud.Instance) { in.Initial = nil },
		"host out of range":        func(in *cloud.Instance) { in.Initial[0] = 2 },
		"negative host":            func(in *cloud.Instance) { in.Target[0] = -2 },
		"VM out of range":          func(in *cloud.Instance) { in.Groups[0].VMs[0] = 3 },
		"unknown switch":           func(in *cloud.Instance) { in.Hosts[0].Switch = "core" },
		"invalid UTF-8 in a switch": func(in *cloud.Instance) {
			in.Switches = []cloud.Switch{{Name: "\xff"}}
			in.Hosts[0].Switch = "\xff"
		},
		"ring of switches": func(in *cloud.Instance) {
			in.Switches = []cloud.Switch{{Name: "a", Up: "b"}, {Name: "b", Up: "a"}}
		},
		"no resources": func(in *cloud.Instance) { in.Resources = nil },
	} {
		in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
		if err != nil {
			t.Fatal(err)
		}
		spoil(in)
		if in.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func planText(tb interface{ Fatal(...any) }, p *cloud.Plan, in *cloud.Instance) string {
	return encoded(tb, func(b *bytes.Buffer) error { return p.Encode(b, in) })
}

// roundTripPlan holds that a plan survives its own format.
func roundTripPlan(tb interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, in *cloud.Instance, p *cloud.Plan,
) {
	text := planText(tb, p, in)
	again, err := cloud.DecodePlan("", []byte(text), in)
	if err != nil {
		tb.Fatalf("what was written does not read: %v\n%s", err, text)
	}
	if d := cmp.Diff(p, again, cmpopts.EquateEmpty()); d != "" {
		tb.Fatalf("read again it differs (-before +after):\n%s", d)
	}
	if p.StepsSHA256(in) != again.StepsSHA256(in) || planText(tb, again, in) != text {
		tb.Fatal("written again it differs")
	}
}

func TestPlanChangesInItsFormat(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	p, err := cloud.DecodePlan("", []byte(testdata(t, "plan.json")), in)
	if err != nil {
		t.Fatal(err)
	}
	roundTripPlan(t, in, p)
	p.Schedule = &cloud.Schedule{Model: "slots(total=2)", Unit: "step"} // all that may be left out is
	roundTripPlan(t, in, p)
	p.Schedule.SLAs = []string{"deadline(at=30m)", "frozen(from=1h, to=2h, vms=vm1)"}
	roundTripPlan(t, in, p)
	path, err := cloud.DecodePlan("", []byte(pathText(t)), in)
	if err != nil {
		t.Fatal(err)
	}
	roundTripPlan(t, in, path)
	for _, s := range []cloud.Status{cloud.Infeasible, cloud.Unknown, cloud.Unsupported} {
		roundTripPlan(t, in, &cloud.Plan{Status: s, LowerBound: 3})
	}
	roundTripPlan(t, in, &cloud.Plan{Status: cloud.Feasible, Cost: 7, Steps: []cloud.Step{
		{Action: cloud.Suspend, VM: 0, From: 0, To: cloud.Absent, Cost: 3},
		{Action: cloud.Resume, VM: 0, From: cloud.Absent, To: 1, Cost: 4},
	}})
}

var stepTimes = regexp.MustCompile(`, "start": \d+, "end": \d+`)

// pathText is testdata/plan.json without its schedule.
func pathText(tb testing.TB) string {
	tb.Helper()
	return stepTimes.ReplaceAllString(edit(tb, testdata(tb, "plan.json"), planSchedule+",", ""), "")
}

// The times are part of what the steps of a scheduled plan do, and of no other.
func TestHashOfStepsForgetsTheirTimes(t *testing.T) {
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	p, err := cloud.DecodePlan("", []byte(testdata(t, "plan.json")), in)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	note := func(what string) {
		hash := p.StepsSHA256(in)
		if before, twice := seen[hash]; twice {
			t.Errorf("%s: the hash is the one of %s", what, before)
		}
		seen[hash] = what
	}
	note("the plan")
	p.Steps[1].Start++
	note("a later start")
	p.Steps[1].End++
	note("a later end")
	p.Schedule = nil
	note("the path")
	hash := p.StepsSHA256(in)
	p.Steps[1].End = 7
	if p.StepsSHA256(in) != hash {
		t.Error("the hash of a path depends on times")
	}
}

// The published cases are read where they are to be had.
func TestRealInstanceIsRefused(t *testing.T) {
	files, err := filepath.Glob("../../shared/data/migrationpaths/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("the real data is not here: ../shared/data, from the root of the repository")
	}
	for _, f := range files {
		in, err := cloud.ReadInstance(f)
		if err != nil {
			t.Error(err)
			continue
		}
		roundTrip(t, in)
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, found := range validate.Placement(in, bound, in.Initial, false) {
			t.Errorf("%s: initially %s", f, found)
		}
	}
}
