package minizinc

import (
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// relation is a rule about one group or two, with a number where it has one.
type relation struct {
	kind        int   // of places, counted from 1
	vms, others []int // as the model counts VMs
	n           int64
}

// sortRules gathers the kinds of places, and the relations that rules stand for. It returns
// the rules that the model cannot express.
func (m *instance) sortRules() []cloud.Rule {
	for i := range m.Counters {
		m.kind(m.Counters[i].Places)
	}
	var unsaid []cloud.Rule
	for _, r := range m.Others {
		s := formulation.Spec(r)
		if _, ok := s.Value("by"); !ok {
			unsaid = append(unsaid, r)
			continue
		}
		group := formulation.Argument(s, "group")
		n := relation{kind: m.kind(m.PlacesBy(formulation.Argument(s, "by"))), vms: m.group(group)}
		switch s.Name {
		case "affinity":
			m.affinities = append(m.affinities, n)
		case "spread":
			n.n = number(formulation.Argument(s, "min"))
			m.spreads = append(m.spreads, n)
		case "interference":
			with := formulation.Argument(s, "with")
			n.others, n.n = m.group(with), number(formulation.Argument(s, "max"))
			if with == group {
				n.n++ // itself, and so many further ones
			}
			m.interferences = append(m.interferences, n)
		case "depends":
			for _, on := range formulation.Arguments(s, "on") {
				if on != group {
					n.others = m.group(on)
					m.dependencies = append(m.dependencies, n)
				}
			}
		default:
			unsaid = append(unsaid, r)
		}
	}
	return unsaid
}

// kind is the number of a kind of places, which it is given when it is new.
func (m *instance) kind(p *formulation.Places) int {
	i := slices.Index(m.kinds, p)
	if i < 0 {
		i = len(m.kinds)
		m.kinds = append(m.kinds, p)
	}
	return i + 1
}

// group lists the VMs of a group that is known to exist.
func (m *instance) group(name string) []int {
	var out []int
	g, _ := m.Instance.Group(name)
	for _, v := range m.Instance.Groups[g].VMs {
		if m.index[v] > 0 {
			out = append(out, m.index[v])
		}
	}
	slices.Sort(out)
	return out
}

// number reads an argument that the rule has checked.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic("minizinc: a bound rule has a number that is none: " + text)
	}
	return n
}
