package kernel

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Split divides a problem into pieces that have nothing to do with each other; nil where it
// finds fewer than two in which someone is misplaced. The layout is that of the problem.
//
// Two hosts have to do with each other where some VM may ever stand on both, or where a rule
// that looks at more than limits and at single VMs watches a VM on each.
// Then what is sane in a piece depends on nothing outside it: its hosts hold none but its
// VMs and such as never move, and each of its rules watches all its VMs or none. So what a
// path of the whole does in a piece is a path of the piece, and paths of all pieces, in any
// order, are one of the whole. The costs of the cheapest add up, as do lower bounds, and a
// piece without a path proves that the whole has none. This holds for every rule and cost
// function, and whoever may be suspended. O(VMs + kinds of VMs × hosts).
func Split(p *paths.Problem, l *space.Layout) []Piece {
	sets := disjoint.New[cloud.HostID](len(p.Instance.Hosts))
	met := map[int32]bool{}
	moves := make([]bool, len(p.Start))
	for i := range l.Len() {
		v := l.VM(i)
		moves[v] = true
		if k := l.Kind(i); !met[k] {
			met[k] = true
			for _, h := range l.Hosts(i) {
				if h != cloud.Absent {
					sets.Join(p.Start[v], h)
				}
			}
		}
	}
	for _, rule := range cloud.Sort(p.Instance, p.Rules).Joint {
		watched := rule.Watches()
		if watched == nil {
			return nil
		}
		first := cloud.Absent
		for _, v := range watched {
			switch {
			case !moves[v]:
			case first == cloud.Absent:
				first = p.Start[v]
			default:
				sets.Join(first, p.Start[v])
			}
		}
	}
	out := collect(p, l, sets, func(cloud.HostID) bool { return true }, func(int32) bool { return true })
	if len(out) < 2 {
		return nil
	}
	return out
}
