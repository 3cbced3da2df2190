package btrplace

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// sayFence: one node, looked at in the end alone, is a target.
func (r *reader) sayFence(at string, c *wireConstraint) error {
	hosts, vm := positions(*c.Nodes, r.host), r.vm[*c.VM]
	if len(hosts) != 1 {
		return r.saySide("fence", c, hosts, vm)
	}
	if was := r.aim[vm]; was != cloud.Absent && was != hosts[0] {
		return fault(at, "an earlier fence keeps VM %d on node %d", *c.VM, r.nodes[was])
	}
	if r.gone[vm] {
		return fault(at, "an earlier constraint says that VM %d shall not run", *c.VM)
	}
	if *c.Continuous {
		r.held[vm] = hosts[0]
		return r.saySide("fence", c, hosts, vm)
	}
	r.aim[vm] = hosts[0]
	return nil
}

func (r *reader) sayBan(_ string, c *wireConstraint) error {
	return r.saySide("ban", c, positions(*c.Nodes, r.host), r.vm[*c.VM])
}

// saySide merges the fences and bans of VMs that have the same nodes.
func (r *reader) saySide(rule string, c *wireConstraint, hosts []cloud.HostID, vms ...cloud.VMID) error {
	key := fmt.Sprintf("%s %t %s", rule, *c.Continuous, hostKey(hosts))
	l := r.rules.merge(key, discrete(spec.Named(rule), *c.Continuous))
	l.vms = append(l.vms, vms...)
	l.hosts = append([]cloud.HostID{}, hosts...)
	return nil
}

func (r *reader) sayRoot(_ string, c *wireConstraint) error {
	l := r.rules.merge("pin", spec.Named("pin"))
	l.vms = append(l.vms, r.vm[*c.VM])
	return nil
}

func (r *reader) sayQuarantine(_ string, c *wireConstraint) error {
	l := r.rules.merge("quarantine", spec.Named("quarantine"))
	l.hosts = append(l.hosts, r.host[*c.Node])
	return nil
}

func (r *reader) saySpread(_ string, c *wireConstraint) error {
	group := r.group("spread", positions(*c.VMs, r.vm))
	r.rules.add(discrete(spec.Named("anti-affinity").With("group", group), *c.Continuous))
	return nil
}

func (r *reader) sayGather(_ string, c *wireConstraint) error {
	group := r.group("gather", positions(*c.VMs, r.vm))
	r.rules.add(discrete(spec.Named("affinity").With("group", group), *c.Continuous))
	return nil
}

// sayApart keeps two sets of VMs off each other's hosts.
func (r *reader) sayApart(group, with string, continuous bool) {
	r.rules.add(discrete(spec.Named("interference").With("group", group).With("with", with).With("max", "0"), continuous))
}

func (r *reader) sayLonely(_ string, c *wireConstraint) error {
	lonely := positions(*c.VMs, r.vm)
	others := []cloud.VMID{}
	for v := range r.in.VMs {
		if _, found := slices.BinarySearch(lonely, cloud.VMID(v)); !found {
			others = append(others, cloud.VMID(v))
		}
	}
	r.sayApart(r.group("lonely", lonely), r.group("others", others), *c.Continuous)
	return nil
}

// saySplit: each two parts are kept apart.
func (r *reader) saySplit(at string, c *wireConstraint) error {
	var groups []string
	seen := map[cloud.VMID]bool{}
	for _, part := range *c.Parts {
		members := positions(part, r.vm)
		for _, v := range members {
			if seen[v] {
				return fault(at, "VM %d is in two parts, which cannot be apart", r.vms[v])
			}
			seen[v] = true
		}
		groups = append(groups, r.group("split", members))
	}
	for i, g := range groups {
		for _, h := range groups[i+1:] {
			r.sayApart(g, h, *c.Continuous)
		}
	}
	return nil
}

// sayAmong: all VMs stand in one part, which is a place of its own kind, and a fence
// around all parts keeps them there. The place is a rack, a zone or a label of the hosts
// where the parts are just these, and else a new label.
func (r *reader) sayAmong(at string, c *wireConstraint) error {
	part := map[cloud.HostID]int{}
	for i, nodes := range *c.Parts {
		for _, h := range positions(nodes, r.host) {
			if _, second := part[h]; second {
				return fault(at, "node %d is in two parts; no rule says to which it belongs", r.nodes[h])
			}
			part[h] = i
		}
	}
	members := positions(*c.VMs, r.vm)
	by := r.domain(part, len(*c.Parts))
	if by == "" {
		by = labelAmong + strconv.Itoa(r.amongs)
		for h, i := range part {
			setLabel(&r.in.Hosts[h].Labels, by, strconv.Itoa(i))
		}
	}
	r.amongs++
	group := r.group("among", members)
	r.rules.add(discrete(spec.Named("affinity").With("group", group).With("by", by), *c.Continuous))
	if len(part) < len(r.in.Hosts) && len(members) > 0 {
		return r.saySide("fence", c, slices.Sorted(maps.Keys(part)), members...)
	}
	return nil
}

