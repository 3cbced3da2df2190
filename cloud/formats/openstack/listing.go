package openstack

import "github.com/cloudrearrange/rearrange/cloud/prose"

// listing is what the lists say, with references resolved to positions in its slices.
type listing struct {
	importer importer

	flavors      []flavor
	flavorByID   map[string]int
	flavorByName map[string]int

	hypervisors        []hypervisor
	hypervisorByName   map[string]int
	hypervisorsByLabel map[string][]int // by the first label of the name

	servers    []server
	serverByID map[string]int

	groups []group
}

// unique notes in which row a name or id stands, and refuses one that stands in two.
func (r *row) unique(index map[string]int, column, key string) {
	if first, dup := index[key]; dup {
		r.fail(column, "%q is already defined at /%d", key, first)
	}
	index[key] = r.number
}

// distinct are names that may be shared, each with its id where it is.
func distinct[T any](things []T, of func(T) (name, id string)) []string {
	count := map[string]int{}
	for _, x := range things {
		name, _ := of(x)
		count[name]++
	}
	return prose.Texts(things, func(x T) string {
		name, id := of(x)
		if count[name] > 1 {
			return name + "/" + id
		}
		return name
	})
}
