// Package objectives holds what makes a target good: hosts in use, the highest load, room that is
// too small to be of use. A target that is better has a lower value. Searches minimise them.
//
//	objective, err := objectives.Bind(catalogue, inst, rules, spec.MustParse("load(measure=peak)"))
//	meter := cloud.Measure(objective, state)
//	if meter.After(vm, host).Compare(meter.Value()) < 0 {
//		state.Move(vm, host) // is better
//	}
//
// Objectives do not ask whether a placement is sane: rules do.
package objectives
