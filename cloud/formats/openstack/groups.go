package openstack

import "strings"

type group struct {
	id, name, policy string
	members          []int // servers
}

// readGroups reads server groups. Members that are no longer listed as servers are
// left out.
func (c *listing) readGroups(rows []row) error {
	seen := map[string]int{}
	for _, r := range rows {
		g := group{}
		var err error
		if g.id, err = r.needed("ID"); err != nil {
			return err
		}
		if err := unique(r, seen, "ID", g.id); err != nil {
			return err
		}
		if g.name, err = r.needed("Name"); err != nil {
			return err
		}
		policies, err := r.texts("Policy", "Policies")
		if err != nil {
			return err
		}
		g.policy = strings.Join(policies, ", ")
		if _, ok := r.columns["Members"]; !ok {
			return r.missing("Members")
		}
		members, err := r.texts("Members")
		if err != nil {
			return err
		}
		in := map[int]bool{}
		for _, id := range members {
			if s, ok := c.serverByID[id]; ok && !in[s] {
				in[s] = true
				g.members = append(g.members, s)
			}
		}
		c.groups = append(c.groups, g)
	}
	return nil
}
