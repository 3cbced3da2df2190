package features_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// tight draws an instance of 3 to 6 hosts that hold both placements with little to
// spare, and a group.
func tight(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "tight", Resources: []cloud.Resource{{Name: "ram"}, {Name: "vcpu"}}}
	hosts := 3 + rng.IntN(4)
	for v := range 4 + rng.IntN(9) {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{1 + rng.Int64N(6), rng.Int64N(3)}})
		from, to := cloud.HostID(rng.IntN(hosts)), cloud.HostID(rng.IntN(hosts))
		switch rng.IntN(10) {
		case 0:
			from = cloud.Absent
		case 1:
			to = cloud.Absent
		}
		in.Initial, in.Target = append(in.Initial, from), append(in.Target, to)
	}
	for h := range cloud.HostID(hosts) {
		host := cloud.Host{Name: fmt.Sprint("host", h), Capacity: []int64{0, 0}, Reserved: []int64{0, 0}}
		for r := range host.Capacity {
			for _, p := range []cloud.Placement{in.Initial, in.Target} {
				var used int64
				for v, at := range p {
					if at == h {
						used += in.VMs[v].Demand[r]
					}
				}
				host.Capacity[r] = max(host.Capacity[r], used)
			}
			host.Capacity[r] += rng.Int64N(3)
		}
		in.Hosts = append(in.Hosts, host)
	}
	in.Groups = []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 1, 2}}}
	return in
}

// bind gives a checked instance the rules.
func bind(t testing.TB, in *cloud.Instance, texts ...string) []cloud.Rule {
	t.Helper()
	in.Rules = rulesOf(t, texts...)
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return bound
}

// instances is how many instances each law is tried on.
const instances = 2000

func rulesOf(t testing.TB, texts ...string) []spec.Spec {
	t.Helper()
	out := []spec.Spec{}
	for _, text := range texts {
		out = append(out, spec.MustParse(text))
	}
	return out
}

// shutdownsOf is the plan that gets as far as where migrations begin.
func shutdownsOf(in *cloud.Instance) *cloud.Plan {
	p := &cloud.Plan{Status: cloud.Feasible}
	for v, h := range in.Initial {
		if h != cloud.Absent && in.Target[v] == cloud.Absent {
			p.Steps = append(p.Steps, cloud.Step{Action: cloud.Shutdown, VM: cloud.VMID(v), From: h, To: cloud.Absent})
		}
	}
	return p
}

// brokenAt tells whether the judge finds a rule broken at a step of a plan; 0 asks
// about any step.
func brokenAt(in *cloud.Instance, bound []cloud.Rule, p *cloud.Plan, step int) bool {
	cost, err := costs.Bind(catalogue.Standard(), in, spec.Named("count"))
	if err != nil {
		panic(err)
	}
	for _, f := range validate.Plan(in, bound, cost, p).Findings {
		if f.Rule != "" && f.Step > 0 && (step == 0 || f.Step == step) {
			return true
		}
	}
	return false
}

func migration(in *cloud.Instance, v cloud.VMID) cloud.Step {
	return cloud.Step{Action: cloud.Migrate, VM: v, From: in.Initial[v], To: in.Target[v], Cost: 1}
}

func isMisplaced(in *cloud.Instance, v int) bool {
	return in.Initial[v] != cloud.Absent && in.Target[v] != cloud.Absent && in.Initial[v] != in.Target[v]
}

func TestDeadlockedIsWhatTheJudgeFinds(t *testing.T) {
	seen := map[bool]int{}
	mending := map[bool]int{} // of those that the start breaks
	for seed := range uint64(instances) {
		in := tight(rand.New(rand.NewPCG(seed, 0)))
		if seed%3 == 0 { // too full, some hosts
			for h := range in.Hosts {
				in.Hosts[h].Capacity[0] -= in.Hosts[h].Capacity[0] / 4
			}
		}
		bound := bind(t, in, "capacity", "anti-affinity(group=g)")
		if broken := len(validate.Placement(in, bound, in.Initial, false)) > 0; broken != (features.Map(features.Of(in, bound))["breaches"].(int) > 0) {
			t.Errorf("seed %d: the start breaks rules: %v, and the features say otherwise", seed, broken)
		} else if broken {
			mending[features.Map(features.Of(in, bound))["deadlocked"].(bool)]++
		}
		want := false
		for v := range in.VMs {
			if !isMisplaced(in, v) {
				continue
			}
			want = true
			p := shutdownsOf(in)
			p.Steps = append(p.Steps, migration(in, cloud.VMID(v)))
			if !brokenAt(in, bound, p, len(p.Steps)) {
				want = false
				break
			}
		}
		got := features.Map(features.Of(in, bound))["deadlocked"].(bool)
		if got != want {
			t.Errorf("seed %d: deadlocked = %v, the judge says %v", seed, got, want)
		}
		seen[got]++
	}
	if seen[true] < 20 || seen[false] < 20 || mending[true] < 20 || mending[false] < 20 {
		t.Errorf("there are hardly instances of one kind: %v, of those with a broken start %v", seen, mending)
	}
}

