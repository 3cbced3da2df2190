package targets_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// scattered makes a small cloud of machines with two nodes, or of plain hosts, whose start keeps the rules.
func scattered(t *testing.T, rng *rand.Rand, numa bool) *targets.Request {
	for {
		in := &cloud.Instance{Name: "scattered", Resources: []cloud.Resource{{Name: "ram"}, {Name: "cpu"}}}
		hosts := 4
		for h := range hosts {
			in.Hosts = append(in.Hosts, cloud.Host{
				Name: fmt.Sprintf("h%d", h), Labels: map[string]string{"machine": fmt.Sprint(h / 2)},
				Capacity: []int64{40 + rng.Int64N(20), 12 + rng.Int64N(4)}, Reserved: []int64{0, 0},
			})
		}
		for v := range 5 + rng.IntN(2) {
			vm := cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{1 + rng.Int64N(12), 1 + rng.Int64N(8)}}
			if numa && rng.IntN(3) == 0 {
				vm.Labels = map[string]string{"numa": "2"}
			}
			in.VMs, in.Initial = append(in.VMs, vm), append(in.Initial, cloud.HostID(rng.IntN(hosts)))
		}
		in.Groups = []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 1}}}
		if in.Rules = []spec.Spec{spec.Named("capacity")}; numa {
			in.Rules[0] = spec.Named("numa")
		}
		if rng.IntN(2) == 0 {
			in.Rules = append(in.Rules, spec.MustParse("anti-affinity(group=g, by=machine, continuous=no)"))
		}
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(validate.Placement(in, bound, in.Initial, true)) == 0 {
			return request(t, in)
		}
	}
}

// reached is the lowest value of an objective among the placements within some migrations that keep all rules.
func reached(r *targets.Request, o cloud.Objective, migrations int) int64 {
	lowest := o.Value(r.Instance.Initial)[0]
	p := r.Instance.Initial.Clone()
	var from func(v, left int)
	from = func(v, left int) {
		if v == len(p) {
			if n := o.Value(p)[0]; n < lowest && len(validate.Placement(r.Instance, r.Rules, p, true)) == 0 {
				lowest = n
			}
			return
		}
		from(v+1, left)
		for h := range r.Instance.Hosts {
			if h := cloud.HostID(h); left > 0 && h != r.Instance.Initial[v] {
				p[v] = h
				from(v+1, left-1)
			}
		}
		p[v] = r.Instance.Initial[v]
	}
	from(0, migrations)
	return lowest
}

// Compact keeps its budget and all rules, knows a path, and finds the best target that exists in nearly all small clouds; none is
// below what is proved.
func TestCompactLeavesFragments(t *testing.T) {
	const clouds = 60
	missed, gained, proved := 0, 0, 0
	for seed := range uint64(clouds) {
		rng := rand.New(rand.NewPCG(seed, 18))
		r := scattered(t, rng, seed%2 == 0)
		n := 1 + rng.IntN(3)
		s := build(t, fmt.Sprintf("compact(size=%d, max-migrations=%d)", 4+rng.IntN(3), n))
		steps := 40 // of a thousand moves
		r.Search = &targets.Search{GoOn: func() bool { steps--; return steps >= 0 }, Seed: 1}
		c, err := targets.Choose(context.Background(), s, r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := r.Weigh(s, c.Target)
		if err != nil {
			t.Fatal(err)
		}
		least := reached(r, w.Objective, n)
		switch {
		case w.Migrations > n || c.Path == nil:
			t.Errorf("cloud %d: %d of %d migrations, path %v", seed, w.Migrations, n, c.Path)
		case w.After[0] < least || least < w.Bound[0]:
			t.Errorf("cloud %d: found %d, the least is %d, the bound %d", seed, w.After[0], least, w.Bound[0])
		case w.After[0] > least:
			missed++
		}
		if w.After[0] < w.Before[0] {
			gained++
		}
		if w.Bound[0] > 0 {
			proved++
		}
	}
	if missed > clouds/20 || gained < clouds/2 || proved < clouds/4 {
		t.Errorf("of %d: %d not the best, %d better than the start, %d with a bound", clouds, missed, gained, proved)
	}
	t.Log(missed, gained, proved)
}
