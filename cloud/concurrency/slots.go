package concurrency

import (
	"errors"
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func slotsEntry() spec.Entry[Binder] {
	param := func(name, doc string) spec.Param {
		return spec.Param{Name: name, Type: spec.Int, Bounds: spec.Between(1, math.MaxInt32), Unit: "migrations", Doc: doc + "; no limit unless given"}
	}
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "slots",
			Synopsis: "limits on concurrent migrations: from each host, to each host, and in total",
			Doc: "A migration takes an outgoing slot of the host that it leaves and an incoming one of the host that it " +
				"comes to, from its start to its end; a suspend takes the former only, a resume the latter. Shutdowns and " +
				"provisions take none. At least one limit is given. Nova's max_concurrent_live_migrations is outgoing, 1 by default.",
			Params: []spec.Param{
				param("outgoing", "migrations from one host at the same time"),
				param("incoming", "migrations to one host at the same time"),
				param("total", "migrations at the same time in the whole cloud"),
			},
			Citation: "OpenStack Nova, configuration options: " +
				"https://docs.openstack.org/nova/latest/configuration/config.html",
		},
		New: func(a spec.Args) (Binder, error) {
			limit := func(name string) int {
				if !a.Has(name) {
					return math.MaxInt
				}
				return int(a.Int(name))
			}
			s := slots{nil, a.Brief().String(), limit("outgoing"), limit("incoming"), limit("total")}
			if !a.Has("outgoing") && !a.Has("incoming") && !a.Has("total") {
				return nil, errors.New("expected at least one of outgoing, incoming and total")
			}
			return func(in *cloud.Instance) (Model, error) {
				bound := s
				bound.in = in
				return &bound, nil
			}, nil
		},
	}
}

// slots bounds what is under way per host and in all.
type slots struct {
	in                        *cloud.Instance
	text                      string
	outgoing, incoming, total int // MaxInt: no limit
}

func (s *slots) String() string { return s.text }

// Violations counts at the hosts of the steps that just started, each host once.
func (s *slots) Violations(v View, started []cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	exceeds := func(n, limit int, way string, h cloud.HostID) {
		if n <= limit {
			return
		}
		if h != cloud.Absent {
			way += fmt.Sprintf(" host %q", s.in.Hosts[h].Name)
		}
		out = append(out, cloud.Violation{Rule: s.text, Msg: fmt.Sprintf("%d migrations are under way%s, at most %d may be", n, way, limit)})
	}
	exceeds(len(v.All()), s.total, "", cloud.Absent)
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
			exceeds(from, s.outgoing, " from", h)
			exceeds(to, s.incoming, " to", h)
		}
	}
	return out
}

func (s *slots) NewGuard() Guard {
	return &slotsGuard{slots: s, from: map[cloud.HostID]int{}, to: map[cloud.HostID]int{}}
}

// slotsGuard counts the slots that are taken.
type slotsGuard struct {
	*slots
	from, to map[cloud.HostID]int
	all      int
}

func (g *slotsGuard) Allows(c cloud.Change) bool {
	return g.all < g.total && (c.From == cloud.Absent || g.from[c.From] < g.outgoing) &&
		(c.To == cloud.Absent || g.to[c.To] < g.incoming)
}

func (g *slotsGuard) Begin(c cloud.Change) { g.take(c, 1) }
func (g *slotsGuard) End(c cloud.Change)   { g.take(c, -1) }

// take counts absent ends too, which nobody asks for.
func (g *slotsGuard) take(c cloud.Change, n int) {
	g.all += n
	g.from[c.From] += n
	g.to[c.To] += n
}
