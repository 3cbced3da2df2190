package improve

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// chargeables are cost functions of every kind: linear in what VMs demand or not, the same
// for all hosts or not, with cheap and costly ways of suspending.
var chargeables = []string{
	"ram", "count", "network", "precopy", "downtime", "ram(suspend=1, resume=0)",
	`expression(cost="vm.demand.ram * vm.demand.ram + 1")`, "sum(of=[ram, network])",
}

// windowed improves a plan by windows alone.
type windowed []cloud.Change

func (plan windowed) Search(run *paths.Run) error {
	run.Found(plan)
	return newImprover(run, plan, Options{}).look()
}

// A window that is put back where it does not fit breaks the plan, and one that is put back
// for nothing makes it costlier.
func TestWindowsKeepPlansSaneAndMakeThemCheaper(t *testing.T) {
	worth, cheaper := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.Uint64().Draw(r, "seed")
		p, plan := aimless(t, seed, rapid.SampledFrom(chargeables).Draw(r, "cost"))
		before := paths.PathCost(p.Cost, plan)
		got := solve(t, windowed(plan), p, paths.Options{Seed: seed})
		if got.Status == cloud.Infeasible {
			return // a discrete rule forbids the target
		}
		if got.Cost > before {
			r.Fatalf("a plan of cost %d became one of %d", before, got.Cost)
		}
		if before > 0 {
			worth++
		}
		if got.Cost < before {
			cheaper++
		}
	})
	if !t.Failed() && cheaper < worth/4 {
		t.Errorf("of %d plans windows made %d cheaper: they do nothing any more", worth, cheaper)
	}
}

// What is left in the timetable by looking for a window would be a change of the plan that
// nobody asked for, and a window that the plan does not carry out as it says has a cost that
// is made up.
func TestOpeningAWindowChangesNothing(t *testing.T) {
	opened := 0
	for seed := range uint64(400) {
		p, plan := aimless(t, seed, chargeables[seed%uint64(len(chargeables))])
		run := &paths.Run{Problem: p, Rand: rand.New(rand.NewPCG(seed, 94))}
		s := newImprover(run, plan, Options{})
		rooms := s.t.rooms()
		for _, v := range s.payers.costliest() {
			for _, l := range s.t.route[v] {
				w := s.open(v, l.at)
				if s.t.cramped = false; w == nil {
					continue
				}
				opened++
				if !slices.Equal(s.t.plan(), plan) || s.t.rooms() != rooms {
					t.Fatalf("seed %d: after a look at VM %d the plan is %v, it was %v", seed, v, s.t.plan(), plan)
				}
				if w.cost != paths.PathCost(p.Cost, w.moves) || !isWay(w) {
					t.Fatalf("seed %d: a window of cost %d takes %v by %v", seed, w.cost, w.members, w.moves)
				}
			}
		}
	}
	if opened < 200 {
		t.Errorf("%d windows were opened: the test has lost sight of them", opened)
	}
}

// isWay tells whether the migrations of a window take its members where they have to go.
func isWay(w *window) bool {
	at := map[cloud.VMID]cloud.HostID{}
	for _, m := range w.members {
		at[m.vm] = m.start
	}
	for _, m := range w.moves {
		if at[m.VM] != m.From {
			return false
		}
		at[m.VM] = m.To
	}
	for _, m := range w.members {
		if at[m.vm] != m.goal {
			return false
		}
	}
	return true
}

// A window whose surroundings are not those of the plan, or that is larger than what stands
// still around it, is searched for something that does not fit, and the search is lost.
func TestWhatIsFoundInAWindowFits(t *testing.T) {
	found := 0
	for seed := range uint64(1500) {
		p, plan := aimless(t, seed, chargeables[seed%uint64(len(chargeables))])
		if seed%50 < 2 {
			p, plan = crowded(t, seed)
		}
		solve(t, paths.SearcherFunc(func(run *paths.Run) error {
			run.Found(plan)
			s := newImprover(run, plan, Options{})
			for _, v := range s.payers.costliest() {
				for n := range s.t.route[v] {
					if n >= len(s.t.route[v]) {
						break
					}
					w := s.open(v, s.t.route[v][n].at)
					if w == nil {
						s.t.cramped = false
						continue
					}
					s.inviteHosts(w, 4)
					if _, err := run.Parallel([]paths.Subtask{{Searcher: lane{s, []*window{w}, 0}, Problem: p}}); err != nil {
						return err
					}
					if w.better == nil {
						continue
					}
					found++
					before := s.cost
					s.putBack(w)
					if gain := w.cost - paths.PathCost(p.Cost, w.better); s.cost != before-gain {
						t.Errorf("seed %d: %v in place of %v saves %d of %d, but was not put back; rules %v", seed, w.better, w.moves, gain, before, p.Rules)
					}
					if !p.CarriesOut(s.t.plan()) {
						t.Fatalf("seed %d: the plan is none any more", seed)
					}
				}
			}
			return s.announce()
		}), p, paths.Options{Seed: seed})
	}
	if found < 300 {
		t.Errorf("in %d windows something was found: the test has lost sight of them", found)
	}
}

