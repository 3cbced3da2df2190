package targets_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
)

// crowded makes a cloud of a few hosts that is nearly full, of VMs whose sizes are powers of two or not.
func crowded(t *testing.T, rng *rand.Rand) *cloud.Instance {
	sizes := [][]int64{{1, 2, 4, 8}, {2, 3, 5, 7}, {1, 1, 6, 9}}[rng.IntN(3)]
	hosts, room := 3+rng.IntN(2), int64(14+rng.IntN(5))
	free := make([]int64, hosts)
	left := int64(hosts)*room - int64(rng.IntN(2+int(room)/2))
	for h := range free {
		free[h] = room
	}
	var vms [][]int64
	for len(vms) < 11 {
		size, h := sizes[rng.IntN(4)], rng.IntN(hosts)
		if size > left {
			break
		}
		if free[h] < size {
			if rng.IntN(8) == 0 {
				break
			}
			continue
		}
		free[h] -= size
		left -= size
		vms = append(vms, []int64{size, int64(h)})
	}
	in := uniform(t, hosts, vms...)
	for h := range in.Hosts {
		in.Hosts[h].Capacity[0] = room
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// reached lists every placement that live migrations lead to where nothing but room counts, with none of the project's states:
// the destination has room while the VM is still at its source.
func reached(in *cloud.Instance) map[string]cloud.Placement {
	out := map[string]cloud.Placement{fmt.Sprint(in.Initial): in.Initial}
	for next := []cloud.Placement{in.Initial}; len(next) > 0; {
		p := next[len(next)-1]
		next = next[:len(next)-1]
		free := make([]int64, len(in.Hosts))
		for h := range free {
			free[h] = in.Hosts[h].Capacity[0]
		}
		for v, h := range p {
			free[h] -= in.VMs[v].Demand[0]
		}
		for v := range p {
			for h := range free {
				if h == int(p[v]) || free[h] < in.VMs[v].Demand[0] {
					continue
				}
				q := p.Clone()
				q[v] = cloud.HostID(h)
				if key := fmt.Sprint(q); out[key] == nil {
					out[key] = q
					next = append(next, q)
				}
			}
		}
	}
	return out
}

// With reachable=yes a strategy misses the best target that a path leads to, or chooses one that none leads to.
func TestReachableTargetsAreMissed(t *testing.T) {
	texts := []string{"policy(objective=load(measure=stddev))", "rebalance(tolerance=0)", "defragment", "evacuate(hosts=h0)", "policy(objective=load(measure=range))"}
	asked, best, lost, hard := 0, 0, 0, 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 0x72656163))
		in := crowded(t, rng)
		within := reached(in)
		for _, text := range texts {
			plain := build(t, text)
			text = text[:len(text)-1] + ", reachable=yes)"
			if text[len("defragment")-1] == ',' {
				text = "defragment(reachable=yes)"
			}
			strategy := build(t, text)
			r := request(t, in)
			o, err := r.Objective(strategy)
			if err != nil {
				t.Fatal(err)
			}
			clears := text[:8] == "evacuate"
			var least *cloud.Score
			for _, p := range within {
				score := o.Value(p)
				if clears {
					score = cloud.Score{}
					for _, h := range p {
						if h == 0 {
							score[0]++
						}
					}
					if score[0] > 0 {
						continue
					}
				}
				if least == nil || score.Compare(*least) < 0 {
					least = &score
				}
			}
			r.Search = search(2000)
			if first, err := targets.Choose(context.Background(), plain, r); err == nil && within[fmt.Sprint(first.Target)] == nil {
				hard++
			}
			r.Search = search(2000)
			c, err := targets.Choose(context.Background(), strategy, r)
			var none *targets.NoTargetError
			switch {
			case errors.As(err, &none):
				if least != nil {
					asked++
					lost++
				}
				continue
			case err != nil:
				t.Fatalf("seed %d, %s: %v", seed, text, err)
			case within[fmt.Sprint(c.Target)] == nil:
				t.Fatalf("seed %d, %s: %v cannot be reached from %v", seed, text, c.Target, in.Initial)
			}
			asked++
			score := o.Value(c.Target)
			if clears || score == *least {
				best++
			} else {
				t.Logf("seed %d, %s: %v, best %v of %d", seed, text, score, *least, len(within))
			}
		}
	}
	t.Logf("%d searches, %d the best, %d without a target; %d unrestricted ones choose what cannot be reached", asked, best, lost, hard)
	if best*100 < 95*asked || hard < asked/10 {
		t.Errorf("of %d searches %d find the best target, %d none; %d without the term choose what cannot be reached", asked, best, lost, hard)
	}
}
