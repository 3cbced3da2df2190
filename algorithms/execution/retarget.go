package execution

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// retarget looks for a target that breaks no rule, and for a path there. If there is none, VMs whose targets are down may as well stay where they
// are: that takes the fewest steps.
func (x *adapting) retarget(ctx context.Context) error {
	home := x.target.Clone()
	for v, h := range home {
		if at := x.settled.HostOf(cloud.VMID(v)); h != cloud.Absent && at != cloud.Absent && slices.Contains(x.down, x.Run.hostName(h)) {
			home[v] = at
		}
	}
	err := x.mendTarget(ctx)
	mended := x.target
	if err == nil {
		err = x.findPath(ctx)
	}
	if err == nil || home.Equal(mended) {
		return err
	}
	x.target = home
	if x.renew() == nil && (x.lawful() || x.mendTarget(ctx) == nil) && x.findPath(ctx) == nil {
		return nil
	}
	x.target = mended
	return errors.Join(err, x.renew())
}

// mendTarget has a strategy begin at the target, and bans all VMs from the hosts that are down.
func (x *adapting) mendTarget(ctx context.Context) error {
	request, err := x.askForTarget()
	if err != nil {
		return err
	}
	strategy, _, err := spec.Build[targets.Strategy](x.Catalogue, targets.Kind, x.strategy)
	if err != nil {
		return err
	}
	request.Search = request.Briefly(x.Seed)
	choice, err := targets.Choose(ctx, strategy, request)
	if err != nil {
		return err
	}
	target := choice.Target[:len(x.Instance.VMs)].Clone()
	for v := range target {
		if x.stuck[x.Instance.VMs[v].Name] {
			target[v] = x.target[v] // where it should be, not where it is
		}
	}
	x.target = target
	if err := x.renew(); err != nil {
		return err
	}
	if broken := x.unlawful(); len(broken) > 0 {
		return fmt.Errorf("no target was found: %s", broken[0])
	}
	return nil
}

// askForTarget is a request of which the target is the start. Rules that compare with where VMs stand do so with where they stand now, and
// so does what is known of the hosts to which paths lead: to where they are in the target, VMs may never have been.
func (x *adapting) askForTarget() (*targets.Request, error) {
	in := *x.in
	in.Initial, in.Target = x.in.Target, nil
	if err := in.Check(); err != nil {
		return nil, err
	}
	cost, err := costs.Bind(x.Catalogue, &in, x.Cost)
	if err != nil {
		return nil, err
	}
	request, err := targets.NewRequest(x.Catalogue, &in, []spec.Spec{}, cost)
	if err != nil {
		return nil, err
	}
	specs := slices.DeleteFunc(slices.Clone(x.way), func(s spec.Spec) bool { return s.Equal(downSpec(x.down)) })
	if len(x.down) > 0 {
		specs = append(specs, spec.Named("ban").WithValue("vms", spec.Words("*")).WithValue("hosts", spec.Words(x.down...)))
	}
	bound, err := rules.Bind(x.Catalogue, x.in, specs)
	if err != nil {
		return nil, err
	}
	bound = slices.DeleteFunc(bound, func(r cloud.Rule) bool { _, way := r.(cloud.WayFilter); return way })
	bound = slices.Concat(slices.DeleteFunc(bound, isGuestLimit), x.guests)
	inForce, _, err := cloud.Mend(&in, slices.Concat(spare(&in, bound, x.down), x.final), in.Initial)
	if err != nil {
		return nil, err
	}
	request.Rules = slices.Concat(inForce, bounds.Confine(x.in, x.bound, x.in.Initial))
	return request, nil
}
