package cli

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// job is what the command execute is asked: a plan that the judge has accepted, and how to carry it out.
type job struct {
	program
	c        *cli.Context
	in       *cloud.Instance
	bound    []cloud.Rule
	plan     *cloud.Plan
	task     execution.Task
	duration cloud.Duration
	cost     cloud.CostFunction
	executor execution.Executor
	full     spec.Spec // of the executor
	on       spec.Spec
	seed     uint64
}

func newJob(c *cli.Context, s program) (*job, error) {
	j := &job{program: s, c: c, seed: c.Uint64("seed"), on: spec.Named("simulation").With("checks", "no")}
	name, err := s.parseSpec("--executor", c.String("executor"), execution.Kind)
	if err != nil {
		return nil, err
	}
	if j.executor, j.full, err = execution.New(s.catalogue, name); err != nil {
		return nil, usage("--executor: %w", err)
	}
	if c.IsSet("on") {
		if j.on, err = s.parseSpec("--on", c.String("on"), drivers.Kind); err != nil {
			return nil, err
		}
	}
	instance, file := c.Args().Get(0), c.Args().Get(1)
	in, ruleSpecs, err := readBesideRules(c, s, instance)
	if err != nil {
		return nil, orSwapped(c, s, err, instance, file)
	}
	if in.Target == nil {
		return nil, usage("%s: /target: the instance has no target placement, so it cannot have a plan", nameOf(instance))
	}
	plan, err := readPlan(s, file, in)
	if err != nil {
		return nil, err
	}
	if !plan.Status.HasPlan() {
		return nil, usage("%s: the search ended %s, so there is nothing to carry out", nameOf(file), plan.Status)
	}
	j.in, j.plan = in, plan
	j.task = execution.Task{Catalogue: s.catalogue, Instance: in, Rules: ruleSpecs, Plan: plan}
	if j.bound, err = rules.Bind(s.catalogue, in, ruleSpecs); err != nil {
		return nil, badInput(cloud.Locate(nameOf(instance), err))
	}
	if err := j.judge(nameOf(file)); err != nil {
		return nil, err
	}
	return j, j.choose()
}

// judge refuses a plan that is invalid.
func (j *job) judge(file string) error {
	cost, err := j.bindCost(j.in, file+": /cost_function", j.plan.CostFunction)
	if err != nil {
		return err
	}
	judge, err := j.judgeOf(j.in, file, j.bound, j.plan)
	if err != nil {
		return err
	}
	if verdict := judge(cost); !verdict.OK() {
		return atFault(file, errors.New(verdict.Findings[0].String()))
	}
	return nil
}

// choose takes model, duration and cost from the flags, or else from the plan.
func (j *job) choose() error {
	model, duration := "slots(preset=nova)", "precopy"
	if s := j.plan.Schedule; s != nil {
		model = s.Model
		if s.Duration != "" {
			duration = s.Duration
		}
	}
	for _, of := range []struct {
		flag, kind, text string
		spec             *spec.Spec
	}{
		{"model", concurrency.Kind, model, &j.task.Model},
		{"duration", durations.Kind, duration, &j.task.Duration},
		{"cost", costs.Kind, j.plan.CostFunction, &j.task.Cost},
	} {
		if j.c.IsSet(of.flag) {
			of.text = j.c.String(of.flag)
		}
		var err error
		if *of.spec, err = j.parseSpec("--"+of.flag, of.text, of.kind); err != nil {
			return err
		}
	}
	var err error
	if j.duration, err = durations.Bind(j.catalogue, j.in, j.task.Duration); err != nil {
		return usage("--duration: %w", err)
	}
	if unit := j.duration.Unit(); unit != "ms" {
		return usage("--duration: clouds take time, so that durations have to be in ms, found %s, which is in %ss; --duration and --model may differ from those of the schedule", j.task.Duration, unit)
	}
	if _, err := concurrency.Bind(j.catalogue, j.in, j.duration, j.task.Model); err != nil {
		return usage("--model: %w", err)
	}
	if j.cost, err = costs.Bind(j.catalogue, j.in, j.task.Cost); err != nil {
		return usage("--cost: %w", err)
	}
	return nil
}

// driver makes the driver of a cloud.
func (j *job) driver(on spec.Spec) (drivers.Driver, error) {
	bind, args, err := spec.Build[drivers.Binder](j.catalogue, drivers.Kind, on)
	if err != nil {
		return nil, usage("--on: %w", err)
	}
	d, err := bind(drivers.Setting{
		Catalogue: j.catalogue, Instance: j.in, Rules: j.task.Rules, Duration: j.duration, Plan: j.plan, Seed: j.seed,
	})
	if err != nil {
		return nil, usage("--on: %s: %w", args.Full().Name, err)
	}
	return d, nil
}
