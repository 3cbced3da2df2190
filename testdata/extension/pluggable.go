package main

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// patient is a path algorithm: it tries orders of direct migrations.
func patient() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{Name: "patient", Synopsis: "direct migrations in random orders", Citation: "own work"},
		New:        func(spec.Args) (func() paths.Searcher, error) { return searcher, nil },
	}
}

func searcher() paths.Searcher { return paths.SearcherFunc(search) }

func search(run *paths.Run) error {
	p := run.Problem
	for tries := 100; tries > 0 && run.Expand(); tries-- {
		s := cloud.NewState(p.Instance, p.Rules, p.Start)
		for before := -1; before < len(s.Moves()); {
			before = len(s.Moves())
			for _, v := range run.Rand.Perm(len(p.Goal)) {
				if vm, to := cloud.VMID(v), p.Goal[v]; s.HostOf(vm) != to && s.Allows(vm, to) {
					s.Move(vm, to)
				}
			}
		}
		if s.Placement().Equal(p.Goal) {
			run.Found(s.Moves())
			break
		}
	}
	return nil
}

// few is a rule.
func few() spec.Entry[rules.Binder] {
	return spec.Entry[rules.Binder]{
		Descriptor: spec.Descriptor{
			Name: "few", Synopsis: "few VMs stand on a host", Citation: "own work",
			Params: []spec.Param{{Name: "max", Type: spec.Int, Required: true, Doc: "how many"}},
		},
		New: func(a spec.Args) (rules.Binder, error) {
			return limit{max: int(a.Int("max")), text: a.Full().String()}.bind, nil
		},
	}
}

type limit struct {
	text       string
	hosts, max int
}

func (l limit) bind(in *cloud.Instance) ([]cloud.Rule, error) {
	l.hosts = len(in.Hosts)
	return []cloud.Rule{l}, nil
}

func (l limit) String() string                    { return l.text }
func (l limit) Continuous() bool                  { return true }
func (l limit) Watches() []cloud.VMID             { return nil }
func (l limit) NewGuard(*cloud.State) cloud.Guard { return l }
func (l limit) Allows(s *cloud.State, _ cloud.VMID, _, to cloud.HostID) bool {
	return to == cloud.Absent || len(s.On(to)) < l.max
}
func (l limit) Violations(v cloud.View, _ *cloud.Change) (out []cloud.Violation) {
	for h := range l.hosts {
		if len(v.On(cloud.HostID(h))) > l.max {
			out = append(out, cloud.Violation{Rule: l.text, Msg: "too many VMs on a host"})
		}
	}
	return out
}

// hops is a cost function.
func hops() spec.Entry[costs.Binder] {
	return spec.Entry[costs.Binder]{
		Descriptor: spec.Descriptor{Name: "hops", Synopsis: "how far apart the hosts of a migration are numbered", Citation: "own work"},
		New:        func(spec.Args) (costs.Binder, error) { return bind, nil },
	}
}

func bind(*cloud.Instance) (cloud.CostFunction, error) { return distance{}, nil }

type distance struct{}

func (distance) String() string                                { return "hops" }
func (distance) Unit() string                                  { return "hosts" }
func (distance) Migrate(_ cloud.VMID, a, b cloud.HostID) int64 { return int64(max(a-b, b-a)) }
func (distance) Suspend(cloud.VMID, cloud.HostID) int64        { return 1 }
func (distance) Resume(cloud.VMID, cloud.HostID) int64         { return 1 }
