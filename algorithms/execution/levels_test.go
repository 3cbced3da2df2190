package execution_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// drained is a cloud of four hosts of which two are emptied: four migrations of the same length, which may all run at the same time.
func drained(t *testing.T, levels ...string) (*cloud.Instance, *cloud.Plan) {
	t.Helper()
	in := &cloud.Instance{Name: "drained", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for _, h := range []string{"a", "b", "c", "d"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: h, Capacity: []int64{4096}, Reserved: []int64{0}, NICMbps: 1000})
	}
	for _, v := range []string{"1", "2", "3", "4"} {
		dirty := 0.0
		in.VMs = append(in.VMs, cloud.VM{Name: v, Demand: []int64{1024}, DirtyMiBPerS: &dirty})
	}
	in.Initial, in.Target = cloud.Placement{0, 0, 1, 1}, cloud.Placement{2, 3, 2, 3}
	for _, l := range levels {
		in.SLAs = append(in.SLAs, spec.MustParse(l))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	plan := &cloud.Plan{Status: cloud.Feasible, CostFunction: "ram"}
	for v, to := range in.Target {
		plan.Steps = append(plan.Steps, cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(v), From: in.Initial[v], To: to, Cost: 1024})
		plan.Cost += 1024
	}
	return in, plan
}

// What SLAs ask of schedules, executions keep or tell of.
func TestExecutionKeepsSLAs(t *testing.T) {
	for _, c := range []struct {
		levels []string
		on     string
		least  int64  // ms; a migration takes about 9 s
		most   int64  // ms
		unmet  string // part of what is told
	}{
		{nil, "simulation", 8_000, 10_000, ""},
		{[]string{"at-once(most=1)"}, "simulation", 32_000, 40_000, ""},
		{[]string{"at-once(most=1, by=host)"}, "simulation", 16_000, 20_000, ""},
		{[]string{"frozen(from=0s, to=1m, vms=[1])"}, "simulation", 68_000, 70_000, ""},
		{[]string{"frozen(from=5s, to=1m)"}, "simulation", 68_000, 70_000, ""},
		{[]string{"deadline(at=5s, vms=[2])"}, "simulation", 8_000, 10_000, "deadline"},
		{[]string{"deadline(at=1m)"}, "simulation(deviation=2)", 1, 60_000, ""},
		{[]string{"at-once(most=1)"}, "simulation(failures=0.3, kills=2)", 32_000, 200_000, ""},
	} {
		in, plan := drained(t, c.levels...)
		std := catalogue.Standard()
		takes, err := durations.Bind(std, in, spec.Named("precopy"))
		if err != nil {
			t.Fatal(err)
		}
		binder, _, err := spec.Build[drivers.Binder](std, drivers.Kind, spec.MustParse(c.on))
		if err != nil {
			t.Fatal(err)
		}
		d, err := binder(drivers.Setting{Catalogue: std, Instance: in, Duration: takes, Plan: plan, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := execution.New(std, spec.Named("adaptive"))
		if err != nil {
			t.Fatal(err)
		}
		task := execution.Task{Catalogue: std, Instance: in, Plan: plan, Model: spec.MustParse("slots(total=4)"), Duration: spec.Named("precopy"), Cost: spec.Named("ram")}
		report, journal := resumed(t, e, d, task)
		took := report.Ended - report.Began
		if !report.Reached || took < c.least || took > c.most || strings.Contains(strings.Join(report.Unmet, ""), "deadline") != (c.unmet != "") || c.unmet == "" && len(report.Unmet) > 0 {
			t.Errorf("%v: reached %v in %d ms, expected %d to %d; not kept: %q\n%s", c.levels, report.Reached, took, c.least, c.most, report.Unmet, journal)
		}
	}
}

// An execution that needs a new plan after an SLA can no longer be kept goes on to the target all the same.
func TestNewPlanOutlivesMissedDeadline(t *testing.T) {
	plans := 0
	for seed := uint64(1); seed <= 30; seed++ {
		in, plan := drained(t, "deadline(at=5s)", "frozen(from=0s, to=1s)")
		std := catalogue.Standard()
		takes, err := durations.Bind(std, in, spec.Named("precopy"))
		if err != nil {
			t.Fatal(err)
		}
		binder, _, err := spec.Build[drivers.Binder](std, drivers.Kind, spec.MustParse("simulation(deaths=1, arrivals=3)"))
		if err != nil {
			t.Fatal(err)
		}
		d, err := binder(drivers.Setting{Catalogue: std, Instance: in, Duration: takes, Plan: plan, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := execution.New(std, spec.Named("adaptive"))
		if err != nil {
			t.Fatal(err)
		}
		task := execution.Task{Catalogue: std, Instance: in, Plan: plan, Model: spec.MustParse("slots(total=4)"), Duration: spec.Named("precopy"), Cost: spec.Named("ram")}
		report, journal := resumed(t, e, d, task)
		snap, err := d.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		plans += report.Plans
		for _, vm := range snap.VMs[:len(in.VMs)] {
			if v, _ := in.VM(vm.Name); report.Reached && (vm.Host == "" || vm.Host == in.Hosts[in.Initial[v]].Name) {
				t.Errorf("seed %d: the target is reached, and VM %s stands on %q\n%s", seed, vm.Name, vm.Host, journal)
			}
		}
		if !report.Reached {
			t.Errorf("seed %d: %s", seed, report.Why)
		}
	}
	if plans < 5 {
		t.Errorf("%d new plans are too few to mean anything", plans)
	}
}

// resumed carries a plan out to its end, however often the executor is killed.
func resumed(t *testing.T, e execution.Executor, d drivers.Driver, task execution.Task) (*execution.Report, string) {
	t.Helper()
	journal := &memory{}
	for {
		report, err := execution.Execute(t.Context(), e, d, task, execution.Options{Journal: journal, Known: journal.entries(t), Seed: 1})
		switch {
		case err == nil:
			return report, journal.String()
		case err != drivers.ErrKilled:
			t.Fatal(err)
		}
	}
}
