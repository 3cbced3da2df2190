package bounds

import (
	"encoding/binary"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// filters are the rules that say on which hosts a VM may stand, the discrete ones too.
type filters struct {
	list []filter
	all  []int32   // those about all VMs
	some [][]int32 // by VM: those about some; nil where there are none
}

type filter struct {
	rule    cloud.Rule
	admits  cloud.HostFilter
	classes cloud.VMClassifier // nil: it tells all VMs apart
}

func (f *filters) add(in *cloud.Instance, rule cloud.Rule, admits cloud.HostFilter) {
	x := filter{rule: rule, admits: admits}
	x.classes, _ = rule.(cloud.VMClassifier)
	number := int32(len(f.list))
	f.list = append(f.list, x)
	watched := rule.Watches()
	if watched == nil {
		f.all = append(f.all, number)
		return
	}
	if f.some == nil {
		f.some = make([][]int32, len(in.VMs))
	}
	for _, v := range watched {
		f.some[v] = append(f.some[v], number)
	}
}

// of lists the filters that look at a VM.
func (f *filters) of(v cloud.VMID) []int32 {
	if f.some == nil || len(f.some[v]) == 0 {
		return f.all
	}
	return slices.Concat(f.all, f.some[v])
}

// appendKind appends to a key what tells apart VMs of which the filters say different things.
func (f *filters) appendKind(key []byte, v cloud.VMID) []byte {
	for _, i := range f.of(v) {
		key = binary.AppendUvarint(key, uint64(i))
		class := int64(v)
		if f.list[i].classes != nil {
			class = f.list[i].classes.VMClass(v)
		}
		key = binary.AppendVarint(key, class)
	}
	return key
}

// admitting is on which of some hosts a VM may stand.
func (f *filters) admitting(v cloud.VMID, among []cloud.HostID, hosts int) hostset {
	out := newHostset(hosts)
	of := f.of(v)
	for _, h := range among {
		if !slices.ContainsFunc(of, func(i int32) bool { return !f.list[i].admits.Admits(v, h) }) {
			out.add(h)
		}
	}
	return out
}

// rejecting names few rules that together keep VMs off hosts, as far as filters do: in turn the one
// that rejects most of those left. All tells whether they do so wholly. O(rules² × VMs × hosts) at worst, and rarely more than one round.
func (f *filters) rejecting(vms []cloud.VMID, hosts []cloud.HostID) (rules []string, all bool) {
	type pair struct {
		v cloud.VMID
		h cloud.HostID
	}
	var left []pair
	var asked []int32
	for _, v := range vms {
		asked = append(asked, f.of(v)...)
		for _, h := range hosts {
			left = append(left, pair{v, h})
		}
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	for len(left) > 0 {
		best, most := int32(-1), 0
		for _, i := range asked {
			n := 0
			for _, p := range left {
				if slices.Contains(f.of(p.v), i) && !f.list[i].admits.Admits(p.v, p.h) {
					n++
				}
			}
			if n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		left = slices.DeleteFunc(left, func(p pair) bool {
			return slices.Contains(f.of(p.v), best) && !f.list[best].admits.Admits(p.v, p.h)
		})
		rules = append(rules, f.list[best].rule.String())
	}
	slices.Sort(rules)
	return slices.Compact(rules), len(left) == 0
}
