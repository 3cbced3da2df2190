package greedy

import "github.com/cloudrearrange/rearrange/cloud"

// quota is a rule that bounds how many VMs stand in a failure domain.
type quota struct {
	cloud.Quota         // nil where the rule is none
	domain      []int32 // by host
}

// newQuotas finds the quotas among rules that watch some VMs; hosts are numbered once for
// each kind of failure domain.
func newQuotas(in *cloud.Instance, grouped []cloud.Rule) []quota {
	out := make([]quota, len(grouped))
	domains := map[string][]int32{}
	for i, rule := range grouped {
		q, ok := rule.(cloud.Quota)
		if !ok {
			continue
		}
		by := q.Places()
		if domains[by] == nil {
			domains[by], _ = in.Domains(by)
		}
		out[i] = quota{q, domains[by]}
	}
	return out
}

// together tells whether two hosts are in the same failure domain. Either may be Absent,
// which is in none.
func (q *quota) together(a, b cloud.HostID) bool {
	return a != cloud.Absent && b != cloud.Absent && q.domain[a] == q.domain[b]
}
