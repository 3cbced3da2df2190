package targets_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
)

// The heavier the cost weighs, the less migrates; a cost that weighs nothing changes nothing, and one that weighs all has
// nothing migrate that need not.
func TestAHeavierCostIsSpent(t *testing.T) {
	for seed := range uint64(1) {
		r := request(t, cloudOf(t, "random(hosts=9, max=2048, utilisation=0.55, target=none)", seed))
		for _, name := range []string{"defragment", "rebalance", "policy(objective=load(measure=stddev))"} {
			var last *targets.Worth
			for _, weight := range []string{"0", "1/100000", "1/2000", "10", "100000000"} {
				text := with(name, "cost-weight="+weight)
				strategy := build(t, text)
				c, err := targets.Choose(t.Context(), strategy, r)
				if err != nil {
					t.Fatal(err)
				}
				w, err := r.Weigh(strategy, c.Target)
				if err != nil {
					t.Fatal(err)
				}
				at := fmt.Sprintf("seed %d: %s", seed, text)
				switch {
				case last != nil && w.Cost > last.Cost:
					t.Errorf("%s costs %d, and %d with a lower weight", at, w.Cost, last.Cost)
				case last == nil && w.Cost == 0:
					t.Errorf("%s: nothing migrates", at)
				case weight == "100000000" && w.Cost > 0:
					t.Errorf("%s: something migrates", at)
				}
				last = &w
			}
		}
	}
}
