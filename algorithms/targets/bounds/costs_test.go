package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// placements calls f for each placement that keeps every rule.
func (q question) placements(f func(cloud.Placement)) {
	p := make(cloud.Placement, len(q.Instance.VMs))
	var place func(v int)
	place = func(v int) {
		if v == len(p) {
			if len(validate.Placement(q.Instance, q.Rules, p, true)) == 0 {
				f(p)
			}
			return
		}
		for h := cloud.Absent; int(h) < len(q.Instance.Hosts); h++ {
			if h == cloud.Absent && q.must(v) || h != cloud.Absent && q.Closed != nil && q.Closed[h] {
				continue
			}
			p[v] = h
			if !overfull(q.Instance, p[:v+1], h) {
				place(v + 1)
			}
		}
	}
	place(0)
}

// No lawful placement may cost less than the bound for its objective, and often enough one costs just as much.
func TestATargetCostsLessThanTheBound(t *testing.T) {
	met, above := map[string]int{}, map[string]int{}
	for seed := range uint64(250) {
		rng := rand.New(rand.NewPCG(seed, 23))
		q := ask(rng)
		leave := make([]int64, len(q.Instance.VMs))
		for v := range leave {
			leave[v] = rng.Int64N(6)
		}
		b := bounds.New(q.Question)
		for _, text := range []string{q.weighed, "load", "load(resource=[ram])", "lexicographic(of=[hosts, load])", "load(measure=stddev)"} {
			o, err := objectives.Bind(catalogue.Standard(), q.Instance, q.Rules, spec.MustParse(text))
			if err != nil {
				t.Fatal(err)
			}
			c := b.Costs(o, leave)
			least := map[int64]int64{} // by objective: the least cost
			q.placements(func(p cloud.Placement) {
				var cost int64
				for v, h := range p {
					if from := q.Instance.Initial[v]; from != cloud.Absent && from != h && h != cloud.Absent {
						cost += leave[v]
					}
				}
				value := o.Value(p)[0]
				if known, ok := least[value]; !ok || cost < known {
					least[value] = cost
				}
			})
			for value, cost := range least {
				switch bound := c.Least(value); {
				case bound > cost:
					t.Errorf("seed %d, %s: a target of %d costs %d, the bound is %d", seed, text, value, cost, bound)
				case bound == cost && cost > 0:
					met[text]++
				case bound > 0:
					above[text]++
				}
				if c.Least(value) < c.Least(value+1) {
					t.Errorf("seed %d, %s: the bound rises with the objective at %d", seed, text, value)
				}
			}
		}
	}
	t.Log(met, above)
	for _, text := range []string{"hosts", "hosts(weight=watts)", "load", "load(measure=stddev)"} {
		if met[text] == 0 {
			t.Errorf("%s: no target meets the bound", text)
		}
	}
}

// Large hosts are the cheapest to empty, but one of them has to stay for its room.
func TestTheBoundForgetsRoom(t *testing.T) {
	in := &cloud.Instance{Name: "sizes", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Rules: []spec.Spec{spec.Named("capacity")}}
	for h := range cloud.HostID(6) {
		capacity, demand := int64(4), int64(3)
		if h%2 == 1 {
			capacity, demand = 16, 2
		}
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{capacity}, Reserved: []int64{0}})
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", h), Demand: []int64{demand}})
		in.Initial = append(in.Initial, h)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := objectives.Bind(catalogue.Standard(), in, bound, spec.Named("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	c := bounds.New(bounds.Question{Instance: in, Rules: bound}).Costs(o, []int64{3, 2, 3, 2, 3, 2})
	// The five cheapest hosts cost 12, but a small host has no room for all VMs.
	if got := c.Least(1); got != 13 {
		t.Errorf("one host in use costs %d at least, want 13", got)
	}
}
