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
			s := slots{text: a.Brief().String(), outgoing: limit("outgoing"), incoming: limit("incoming"), total: limit("total")}
			if !a.Has("outgoing") && !a.Has("incoming") && !a.Has("total") {
				return nil, errors.New("expected at least one of outgoing, incoming and total")
			}
			return func(in *cloud.Instance, d cloud.Duration) (Model, error) {
				bound := s
				bound.in, bound.duration = in, d
				return &bound, nil
			}, nil
		},
	}
}

// slots bounds what is under way per host and in all.
type slots struct {
	in                        *cloud.Instance
	duration                  cloud.Duration
	text                      string
	outgoing, incoming, total int // MaxInt: no limit
}

func (s *slots) String() string { return s.text }

// Limits are the outgoing slots of the hosts, then the incoming ones, then the one for all, as far as they are limited.
func (s *slots) Limits() []Limit {
	var out []Limit
	perHost := func(capacity int, way string) {
		if capacity == math.MaxInt {
			return
		}
		for h := range s.in.Hosts {
			out = append(out, Limit{way + " migrations of " + s.in.Hosts[h].Name, "migrations", int64(capacity), cloud.HostID(h)})
		}
	}
	perHost(s.outgoing, "outgoing")
	perHost(s.incoming, "incoming")
	if s.total != math.MaxInt {
		out = append(out, Limit{"migrations", "migrations", int64(s.total), cloud.Absent})
	}
	return out
}

// Needs is one slot each.
func (s *slots) Needs(step *cloud.Step) Needs {
	n := Needs{Time: cloud.TimeOf(s.duration, step)}
	if !counts(step.Action) {
		return n
	}
	base := int32(0)
	for _, end := range []struct {
		limit int
		host  cloud.HostID
	}{{s.outgoing, step.From}, {s.incoming, step.To}} {
		if end.limit == math.MaxInt {
			continue
		}
		if end.host != cloud.Absent {
			n.Uses = append(n.Uses, Use{base + int32(end.host), 1, 1})
		}
		base += int32(len(s.in.Hosts))
	}
	if s.total != math.MaxInt {
		n.Uses = append(n.Uses, Use{base, 1, 1})
	}
	return n
}

// Violations counts at the hosts of the steps that just started, each host once.
func (s *slots) Violations(v View, started []cloud.Step) []cloud.Violation {
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
