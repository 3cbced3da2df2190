package openstack

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
func distinct(names, ids []string) []string {
	count := map[string]int{}
	for _, name := range names {
		count[name]++
	}
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = name; count[name] > 1 {
			out[i] += "/" + ids[i]
		}
	}
	return out
}
