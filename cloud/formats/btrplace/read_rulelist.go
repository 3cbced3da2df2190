package btrplace

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// ruleList gathers rules in the order of the first constraint that each comes from.
type ruleList struct {
	list []*listed
	with map[string]*listed
	over overcommit
}

// listed is one rule: a spec that is done, or VMs and hosts that it is still to name.
type listed struct {
	spec  spec.Spec
	vms   []cloud.VMID
	hosts []cloud.HostID
}

// overcommit is, per resource, the ratio of each host; "" is 1.
type overcommit map[int]map[cloud.HostID]string

func newRuleList() *ruleList { return &ruleList{with: map[string]*listed{}, over: overcommit{}} }

func (l *ruleList) add(s spec.Spec) { l.list = append(l.list, &listed{spec: s}) }

// merge finds the rule that goes by a key, or adds one.
func (l *ruleList) merge(key string, s spec.Spec) *listed {
	if l.with[key] == nil {
		l.with[key] = &listed{spec: s}
		l.list = append(l.list, l.with[key])
	}
	return l.with[key]
}

// specs writes the rules out.
func (l *ruleList) specs(in *cloud.Instance) []spec.Spec {
	out := []spec.Spec{l.over.capacity(in)}
	for _, rule := range l.list {
		s := rule.spec
		if rule.vms != nil {
			s = s.WithValue("vms", words(rule.vms, func(v cloud.VMID) string { return in.VMs[v].Name }))
		}
		if rule.hosts != nil {
			s = s.WithValue("hosts", words(rule.hosts, func(h cloud.HostID) string { return in.Hosts[h].Name }))
		}
		if value, timed := s.Value("continuous"); timed { // last, as people write it
			s.Args = slices.DeleteFunc(slices.Clone(s.Args), func(a spec.Arg) bool { return a.Key == "continuous" })
			s = s.WithValue("continuous", value)
		}
		out = append(out, s)
	}
	return out
}

// words are the names of some VMs or hosts, each once.
func words[ID ~int32](of []ID, name func(ID) string) spec.Value {
	slices.Sort(of)
	return spec.Words(prose.Texts(slices.Compact(of), name)...)
}

// hostKey writes hosts as a key.
func hostKey(hosts []cloud.HostID) string {
	var b strings.Builder
	for _, h := range hosts {
		b.WriteString(strconv.Itoa(int(h)))
		b.WriteByte(' ')
	}
	return b.String()
}
