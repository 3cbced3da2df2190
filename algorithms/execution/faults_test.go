package execution_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Faults that random executions found, each in the smallest cloud that shows it.

// crossing is a swap for which a has to be suspended, beside a VM on a third host that is otherwise too small.
const crossing = `{"format": "rearrange/instance/1", "name": "small", "resources": [{"name": "ram", "unit": "MiB"}],
 "hosts": [{"name": "h1", "capacity": {"ram": 10}}, {"name": "h2", "capacity": {"ram": 10}}, {"name": "h3", "capacity": {"ram": 2}}],
 "vms": [{"name": "a", "demand": {"ram": 8}, "interruptible": true}, {"name": "b", "demand": {"ram": 8}}, {"name": "c", "demand": {"ram": 1}}],
 "initial": {"a": "h1", "b": "h2", "c": "h3"}, "target": {"a": "h2", "b": "h1", "c": "h3"}}`

// moving is a stage on which VM m moves from h2 to h3. The test adds what happens to the others.
func moving(vms, rules, initial, target string) string {
	return `{"format": "rearrange/instance/1", "name": "small", "resources": [{"name": "ram", "unit": "MiB"}], "rules": ["capacity"` + rules + `],
 "hosts": [{"name": "h1", "capacity": {"ram": 10}}, {"name": "h2", "capacity": {"ram": 10}}, {"name": "h3", "capacity": {"ram": 10}}],
 "vms": [{"name": "m", "demand": {"ram": 1}}, ` + vms + `], "initial": {"m": "h2"` + initial + `}, "target": {"m": "h3"` + target + `}}`
}

const oneVM = `{"name": "v", "demand": {"ram": 2}}`

func TestPinnedVMOfDeadHostComesBackElsewhere(t *testing.T) {
	for _, rule := range []string{"pin(vms=[v])", "quarantine(hosts=[h1])"} {
		d, s := scene(t, moving(oneVM, `, "`+rule+`"`, `, "v": "h1"`, `, "v": "h1"`))
		d.acts[5000] = func() { d.kill("h1") }
		if report, _ := d.play(t, s); report.Reached {
			t.Errorf("%s: reached", rule)
		}
		d.stands(t, map[string]string{"v": "", "m": "h3"})
	}
}

func TestNewVMIsPinnedToDeadTarget(t *testing.T) {
	d, s := scene(t, moving(oneVM, `, "pin(vms=[v])"`, ``, `, "v": "h1"`))
	s.plan.Steps = slices.DeleteFunc(s.plan.Steps, func(s cloud.Step) bool { return s.Action == cloud.Provision })
	d.kill("h1")
	if report, _ := d.play(t, s); !report.Reached {
		t.Errorf("not reached: %s", report.Why)
	}
	d.stands(t, map[string]string{"m": "h3"})
	if at := d.vm("v").Host; at != "h2" && at != "h3" {
		t.Errorf("the new VM stands on %q", at)
	}
}

func TestMaintenanceOnDeadHostLeavesNoTarget(t *testing.T) {
	d, s := scene(t, moving(oneVM, `, "maintenance(hosts=[h1, h2])"`, `, "v": "h1"`, `, "v": "h1"`))
	d.acts[5000] = func() { d.kill("h1") }
	if report, _ := d.play(t, s); !report.Reached {
		t.Errorf("not reached: %s", report.Why)
	}
}

func TestSuspendedVMIsProvisioned(t *testing.T) {
	for _, at := range []int64{5000, 15_000} { // while it is suspended, and after
		d, s := scene(t, crossing)
		d.acts[at] = func() { d.kill("h3") }
		report, _ := d.play(t, s)
		if !report.Reached || !d.did(cloud.Resume, "a") || d.did(cloud.Provision, "a") || !d.did(cloud.Provision, "c") {
			t.Errorf("%+v after %+v", report, d.asked)
		}
	}
}

func TestVMOfDeadHostIsResumed(t *testing.T) {
	d, s := scene(t, moving(oneVM, ``, `, "v": "h1"`, `, "v": "h1"`))
	d.acts[5000] = func() { d.kill("h1") }
	d.dies = 2
	d.fails = func(r drivers.Request) bool { return r.ID == 2 }
	report, _ := d.play(t, s)
	if !report.Reached || report.Resumes != 1 || d.did(cloud.Resume, "v") {
		t.Errorf("%+v after %+v", report, d.asked)
	}
}

