package all_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/generators"
)

// Under rules about the two ends of a migration every algorithm agrees with exhaustive
// search, as far as it declares. Such a rule forbids the way back, so that whatever takes for
// granted that a step can be taken back shows here.
func TestAlgorithmsDisregardADirection(t *testing.T) { keepPromises(t, pathtest.Directed, 0, 1200) }

// A direction that changes nothing would show nothing: it has to take the only path away, or
// the cheapest one, of many instances.
func TestDirectionsDecideTooFewInstances(t *testing.T) {
	const instances = 1200 // those of TestAlgorithmsDisregardADirection
	blocked, inside, costlier, solved, suspends, enter, leave, beside := 0, 0, 0, 0, 0, 0, 0, 0
	for seed := range uint64(instances) {
		in := pathtest.Directed(rand.New(rand.NewPCG(seed, 1)))
		last := len(in.Rules) - 1
		without := *in
		without.Rules = in.Rules[:last]
		cost, exists := optimum(t, in)
		free, possible := optimum(t, &without)
		switch {
		case exists && !possible || exists && cost < free:
			t.Fatalf("instance %d: a rule makes a path cheaper: %d, without it %d", seed, cost, free)
		case possible && !exists:
			blocked++
			if p := pathtest.Problem(t, in, "ram"); len(validate.Placement(in, p.Rules, in.Target, true)) == 0 {
				inside++
			}
		case exists && cost > free:
			costlier++
		}
		if exists && cost > 0 {
			solved++
		}
		if last > 2 {
			beside++
		}
		any := func(f func(v int) bool) int {
			for v := range in.VMs {
				if f(v) {
					return 1
				}
			}
			return 0
		}
		suspends += any(func(v int) bool { return in.VMs[v].Interruptible })
		enter += any(func(v int) bool { return in.Initial[v] == cloud.Absent && in.Target[v] != cloud.Absent })
		leave += any(func(v int) bool { return in.Initial[v] != cloud.Absent && in.Target[v] == cloud.Absent })
	}
	t.Logf("of %d instances the rule takes all paths of %d (of %d between ends that obey it) and the cheapest of %d; %d have a path with steps; %d have other rules, %d VMs that may be suspended, %d some that enter, %d some that leave",
		instances, blocked, inside, costlier, solved, beside, suspends, enter, leave)
	for what, n := range map[string]int{
		"takes all paths away": blocked, "takes all paths between ends that obey it": inside, "leaves a path": solved, "stands beside others": beside,
		"meets VMs that may be suspended": suspends, "meets VMs that enter": enter, "meets VMs that leave": leave,
	} {
		if n < instances/12 {
			t.Errorf("the rule %s in only %d of %d instances", what, n, instances)
		}
	}
	if costlier < instances/40 {
		t.Errorf("the rule makes paths costlier in only %d of %d instances", costlier, instances)
	}
}

// Each step of an upgrade with a direction is solved.
func TestUpgradesWithADirectionHaveNoPath(t *testing.T) {
	family, _, err := spec.Build[generators.Family](standard, generators.Kind,
		spec.MustParse("upgrade(of=flavours(hosts=60, utilisation=0.8, grouped=0, target=none), batch=6, direction=yes)"))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(3) {
		steps, err := family(seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range steps {
			p := pathtest.Problem(t, in, "ram")
			for _, algorithm := range []string{"greedy", "auto"} {
				if r := solve(t, algorithm, p, paths.Options{Expansions: 200_000}); !r.Status.HasPlan() {
					t.Errorf("%s: %s ends with %s (%s)", in.Name, algorithm, r.Status, r.Reason)
				}
			}
		}
	}
}
