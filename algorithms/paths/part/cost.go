package part

import "github.com/cloudrearrange/rearrange/cloud"

// cost is the cost function of the whole, asked about VMs and hosts of a part.
type cost struct {
	t     *Part
	whole cloud.CostFunction
}

// costOf keeps the ability of a cost function that charges the same wherever a VM goes.
func costOf(t *Part, whole cloud.CostFunction) cloud.CostFunction {
	c := cost{t, whole}
	if anywhere, ok := whole.(cloud.HostIndependent); ok {
		return uniformCost{c, anywhere}
	}
	return c
}

func (c cost) String() string { return c.whole.String() }

func (c cost) Unit() string { return c.whole.Unit() }

func (c cost) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return c.whole.Migrate(c.t.vms[vm], c.t.hosts[from], c.t.hosts[to])
}

func (c cost) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	return c.whole.Suspend(c.t.vms[vm], c.t.hosts[from])
}

func (c cost) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	return c.whole.Resume(c.t.vms[vm], c.t.hosts[to])
}

// HostClasses implements [cloud.HostClassifier].
func (c cost) HostClasses() []int32 {
	classes := cloud.HostClassesOf(c.whole)
	if classes == nil {
		return nil
	}
	out := make([]int32, len(c.t.hosts))
	for n, h := range c.t.hosts {
		out[n] = classes[h]
	}
	return out
}

// VMClass implements [cloud.VMClassifier].
func (c cost) VMClass(vm cloud.VMID) int64 {
	if k, ok := c.whole.(cloud.VMClassifier); ok {
		return k.VMClass(c.t.vms[vm])
	}
	return int64(vm)
}

type uniformCost struct {
	cost
	anywhere cloud.HostIndependent
}

func (c uniformCost) MigrateAnywhere(vm cloud.VMID) int64 {
	return c.anywhere.MigrateAnywhere(c.t.vms[vm])
}