func TestChangeTakesStepsFromThePlan(t *testing.T) {
	d, s := scene(t, crossing)
	f := cloud.VM{Name: "f", Demand: []int64{1}}
	d.acts[5000] = func() { d.vms = append(d.vms, drivers.VM{VM: &f, Host: "h3"}) }
	if report, _ := d.play(t, s); !report.Reached || report.Changes != 1 || report.Plans != 0 {
		t.Errorf("%+v", report)
	}
}

// A rule of the end compares with where VMs stood before the execution.
func TestChangeMovesTheBeginning(t *testing.T) {
	for _, rule := range []string{"pin(vms=[v], continuous=no)", "quarantine(hosts=[h1], continuous=no)", "maintenance(hosts=[h1], continuous=no)"} {
		d, s := scene(t, moving(oneVM, `, "`+rule+`"`, `, "v": "h1"`, `, "v": "h1"`))
		v, h1, h3 := cloud.VMID(1), cloud.HostID(0), cloud.HostID(2)
		s.plan.Steps = append(s.plan.Steps, cloud.Step{Action: cloud.Migrate, VM: v, From: h1, To: h3}, cloud.Step{Action: cloud.Migrate, VM: v, From: h3, To: h1})
		f := cloud.VM{Name: "f", Demand: []int64{1}}
		d.acts[10_000] = func() { d.vms = append(d.vms, drivers.VM{VM: &f, Host: "h2"}) }
		if report, _ := d.play(t, s); !report.Reached || report.Plans != 0 {
			t.Errorf("%s: %+v", rule, report)
		}
		d.stands(t, map[string]string{"v": "h1", "m": "h3"})
	}
}

// A foreign VM is in the way, and may not be suspended.
func TestForeignVMIsSuspended(t *testing.T) {
	d, s := scene(t, `{"format": "rearrange/instance/1", "name": "small", "resources": [{"name": "ram", "unit": "MiB"}],
 "hosts": [{"name": "h1", "capacity": {"ram": 10}}, {"name": "h2", "capacity": {"ram": 10}}, {"name": "h3", "capacity": {"ram": 6}}],
 "vms": [{"name": "a", "demand": {"ram": 6}}, {"name": "b", "demand": {"ram": 6}}],
 "initial": {"a": "h1", "b": "h2"}, "target": {"a": "h2", "b": "h1"}}`)
	f := cloud.VM{Name: "f", Demand: []int64{4}, Interruptible: true}
	d.fails = func(r drivers.Request) bool { return r.ID == 1 }
	d.acts[10_000] = func() { d.vms = append(d.vms, drivers.VM{VM: &f, Host: "h3"}) }
	if report, _ := d.play(t, s); report.Reached {
		t.Errorf("%+v", report)
	}
	d.stands(t, map[string]string{"a": "h1", "b": "h2", "f": "h3"})
}

// Others move foreign VMs, which is no reason for another target.
func TestForeignVMUnderWaySpoilsTarget(t *testing.T) {
	d, s := scene(t, moving(oneVM, ``, `, "v": "h1"`, `, "v": "h2"`))
	f := cloud.VM{Name: "f", Demand: []int64{1}}
	d.acts[5000] = func() { d.vms = append(d.vms, drivers.VM{VM: &f, Host: "h1", UnderWay: true, To: "h2"}) }
	d.acts[12_000] = func() { d.vm("f").Host, d.vm("f").UnderWay, d.vm("f").To = "h2", false, "" }
	report, journal := d.play(t, s)
	if !report.Reached || report.Plans != 0 {
		t.Errorf("%+v\n%+v", report, journal)
	}
}

func TestVMIsSuspendedAndLeftSo(t *testing.T) {
	d, s := scene(t, crossing)
	d.fails = func(r drivers.Request) bool { return r.ID == 1 }
	d.acts[10_000] = func() { d.kill("h2") }
	if report, _ := d.play(t, s); report.Reached {
		t.Errorf("%+v", report)
	}
	d.stands(t, map[string]string{"a": "h1", "b": "", "c": "h3"})
	if len(d.asked) != 1 {
		t.Errorf("%+v", d.asked)
	}
}