// Chains and ruins end where every one of their changes costs something. What is cheaper by
// several at once, only exact search finds.
func TestWindowsFindWhatChainsDoNot(t *testing.T) {
	stuck, freed, optimal := 0, 0, 0
	for seed := range uint64(3000) {
		p, plan := aimless(t, seed, chargeables[seed%uint64(len(chargeables))])
		probe := func(run *paths.Run) error {
			run.Found(plan)
			s := newImprover(run, plan, Options{})
			for depth := range deepest + 1 {
				if err := s.sweep(depth); err != nil {
					return err
				}
			}
			if err := s.stir(); err != nil {
				return err
			}
			chains := s.cost
			if len(s.list) == 0 {
				return nil
			}
			truth, _ := pathtest.Exhaustive(p).To(p.Start)
			if chains == truth {
				return nil
			}
			stuck++
			err := s.look()
			if s.cost < chains {
				freed++
			}
			if s.cost == truth {
				optimal++
			}
			return err
		}
		solve(t, paths.SearcherFunc(probe), p, paths.Options{Seed: seed})
	}
	if freed == 0 || optimal == 0 {
		t.Errorf("of %d plans that chains left too costly windows made %d cheaper and %d as cheap as can be", stuck, freed, optimal)
	}
}

// crowded is a cloud of many VMs that is nearly full and a plan for it, or one with groups
// that must stand on different hosts and a plan that wanders about.
func crowded(t testing.TB, seed uint64) (*paths.Problem, []cloud.Change) {
	t.Helper()
	const like = "random(hosts=40, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], tries=20, start=fresh, target=fresh, "
	if seed%2 == 0 {
		p := pathtest.Problem(t, generate(t, like+"utilisation=0.97)", seed), "ram")
		r := solve(t, searcherOf(t, "greedy"), p, paths.Options{Seed: seed})
		return p, r.Migrations
	}
	in := generate(t, like+"utilisation=0.94, resources=2, correlation=0.9, grouped=0.4, anti-affinity=host)", seed)
	return strolled(t, in, "ram", rand.New(rand.NewPCG(seed, 95)), 800)
}

// generate is the first instance of a family.
func generate(t testing.TB, family string, seed uint64) *cloud.Instance {
	t.Helper()
	f, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse(family))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := f(seed)
	if err != nil {
		t.Fatal(err)
	}
	return instances[0]
}

// Windows that are searched side by side may be in each other's way: one that was found
// before another was put back is of no use then, and must not be put back over it.
func TestWindowsDoNotOverwriteEachOther(t *testing.T) {
	cheaper := 0
	for seed := range uint64(8) {
		p, plan := crowded(t, seed)
		solve(t, paths.SearcherFunc(func(run *paths.Run) error {
			run.Found(plan)
			s := newImprover(run, plan, Options{})
			err := s.look()
			if cost := paths.PathCost(p.Cost, s.t.plan()); s.cost != cost || !p.CarriesOut(s.t.plan()) {
				t.Errorf("seed %d: the plan is said to cost %d and costs %d, if it is one", seed, s.cost, cost)
			}
			if s.cost < paths.PathCost(p.Cost, plan) {
				cheaper++
			}
			return err
		}), p, paths.Options{Seed: seed})
	}
	if cheaper < 5 {
		t.Errorf("only %d of 8 plans became cheaper", cheaper)
	}
}

// Where windows depended on the machine, so would the plan.
func TestWindowsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	for seed := range uint64(40) {
		p, plan := aimless(t, seed, "ram")
		if seed < 2 {
			p, plan = crowded(t, seed)
		}
		for _, limit := range []int64{20, 300, 0} {
			var first []cloud.Change
			for n, cores := range []int{1, 2, 8} {
				was := runtime.GOMAXPROCS(cores)
				r := solve(t, windowed(plan), p, paths.Options{Seed: seed, Expansions: limit})
				runtime.GOMAXPROCS(was)
				if n == 0 {
					first = r.Migrations
				} else if !slices.Equal(first, r.Migrations) {
					t.Fatalf("seed %d, %d expansions, %d cores: one plan is %v, another %v", seed, limit, cores, first, r.Migrations)
				}
			}
		}
	}
}
