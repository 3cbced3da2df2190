package concurrency

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// slotLimits are the limits of slots, by the names of their parameters.
var slotLimits = []struct{ name, doc string }{
	{"outgoing", "migrations from one host at the same time"},
	{"incoming", "migrations to one host at the same time"},
	{"per-host", "migrations from and to one host at the same time, both together"},
	{"per-rack", "migrations at the same time that leave a rack, come to it or stay in it; hosts of no rack are not limited"},
	{"total", "migrations at the same time in the whole cloud"},
}

// published are the limits that come with schedulers and hypervisors, as of the sources that the entry cites.
var published = map[string]map[string]int64{
	"nova":       {"outgoing": 1},
	"kubevirt":   {"outgoing": 2, "total": 5},
	"vmotion-1g": {"per-host": 4}, "vmotion-10g": {"per-host": 8},
	"watcher": {"total": 2},
	"proxlb":  {"incoming": 1, "total": 2},
}

func slotsEntry() spec.Entry[Binder] {
	params := []spec.Param{{
		Name: "preset", Type: spec.Choice, Choices: []string{"nova", "kubevirt", "vmotion-1g", "vmotion-10g", "watcher", "proxlb"},
		Doc: "published limits. nova: outgoing=1, max_concurrent_live_migrations; kubevirt: outgoing=2, total=5, " +
			"parallelOutboundMigrationsPerNode and parallelMigrationsPerCluster; vmotion-1g, vmotion-10g: per-host=4, per-host=8, by the speed of " +
			"the interface; watcher: total=2, the weight planner's parallelization of migrate; " +
			"proxlb: incoming=1, total=2, max_node_inflow and max_parallel_migrations of its solver",
	}}
	var names []string
	for _, l := range slotLimits {
		names = append(names, l.name)
		params = append(params, spec.Param{
			Name: l.name, Type: spec.Int, Bounds: spec.Between(1, math.MaxInt32), Unit: "migrations", Doc: l.doc + "; the preset's or no limit unless given",
		})
	}
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "slots",
			Synopsis: "limits on concurrent migrations: from, to and at each host, in each rack, and in total",
			Doc: "A migration takes an outgoing slot of the host that it leaves and an incoming one of the host that it " +
				"comes to, from its start to its end; a suspend takes the former only, a resume the latter. Shutdowns and " +
				"provisions take none. A preset or a limit is given, or both; a limit then replaces that of the preset.",
			Params: params,
			Citation: "OpenStack Nova, configuration options: https://docs.openstack.org/nova/latest/configuration/config.html; " +
				"KubeVirt, pkg/virt-config/virt-config.go: https://github.com/kubevirt/kubevirt; " +
				"VMware vSphere 6.7, vCenter Server and Host Management, Limits on Simultaneous Migrations; " +
				"OpenStack Watcher, watcher/decision_engine/planner/weight.py: https://github.com/openstack/watcher; " +
				"ProxLB solver, README: https://github.com/credativ/proxlb-solver",
			InForce: func(a spec.Args) map[string]any {
				out := map[string]any{}
				for name, n := range limitsOf(a) {
					out[name] = float64(n)
				}
				return out
			},
		},
		New: func(a spec.Args) (Binder, error) {
			limits := limitsOf(a)
			if len(limits) == 0 {
				return nil, errors.New("expected a preset or at least one of " + strings.Join(names, ", "))
			}
			return func(in *cloud.Instance, d cloud.Duration) (Model, error) {
				return newSlots(in, d, a.Brief().String(), limits), nil
			}, nil
		},
	}
}

// limitsOf are the limits that are given, and those of the preset.
func limitsOf(a spec.Args) map[string]int64 {
	out := map[string]int64{}
	if a.Has("preset") {
		for name, n := range published[a.String("preset")] {
			out[name] = n
		}
	}
	for _, l := range slotLimits {
		if a.Has(l.name) {
			out[l.name] = a.Int(l.name)
		}
	}
	return out
}

// slots bounds what is under way per host, per rack and in all.
type slots struct {
	timed
	in     *cloud.Instance
	text   string
	most   map[string]int64 // by name of the limit
	rack   []int32          // by host, -1: none
	racks  []string
	limits []Limit
	// base is where the limits of a name begin, -1 where there are none.
	outgoing, incoming, perHost, perRack, total int32
}

