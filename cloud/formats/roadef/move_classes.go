package roadef

import "github.com/cloudrearrange/rearrange/cloud"

// moveClasses finds the machines that cost the same to move from, to, and among each other. O(machines² × classes) at
// the most, and about O(machines × classes) where rows differ early.
func (m *model) moveClasses() []cloud.MoveClass {
	var classes []cloud.MoveClass
	for h := range m.machines {
		found := false
		for c := range classes {
			if found = m.alike(classes[c].Hosts, h); found {
				classes[c].Hosts = append(classes[c].Hosts, cloud.HostID(h))
				break
			}
		}
		if !found {
			classes = append(classes, cloud.MoveClass{Hosts: []cloud.HostID{cloud.HostID(h)}})
		}
	}
	for c := range classes {
		from := classes[c].Hosts
		for _, other := range classes {
			to := other.Hosts[len(other.Hosts)-1] // not the first of from, if there are two
			classes[c].To = append(classes[c].To, m.machines[from[0]].moves[to])
		}
	}
	return classes
}

// alike tells whether a machine may join a class: of its moves to itself, which are none, nothing is asked.
func (m *model) alike(class []cloud.HostID, h int) bool {
	first := int(class[0])
	a, b := &m.machines[first], &m.machines[h]
	if a.moves[h] != b.moves[first] || len(class) > 1 && a.moves[h] != a.moves[class[1]] {
		return false
	}
	for j := range m.machines {
		if j != first && j != h && (a.moves[j] != b.moves[j] || m.machines[j].moves[first] != m.machines[j].moves[h]) {
			return false
		}
	}
	return true
}
