package generators

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// outOf lists the sane migrations out of a placement.
func outOf(t testing.TB, in *cloud.Instance, at cloud.Placement) []cloud.Change {
	t.Helper()
	bound, err := rules.Bind(testCatalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := cloud.NewState(in, bound, at)
	var out []cloud.Change
	for v := range in.VMs {
		for h := range in.Hosts {
			if s.Allows(cloud.VMID(v), cloud.HostID(h)) {
				out = append(out, cloud.Change{VM: cloud.VMID(v), From: at[v], To: cloud.HostID(h)})
			}
		}
	}
	return out
}

// Whoever never turns back must have no choice, and arrive.
func TestNarrowLeavesNoChoice(t *testing.T) {
	for _, goal := range []string{"shift", "exchange"} {
		for _, length := range []int64{1, 2, 5, 60} {
			in := generate(t, fmt.Sprintf("narrow(length=%d, goal=%s, size=1000, step=499)", length, goal), 1)[0]
			at, last := in.Initial.Clone(), cloud.Change{VM: -1}
			steps := int64(0)
			for ; !at.Equal(in.Target); steps++ {
				var on []cloud.Change
				for _, m := range outOf(t, in, at) {
					if m.VM != last.VM || m.To != last.From {
						on = append(on, m)
					}
				}
				if len(on) != 1 {
					t.Fatalf("%s: after %d migrations %d ways lead on", in.Name, steps, len(on))
				}
				last = on[0]
				at[last.VM] = last.To
			}
			if want := NarrowOptimum(length, goal == "exchange", 1000, 499).Migrations; steps != want {
				t.Errorf("%s: arrived after %d migrations, expected %d", in.Name, steps, want)
			}
			if n := len(outOf(t, in, at)); n != 1 {
				t.Errorf("%s: %d migrations lead out of the target, expected only the way back", in.Name, n)
			}
		}
	}
}

// The descriptor says who finds no way.
func TestNarrowIsTooLongForDisplacement(t *testing.T) {
	for seed := range uint64(5) {
		in := generate(t, "narrow", seed)[0]
		if r := solve(t, in, "displacement", "count"); r.Status != cloud.Unknown {
			t.Errorf("%s: displacement: %s", in.Name, r.Status)
		}
	}
}

// Exhaustive search has to come to the same conclusion as the argument, and not at
// first sight: both ends must let VMs move.
func TestBlockedHasNoPathAndDoesNotShowIt(t *testing.T) {
	for _, text := range []string{
		"blocked", "blocked(hosts=4, vms=2)", "blocked(hosts=6, large=4, free=1)", "blocked(hosts=5, vms=4)",
		"blocked(reason=closed)", "blocked(reason=closed, hosts=5, large=3, vms=4)", "blocked(reason=closed, hosts=4, free=3)",
	} {
		for seed := range uint64(3) {
			in := generate(t, text, seed)[0]
			sane(t, in)
			if len(outOf(t, in, in.Initial)) == 0 || len(outOf(t, in, in.Target)) == 0 {
				t.Errorf("%s: nothing can move at one of the ends", in.Name)
			}
			if r := solve(t, in, "dijkstra", "count"); r.Status != cloud.Infeasible {
				t.Errorf("%s: %s (%s), expected that no path exists", in.Name, r.Status, r.Reason)
			}
			if !strings.HasPrefix(in.Description, "no path exists: ") {
				t.Errorf("%s is described as %q", in.Name, in.Description)
			}
			if seed > 0 {
				continue // they differ in where VMs stand by chance
			}
			if met := reachable(t, in); met[fmt.Sprint(in.Target)] || len(met) < 2 {
				t.Errorf("%s: %d placements can be reached, the target among them: %v", in.Name, len(met), met[fmt.Sprint(in.Target)])
			}
		}
	}
}

// reachable is every placement that migrations lead to, by trying all of them.
func reachable(t *testing.T, in *cloud.Instance) map[string]bool {
	met := map[string]bool{fmt.Sprint(in.Initial): true}
	for open := []cloud.Placement{in.Initial}; len(open) > 0; {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		for _, m := range outOf(t, in, at) {
			next := at.Clone()
			next[m.VM] = m.To
			if !met[fmt.Sprint(next)] {
				met[fmt.Sprint(next)] = true
				open = append(open, next)
			}
		}
	}
	return met
}

// The arguments hold for every size only if instances are what the arguments say.
func TestBlockedIsWhatItsArgumentsSay(t *testing.T) {
	for _, reason := range []string{"room", "closed"} {
		for _, size := range []string{"", ", hosts=300, large=20, vms=40", ", hosts=50, large=48, vms=2, free=1"} {
			in := generate(t, "blocked(reason="+reason+size+")", 6)[0]
			largest, free := int64(0), int64(0)
			for _, v := range in.VMs {
				largest = max(largest, v.Demand[0])
				free -= v.Demand[0]
			}
			fit := 0
			for _, h := range in.Hosts {
				free += h.Capacity[0]
				if h.Capacity[0] >= largest {
					fit++
				}
			}
			large := 0
			for v := range in.VMs {
				if in.VMs[v].Demand[0] == largest {
					large++
					if in.Initial[v] == in.Target[v] {
						t.Errorf("%s: a large VM may stay where it is", in.Name)
					}
				}
			}
			if reason == "room" && free >= largest {
				t.Errorf("%s: %d MiB are free, and a large VM demands %d", in.Name, free, largest)
			}
			if reason == "closed" && fit != large {
				t.Errorf("%s: %d hosts are large enough for %d large VMs", in.Name, fit, large)
			}
		}
	}
}

// The algorithm greedy has to pay what the descriptor says. Should it fail here because
// it has learned better, then the descriptor must say so.
func TestDecoyLeadsGreedyAstray(t *testing.T) {
	for _, c := range []struct{ factor, pairs int64 }{{1, 2}, {2, 3}, {3, 16}, {5, 40}, {9, 10}} {
		for seed := range uint64(5) {
			in := generate(t, fmt.Sprintf("decoy(factor=%d, pairs=%d)", c.factor, c.pairs), seed)[0]
			optimum, astray := DecoyCosts(c.factor, c.pairs, 256)
			if astray.MiB < c.factor*optimum.MiB {
				t.Errorf("%s: astray is %d MiB, less than %d times the optimum of %d", in.Name, astray.MiB, c.factor, optimum.MiB)
			}
			r := solve(t, in, "greedy", "ram")
			if !r.Status.HasPlan() || r.Cost < c.factor*optimum.MiB {
				t.Errorf("%s: greedy: %s at %d MiB, expected at least %d times %d", in.Name, r.Status, r.Cost, c.factor, optimum.MiB)
			}
			if d := solve(t, in, "displacement", "ram"); d.Status.HasPlan() && c.pairs >= 10 && d.Cost >= r.Cost {
				t.Errorf("%s: displacement pays %d MiB and greedy %d, where it is said to pay less", in.Name, d.Cost, r.Cost)
			}
		}
	}
}

// The settled VMs must not be larger than the promised factor asks for, or solvers are
// told apart by sizes only.
func TestDecoyIsNoLargerThanItsFactorAsksFor(t *testing.T) {
	for factor := int64(2); factor < 12; factor++ {
		for pairs := factor + 1; pairs < factor+30; pairs++ {
			s := decoySettled(factor, pairs, 256)
			if s > 256 && 2*pairs*(256+s-1) >= factor*((3*pairs-1)*256+2*(s-1)) {
				t.Errorf("factor %d, %d pairs: settled VMs of %d MiB, one less would do", factor, pairs, s)
			}
		}
	}
}

// What a family promises of all its instances is held against a solver here, on
// instances that are larger than those on which optima are proved.
func TestFamiliesKeepTheirPromises(t *testing.T) {
	for _, text := range []string{
		"swaps(pairs=50)", "swaps(pairs=10, vms=5)", "chain(length=60)", "chain(length=7, chains=9)", "ring(length=40)", "ring(rings=12)",
		"narrow", "narrow(length=25, goal=shift)", "decoy(pairs=40)", "drift(of=random)", "blocked(hosts=5)", "blocked(hosts=5, reason=closed, vms=3)",
	} {
		s := spec.MustParse(text)
		d, _ := testCatalogue().Lookup(Kind, s.Name)
		in := generate(t, text, 7)[0]
		sane(t, in)
		r := solve(t, in, "greedy", "ram")
		if s.Name == "blocked" {
			r = solve(t, in, "dijkstra", "ram")
		}
		if d.Has(Reachable) && !r.Status.HasPlan() || d.Has(Unreachable) && r.Status != cloud.Infeasible || d.Has(Reachable) == d.Has(Unreachable) {
			t.Errorf("%s promises %v: %s (%s)", text, d.Properties, r.Status, r.Reason)
		}
	}
}

// What a design says must be what its hosts and VMs are, wherever chance put them.
func TestDesignsComeInEveryOrder(t *testing.T) {
	first := map[string]bool{}
	for seed := range uint64(40) {
		in := generate(t, "chain(length=3, settled=0)", seed)[0]
		first[in.HostName(in.Initial[0])+in.HostName(in.Target[0])] = true
		for h := range in.Hosts {
			if in.Hosts[h].Name != fmt.Sprintf("host%d", h+1) {
				t.Fatalf("host %d is called %q", h+1, in.Hosts[h].Name)
			}
		}
		for v := range in.VMs {
			if in.VMs[v].Name != fmt.Sprintf("vm%d", v+1) {
				t.Fatalf("VM %d is called %q", v+1, in.VMs[v].Name)
			}
		}
	}
	if len(first) < 9 {
		t.Errorf("in 40 instances vm1 has only %d ways to go, of 12", len(first))
	}
}

func TestDesignsRefuseWhatTheyCannotPromise(t *testing.T) {
	for text, want := range map[string]string{
		"permutation(hosts=3, empty=3)":   "3 hosts of which 3 are empty hold no VM",
		"swaps(pairs=1000, vms=100000)":   "that makes 200000000 VMs, more than 10000000",
		"swaps(pairs=0)":                  "expected an integer from 1 to 499999 (pairs)",
		"chain(length=1000, chains=2000)": "that makes 2002000 hosts, more than 1000000",
		"ring(length=1)":                  "expected an integer from 2 to 999999 (VMs)",
		"ring(size=900, settled=449)":     "settled=449 is neither 0 nor at least half of size=900",
		"narrow(size=16)":                 "size=16 has to be more than twice step=8",
		"blocked(hosts=5, large=4)":       "5 hosts are too few for 4 large VMs and two hosts between which small VMs move",
		"blocked(free=3)":                 "free=3 is more than 2, up to which it is certain that no path exists",
		"blocked(reason=closed, free=8)":  "free=8 is more than 7",
		"blocked(reason=close)":           `did you mean "closed"?`,
		"decoy(factor=16)":                "pairs=16 has to be more than factor=16",
		"blocked(hosts=900000, vms=1000)": "that makes 899998002 VMs, more than 10000000",
		"permutation(hosts=10, empti=1)":  `did you mean "empty"?`,
	} {
		_, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// A bound that a parameter is said to have can be reached, where the others are small.
func TestDesignsRefuseTheBoundsThatTheyName(t *testing.T) {
	for _, c := range []struct{ family, param, others string }{
		{"permutation", "hosts", ""},
		{"permutation", "empty", "hosts=1000000"},
		{"swaps", "pairs", ""},
		{"chain", "length", ""},
		{"chain", "chains", "length=1"},
		{"ring", "length", ""},
		{"ring", "rings", "length=2"},
		{"narrow", "length", "goal=exchange"},
		{"blocked", "large", "hosts=1000000, vms=2"},
		{"decoy", "pairs", ""},
	} {
		d, _ := testCatalogue().Lookup(Kind, c.family)
		i := slices.IndexFunc(d.Params, func(p spec.Param) bool { return p.Name == c.param })
		text := fmt.Sprintf("%s(%s=%.0f, %s)", c.family, c.param, d.Params[i].Bounds.Max, c.others)
		text = strings.Replace(text, ", )", ")", 1)
		if _, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func BenchmarkDesigns10000Hosts(b *testing.B) {
	for _, text := range []string{
		"permutation(hosts=10000)", "swaps(pairs=5000)", "chain(length=9999)", "ring(length=10000)",
		"narrow(length=9999)", "blocked(hosts=10000)", "decoy(pairs=5000)",
	} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				encode(b, generate(b, text, 1))
			}
		})
	}
}
