package rules

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func atOnceEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "at-once",
			Synopsis: "hosts have room for all that comes beside all that they hold initially, so that all migrations could run at the same time",
			Doc: "What a host holds initially counts there even when it has left. What VMs demand that have come from elsewhere has to fit beside " +
				"it in the capacity less what is reserved. The transient resources of the ROADEF/EURO challenge 2012 obey this rule, " +
				"with continuous=no. A path needs less: its migrations run one after the other, and each frees its source.",
			Params: []spec.Param{
				{Name: "resources", Type: spec.String, List: true, Doc: "the resources that are looked at, all unless given"},
				continuousParam(),
			},
			Citation:   ROADEF2012,
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				r, err := newAtOnce(in, a)
				if err != nil {
					return nil, err
				}
				return []cloud.Rule{r}, nil
			}, nil
		},
	}
}

// atOnce has hosts keep room for what has left them.
type atOnce struct {
	timed
	in      *cloud.Instance
	initial cloud.Placement
	limit   []int64 // [host*R + resource]: for VMs from elsewhere
}

func newAtOnce(in *cloud.Instance, a spec.Args) (*atOnce, error) {
	n := len(in.Resources)
	r := &atOnce{
		timed: timed{a.Full().String(), a.Bool("continuous")}, in: in, initial: initialOf(in), limit: make([]int64, n*len(in.Hosts)),
	}
	looks := make([]bool, n)
	for i := range looks {
		looks[i] = !a.Has("resources")
	}
	for _, name := range a.Strings("resources") {
		i, err := in.Resource(name)
		if err != nil {
			return nil, err
		}
		looks[i] = true
	}
	for i := range r.limit {
		if host := &in.Hosts[i/n]; looks[i%n] {
			r.limit[i] = host.Capacity[i%n] - host.Reserved[i%n]
		} else {
			r.limit[i] = math.MaxInt64
		}
	}
	for v, h := range r.initial {
		for i := range n {
			if h != cloud.Absent && looks[i] {
				r.limit[int(h)*n+i] -= in.VMs[v].Demand[i]
			}
		}
	}
	for i := range r.limit {
		r.limit[i] = max(0, r.limit[i])
	}
	return r, nil
}

// Watches implements [cloud.Rule].
func (r *atOnce) Watches() []cloud.VMID { return nil }

// GuestLimit implements [cloud.GuestLimiter].
func (r *atOnce) GuestLimit(h cloud.HostID, resource int) int64 {
	return r.limit[int(h)*len(r.in.Resources)+resource]
}

// Violations implements [cloud.Rule].
func (r *atOnce) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if change.To != cloud.Absent {
			out = r.onHost(v, change.To, out)
		}
		return out
	}
	for h := range r.in.Hosts {
		out = r.onHost(v, cloud.HostID(h), out)
	}
	return out
}

func (r *atOnce) onHost(v cloud.View, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	for i, resource := range r.in.Resources {
		var sum int64
		for _, vm := range v.On(h) {
			if r.initial[vm] != h {
				sum += r.in.VMs[vm].Demand[i]
			}
		}
		if limit := r.GuestLimit(h, i); sum > limit {
			out = append(out, r.at(onHost(r.in, h), "VMs from elsewhere demand %d of %s on host %q, which has %d free beside what it holds initially",
				sum, resource.Name, r.in.Hosts[h].Name, limit))
		}
	}
	return out
}

// NewGuard implements [cloud.Rule].
func (r *atOnce) NewGuard(*cloud.State) cloud.Guard { return atOnceGuard{r} }

type atOnceGuard struct{ r *atOnce }

// Allows takes O(resources × VMs on the host).
func (g atOnceGuard) Allows(s *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	if to == cloud.Absent || g.r.initial[vm] == to {
		return true
	}
	demands, n := g.r.in.Demands(), len(g.r.in.Resources)
	for i := range n {
		free := g.r.GuestLimit(to, i) - demands[int(vm)*n+i]
		for _, v := range s.On(to) {
			if g.r.initial[v] != to && v != vm {
				free -= demands[int(v)*n+i]
			}
		}
		if free < 0 {
			return false
		}
	}
	return true
}
