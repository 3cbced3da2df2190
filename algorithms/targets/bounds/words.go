package bounds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// mostNamed bounds how many things one reason names.
const mostNamed = 5

// named names VMs, or counts them where they are many.
func (b *Bounds) named(vms []cloud.VMID) string {
	if len(vms) > mostNamed {
		return fmt.Sprintf("%s (%s, …)", prose.Count(len(vms), "VM"), b.vmNames(vms[:mostNamed-2]))
	}
	if len(vms) == 1 {
		return "VM " + b.vmNames(vms)
	}
	return "VMs " + b.vmNames(vms)
}

func (b *Bounds) vmNames(vms []cloud.VMID) string {
	return enumerated(prose.Texts(vms, func(v cloud.VMID) string { return b.in.VMs[v].Name }))
}

func (b *Bounds) placesNamed(d *domains, places []int32) string {
	return enumerated(prose.Texts(places, func(p int32) string { return d.names[p] }))
}

// enumerated quotes the first few of some names.
func enumerated(names []string) string {
	quoted := prose.Texts(names[:min(len(names), mostNamed)], func(s string) string { return prose.Quote(s, 60) })
	if len(names) > mostNamed {
		quoted = append(quoted, "…")
	}
	return strings.Join(quoted, ", ")
}

// of is an amount of a resource: "4,096 MiB of ram".
func (b *Bounds) of(x int64, resource int) string {
	if resource == b.resources {
		return prose.Count(x, "VM")
	}
	res := b.in.Resources[resource]
	if res.Unit == "" {
		return humanize.Comma(x) + " of " + res.Name
	}
	return humanize.Comma(x) + " " + res.Unit + " of " + res.Name
}

// by lists rules behind a reason.
func by(rules []string) string {
	if len(rules) == 0 {
		return ""
	}
	return " (" + listed(rules) + ")"
}

func listed(rules []string) string {
	shown := slices.Clone(rules[:min(len(rules), mostNamed)])
	for i := range shown {
		shown[i] = prose.Abridge(shown[i], 120)
	}
	if len(rules) > mostNamed {
		shown = append(shown, "…")
	}
	return strings.Join(shown, "; ")
}

func excluding(rules []string) string {
	verb := " exclude all of them"
	if len(rules) == 1 {
		verb = " excludes all of them"
	}
	return listed(rules) + verb
}

// openly says "open " where hosts are closed.
func (b *Bounds) openly() string {
	if b.open.len() < len(b.in.Hosts) {
		return "open "
	}
	return ""
}

// limiting lists the rules that bound a resource.
func (b *Bounds) limiting(resource int) []string {
	rules := b.limiters
	if resource == b.resources {
		rules = b.counters
	}
	return prose.Texts(rules, cloud.Rule.String)
}

// together lists the rules that keep the VMs of a block on one host.
func (b *Bounds) together(x *block) []string {
	var out []string
	for _, s := range b.spans {
		if s.most == 1 && s.by == "host" && slices.ContainsFunc(s.vms, func(v cloud.VMID) bool { return slices.Contains(x.vms, v) }) {
			out = append(out, s.rule.String())
		}
	}
	return out
}

// mostAskedAbout bounds the VMs of which a reason looks into why they may not stand elsewhere.
const mostAskedAbout = 8

// narrowing lists rules that keep VMs off the hosts outside a set: as far as a few VMs of different
// kinds tell.
func (b *Bounds) narrowing(set hostset, vms []cloud.VMID) []string {
	outside := slices.DeleteFunc(b.open.list(), set.has)
	if len(outside) == 0 {
		return nil
	}
	var few []cloud.VMID
	seen := map[int32]bool{}
	for _, v := range vms {
		if !seen[b.setOf[v]] && len(few) < mostAskedAbout {
			seen[b.setOf[v]] = true
			few = append(few, v)
		}
	}
	rules, all := b.filters.rejecting(few, outside)
	if !all { // the other hosts are too small
		for r := range b.resources + 1 {
			rules = append(rules, b.limiting(r)...)
		}
		slices.Sort(rules)
		rules = slices.Compact(rules)
	}
	return rules
}

// placed counts places with the word that goes before them: "on 2 hosts", "in 3 racks".
func placed(n int, by string) string {
	switch by {
	case "host":
		return "on " + prose.Count(n, "host")
	case "rack", "zone":
		return "in " + prose.Count(n, by)
	}
	return "in " + prose.Count(n, "place") + " by " + by
}

// crowdNamed is "all 12 VMs together" or `the 3 VMs that can stand only on 2 hosts ("h1", "h2")`, with
// what they need.
func (b *Bounds) crowdNamed(c *crowd, verb string) string {
	vms := 0
	for _, x := range c.blocks {
		vms += len(b.blocks[x].vms)
	}
	who := "all " + prose.Count(vms, "VM") + " together"
	switch {
	case vms == 1:
		who = b.named(b.members(c))
		if verb != "" {
			verb += "s"
		}
	case !c.whole || len(c.hosts) < b.open.len():
		who = fmt.Sprintf("the %s that can stand only on %s (%s)", prose.Count(vms, "VM"), prose.Count(len(c.hosts), "host"),
			enumerated(prose.Texts(c.hosts, func(h cloud.HostID) string { return b.in.Hosts[h].Name })))
	}
	return strings.TrimSpace(who + " " + verb)
}

// explain says what there is too much of.
func (b *Bounds) explain(e excess) string {
	hosts := b.hostsOf(e.crowd)
	switch m := e.measure; {
	case m == plain && e.resource == b.resources:
		return fmt.Sprintf("%s room on %s, where rules allow %s: short by %s", b.crowdNamed(e.crowd, "need"), hosts,
			prose.Count(e.room, "VM"), prose.Count(e.demand-e.room, "VM"))
	case m == plain:
		return fmt.Sprintf("%s %s, and there is room for %s on %s: short by %s", b.crowdNamed(e.crowd, "need"),
			b.of(e.demand, e.resource), humanize.Comma(e.room), hosts, b.of(e.demand-e.room, e.resource))
	case m.counts():
		return fmt.Sprintf("counting each full %s, %s %s of them, and %s can hold %s: short by %s", b.of(m.size(), e.resource),
			b.crowdNamed(e.crowd, "need"), humanize.Comma(e.demand), hosts, humanize.Comma(e.room), humanize.Comma(e.demand-e.room))
	default:
		return fmt.Sprintf("%s too much %s for %s: large demands leave gaps there that are too small for the others",
			b.crowdNamed(e.crowd, "need"), b.resourceName(e.resource), hosts)
	}
}

// counts tells whether the measure counts how many demands of a size there are.
func (m measure) counts() bool { return m.parts == 0 && m.size() > 1 && m.from >= m.step }

// size is of what it counts how often it is there.
func (m measure) size() int64 { return m.unit * m.step }

func (b *Bounds) resourceName(resource int) string {
	if resource == b.resources {
		return "room by number"
	}
	return b.in.Resources[resource].Name
}

func (b *Bounds) hostsOf(c *crowd) string {
	switch {
	case len(c.hosts) < b.open.len() && len(c.hosts) == 1:
		return "this host"
	case len(c.hosts) < b.open.len():
		return "these hosts"
	case len(c.hosts) == 1:
		return "the only " + b.openly() + "host"
	}
	return "the " + prose.Count(len(c.hosts), b.openly()+"host")
}