// A suspend of a VM whose host dies meanwhile did not end.
func TestSuspendOnDeadHostEnds(t *testing.T) {
	d, s := scene(t, crossing)
	d.acts[5000] = func() { d.kill("h1") }
	_, journal := d.play(t, s)
	for _, e := range journal {
		if e.ID == 1 && e.Event == execution.EventEnded {
			t.Errorf("%+v", e)
		}
	}
	if d.did(cloud.Resume, "a") {
		t.Errorf("a VM that is gone resumes: %+v", d.asked)
	}
}

// A VM that was given up keeps its target, whatever becomes of others.
func TestGivenUpVMLosesTarget(t *testing.T) {
	d, s := scene(t, moving(oneVM+`, {"name": "w", "demand": {"ram": 2}}`, ``, `, "w": "h1"`, `, "v": "h2", "w": "h1"`))
	s.executor = "adaptive(retries=0)"
	d.fails = func(r drivers.Request) bool { return r.VM == "v" }
	d.refuses = func(r drivers.Request) bool { return r.VM == "m" && d.now < 20_000 }
	d.acts[35_000] = func() { d.kill("h1") }
	report, journal := d.play(t, s)
	if len(report.GivenUp) != 1 || report.Reached {
		t.Errorf("%+v", report)
	}
	if last := slices.IndexFunc(journal, func(e execution.Entry) bool { return e.Event == execution.EventPlan && e.Target["w"] != "h1" }); last < 0 || journal[last].Target["v"] != "h2" {
		t.Errorf("%+v", journal)
	}
}

// What is written to a journal is read from it, whatever VMs are called.
func TestJournalIsReadOtherwiseThanWritten(t *testing.T) {
	name := "v\"\\\n\u202e\u2028é*["
	quoted, err := json.Marshal(name)
	if err != nil {
		t.Fatal(err)
	}
	d, s := scene(t, moving(fmt.Sprintf(`{"name": %s, "demand": {"ram": 2}}`, quoted), ``, fmt.Sprintf(`, %s: "h1"`, quoted), fmt.Sprintf(`, %s: "h2"`, quoted)))
	d.acts[5000] = func() { d.kill("h2") }
	e, _, err := execution.New(catalogue.Standard(), spec.MustParse(adaptive))
	if err != nil {
		t.Fatal(err)
	}
	journal, written := immortal(), []execution.Entry{}
	options := execution.Options{Journal: journal, OnEntry: func(e execution.Entry) { written = append(written, e) }}
	if _, err := execution.Execute(context.Background(), e, d, s.task(), options); err != nil {
		t.Fatal(err)
	}
	read, err := journal.read()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, written) {
		t.Errorf("%+v\n%+v", read, written)
	}
	if !d.did(cloud.Migrate, name) {
		t.Errorf("%+v", d.asked)
	}
}

// Patterns in the names of VMs that were given up do not hold others.
func TestGivenUpVMHoldsItsNamesakes(t *testing.T) {
	d, s := scene(t, moving(`{"name": "v*", "demand": {"ram": 2}}, {"name": "vw", "demand": {"ram": 2}}`, ``, `, "v*": "h1", "vw": "h1"`, `, "v*": "h2", "vw": "h2"`))
	s.executor = "adaptive(retries=0)"
	d.fails = func(r drivers.Request) bool { return r.VM == "v*" }
	d.refuses = func(r drivers.Request) bool { return r.VM == "vw" && d.now < 20_000 }
	d.play(t, s)
	d.stands(t, map[string]string{"v*": "h1", "vw": "h2", "m": "h3"})
}

// While a VM that failed waits for its next trial, others go on.
func TestFailedStepHoldsUpOthers(t *testing.T) {
	d, s := scene(t, moving(oneVM, ``, `, "v": "h1"`, `, "v": "h2"`))
	s.model = "slots(total=1)"
	d.fails = func(r drivers.Request) bool { return r.ID == 1 }
	if report, _ := d.play(t, s); !report.Reached || report.Plans != 0 {
		t.Errorf("%+v", report)
	}
	if len(d.asked) != 3 || d.asked[1].VM == d.asked[0].VM {
		t.Errorf("the VM that failed is tried again before the other one: %+v", d.asked)
	}
}
