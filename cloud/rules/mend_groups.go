package rules

import (
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// The mending forms of rules about where a group is. A group is tolerated while it stands no
// worse than at the start. A VM under way counts where it comes from.

// atSource shows VMs under way as though they still stood where they come from.
type atSource struct{ cloud.View }

func (atSource) Destination(cloud.VMID) (cloud.HostID, bool) { return cloud.Absent, false }

// affinityMending lets a group stand in no more places than at the start.
type affinityMending struct {
	affinity
	most int
}

// Whole implements [cloud.Mending].
func (a *affinityMending) Whole() cloud.Rule { return &a.affinity }

// Span implements [cloud.Span].
func (a *affinityMending) Span() (least, most int) { return 0, a.most }

func (a *affinityMending) Violations(v cloud.View, _ *cloud.Change) []cloud.Violation {
	names, _ := a.count(atSource{v})
	if len(names) <= a.most {
		return nil
	}
	return []cloud.Violation{a.violation("group %q is scattered more widely than at the start, over %d places by %s instead of %d: %s",
		a.in.Groups[a.group].Name, len(names), a.by, a.most, strings.Join(names, ", "))}
}

func (a *affinityMending) NewGuard(s *cloud.State) cloud.Guard {
	return occupation{a.group, s.Census(a.by), 0, a.most}
}

// spreadMending lets a group stand in no fewer places than at the start.
type spreadMending struct {
	spread
	whole *spread
}

// Whole implements [cloud.Mending].
func (s *spreadMending) Whole() cloud.Rule { return s.whole }

// dependsMending lets VMs lack what they depend on where they lack it at the start.
type dependsMending struct {
	depends
	lacks map[cloud.Where]bool
}

// Whole implements [cloud.Mending].
func (d *dependsMending) Whole() cloud.Rule { return &d.depends }

func (d *dependsMending) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	return slices.DeleteFunc(d.depends.Violations(atSource{v}, change), func(found cloud.Violation) bool { return d.lacks[found.Where] })
}

func (d *dependsMending) NewGuard(s *cloud.State) cloud.Guard {
	g := dependsGuard{rule: &d.depends, census: s.Census(d.by), lacks: map[lack]bool{}}
	for h := range d.in.Hosts {
		for _, on := range d.on {
			w := cloud.Where{By: d.by, Place: d.in.Hosts[h].Domain(d.by), Group: d.in.Groups[on].Name}
			if d.lacks[w] {
				g.lacks[lack{g.census.Domain(cloud.HostID(h)), on}] = true
			}
		}
	}
	return g
}

// lack is a place in which none of a group stands that others depend on there.
type lack struct {
	place int32
	group int
}
