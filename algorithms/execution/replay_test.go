package execution_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

const family = "random(hosts=5, max=1024, migrations=60, utilisation=0.7)"

// simulated makes a simulated cloud, and a task for it.
func simulated(t *testing.T, in *cloud.Instance, plan *cloud.Plan, on string, seed uint64) (drivers.Driver, execution.Task) {
	t.Helper()
	c := catalogue.Standard()
	task := execution.Task{Catalogue: c, Instance: in, Plan: plan, Model: spec.MustParse("slots(preset=nova)"), Duration: spec.MustParse("precopy(dirty=20)"), Cost: spec.Named("ram")}
	takes, err := durations.Bind(c, in, task.Duration)
	if err != nil {
		t.Fatal(err)
	}
	bind, _, err := spec.Build[drivers.Binder](c, drivers.Kind, spec.MustParse(on))
	if err != nil {
		t.Fatal(err)
	}
	d, err := bind(drivers.Setting{Catalogue: c, Instance: in, Duration: takes, Plan: plan, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return d, task
}

// stopped carries a plan out until a time of the cloud, on a cloud in which things go wrong.
func stopped(t *testing.T, d drivers.Driver, task execution.Task, at int64, seed uint64) (*execution.Report, []execution.Entry) {
	t.Helper()
	e, _, err := execution.New(task.Catalogue, spec.Named("adaptive"))
	if err != nil {
		t.Fatal(err)
	}
	journal := &memory{}
	for {
		report, err := execution.Execute(t.Context(), e, d, task, execution.Options{
			Journal: journal, Known: journal.entries(t), Seed: seed, Stop: func(now int64) bool { return now >= at },
		})
		if errors.Is(err, drivers.ErrKilled) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return report, journal.entries(t)
	}
}

func TestReplayedCloudLooksLikeTheOneThatTheJournalIsOf(t *testing.T) {
	compared := 0
	for seed := uint64(1); seed <= 25; seed++ {
		in, plan := planned(t, family, seed)
		if in == nil {
			continue
		}
		const on = "simulation(failures=0.2, stalls=0.05, deviation=3, arrivals=2, deaths=1, lag=10s, kills="
		d, task := simulated(t, in, plan, on+"2)", seed)
		report, journal := stopped(t, d, task, plan.Schedule.Makespan*int64(seed%4+1)/4, seed)
		again, _ := simulated(t, in, plan, on+"0)", seed)
		if err := execution.Replay(t.Context(), again, journal); err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		want, got := snapshot(t, d), snapshot(t, again)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: the replayed cloud differs", seed)
		}
		if report.Stopped {
			compared++
		}
	}
	if compared < 5 {
		t.Errorf("only %d executions were stopped", compared)
	}
}

// snapshot is what a cloud looks like, but for the instant: a clock may have gone on since the last entry. Kills leave calls without an
// answer, so that it is taken until one comes.
func snapshot(t *testing.T, d drivers.Driver) any {
	t.Helper()
	for range 100 {
		snap, err := d.Snapshot(context.Background())
		if errors.Is(err, drivers.ErrKilled) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		type where struct {
			name, host, to string
			underWay       bool
		}
		out := make([]where, 0, len(snap.VMs))
		for _, vm := range snap.VMs {
			out = append(out, where{vm.Name, vm.Host, vm.To, vm.UnderWay})
		}
		return []any{out, snap.Down}
	}
	t.Fatal("the executor is killed again and again")
	return nil
}

func TestJournalOfAnotherCloudIsNotReplayed(t *testing.T) {
	in, plan := planned(t, family, 3)
	if in == nil {
		t.Fatal("there is no plan")
	}
	d, task := simulated(t, in, plan, "simulation(failures=0.3, deviation=3)", 1)
	_, journal := stopped(t, d, task, plan.Schedule.Makespan/2, 1)
	other, _ := simulated(t, in, plan, "simulation(failures=0.3, deviation=3)", 2)
	if err := execution.Replay(t.Context(), other, journal); err == nil {
		t.Error("a journal was replayed on a cloud with another seed")
	}
}

func TestKillsAloneNeedNoNewPlan(t *testing.T) {
	resumed := 0
	for seed := uint64(1); seed <= 25; seed++ {
		in, plan := planned(t, family, seed)
		if in == nil {
			continue
		}
		d, task := simulated(t, in, plan, "simulation(kills=3, deviation=3)", seed)
		report, _ := stopped(t, d, task, math.MaxInt64, seed)
		if !report.Reached || report.Plans > 0 || report.Changes > 0 {
			t.Errorf("seed %d: %+v", seed, report)
		}
		resumed += report.Resumes
	}
	if resumed == 0 {
		t.Error("no execution was resumed")
	}
}

func TestStoppedExecutionReachesTheTargetWhenResumed(t *testing.T) {
	for _, executor := range []string{"adaptive", "in-order", "in-batches"} {
		in, plan := planned(t, family, 3)
		if in == nil {
			t.Fatal("there is no plan")
		}
		d, task := simulated(t, in, plan, "simulation", 1)
		e, _, err := execution.New(task.Catalogue, spec.Named(executor))
		if err != nil {
			t.Fatal(err)
		}
		journal := &memory{}
		asked := 0
		report, err := execution.Execute(t.Context(), e, d, task, execution.Options{Journal: journal, Approve: func([]drivers.Request) bool { asked++; return asked <= 2 }})
		if err != nil || !report.Stopped || report.Reached || report.Requests == 0 {
			t.Fatalf("%s: %+v, %v", executor, report, err)
		}
		if report, err = execution.Execute(t.Context(), e, d, task, execution.Options{Journal: journal, Known: journal.entries(t)}); err != nil || !report.Reached || report.Stopped {
			t.Errorf("%s: resumed: %+v, %v", executor, report, err)
		}
	}
}

func TestExecutionCanBeResumedFromEveryLineOfAJournal(t *testing.T) {
	in, plan := planned(t, family, 3)
	if in == nil {
		t.Fatal("there is no plan")
	}
	const on = "simulation(failures=0.2, deviation=3)"
	d, task := simulated(t, in, plan, on, 1)
	whole, journal := stopped(t, d, task, 1<<60, 1)
	if !whole.Reached || whole.Failures == 0 {
		t.Fatalf("%+v", whole)
	}
	e, _, err := execution.New(task.Catalogue, spec.Named("adaptive"))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(journal); n++ {
		again, _ := simulated(t, in, plan, on, 1)
		if err := execution.Replay(t.Context(), again, journal[:n]); err != nil {
			t.Errorf("%d lines: %v", n, err)
			continue
		}
		kept := &memory{}
		report, err := execution.Execute(t.Context(), e, again, task, execution.Options{Journal: kept, Known: journal[:n], Seed: 1})
		if err != nil || !report.Reached || report.Resumes != 1 {
			t.Errorf("%d lines: %+v, %v\n%s", n, report, err, kept.String())
		}
		log := again.(*drivers.Simulation).Log()
		for i := range log {
			if log[i].What == drivers.Twice {
				t.Errorf("%d lines: started twice: %+v", n, log[i])
			}
		}
	}
}
