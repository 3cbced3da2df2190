package cli

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// targetRequest is what commands that choose targets are asked: a strategy and an instance, with rules and a cost function.
type targetRequest struct {
	*targets.Request
	c        *cli.Context
	path     string
	name     spec.Spec // of the strategy
	strategy targets.Strategy
}

// newTargetRequest reads STRATEGY INSTANCE and the flags for rules and cost. Rules that flags give become those of
// the instance.
func newTargetRequest(c *cli.Context, s program) (*targetRequest, error) {
	name, err := s.firstSpec(c, "STRATEGY", targets.Kind)
	if err != nil {
		return nil, err
	}
	return readTargetRequest(c, s, "STRATEGY", name, c.Args().Get(1))
}

// readTargetRequest is newTargetRequest for a strategy and a file that stand elsewhere; what says where the strategy does.
func readTargetRequest(c *cli.Context, s program, what string, name spec.Spec, path string) (*targetRequest, error) {
	t := &targetRequest{c: c, path: path, name: name}
	var err error
	if t.strategy, _, err = spec.Build[targets.Strategy](s.catalogue, targets.Kind, t.name); err != nil {
		return nil, usage("%s: %w", what, err)
	}
	chosen, err := given(c, s)
	if err != nil {
		return nil, err
	}
	in, err := readInstance(s, t.path)
	if err != nil {
		return nil, err
	}
	specs := chosen.on(in)
	cost, err := s.bindCost(in, "--cost", c.String("cost"))
	if err != nil {
		return nil, err
	}
	if t.Request, err = targets.NewRequest(s.catalogue, in, specs, cost); err != nil {
		return nil, badInput(cloud.Locate(nameOf(t.path), err))
	}
	if specs != nil {
		in.Rules = specs
	}
	return t, nil
}

// misuse is an error of a request that makes no sense on the instance.
func (t *targetRequest) misuse(err error) error {
	return usage("%s: %s: %w", nameOf(t.path), t.name.Name, err)
}

// fault is the error of a search for targets, with its exit code.
func (t *targetRequest) fault(err error) error {
	var none *targets.NoTargetError
	var impossible *targets.ImpossibleError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &impossible):
		return &exitError{exitInfeasible, fmt.Errorf("%s: %w", t.Instance.Name, err)}
	case errors.As(err, &none):
		return &exitError{exitLimit, fmt.Errorf("%s: %w", t.Instance.Name, err)}
	case t.c.Context.Err() != nil:
		return said(exitInterrupted)
	}
	return t.misuse(err)
}
