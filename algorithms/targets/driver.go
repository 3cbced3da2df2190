package targets

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Choose asks a strategy for a target and has it judged under every rule, and the path to
// it, if one is known, replayed. Where the strategy finds no target, it looks for a proof that there is
// none, which is an [*ImpossibleError]. Where the strategy knows no path, it tries the direct
// migrations in the order of the VMs, again and again while some of them are sane.
func Choose(ctx context.Context, s Strategy, r *Request) (Choice, error) {
	c, err := s.Choose(ctx, r)
	if err == nil {
		c, err = judged(r, c)
	}
	var none *NoTargetError
	if errors.As(err, &none) {
		return r.decide(ctx, s, err)
	}
	return c, err
}

func judged(r *Request, c Choice) (Choice, error) {
	in := *r.Instance
	in.Target = c.Target
	if err := checkPlacement(&in, c.Target); err != nil {
		return Choice{}, fmt.Errorf("the strategy chose something that is no placement: %w", err)
	}
	if found := validate.Placement(&in, r.Rules, c.Target, true); len(found) > 0 {
		more := ""
		if len(found) > 1 {
			more = fmt.Sprintf(" (1 of %d violations)", len(found))
		}
		return Choice{}, noTarget("the placement that was tried breaks a rule%s: %s", more, found[0])
	}
	if c.Path == nil {
		c.Path = direct(&in, r.Rules)
	}
	if c.Path != nil {
		if err := replay(&in, r.Rules, c.Path); err != nil {
			return Choice{}, err
		}
	}
	return c, nil
}

// checkPlacement refuses what no rule could be asked about.
func checkPlacement(in *cloud.Instance, p cloud.Placement) error {
	if len(p) != len(in.VMs) {
		return fmt.Errorf("expected a host or nothing for each of %d VMs, found %d", len(in.VMs), len(p))
	}
	for v, h := range p {
		if h != cloud.Absent && (h < 0 || int(h) >= len(in.Hosts)) {
			return fmt.Errorf("VM %q stands on a host that does not exist", in.VMs[v].Name)
		}
	}
	return nil
}

// replay walks the path to the target, step by step in a state of its own: a judge that
// reads groups of thousands afresh after every step would take longer than the strategy.
func replay(in *cloud.Instance, rules []cloud.Rule, path []cloud.Change) error {
	s := cloud.NewState(in, rules, in.Start())
	if i := s.Walk(path); i < len(path) {
		m := path[i]
		return fmt.Errorf("the path that the strategy knows to its target is invalid: step %d takes VM %q from %s to %s",
			i+1, in.VMs[m.VM].Name, in.HostName(m.From), in.HostName(m.To))
	}
	if !s.Placement().Equal(in.Goal()) {
		return errors.New("the path that the strategy knows does not lead to its target")
	}
	return nil
}

// mostRounds bounds how often the VMs that are not yet at their target are gone through.
// Each round but the last moves at least one; where few move in each, finding a path is
// work for a solver.
const mostRounds = 20

// Direct looks for a path to a target by direct migrations alone, and returns nil when it finds none.
// O(rounds × VMs to migrate × rules).
func (r *Request) Direct(target cloud.Placement) []cloud.Change {
	in := *r.Instance
	in.Target = target
	return direct(&in, r.Rules)
}

func direct(in *cloud.Instance, rules []cloud.Rule) []cloud.Change {
	start, goal := in.Start(), in.Goal()
	if len(validate.Placement(in, rules, start, false)) > 0 || len(validate.Placement(in, rules, goal, false)) > 0 {
		return nil // shutdowns or provisions are in the way
	}
	s := cloud.NewState(in, rules, start)
	var left []cloud.VMID
	for v := range goal {
		if start[v] != goal[v] {
			left = append(left, cloud.VMID(v))
		}
	}
	for range mostRounds {
		if len(left) == 0 {
			break
		}
		waiting := left[:0]
		for _, v := range left {
			if s.Allows(v, goal[v]) {
				s.Move(v, goal[v])
			} else {
				waiting = append(waiting, v)
			}
		}
		left = waiting
	}
	if len(left) > 0 {
		return nil
	}
	return append([]cloud.Change{}, s.Moves()...)
}
