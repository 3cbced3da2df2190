package part_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bestfirst"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// scene is a whole, and a part of it that was cut out somewhere.
type scene struct {
	whole  *paths.Problem
	cutter *part.Cutter
	place  cloud.Placement // of the whole
	vms    []cloud.VMID
	hosts  []cloud.HostID
}

func newScene(t *testing.T, in *cloud.Instance, cost string) *scene {
	p := pathtest.Problem(t, in, cost)
	return &scene{whole: p, cutter: part.NewCutter(p, p.Start), place: p.Start.Clone()}
}

// wander takes a few sane steps that suspend nobody, in the whole.
func (x *scene) wander(rng *rand.Rand) {
	for range rng.IntN(6) {
		s := cloud.NewState(x.whole.Instance, x.whole.Rules, x.place)
		v, h := cloud.VMID(rng.IntN(len(x.place))), cloud.HostID(rng.IntN(len(x.whole.Instance.Hosts)))
		if x.place[v] != cloud.Absent && s.Allows(v, h) {
			x.place[v] = h
			x.cutter.Move(v, h)
		}
	}
}

// cut cuts out some VMs, which go nowhere, and some hosts; false where there is nothing
// to cut out.
func (x *scene) cut(rng *rand.Rand) (*part.Part, bool) {
	x.vms, x.hosts = nil, nil
	var goal []cloud.HostID
	for v, h := range x.place {
		if h == cloud.Absent || rng.IntN(3) == 0 {
			continue
		}
		x.vms, goal = append(x.vms, cloud.VMID(v)), append(goal, h)
	}
	for h := range cloud.HostID(len(x.whole.Instance.Hosts)) {
		if slices.Contains(goal, h) || rng.IntN(3) > 0 {
			x.hosts = append(x.hosts, h)
		}
	}
	if len(x.vms) == 0 {
		return nil, false
	}
	rng.Shuffle(len(x.hosts), func(i, j int) { x.hosts[i], x.hosts[j] = x.hosts[j], x.hosts[i] })
	return x.cutter.Cut(x.vms, goal, x.hosts), true
}

// A part that is stricter than the whole hides paths, and one that is laxer makes up
// some. Its rules have two forms, like all rules, and two states of it may take turns.
func TestAPartAllowsWhatTheWholeAllows(t *testing.T) {
	allowed := map[bool]int{}
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 77))
		in := pathtest.Ruled(rng)
		if seed%3 == 0 {
			in = pathtest.Random(rng)
		}
		if seed%6 == 1 {
			in = pathtest.Broken(rng)
		}
		x := newScene(t, in, "ram")
		for range 3 {
			x.wander(rng)
			cut, ok := x.cut(rng)
			if !ok {
				continue
			}
			rules, whole := cut.Problem.Rules, x.whole.Rules
			if seed%2 == 0 { // as paths are walked backwards
				rules, whole = cloud.Reversed(rules), cloud.Reversed(whole)
			}
			states := []*cloud.State{
				cloud.NewState(cut.Problem.Instance, rules, cut.Problem.Start),
				cloud.NewState(cut.Problem.Instance, rules, cut.Problem.Start),
			}
			for n := range 8 {
				s := states[n%2]
				at := x.place.Clone()
				for i, v := range x.vms {
					at[v] = cloud.Absent
					if h := s.HostOf(cloud.VMID(i)); h != cloud.Absent {
						at[v] = x.hosts[h]
					}
				}
				z := cloud.NewState(in, whole, at)
				judged := map[cloud.Change]bool{}
				if seed%2 == 1 {
					for _, m := range pathtest.Successors(cut.Problem, s.Placement()) {
						judged[m] = true
					}
				}
				var steps []cloud.Change
				for i, v := range x.vms {
					for h := cloud.Absent; int(h) < len(x.hosts); h++ {
						m := cloud.Change{VM: cloud.VMID(i), From: s.HostOf(cloud.VMID(i)), To: h}
						if m.From == m.To {
							continue
						}
						lifted := cut.Lift([]cloud.Change{m})[0]
						got, want := s.Allows(m.VM, m.To), z.Allows(v, lifted.To)
						if got != want {
							t.Fatalf("seed %d: the part allows %v: %v, the whole allows %v: %v; rules %v", seed, m, got, lifted, want, in.Rules)
						}
						if seed%2 == 1 && m.From != cloud.Absent && m.To != cloud.Absent && judged[m] != want {
							t.Fatalf("seed %d: the judge of the part says %v of %v, want %v; rules %v", seed, judged[m], m, want, in.Rules)
						}
						if allowed[want]++; want {
							steps = append(steps, m)
						}
					}
				}
				if len(steps) > 0 {
					m := steps[rng.IntN(len(steps))]
					s.Move(m.VM, m.To)
				}
			}
		}
	}
	if allowed[true] < 5000 || allowed[false] < 5000 {
		t.Errorf("%d migrations were sane and %d not: the test has lost sight of one kind", allowed[true], allowed[false])
	}
}

