package slas

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func atOnceEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "at-once",
			Synopsis: "most migrations under way at the same time: of a group, in a rack, in a zone, at a host, in all",
			Doc: "Migrations, suspends and resumes of the VMs count from their starts to their ends. By rack, zone or host, those count that leave " +
				"it, come to it or stay in it; hosts of no rack or zone are not limited.",
			Params: slices.Concat([]spec.Param{
				{Name: "most", Type: spec.Int, Required: true, Bounds: spec.Between(1, math.MaxInt32), Unit: "migrations", Doc: "at the same time"},
				{
					Name: "by", Type: spec.Choice, Choices: []string{"all", "group", "rack", "zone", "host"}, Default: "all",
					Doc: "what each has this limit of its own: all VMs together, each group that the pattern matches, each rack, each zone or each host",
				},
			}, rules.VMParams()),
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			if a.String("by") == "group" && (!a.Has("group") || a.Has("vms")) {
				return nil, errors.New("by=group: expected group, a name or a pattern, and no vms")
			}
			return func(in *cloud.Instance, _ cloud.Duration, _ string) (SLA, error) { return newAtOnce(in, a) }, nil
		},
	}
}

// atOnce is the SLA of that name.
type atOnce struct {
	text string
	in   *cloud.Instance
	by   string
	most int64
	watched
	limits []concurrency.Limit
	place  []int32                // by host: the limit of its place, -1 for none; nil unless by place
	groups map[cloud.VMID][]int32 // the limits of a VM's groups; nil unless by group
	named  []int                  // by limit: the group
}

func newAtOnce(in *cloud.Instance, a spec.Args) (*atOnce, error) {
	w, err := watchedBy(in, a)
	if err != nil {
		return nil, err
	}
	s := &atOnce{text: a.Brief().String(), in: in, by: a.String("by"), most: a.Int("most"), watched: w}
	limit := func(of string, host cloud.HostID) int32 {
		s.limits = append(s.limits, concurrency.Limit{Name: "migrations" + of + " by " + s.text, Unit: "migrations", Capacity: s.most, Host: host})
		return int32(len(s.limits) - 1)
	}
	switch s.by {
	case "all":
		limit("", cloud.Absent)
	case "group":
		if s.named, err = rules.MatchGroups(in, a.String("group")); err != nil {
			return nil, err
		}
		s.groups = map[cloud.VMID][]int32{}
		for _, g := range s.named {
			l := limit(" of group "+in.Groups[g].Name, cloud.Absent)
			for _, v := range in.Groups[g].VMs {
				if !slices.Contains(s.groups[v], l) {
					s.groups[v] = append(s.groups[v], l)
				}
			}
		}
	default:
		s.places(limit)
	}
	return s, nil
}

// places makes the limits of racks, zones or hosts.
func (s *atOnce) places(limit func(of string, host cloud.HostID) int32) {
	known := map[string]int32{}
	s.place = make([]int32, len(s.in.Hosts))
	for h := range s.in.Hosts {
		name, host := s.in.Hosts[h].Domain(s.by), cloud.Absent
		if s.by == "host" {
			name, host = s.in.Hosts[h].Name, cloud.HostID(h)
		}
		if name == "" {
			s.place[h] = -1
			continue
		}
		if _, ok := known[name]; !ok {
			known[name] = limit(" of "+s.by+" "+name, host)
		}
		s.place[h] = known[name]
	}
}

func (s *atOnce) String() string { return s.text }

// Limits implements [Limiter].
func (s *atOnce) Limits() []concurrency.Limit { return s.limits }

// Uses implements [Limiter].
func (s *atOnce) Uses(step *cloud.Step) []concurrency.Use {
	if !moves(step.Action) || !s.has(step.VM) {
		return nil
	}
	var out []concurrency.Use
	take := func(l int32) { out = append(out, concurrency.Use{Limit: l, Least: 1, Full: 1}) }
	switch s.by {
	case "all":
		take(0)
	case "group":
		for _, l := range s.groups[step.VM] {
			take(l)
		}
	default:
		left := int32(-1)
		if step.From != cloud.Absent {
			left = s.place[step.From]
		}
		if left >= 0 {
			take(left)
		}
		if step.To != cloud.Absent && s.place[step.To] >= 0 && s.place[step.To] != left {
			take(s.place[step.To])
		}
	}
	return out
}

// Violations implements [SLA]: place by place, it counts from instant to instant, and tells of the first one at which too many are under way.
func (s *atOnce) Violations(steps []cloud.Step) []Violation {
	byPlace := map[string][]int{}
	var names []string
	for i := range steps {
		for _, name := range s.placesOf(&steps[i]) {
			if byPlace[name] == nil {
				names = append(names, name)
			}
			byPlace[name] = append(byPlace[name], i)
		}
	}
	var out []Violation
	for _, name := range names {
		if step, n := crowd(steps, byPlace[name], int(s.most)); step >= 0 {
			out = append(out, Violation{step, s.text, fmt.Sprintf("%s under way%s, at most %d may be", prose.Count(n, "migration")+" are", name, s.most)})
		}
	}
	return out
}

// placesOf names where a step counts, each once.
func (s *atOnce) placesOf(step *cloud.Step) []string {
	if _, counts := slices.BinarySearch(s.list, step.VM); !counts || !moves(step.Action) {
		return nil
	}
	var out []string
	switch s.by {
	case "all":
		return []string{""}
	case "group":
		for _, g := range s.named {
			if slices.Contains(s.in.Groups[g].VMs, step.VM) {
				out = append(out, fmt.Sprintf(" in group %q", s.in.Groups[g].Name))
			}
		}
		return out
	}
	for _, h := range []cloud.HostID{step.From, step.To} {
		if h == cloud.Absent {
			continue
		}
		host := &s.in.Hosts[h]
		name, prep := map[string]string{"host": host.Name, "rack": host.Rack, "zone": host.Zone}[s.by], " in "
		if s.by == "host" {
			prep = " at "
		}
		if text := fmt.Sprintf("%s%s %q", prep, s.by, name); name != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// crowd finds the first instant at which more than a number of some steps are under way: one that starts then, and how many there are; -1 where there is
// none. A step of no length is under way at the instant at which it starts.
func crowd(steps []cloud.Step, some []int, most int) (step, n int) {
	starts, ends := slices.Clone(some), make([]int64, len(some))
	slices.SortStableFunc(starts, func(a, b int) int { return cmp.Compare(steps[a].Start, steps[b].Start) })
	for k, i := range some {
		ends[k] = max(steps[i].End, steps[i].Start+1)
	}
	slices.Sort(ends)
	over := 0
	for k, i := range starts {
		for ends[over] <= steps[i].Start {
			over++
		}
		last := k+1 == len(starts) || steps[starts[k+1]].Start > steps[i].Start
		if n := k + 1 - over; last && n > most {
			return i, n
		}
	}
	return -1, 0
}
