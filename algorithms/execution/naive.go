package execution

import (
	"context"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// InOrder is the entry of the script that carries out one step after the other.
func InOrder() spec.Entry[Executor] {
	return spec.Entry[Executor]{
		Descriptor: spec.Descriptor{
			Name: "in-order", Synopsis: "a naive script: the plan's steps, one at a time", Citation: "own work",
			Doc: "Each step begins when the one before it has ended or failed. A step that fails or is refused is not tried again; " +
				"with on-error=stop it is the last. The script does not look whether a step is sane: that is left to the cloud.",
			Params: scriptParams(),
		},
		New: func(a spec.Args) (Executor, error) { return newScript(a, false), nil },
	}
}

// Batches is the entry of the script that waits for the slowest of a batch.
func Batches() spec.Entry[Executor] {
	return spec.Entry[Executor]{
		Descriptor: spec.Descriptor{
			Name: "in-batches", Synopsis: "a naive script: the plan's steps, in batches that wait for their slowest step", Citation: "own work",
			Doc: "A batch is the next steps of the plan that may begin together if all before them went well, by the rules and the model of " +
				"concurrency. All of a batch begin at once, and the next one when all of them have ended or failed. A step that fails " +
				"or is refused is not tried again; with on-error=stop its batch is the last.",
			Params: scriptParams(),
		},
		New: func(a spec.Args) (Executor, error) { return newScript(a, true), nil },
	}
}

func scriptParams() []spec.Param {
	return []spec.Param{
		{Name: "on-error", Type: spec.Choice, Choices: []string{"skip", "stop"}, Default: "skip", Doc: "what becomes of the rest when a step fails or is refused"},
		{Name: "patience", Type: spec.Float, Default: "10", Bounds: spec.Between(1, 1e6), Doc: "a step is aborted after this many times its duration, plus a minute"},
	}
}

// script is an executor that does what the plan says.
type script struct {
	batches, stops bool
	patience       float64
}

func newScript(a spec.Args, batches bool) Executor {
	return &script{batches, a.String("on-error") == "stop", a.Float("patience")}
}

// Execute implements [Executor]. A script that is resumed goes on behind the last step that it asked for.
func (s *script) Execute(ctx context.Context, run *Run) error {
	if _, err := run.observe(ctx); err != nil {
		return err
	}
	batches, err := s.divide(run)
	if err != nil {
		return err
	}
	asked, failed := run.report.Requests, false
	for _, batch := range batches {
		known := min(asked, len(batch))
		asked -= known
		batch = batch[known:]
		if failed && s.stops {
			break
		}
		if len(batch) > 0 && (run.stops() || !run.approves(s.requests(run, batch))) {
			return run.halt()
		}
		for i := range batch {
			refusal, err := run.request(ctx, &batch[i])
			if err != nil {
				return err
			}
			failed = failed || refusal != ""
		}
		for len(run.open) > 0 {
			until, err := run.abortLate(ctx, s.patience)
			if err != nil {
				return err
			}
			if err := run.driver.Wait(ctx, until); err != nil {
				return err
			}
			outcomes, err := run.observe(ctx)
			if err != nil {
				return err
			}
			for _, o := range outcomes {
				failed = failed || o.event != EventEnded
			}
		}
	}
	return run.Finish(s.reached(run))
}

// requests are steps as the cloud would be asked for them.
func (s *script) requests(run *Run, steps []cloud.Step) []drivers.Request {
	out := make([]drivers.Request, 0, len(steps))
	for i := range steps {
		out = append(out, run.named(&steps[i]))
	}
	return out
}

// divide divides the plan into batches, as if nothing could go wrong.
func (s *script) divide(run *Run) (out [][]cloud.Step, err error) {
	if !s.batches {
		for i := range run.Plan.Steps {
			out = append(out, run.Plan.Steps[i:i+1])
		}
		return out, nil
	}
	w, err := newWorld(&run.Task, untouched(run.Instance), run.Instance.Target, nil)
	if err != nil {
		return nil, err
	}
	var batch []cloud.Step
	for _, step := range run.Plan.Steps {
		if len(batch) > 0 && !w.may(&step) {
			for i := range batch {
				w.end(batch[i].VM)
			}
			out, batch = append(out, batch), nil
		}
		w.start(&step)
		batch = append(batch, step)
	}
	return append(out, batch), nil
}

// untouched is the cloud as the plan has it before its first step.
func untouched(in *cloud.Instance) *drivers.Snapshot {
	out := &drivers.Snapshot{VMs: make([]drivers.VM, len(in.VMs))}
	for v, h := range in.Initial {
		out.VMs[v].VM = &in.VMs[v]
		if h != cloud.Absent {
			out.VMs[v].Host = in.Hosts[h].Name
		}
	}
	return out
}

// reached tells whether all VMs stand on their targets, and if not, why.
func (s *script) reached(run *Run) (bool, string) {
	for v, h := range run.Instance.Target {
		if vm := run.vm(run.Instance.VMs[v].Name); vm != nil && vm.Host != run.hostName(h) {
			return false, "some steps failed or were refused, or VMs are down"
		}
	}
	return true, ""
}
