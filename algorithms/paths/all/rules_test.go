package all_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Under random rule sets no plan of any solver breaks a rule, by the judge's word, and
// complete solvers agree with exhaustive search on whether a path exists.
func TestNoPlanBreaksARule(t *testing.T) { keepPromises(t, pathtest.Ruled, 0, 1200) }

// A rule that changes nothing would show nothing: of each there have to be instances in
// which it decides whether there is a path, or what the cheapest costs, when it is
// continuous and when it is discrete.
func TestEveryRuleDecidesSomeInstances(t *testing.T) {
	const enough = 3
	for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
		if d.Name == "capacity" || d.Name == "arch" {
			continue
		}
		decided := map[bool]int{} // by whether it is continuous
		for seed := uint64(0); seed < 3000 && min(decided[true], decided[false]) < enough; seed++ {
			in := pathtest.RuledBy(rand.New(rand.NewPCG(seed, 1)), d.Name)
			last := len(in.Rules) - 1
			without := *in
			without.Rules = in.Rules[:last]
			cost, exists := optimum(t, in)
			free, possible := optimum(t, &without)
			if possible != exists || cost != free {
				v, given := in.Rules[last].Value("continuous")
				decided[!given || v.Text != "no"]++
			}
		}
		for _, continuous := range []bool{true, false} {
			if n := decided[continuous]; n < enough {
				t.Errorf("%s, continuous: %v: decides only %d instances", d.Name, continuous, n)
			}
		}
	}
}

func optimum(t *testing.T, in *cloud.Instance) (int64, bool) {
	t.Helper()
	p := pathtest.Problem(t, in, "ram")
	return pathtest.Exhaustive(p).To(p.Start)
}

// What is said of one-way rules must hold of each of them: backwards a change is sane
// exactly where its opposite is.
func TestReversedRulesJudgeTheOppositeChange(t *testing.T) {
	oneWay := 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 3))
		in := pathtest.Ruled(rng)
		p := pathtest.Problem(t, in, "ram")
		back := cloud.Reversed(p.Rules)
		s := p.NewState()
		for range 10 {
			v, to := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(len(in.Hosts)))
			from := s.HostOf(v)
			if from == cloud.Absent || from == to {
				continue
			}
			for i, r := range p.Rules {
				if _, ok := r.(cloud.OneWay); !ok || !r.Continuous() {
					continue
				}
				oneWay++
				only := cloud.NewState(in, p.Rules[i:i+1], s.Placement())
				there := only.Allows(v, to)
				only.Move(v, to)
				if again := cloud.NewState(in, back[i:i+1], only.Placement()).Allows(v, from); again != there {
					t.Fatalf("instance %d: %s allows VM %d from %d to %d: %v, backwards: %v", seed, r, v, from, to, there, again)
				}
			}
			if s.Allows(v, to) {
				s.Move(v, to)
			}
		}
	}
	if oneWay < 100 {
		t.Errorf("one-way rules were asked only %d times", oneWay)
	}
}

// The specs that random rule sets are made of must be ones that the registry takes.
func TestRandomRuleSpecsAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	in := pathtest.Ruled(rng)
	for range 200 {
		for _, text := range pathtest.RuleTexts(rng, in) {
			if _, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(text)}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
