// Package cloud is the in-memory model: hosts, VMs, placements, states,
// instances and plans, with their JSON formats (documented in FORMAT.md, with
// JSON Schemas in the folder schema).
//
// An [Instance] is a cloud with its rules, an initial placement and a target
// placement. A [State] is a placement reached on the way, with O(1) apply and
// undo. A [Plan] is the way: shutdowns, then migrations, then provisions. What
// makes a state sane ([Rule]) and what a migration costs ([CostFunction]) are
// contracts here; implementations live in cloud/rules and cloud/costs.
//
// The package knows nothing of algorithms or experiments.
//
//	inst, err := cloud.ReadInstance("tricky.json")
//	if err != nil {
//		return err // tricky.json:12:31: /initial/vm1: unknown host "hots1", did you mean "host1"?
//	}
//	bound, err := rules.Bind(catalogue, inst, nil)
//	if err != nil {
//		return cloud.Locate("tricky.json", err)
//	}
//	s := cloud.NewState(inst, bound, inst.Initial)
//	if s.Allows(vm, host) {
//		s.Move(vm, host)
//		s.Undo()
//	}
package cloud
