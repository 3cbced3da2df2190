package targets

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func Evacuation() spec.Entry[Strategy] {
	list := func(name string) spec.Param {
		return spec.Param{
			Name: name, Type: spec.String, List: true,
			Doc: "names of " + name + " to empty, or patterns with * that stand for all they match",
		}
	}
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "evacuate",
			Synopsis: "empties hosts, racks or zones onto the others",
			Doc: "The VMs of the hosts named go to the others, the largest first, each where it fits best, by the norm of " +
				"what stays free over all resources; hosts in use are filled before empty ones. No other VM moves, but for " +
				"those that make room and those that mend a rule that the start breaks. Where emptying the hosts takes more than " +
				"max-migrations or max-cost allow, there is no target.",
			Params:   with(list("hosts"), list("racks"), list("zones"), displaceParam("64")),
			Citation: panigrahy2011,
		},
		New: func(a spec.Args) (Strategy, error) {
			s := evacuate{
				terms: newTerms(a), hosts: a.Strings("hosts"), racks: a.Strings("racks"), zones: a.Strings("zones"),
				tries: int(a.Int("displace")),
			}
			if len(s.hosts)+len(s.racks)+len(s.zones) == 0 {
				return nil, errors.New("expected something to empty: hosts, racks or zones")
			}
			return s, nil
		},
	}
}

type evacuate struct {
	terms
	hosts, racks, zones []string
	tries               int
}

// Objective implements [Strategy].
func (evacuate) Objective(*cloud.Instance) spec.Spec { return spec.Named("load") }

// Choose takes O(VMs to move × (log hosts + rules)), and as much again for each host that
// displacing looks at.
func (s evacuate) Choose(ctx context.Context, r *Request) (Choice, error) {
	return pursue(ctx, r, s)
}

func (s evacuate) job(r *Request) (job, error) {
	hosts, err := s.clears(r.Instance)
	if err != nil {
		return job{}, err
	}
	return evacuation{s.terms, hosts, s.tries}.job(r)
}

// clears lists the hosts of all that is to be emptied.
func (s evacuate) clears(in *cloud.Instance) ([]cloud.HostID, error) {
	var hosts []cloud.HostID
	for _, x := range []struct {
		by    string
		names []string
	}{{"host", s.hosts}, {"rack", s.racks}, {"zone", s.zones}} {
		found, err := HostsOf(in, x.by, x.names)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, found...)
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), nil
}

// HostsOf lists the hosts of the hosts, racks or zones that names stand for. A name that
// none has is taken as a pattern.
func HostsOf(in *cloud.Instance, by string, names []string) ([]cloud.HostID, error) {
	if len(names) == 0 {
		return nil, nil
	}
	of, known := in.Domains(by)
	index := map[string]int{}
	for i, k := range known {
		index[k] = i
	}
	chosen := make([]bool, len(known))
	for _, name := range names {
		if i, ok := index[name]; ok && name != "" {
			chosen[i] = true
			continue
		}
		matched := false
		for i, k := range known {
			ok, err := path.Match(name, k)
			if err != nil {
				return nil, fmt.Errorf("%s pattern %q: %w", by, name, err)
			}
			if ok && k != "" {
				chosen[i], matched = true, true
			}
		}
		if !matched {
			return nil, fmt.Errorf("unknown %s %q%s", by, name, spec.DidYouMean(name, slices.DeleteFunc(known, func(k string) bool { return k == "" }), "the instance has"))
		}
	}
	var out []cloud.HostID
	for h, d := range of {
		if chosen[d] {
			out = append(out, cloud.HostID(h))
		}
	}
	return out, nil
}

// Evacuate is the strategy evacuate for hosts at hand, which are all different; displace
// bounds the hosts looked at for making room for one VM.
func Evacuate(hosts []cloud.HostID, displace int) Strategy {
	return evacuation{unbound, hosts, displace}
}

// evacuation is evacuate with its hosts found.
type evacuation struct {
	terms
	hosts []cloud.HostID
	tries int
}

func (s evacuation) clears(*cloud.Instance) ([]cloud.HostID, error) { return s.hosts, nil }

// Objective implements [Strategy].
func (evacuation) Objective(*cloud.Instance) spec.Spec { return spec.Named("load") }

// Choose implements [Strategy].
func (s evacuation) Choose(ctx context.Context, r *Request) (Choice, error) {
	return pursue(ctx, r, s)
}

func (s evacuation) job(*Request) (job, error) {
	return job{strategy: s, clear: s.hosts, cheap: true, construct: s.construct}, nil
}

func (s evacuation) construct(ctx context.Context, r *Request) (Choice, error) {
	if err := ctx.Err(); err != nil {
		return Choice{}, err
	}
	if len(s.hosts) == len(r.Instance.Hosts) {
		return Choice{}, noTarget("all %d hosts are to be emptied", len(s.hosts))
	}
	d := newDraft(r, s.tries)
	if stuck, ok := d.empty(s.hosts); !ok {
		return Choice{}, d.noHost(stuck)
	}
	return d.choice(s.place)
}
