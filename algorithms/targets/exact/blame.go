package exact

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Blame lists rules that no placement keeps together, as few as are found by leaving out one after the
// other: without any of those listed there is a placement, or the search for one ended early. There has
// to be none under all rules. Each rule takes a search, and all of them together may place as many VMs as
// the problem says for one.
func Blame(p *Problem) []cloud.Rule {
	q := *p
	q.Objective, q.Price, q.Known = nil, nil, nil
	q.Rules = slices.Clone(cloud.Whole(p.Rules))
	for i := 0; i < len(q.Rules); {
		rule := q.Rules[i]
		q.Rules = slices.Delete(q.Rules, i, i+1)
		r := Solve(&q)
		if p.Steps > 0 {
			q.Steps -= r.Steps
		}
		if r.Placement != nil || !r.Complete {
			q.Rules = slices.Insert(q.Rules, i, rule)
			i++
		}
		if p.Steps > 0 && q.Steps <= 0 {
			break
		}
	}
	return q.Rules
}