// Where everything is part of the part, the answer is that of the whole.
func TestAPartOfEverythingCostsWhatTheWholeCosts(t *testing.T) {
	solved := 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 78))
		in := pathtest.Ruled(rng)
		cost := []string{"ram", "count", "network", "sum(of=[ram, network])"}[seed%4]
		x := newScene(t, in, cost)
		var vms []cloud.VMID
		var goal, hosts []cloud.HostID
		for v, h := range x.whole.Start {
			if h != cloud.Absent {
				vms, goal = append(vms, cloud.VMID(v)), append(goal, x.whole.Goal[v])
			}
		}
		for h := range cloud.HostID(len(in.Hosts)) {
			hosts = append(hosts, h)
		}
		want, err := paths.Solve(context.Background(), astar(t), x.whole, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want.Status == cloud.Infeasible { // the ends of a part must be sane
			continue
		}
		cut := x.cutter.Cut(vms, goal, hosts)
		got, err := paths.Solve(context.Background(), astar(t), cut.Problem, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != want.Status || got.Cost != want.Cost {
			t.Fatalf("seed %d, %s: the part is %s at %d, the whole %s at %d; rules %v", seed, cost, got.Status, got.Cost, want.Status, want.Cost, in.Rules)
		}
		if back := cut.Lower(cut.Lift(got.Migrations)); !slices.Equal(back, got.Migrations) {
			t.Fatalf("seed %d: lifted and lowered, %v became %v", seed, got.Migrations, back)
		}
		pathtest.Judge(t, x.whole, &paths.Result{
			Status: got.Status, Migrations: cut.Lift(got.Migrations), Cost: got.Cost, LowerBound: got.LowerBound,
		})
		solved++
	}
	if solved < 150 {
		t.Errorf("only %d parts were solved", solved)
	}
}

// Where a VM goes on after the part, a plan of the part that suspends it is none of the
// whole: there it could be resumed on its final host only.
func TestAVMIsNotResumedOnAHostThatIsNotItsFinalOne(t *testing.T) {
	suspended := 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 79))
		// Where suspending costs nothing it is always worth it.
		x := newScene(t, pathtest.Random(rng), "ram(suspend=0, resume=0)")
		before := x.place.Clone()
		x.wander(rng)
		var vms []cloud.VMID
		var goal, hosts []cloud.HostID
		for v, h := range x.place { // back to where the walk began
			if h != cloud.Absent {
				vms, goal = append(vms, cloud.VMID(v)), append(goal, before[v])
			}
		}
		for h := range cloud.HostID(len(x.whole.Instance.Hosts)) {
			hosts = append(hosts, h)
		}
		if len(vms) == 0 || before.Equal(x.place) {
			continue
		}
		r, err := paths.Solve(context.Background(), astar(t), x.cutter.Cut(vms, goal, hosts).Problem, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Migrations {
			if m.From != cloud.Absent && m.To != cloud.Absent {
				continue
			}
			v := vms[m.VM]
			if suspended++; before[v] != x.whole.Goal[v] {
				t.Fatalf("seed %d: %v, and VM %d goes on to host %d from there", seed, r.Migrations, v, x.whole.Goal[v])
			}
		}
	}
	if suspended < 50 {
		t.Errorf("in all parts VMs were suspended or resumed %d times: the test has lost sight of that", suspended)
	}
}

func astar(t *testing.T) paths.Searcher {
	t.Helper()
	c := pathtest.Catalogue(paths.Registry(bestfirst.AStar()), bounds.Registry(bounds.Entries()...))
	searcher, _, err := spec.Build[func() paths.Searcher](c, paths.Kind, spec.Named("astar"))
	if err != nil {
		t.Fatal(err)
	}
	return searcher()
}

func TestACutThatCannotBeIsRefused(t *testing.T) {
	in := pathtest.Random(rand.New(rand.NewPCG(1, 1)))
	for name, call := range map[string]func(*scene, cloud.VMID, cloud.HostID){
		"a host listed twice": func(x *scene, v cloud.VMID, h cloud.HostID) {
			x.cutter.Cut([]cloud.VMID{v}, []cloud.HostID{h}, []cloud.HostID{h, h})
		},
		"a VM on a host that is not listed": func(x *scene, v cloud.VMID, h cloud.HostID) {
			x.cutter.Cut([]cloud.VMID{v}, []cloud.HostID{1 - min(h, 1)}, []cloud.HostID{1 - min(h, 1)})
		},
		"a suspended VM": func(x *scene, v cloud.VMID, h cloud.HostID) {
			x.cutter.Move(v, cloud.Absent)
			x.cutter.Cut([]cloud.VMID{v}, []cloud.HostID{h}, []cloud.HostID{h})
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newScene(t, in, "ram")
			defer func() {
				if fault := recover(); fault == nil {
					t.Error("it was cut out")
				} else if text := fmt.Sprint(fault); len(text) < 10 {
					t.Errorf("the panic says %q", text)
				}
			}()
			for v, h := range x.place {
				if h != cloud.Absent {
					call(x, cloud.VMID(v), h)
				}
			}
		})
	}
}
