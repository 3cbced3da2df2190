package cloudtest

import (
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// expressionRule draws a test of VM and host, or of a host and what stands on it, some
// of them kinder to fuller hosts.
func expressionRule(t *rapid.T, _ *cloud.Instance, s spec.Spec) spec.Spec {
	return timed(t, s.With("test", pick(t, "test",
		"true",
		"vm.demand.r0 <= 2 || host.zone == 'y'",
		"host.labels.disk != 'ssd' || 'g0' in vm.groups",
		"vm.arch == host.arch || vm.name endsWith '1' ? host.capacity.r0 - host.reserved.r0 > 2 : host.rack in ['a', 'b']",
		"10 % (vm.demand.r0 + 1) <= host.capacity.r0 / 2",
		"used.r0 <= 0.9 * host.capacity.r0",
		"vms <= 2 || host.labels.disk == 'ssd'",
		"vms == 0 || used.r0 / vms <= 3",
		"vms != 3",
		"used.r0 >= vms || host.zone == 'z'",
		"used.r0 == 0 || 12 / used.r0 >= 2",
		"from.zone == to.zone || 'g0' in vm.groups",
		"from.labels.gen != 'new' || to.labels.gen in ['new', 'newest']",
		"from.capacity.r0 <= to.capacity.r0 + vm.demand.r0",
		"from.rack != to.rack",
		"to.name != 'host0'",
	)))
}