// newSlots lays out the limits: outgoing, incoming, per host, per rack, total, as far as they are given. O(hosts).
func newSlots(in *cloud.Instance, d cloud.Duration, text string, most map[string]int64) *slots {
	s := &slots{timed: timed{d}, in: in, text: text, most: most, rack: make([]int32, len(in.Hosts))}
	known := map[string]int32{"": -1}
	for h := range in.Hosts {
		name := in.Hosts[h].Rack
		if _, ok := known[name]; !ok {
			known[name] = int32(len(s.racks))
			s.racks = append(s.racks, name)
		}
		s.rack[h] = known[name]
	}
	add := func(key string, n int, describe func(int) (string, cloud.HostID)) int32 {
		capacity, given := most[key]
		if !given {
			return -1
		}
		base := int32(len(s.limits))
		for i := range n {
			name, host := describe(i)
			s.limits = append(s.limits, Limit{Name: name, Unit: "migrations", Capacity: capacity, Host: host})
		}
		return base
	}
	ofHost := func(way string) func(int) (string, cloud.HostID) {
		return func(h int) (string, cloud.HostID) { return way + "migrations of " + in.Hosts[h].Name, cloud.HostID(h) }
	}
	s.outgoing = add("outgoing", len(in.Hosts), ofHost("outgoing "))
	s.incoming = add("incoming", len(in.Hosts), ofHost("incoming "))
	s.perHost = add("per-host", len(in.Hosts), ofHost(""))
	s.perRack = add("per-rack", len(s.racks), func(r int) (string, cloud.HostID) { return "migrations of rack " + s.racks[r], cloud.Absent })
	s.total = add("total", 1, func(int) (string, cloud.HostID) { return "migrations", cloud.Absent })
	return s
}

func (s *slots) String() string { return s.text }

func (s *slots) Limits() []Limit { return s.limits }

// Needs is one slot of each limit that the step has to do with.
func (s *slots) Needs(step *cloud.Step) Needs {
	n := Needs{Time: s.time(step)}
	if !counts(step.Action) {
		return n
	}
	take := func(base, i int32) {
		if base >= 0 && i >= 0 {
			n.Uses = append(n.Uses, Use{Limit: base + i, Least: 1, Full: 1})
		}
	}
	from, to := int32(step.From), int32(step.To)
	take(s.outgoing, from)
	take(s.incoming, to)
	take(s.perHost, from)
	take(s.perHost, to)
	left := int32(-1)
	if from >= 0 {
		left = s.rack[from]
	}
	take(s.perRack, left)
	if to >= 0 && s.rack[to] != left {
		take(s.perRack, s.rack[to])
	}
	take(s.total, 0)
	return n
}

// Violations counts at the hosts of the steps that just started, each host once, and in all racks.
func (s *slots) Violations(v View, started []cloud.Step) []cloud.Violation {
	var out []cloud.Violation
	exceeds := func(n int, limit, where string) {
		if most, given := s.most[limit]; given && int64(n) > most {
			out = append(out, cloud.Violation{Rule: s.text, Msg: fmt.Sprintf("%d migrations are under way%s, at most %d may be", n, where, most)})
		}
	}
	all := v.All()
	exceeds(len(all), "total", "")
	seen := map[cloud.HostID]bool{cloud.Absent: true}
	for _, c := range started {
		for _, h := range []cloud.HostID{c.From, c.To} {
			if seen[h] {
				continue
			}
			seen[h] = true
			from, to := 0, 0
			for _, other := range v.At(h) {
				if other.From == h {
					from++
				}
				if other.To == h {
					to++
				}
			}
			host := fmt.Sprintf(" host %q", s.in.Hosts[h].Name)
			exceeds(from, "outgoing", " from"+host)
			exceeds(to, "incoming", " to"+host)
			exceeds(from+to, "per-host", " at"+host)
		}
	}
	if _, given := s.most["per-rack"]; given {
		s.crowdedRacks(all, exceeds)
	}
	return out
}

// crowdedRacks counts the steps that have an end in each rack.
func (s *slots) crowdedRacks(all []cloud.Step, exceeds func(n int, limit, where string)) {
	in := map[string]int{}
	for _, c := range all {
		var ends [2]string
		for i, h := range []cloud.HostID{c.From, c.To} {
			if h != cloud.Absent {
				ends[i] = s.in.Hosts[h].Rack
			}
		}
		in[ends[0]]++
		if ends[1] != ends[0] {
			in[ends[1]]++
		}
	}
	for _, name := range s.racks {
		exceeds(in[name], "per-rack", fmt.Sprintf(" in rack %q", name))
	}
}
