//go:build soak

package all_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// The promises of all algorithms, on many more instances than the fast tests take.
func TestSoakAlgorithmsKeepTheirPromises(t *testing.T) {
	keepPromises(t, pathtest.Random, 1_000_000, 20_000)
}

// The same under rules of every kind.
func TestSoakNoPlanBreaksARule(t *testing.T) {
	keepPromises(t, pathtest.Ruled, 1_000_000, 10_000)
}

// The same from starts that break rules.
func TestSoakAlgorithmsDisregardMending(t *testing.T) {
	keepPromises(t, pathtest.Broken, 1_000_000, 3_000)
}

// On instances too large to search through by brute force the optimal algorithms still
// agree with each other, wherever both of them finish, and nobody undercuts a bound.
func TestSoakSolversAgreeOnLargerInstances(t *testing.T) {
	finished := 0
	for _, family := range []string{"random(hosts=4)", "random(hosts=5, fill-limit=0.9)", "random(hosts=4, target=shuffle)", "random(hosts=3, resources=3)"} {
		for seed := range uint64(25) {
			f, _, err := spec.Build[generators.Family](standard, generators.Kind, spec.MustParse(family))
			if err != nil {
				t.Fatal(err)
			}
			instances, err := f(seed)
			if err != nil {
				t.Fatal(err)
			}
			p := pathtest.Problem(t, instances[0], "ram")
			optimum, bound := int64(-1), int64(0)
			var cheapest int64 = -1
			for _, d := range standard.Descriptors(paths.Kind) {
				r := solve(t, d.Name, p, paths.Options{Expansions: 200_000})
				bound = max(bound, r.LowerBound)
				if r.Status.HasPlan() && (cheapest < 0 || r.Cost < cheapest) {
					cheapest = r.Cost
				}
				if r.Status == cloud.Optimal && d.Has(paths.OptimalCost) {
					finished++
					if optimum >= 0 && r.Cost != optimum {
						t.Errorf("%s seed %d: %s proves %d optimal, another %d", family, seed, d.Name, r.Cost, optimum)
					}
					optimum = r.Cost
				}
			}
			if cheapest >= 0 && bound > cheapest {
				t.Errorf("%s seed %d: a plan of cost %d undercuts a proved bound of %d", family, seed, cheapest, bound)
			}
		}
	}
	if finished < 100 {
		t.Errorf("only %d runs finished", finished)
	}
}

// Proofs under costs that depend on hosts, on many more instances.
func TestSoakHostsMisleadProofs(t *testing.T) { hostsMisleadProofs(t, 1_000_000, 5_000) }
