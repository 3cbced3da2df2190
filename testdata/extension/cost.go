package main

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

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
