package openstack

import "strings"

type group struct {
	id, name, policy string
	members          []int // servers
}

// readGroups reads server groups. Members that are no longer listed as servers are
// left out.
func (c *listing) readGroups(rows []*row) error {
	seen := map[string]int{}
	for _, r := range rows {
		g := group{id: r.needed("ID")}
		r.unique(seen, "ID", g.id)
		g.name = r.needed("Name")
		g.policy = strings.Join(r.texts("Policy", "Policies"), ", ")
		if _, ok := r.columns["Members"]; !ok {
			r.missing("Members")
		}
		in := map[int]bool{}
		for _, id := range r.texts("Members") {
			if s, ok := c.serverByID[id]; ok && !in[s] {
				in[s] = true
				g.members = append(g.members, s)
			}
		}
		if r.err != nil {
			return r.err
		}
		c.groups = append(c.groups, g)
	}
	return nil
}
