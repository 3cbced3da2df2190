package bounds

import "slices"

// twin tells whether two positions are interchangeable in the relaxed problems: equal in demand,
// host, target and allowed hosts.
func (x *relaxed) twin(a, b int32) bool {
	if x.at[a] != x.at[b] || x.target[a] != x.target[b] {
		return false
	}
	r := x.resources
	if !slices.Equal(x.demand[int(a)*r:int(a)*r+r], x.demand[int(b)*r:int(b)*r+r]) {
		return false
	}
	g, h := x.grounds.Hosts(int(a)), x.grounds.Hosts(int(b))
	return len(g) == len(h) && (len(g) == 0 || &g[0] == &h[0] || slices.Equal(g, h))
}