// domain finds what tells the parts apart: all hosts of one part have it in common, and
// nobody else does. It is "" where nothing does.
func (r *reader) domain(part map[cloud.HostID]int, parts int) string {
	labels := map[string]bool{}
	for h := range r.in.Hosts {
		for key := range r.in.Hosts[h].Labels {
			labels[key] = true
		}
	}
	for _, by := range append([]string{"zone", "rack"}, slices.Sorted(maps.Keys(labels))...) {
		places := map[string]int{}
		owner := map[int]string{}
		fits := true
		for h := range r.in.Hosts {
			mine, in := part[cloud.HostID(h)]
			if !in {
				mine = -1
			}
			place := r.in.Hosts[h].Domain(by)
			if was, met := places[place]; met && was != mine {
				fits = false
				break
			}
			places[place] = mine
			if was, met := owner[mine]; in && met && was != place {
				fits = false
				break
			}
			owner[mine] = place
		}
		if fits && parts > 0 {
			return by
		}
	}
	return ""
}

// sayOverbook keeps the ratio for [overcommit.settle].
func (r *reader) sayOverbook(at string, c *wireConstraint) error {
	if !*c.Continuous {
		return r.unsaid(at, c.ID, "is about the end alone, and capacity holds always")
	}
	ratio, ok := new(big.Rat).SetString(string(c.Ratio))
	if !ok || c.Ratio.Kind() != '0' || ratio.Sign() < 0 || ratio.Cmp(big.NewRat(1e6, 1)) > 0 {
		return fault(under(at, "ratio"), "expected a number from 0 to 1000000, found %s", c.Ratio)
	}
	res, h := r.resource(*c.Resource), r.host[*c.Node]
	if r.rules.over[res] == nil {
		r.rules.over[res] = map[cloud.HostID]string{}
	}
	r.rules.over[res][h] = ratio.RatString()
	return nil
}

// capacity is the rule with the ratios that all hosts have in common. Where they differ,
// the capacities themselves are multiplied.
func (o overcommit) capacity(in *cloud.Instance) spec.Spec {
	s := spec.Named("capacity")
	for res := range in.Resources {
		ratios := o[res]
		if len(ratios) == 0 {
			continue
		}
		common := len(ratios) == len(in.Hosts)
		for _, ratio := range ratios {
			common = common && ratio == ratios[0]
		}
		if common {
			s = s.With("overcommit."+in.Resources[res].Name, ratios[0])
			continue
		}
		for h, ratio := range ratios {
			in.Hosts[h].Capacity[res] = times(in.Hosts[h].Capacity[res]-in.Hosts[h].Reserved[res], ratio) + in.Hosts[h].Reserved[res]
		}
	}
	return s
}

// times multiplies and rounds down; what does not fit is as much as there may be.
func times(amount int64, ratio string) int64 {
	x, _ := new(big.Rat).SetString(ratio)
	x.Mul(x, new(big.Rat).SetInt64(amount))
	n := new(big.Int).Quo(x.Num(), x.Denom())
	if !n.IsInt64() {
		return math.MaxInt64
	}
	return n.Int64()
}

func (r *reader) sayRunningCapacity(at string, c *wireConstraint) error {
	if len(*c.Nodes) != 1 {
		return r.unsaid(at, c.ID, "of several nodes bounds them together, and rules are about hosts one by one")
	}
	if *c.Amount < 0 || *c.Amount > maxNumber {
		return fault(under(at, "amount"), "expected an integer from 0 to %d, found %d", maxNumber, *c.Amount)
	}
	l := r.rules.merge(fmt.Sprintf("max-vms %d", *c.Amount), maxVMs(*c.Amount))
	l.hosts = append(l.hosts, r.host[(*c.Nodes)[0]])
	return nil
}

func maxVMs(n int64) spec.Spec {
	return spec.Named("max-vms").With("max", numberKey(n)).With("continuous", "no")
}

// sayPreserve: a VM demands from the start what it shall have in the end. Its host may be too
// full then.
func (r *reader) sayPreserve(at string, c *wireConstraint) error {
	if *c.Amount > maxNumber {
		return fault(under(at, "amount"), "expected an integer of at most %d, found %d", maxNumber, *c.Amount)
	}
	vm, res := r.vm[*c.VM], r.resource(*c.Resource)
	if demand := r.in.VMs[vm].Demand; *c.Amount > demand[res] {
		demand[res] = *c.Amount
		r.grown[vm] = true
	}
	return nil
}
