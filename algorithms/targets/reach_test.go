package targets_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
)

// crowded makes a cloud of a few hosts that are nearly full, of VMs whose sizes are powers of two or not.
func crowded(t *testing.T, rng *rand.Rand) *cloud.Instance {
	sizes := [][]int64{{1, 2, 4, 8}, {2, 3, 5, 7}, {1, 3, 6, 9}, {3, 4, 5, 6}}[rng.IntN(4)]
	hosts, room := 3+rng.IntN(2), int64(13+rng.IntN(4))
	var vms [][]int64
	var at cloud.Placement
	for h := range hosts {
		for free := room; free > rng.Int64N(6) && len(vms) < 12; {
			if size := sizes[rng.IntN(4)]; size <= free {
				free -= size
				vms, at = append(vms, []int64{size, 0}), append(at, cloud.HostID(h))
			}
		}
	}
	in := uniform(t, hosts, vms...)
	for h := range in.Hosts {
		in.Hosts[h].Capacity[0] = room
	}
	copy(in.Initial, at)
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// seats tells placements apart.
func seats(p cloud.Placement) string {
	out := make([]byte, len(p))
	for v, h := range p {
		out[v] = byte(h)
	}
	return string(out)
}

// walked lists every placement that live migrations lead to where nothing but room counts, with none of the project's states:
// the destination has room while the VM is still at its source. It is nil where they are too many.
func walked(in *cloud.Instance) map[string]cloud.Placement {
	out := map[string]cloud.Placement{seats(in.Initial): in.Initial}
	for next := []cloud.Placement{in.Initial}; len(next) > 0; {
		if len(out) > 20_000 {
			return nil
		}
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
				if key := seats(q); out[key] == nil {
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
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0x72656163))
		in := crowded(t, rng)
		within := walked(in)
		if within == nil {
			continue
		}
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
			if first, err := targets.Choose(context.Background(), plain, r); err == nil && within[seats(first.Target)] == nil {
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
			case within[seats(c.Target)] == nil:
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
	if best*100 < 95*asked || hard == 0 {
		t.Errorf("of %d searches %d find the best target, %d none; %d without the term choose what cannot be reached", asked, best, lost, hard)
	}
}
