package main

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

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
