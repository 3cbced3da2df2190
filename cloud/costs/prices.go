package costs

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/amounts"
)

// prices are a cost function that is looked up: by the class of a VM, and by the class
// of a way from one host to another.
type prices struct {
	in         *cloud.Instance
	text, unit string
	suspension
	vm   []int32 // class by VM
	ways int     // number of classes of ways
	// way is the class of a way between two different hosts. Every class has such a way.
	way  func(from, to cloud.HostID) int32
	host []int32 // class by host: way does not tell hosts of a class apart
	cost []int64 // [class of VM * ways + class of way]
	most []int64 // by class of VM: its costliest migration, 0 where there is no way at all

	remarks []string
}

// ready finds the costliest migrations and refuses prices that could overflow. What it
// returns is host-independent if the prices are.
func (p *prices) ready() (cloud.CostFunction, error) {
	uniform := true
	p.most = make([]int64, slices.Max(append([]int32{-1}, p.vm...))+1)
	if p.ways > 0 {
		for class := range p.most {
			row := p.cost[class*p.ways : (class+1)*p.ways]
			p.most[class] = slices.Max(row)
			uniform = uniform && slices.Min(row) == p.most[class]
		}
	}
	if err := checkCostliest(p.in, p); err != nil {
		return nil, err
	}
	if uniform {
		return uniformPrices{p}, nil
	}
	return p, nil
}

func (p *prices) String() string { return p.text }

func (p *prices) Unit() string { return p.unit }

func (p *prices) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return p.cost[int(p.vm[vm])*p.ways+int(p.way(from, to))]
}

func (p *prices) Suspend(vm cloud.VMID, _ cloud.HostID) int64 {
	return p.suspend * p.most[p.vm[vm]]
}

func (p *prices) Resume(vm cloud.VMID, _ cloud.HostID) int64 { return p.resume * p.most[p.vm[vm]] }

func (p *prices) HostClasses() []int32 { return p.host }

func (p *prices) VMClass(vm cloud.VMID) int64 { return int64(p.vm[vm]) }

// Remarks implements [cloud.Remarker].
func (p *prices) Remarks() []string { return p.remarks }

func (p *prices) costliest(vm cloud.VMID) (int64, bool) {
	return p.suspension.costliest(p.in, vm, p.most[p.vm[vm]])
}

// uniformPrices are prices that are the same for a VM wherever it goes.
type uniformPrices struct{ *prices }

func (p uniformPrices) HostClasses() []int32 { return make([]int32, len(p.in.Hosts)) }

func (p uniformPrices) MigrateAnywhere(vm cloud.VMID) int64 { return p.most[p.vm[vm]] }

// bounded is what every cost function here can do: it knows the costliest step of a VM, a
// migration or a suspend or a resume; false where that does not fit in 64 bits.
type bounded interface {
	costliest(vm cloud.VMID) (int64, bool)
}

// costliestOf is the costliest step of a VM under any cost function. One of another module is
// asked for the steps between a few hosts: that is enough to notice a unit that is far too
// small, and takes O(1).
func costliestOf(in *cloud.Instance, c cloud.CostFunction, vm cloud.VMID) (int64, bool) {
	if b, ok := c.(bounded); ok {
		return b.costliest(vm)
	}
	const few = 8
	var most int64
	step := max(1, len(in.Hosts)/few)
	for from := 0; from < len(in.Hosts); from += step {
		h := cloud.HostID(from)
		if in.VMs[vm].Interruptible {
			most = max(most, c.Suspend(vm, h), c.Resume(vm, h))
		}
		for to := step - 1; to < len(in.Hosts); to += step {
			if to != from {
				most = max(most, c.Migrate(vm, h, cloud.HostID(to)))
			}
		}
	}
	return most, true
}

// checkCostliest makes sure that neither a price nor the cost of any plan of sensible
// length overflows.
func checkCostliest(in *cloud.Instance, c bounded) error {
	return amounts.CheckSum(in, "cost", "costliest", c.costliest)
}
