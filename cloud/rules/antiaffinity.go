package rules

import (
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// ROADEF2012 cites the challenge.
const ROADEF2012 = "ROADEF/EURO challenge 2012, machine reassignment: https://www.roadef.org/challenge/2012/en/"

func antiAffinityEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "anti-affinity",
			Synopsis: "no two VMs of a group share a host (or rack, or zone)",
			Doc: "A migrating VM counts on both hosts. The conflict rule of the ROADEF/EURO challenge 2012 " +
				"is this rule by host.",
			Params:   []spec.Param{groupParam(), byParam("host"), continuousParam()},
			Citation: ROADEF2012,
		},
		New: func(a spec.Args) (Binder, error) {
			return perGroup(a, a.String("by"), 2, func(g grouped) cloud.Rule { return &antiAffinity{maxPer{g, 1}} }), nil
		},
	}
}

// antiAffinity keeps the VMs of one group apart.
type antiAffinity struct{ maxPer }

// Mend implements [cloud.Mender].
func (a *antiAffinity) Mend(start cloud.View) cloud.Mending { return newMending(a, a.in, start) }

// Violations notes for every member in which places it counts: where it stands, and
// where it is going.
func (a *antiAffinity) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	held := map[string][]string{}
	var order []string
	for _, vm := range a.in.Groups[a.group].VMs {
		for place := range places(a.in, v, vm, a.by) {
			if held[place] == nil {
				order = append(order, place)
			}
			held[place] = append(held[place], a.in.VMs[vm].Name)
		}
	}
	var out []cloud.Violation
	for _, place := range order {
		if who := held[place]; len(who) > 1 {
			out = append(out, a.at(cloud.Where{By: a.by, Place: place}, "%s %q holds %d VMs of group %q: %s",
				a.by, place, len(who), a.in.Groups[a.group].Name, strings.Join(who, ", ")))
		}
	}
	return out
}