// opened repeats the definition of entangled VMs on whole placements, opening in each
// round the host that a random source chooses. It lists the VMs that went, in order.
func opened(rng *rand.Rand, in *cloud.Instance, bound []cloud.Rule) []cloud.VMID {
	at := in.Start()
	var went []cloud.VMID
	for {
		var open [][]cloud.VMID // by open host, the VMs to come
		for h := range in.Hosts {
			var coming []cloud.VMID
			// Those who are to come stand on the host already, and those who are
			// to leave it still do.
			all := at.Clone()
			for v := range in.VMs {
				if isMisplaced(in, v) && at[v] == in.Initial[v] && in.Target[v] == cloud.HostID(h) {
					all[v] = cloud.HostID(h)
					coming = append(coming, cloud.VMID(v))
				}
			}
			if coming != nil && within(in, bound, all, h) {
				open = append(open, coming)
			}
		}
		if open == nil {
			return went
		}
		coming := open[rng.IntN(len(open))]
		rng.Shuffle(len(coming), func(i, j int) { coming[i], coming[j] = coming[j], coming[i] })
		for _, v := range coming {
			at[v] = in.Target[v]
		}
		went = append(went, coming...)
	}
}

// within tells whether a host is within its limits in a placement.
func within(in *cloud.Instance, bound []cloud.Rule, p cloud.Placement, host int) bool {
	limit := bound[0].(cloud.Limiter)
	for r := range in.Resources {
		var sum int64
		for v, h := range p {
			if h == cloud.HostID(host) {
				sum += in.VMs[v].Demand[r]
			}
		}
		if sum > limit.Limit(cloud.HostID(host), r) {
			return false
		}
	}
	return true
}

func TestEntangledIsWhatNoOrderOfOpeningFrees(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(instances) {
		rng := rand.New(rand.NewPCG(seed, 0))
		in := tight(rng)
		bound := bind(t, in, "capacity")
		got := features.Map(features.Of(in, bound))
		went := opened(rng, in, bound)
		misplaced, entangled := got["misplaced"].(int), got["entangled"].(int)
		if entangled != misplaced-len(went) {
			t.Errorf("seed %d: entangled = %d, but %d of %d misplaced VMs can go", seed, entangled, len(went), misplaced)
		}
		if got["deadlocked"].(bool) && entangled != misplaced {
			t.Errorf("seed %d: deadlocked, yet only %d of %d VMs are entangled", seed, entangled, misplaced)
		}
		// Whoever is not entangled can really go there directly.
		p := shutdownsOf(in)
		for _, v := range went {
			p.Steps = append(p.Steps, migration(in, v))
		}
		if brokenAt(in, bound, p, 0) {
			t.Errorf("seed %d: the judge refuses the migrations of %v", seed, went)
		}
		switch entangled {
		case misplaced:
			seen["all"]++
		case 0:
			seen["none"]++
		default:
			seen["some"]++
		}
	}
	for _, kind := range []string{"all", "some", "none"} {
		if seen[kind] < 50 {
			t.Errorf("there are hardly instances in which %s are entangled: %v", kind, seen)
		}
	}
}

// arriving lists the VMs that some sequence of direct migrations brings home, by going
// through all of them.
func arriving(in *cloud.Instance, bound []cloud.Rule) map[cloud.VMID]bool {
	out := map[cloud.VMID]bool{}
	seen := map[string]bool{}
	var from func(at cloud.Placement)
	from = func(at cloud.Placement) {
		if key := fmt.Sprint(at); seen[key] {
			return
		} else {
			seen[key] = true
		}
		for v := range in.VMs {
			if !isMisplaced(in, v) || at[v] == in.Target[v] {
				continue
			}
			next := at.Clone()
			next[v] = in.Target[v]
			if within(in, bound, next, int(in.Target[v])) {
				out[cloud.VMID(v)] = true
				from(next)
			}
		}
	}
	from(in.Start())
	return out
}

// goers repeats the definition of who can go on whole placements.
func goers(in *cloud.Instance, bound []cloud.Rule) map[cloud.VMID]bool {
	at, out := in.Start(), map[cloud.VMID]bool{}
	for again := true; again; {
		again = false
		for v := range in.VMs {
			if !isMisplaced(in, v) || out[cloud.VMID(v)] {
				continue
			}
			there := at.Clone()
			there[v] = in.Target[v]
			if within(in, bound, there, int(in.Target[v])) {
				at[v] = cloud.Absent // who can go is in nobody's way
				out[cloud.VMID(v)], again = true, true
			}
		}
	}
	return out
}

func TestLockedVMsNeverGetHomeDirectly(t *testing.T) {
	some, none := 0, 0
	for seed := range uint64(instances) {
		in := tight(rand.New(rand.NewPCG(seed, 0)))
		bound := bind(t, in, "capacity")
		got := features.Map(features.Of(in, bound))
		misplaced, locked := got["misplaced"].(int), got["locked"].(int)
		can := goers(in, bound)
		if locked != misplaced-len(can) {
			t.Errorf("seed %d: locked = %d, but %d of %d misplaced VMs can go", seed, locked, len(can), misplaced)
		}
		if locked > got["entangled"].(int) {
			t.Errorf("seed %d: %d VMs are locked, %v entangled", seed, locked, got["entangled"])
		}
		if got["deadlocked"].(bool) && locked != misplaced {
			t.Errorf("seed %d: deadlocked, yet only %d of %d VMs are locked", seed, locked, misplaced)
		}
		for v := range arriving(in, bound) {
			if !can[v] {
				t.Errorf("seed %d: VM %d is locked and gets home directly", seed, v)
			}
		}
		if locked > 0 {
			some++
		} else {
			none++
		}
	}
	if some < 50 || none < 50 {
		t.Errorf("%d instances with locked VMs, %d without", some, none)
	}
}
