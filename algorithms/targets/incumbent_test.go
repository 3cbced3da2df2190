package targets_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// A search announces a target that breaks a rule or the budget, or that is worse than one before; or the one that is chosen is
// worse than one announced; or a search that is watched takes another way than one that is not.
func TestAnnouncedTargetsAreNoTargets(t *testing.T) {
	announced, several := 0, 0
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 92))
		in := pathtest.Ruled(rng)
		if seed%3 == 0 {
			in = pathtest.Broken(rng)
		}
		in.Target = nil
		for _, text := range []string{
			"defragment", "rebalance(tolerance=0)", "policy(objective=load(measure=stddev))", "defragment(max-migrations=2)", "rebalance(min-gain=1000)",
			"policy(objective=lexicographic(of=[hosts, load]), reachable=yes)",
		} {
			strategy := build(t, text)
			r := request(t, in)
			o, err := r.Objective(strategy)
			if err != nil {
				t.Fatal(err)
			}
			r.Search = search(300)
			plain, _ := targets.Choose(context.Background(), strategy, r)
			r.Search = search(300)
			rules := r.Rules
			found := r.Search
			var all []targets.Incumbent
			found.Found = func(p cloud.Placement) {
				if broken := validate.Placement(in, rules, p, true); len(broken) > 0 {
					t.Errorf("seed %d, %s: %v", seed, text, broken)
				}
			}
			judge := found.Found
			r.Watch(o, time.Now(), func(i targets.Incumbent) { all = append(all, i) })
			measure := r.Search.Found
			r.Search.Found = func(p cloud.Placement) { judge(p); measure(p) }
			c, err := targets.Choose(context.Background(), strategy, r)
			if !c.Target.Equal(plain.Target) {
				t.Errorf("seed %d, %s: %v when watched, %v when not", seed, text, c.Target, plain.Target)
			}
			for i := 1; i < len(all); i++ {
				if n := all[i].Objective.Compare(all[i-1].Objective); n > 0 || n == 0 && all[i].Cost >= all[i-1].Cost || all[i].Steps < all[i-1].Steps {
					t.Errorf("seed %d, %s: %+v after %+v", seed, text, all[i], all[i-1])
				}
			}
			announced += len(all)
			if len(all) > 2 {
				several++
			}
			if err != nil || len(all) == 0 {
				continue
			}
			last := all[len(all)-1]
			if now := o.Value(c.Target); now.Compare(last.Objective) > 0 || now == last.Objective && ramOf(in, c.Target) > last.Cost {
				t.Errorf("seed %d, %s: ends with %v, %d after %+v", seed, text, now, ramOf(in, c.Target), last)
			}
			if text == "defragment(max-migrations=2)" && last.Migrations > 2 && len(breaks(r)) == 0 {
				t.Errorf("seed %d, %s: %+v", seed, text, last)
			}
		}
	}
	if announced < 150 || several < 3 {
		t.Errorf("%d announced, several in %d searches", announced, several)
	}
}
