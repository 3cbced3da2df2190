package formulation

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Relation is what a rule says of the places of a group of VMs, or of two. Its rule is
//
//	affinity      all VMs share a place
//	spread        they stand in N places at the least
//	depends       where one of the VMs stands, one of Others stands
//	interference  where one of the VMs stands, N of Others stand at the most
type Relation struct {
	Rule        string
	Places      *Places
	VMs, Others []cloud.VMID // ascending
	N           int64
}

// Relations are those that Others stand for, without those about no VM; no relation says the rest
// of Others.
func (f *Formulation) Relations() (said []Relation, unsaid []cloud.Rule) {
	for _, r := range f.Others {
		s := Spec(r)
		if _, ok := s.Value("by"); !ok {
			unsaid = append(unsaid, r)
			continue
		}
		group := Argument(s, "group")
		n := Relation{Rule: s.Name, Places: f.PlacesBy(Argument(s, "by")), VMs: f.group(group)}
		switch s.Name {
		case "affinity":
		case "spread":
			n.N = number(Argument(s, "min"))
		case "interference":
			with := Argument(s, "with")
			n.Others, n.N = f.group(with), number(Argument(s, "max"))
			if with == group {
				n.N++ // the VM itself, and the others that the rule allows
			}
		case "depends":
			for _, on := range Arguments(s, "on") {
				if on != group && len(n.VMs) > 0 {
					n.Others = f.group(on)
					said = append(said, n)
				}
			}
			continue
		default:
			unsaid = append(unsaid, r)
			continue
		}
		if len(n.VMs) > 0 {
			said = append(said, n)
		}
	}
	return said, unsaid
}

// group lists the VMs of a group that is known to exist.
func (f *Formulation) group(name string) []cloud.VMID {
	g, _ := f.Instance.Group(name)
	return f.present(append([]cloud.VMID{}, f.Instance.Groups[g].VMs...))
}

// number reads an argument that the rule has checked.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic("formulation: a bound rule has a number that is none: " + text)
	}
	return n
}
