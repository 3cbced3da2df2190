package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// question is a small question with all that is needed to find the truth.
type question struct {
	bounds.Question
	weighed string // spec of the objective
}

// ask makes a random question: an instance under rules of the whole catalogue, often with too little
// room, closed hosts, or VMs that have to be placed.
func ask(rng *rand.Rand) question {
	var in *cloud.Instance
	names := rules.Entries()
	switch rng.IntN(6) {
	case 0:
		in = pathtest.Broken(rng)
	case 5:
		in = crowded(rng)
	case 1, 2:
		name := names[2+rng.IntN(len(names)-2)].Name
		in = pathtest.RuledBy(rng, name)
	default:
		in = pathtest.Ruled(rng)
	}
	if rng.IntN(2) == 0 {
		squeeze(rng, in)
	}
	q := question{bounds.Question{Instance: in}, "hosts"}
	if rng.IntN(2) == 0 {
		for h := range in.Hosts {
			in.Hosts[h].Numbers = map[string]int64{"watts": rng.Int64N(5)}
		}
		q.weighed = "hosts(weight=watts)"
	}
	bound, err := rules.Bind(pathtest.Catalogue(), in, nil)
	if err != nil {
		panic(err)
	}
	if q.Rules = bound; rng.IntN(3) == 0 {
		q.Closed = make([]bool, len(in.Hosts))
		for h := range q.Closed {
			q.Closed[h] = rng.IntN(3) == 0
		}
	}
	if rng.IntN(3) == 0 {
		q.Place = make([]bool, len(in.VMs))
		for v := range q.Place {
			q.Place[v] = rng.IntN(4) > 0
		}
	}
	return q
}

// crowded makes a few hosts of one or two sizes with large VMs, which groups often keep apart or together.
func crowded(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "crowded", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	rooms := []int64{8 + rng.Int64N(6), 8 + rng.Int64N(6)}
	for h := range 3 + rng.IntN(2) {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("h%d", h), Rack: fmt.Sprintf("r%d", h/2), Capacity: []int64{rooms[h%(1+rng.IntN(2))]}, Reserved: []int64{0},
		})
	}
	in.Groups = []cloud.Group{{Name: "a"}, {Name: "b"}}
	unit := 1 + rng.Int64N(3)
	for v := range 4 + rng.IntN(3) {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{unit * (1 + rng.Int64N(8/unit))}})
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(len(in.Hosts))))
		for g := range in.Groups {
			if rng.IntN(2) == 0 {
				in.Groups[g].VMs = append(in.Groups[g].VMs, cloud.VMID(v))
			}
		}
	}
	in.Rules = rules.Default()
	texts := []string{
		"anti-affinity(group=a)", "anti-affinity(group=b)", "affinity(group=a)", "affinity(group=a, by=rack)",
		"spread(group=a, min=2, by=rack)", "spread(group=b, min=3)", "max-vms(max=2)",
	}
	for range rng.IntN(3) {
		in.Rules = append(in.Rules, spec.MustParse(texts[rng.IntN(len(texts))]))
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
	return in
}

// squeeze makes hosts smaller, or VMs larger.
func squeeze(rng *rand.Rand, in *cloud.Instance) {
	if rng.IntN(2) == 0 {
		for h := range in.Hosts {
			for r := range in.Hosts[h].Capacity {
				x := &in.Hosts[h].Capacity[r]
				*x = max(in.Hosts[h].Reserved[r], *x-rng.Int64N(4))
			}
		}
	} else {
		for v := range in.VMs {
			for r := range in.VMs[v].Demand {
				in.VMs[v].Demand[r] += rng.Int64N(3)
			}
		}
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
}

// truth is found by looking at every placement.
type truth struct {
	feasible bool
	hosts    int64
	peak     int64
}

func (q question) must(v int) bool {
	return q.Place == nil && q.Instance.Initial[v] != cloud.Absent || q.Place != nil && q.Place[v]
}

func (q question) truth(o cloud.Objective) truth {
	var t truth
	in := q.Instance
	p := make(cloud.Placement, len(in.VMs))
	var place func(v int)
	place = func(v int) {
		if v == len(p) {
			if len(validate.Placement(in, q.Rules, p, true)) > 0 {
				return
			}
			hosts, peak := o.Value(p)[0], peakOf(in, p)
			if !t.feasible {
				t = truth{true, hosts, peak}
			}
			t.hosts, t.peak = min(t.hosts, hosts), min(t.peak, peak)
			return
		}
		for h := cloud.Absent; int(h) < len(in.Hosts); h++ {
			if h == cloud.Absent && q.must(v) || h != cloud.Absent && q.Closed != nil && q.Closed[h] {
				continue
			}
			p[v] = h
			if !overfull(in, p[:v+1], h) {
				place(v + 1)
			}
		}
	}
	place(0)
	return t
}

// overfull saves the judge most of its work: all these instances have the rule capacity.
func overfull(in *cloud.Instance, p cloud.Placement, h cloud.HostID) bool {
	for r := range in.Resources {
		if h != cloud.Absent && usedOn(in, p, h, r) > in.Hosts[h].Capacity[r]-in.Hosts[h].Reserved[r] {
			return true
		}
	}
	return false
}

func usedOn(in *cloud.Instance, p cloud.Placement, h cloud.HostID, r int) (used int64) {
	for v, at := range p {
		if at == h {
			used += in.VMs[v].Demand[r]
		}
	}
	return used
}

// peakOf is the highest load, in millionths, rounded up.
func peakOf(in *cloud.Instance, p cloud.Placement) (peak int64) {
	for h := range in.Hosts {
		for r := range in.Resources {
			if used, limit := usedOn(in, p, cloud.HostID(h), r), in.Hosts[h].Capacity[r]-in.Hosts[h].Reserved[r]; used > 0 {
				peak = max(peak, (used*bounds.FullLoad+limit-1)/limit)
			}
		}
	}
	return peak
}

// kindOf sorts reasons of proofs by the words that only they have.
func kindOf(p bounds.Proof) string {
	for _, k := range [][2]string{
		{"may stand on no ", "filters"},
		{"host is one for all", "filters of VMs that share a host"},
		{" takes more than", "too large"},
		{"of all resources together", "too large in several ways"},
		{"as no two of them", "clique"},
		{"may hold more than", "together and apart"},
		{"short by room for", "too few places"},
		{"and can stand", "cannot be spread"},
		{"at least and ", "contradiction"},
		{"none both admits", "no place for a group"},
		{"counting each", "counting"},
		{"there is room for", "demand exceeds room"},
		{"where rules allow", "number exceeds room"},
		{"leave gaps", "gaps"},
		{"to be empty", "all closed"},
	} {
		if strings.Contains(p.Reason, k[0]) {
			return k[1]
		}
	}
	return "unknown: " + p.Reason
}

// reasonOf sorts reasons of bounds likewise.
func reasonOf(reason string) string {
	for _, k := range [][2]string{
		{"; ", "several sets of hosts"},
		{"with those that are in use", "volume beside hosts in use anyway"},
		{"nowhere else", "the only host of some VM"},
		{"no two of them", "clique"},
		{"in different places by", "places"},
		{"affinity(", "group apart"},
		{"max-per", "group apart"},
		{"spread(", "spread"},
		{"how many VMs", "number of VMs"},
		{"at least one host", "one host"},
		{"counting each", "counting"},
		{"leave gaps", "gaps"},
		{"only on", "confined VMs"},
		{"fills", "volume"},
		{"would load", "one VM"},
		{"short by", "rounding"},
		{"of all there is", "volume"},
		{"", "nothing to place"},
	} {
		if k[0] != "" && strings.Contains(reason, k[0]) || reason == "" && k[0] == "" {
			return k[1]
		}
	}
	return "unknown: " + reason
}

// A bound above the optimum, or a proof of what is false, is the worst that this package can do.
// Nothing else in it matters if this fails.
func TestBoundIsAboveTheOptimum(t *testing.T) {
	x := examine(t, 4000)
	for _, least := range []struct {
		what      string
		share, of int
	}{{"proofs", x.proved * 100, x.infeasible * 92}, {"hosts", x.hostsTight * 100, x.feasible * 92}, {"peaks", x.peakTight * 100, x.feasible * 90}} {
		if least.share < least.of {
			t.Errorf("fewer %s are found or met than once were", least.what)
		}
	}
	if x.feasible < 1000 || x.infeasible < 1000 {
		t.Error("there are too few instances of a kind to trust the test")
	}
	for _, kind := range []string{
		"all closed", "cannot be spread", "counting", "demand exceeds room", "filters", "gaps", "no place for a group",
		"number exceeds room", "together and apart", "contradiction", "too few places", "too large", "too large in several ways",
	} {
		if x.proofs[kind] < 3 {
			t.Errorf("%s: %d proofs are too few to trust the test", kind, x.proofs[kind])
		}
	}
	for _, kind := range []string{
		"hosts: clique", "hosts: confined VMs", "hosts: counting", "hosts: gaps", "hosts: group apart", "hosts: number of VMs", "hosts: one host",
		"hosts: places", "hosts: several sets of hosts", "hosts: spread", "hosts: the only host of some VM", "hosts: volume",
		"hosts: volume beside hosts in use anyway", "peak: confined VMs", "peak: counting", "peak: gaps", "peak: one VM", "peak: rounding", "peak: volume",
	} {
		if x.reasons[kind] < 5 {
			t.Errorf("%s: %d bounds that are met are too few to trust the test", kind, x.reasons[kind])
		}
	}
}

// tally counts what became of random questions.
type tally struct {
	feasible, infeasible, proved, hostsTight, peakTight int
	proofs, reasons                                     map[string]int // by kind: proofs, and bounds that are met
}

// examine holds bounds and proofs against the truth.
func examine(t *testing.T, questions uint64) (x tally) {
	t.Helper()
	x.proofs, x.reasons = map[string]int{}, map[string]int{}
	objective := spec.NewCatalogue(objectives.Registry(objectives.Entries()...))
	for seed := range questions {
		q := ask(rand.New(rand.NewPCG(seed, 17)))
		o, err := objectives.Bind(objective, q.Instance, q.Rules, spec.MustParse(q.weighed))
		if err != nil {
			t.Fatal(err)
		}
		truth := q.truth(o)
		b := bounds.New(q.Question)
		proof, none := b.Infeasible()
		hosts, peak := b.Hosts(o.(*objectives.Hosts)), b.Peak(nil)
		if none {
			x.proofs[kindOf(proof)]++
		}
		context := func() string {
			return fmt.Sprintf("seed %d, rules %v, closed %v, place %v", seed, q.Instance.Rules, q.Closed, q.Place)
		}
		if !truth.feasible {
			x.infeasible++
			if none {
				x.proved++
			}
			continue
		}
		x.feasible++
		switch {
		case none:
			t.Fatalf("%s: %q is no proof: there is a placement", context(), proof.Reason)
		case hosts.Score[0] > truth.hosts:
			t.Fatalf("%s: %s: the bound is %d because %q, the optimum %d", context(), q.weighed, hosts.Score[0], hosts.Reason, truth.hosts)
		case peak.Score[0] > truth.peak:
			t.Fatalf("%s: the bound on the peak is %d because %q, the optimum %d", context(), peak.Score[0], peak.Reason, truth.peak)
		case hosts.Score[0] > 0 && hosts.Reason == "", peak.Score[0] > 0 && peak.Reason == "":
			t.Fatalf("%s: a bound has no reason: %v, %v", context(), hosts, peak)
		}
		if hosts.Score[0] == truth.hosts {
			x.hostsTight++
			x.reasons["hosts: "+reasonOf(hosts.Reason)]++
		}
		if peak.Score[0] == truth.peak {
			x.peakTight++
			x.reasons["peak: "+reasonOf(peak.Reason)]++
		}
	}
	t.Logf("%d of %d without a placement proved; of %d others, %d hosts and %d peaks are met", x.proved, x.infeasible, x.feasible, x.hostsTight, x.peakTight)
	t.Logf("proofs: %v", x.proofs)
	t.Logf("bounds that are met: %v", x.reasons)
	return x
}

// On clouds that are too large to try all placements, those that generators make are no better than the bounds,
// and no proof says that they do not exist.
func TestBoundIsAboveASanePlacement(t *testing.T) {
	looked := 0
	for _, text := range []string{
		"random(hosts=12, vms-per-host=4, max=700, racks=4, zones=2, groups=6, i386-hosts=0.3, i386-vms=0.3)",
		"random(hosts=20, max=900, host-sizes=[1, 2, 5], groups=8, anti-affinity=rack, racks=7, resources=3, utilisation=0.7)",
		"random(hosts=15, utilisation=0.9, sizes=zipf, grouped=0.5, anti-affinity=host, resources=2, correlation=0.5)",
		"flavours(hosts=30, utilisation=0.8)",
		"with(of=random(hosts=10, vms-per-host=3, max=900, racks=3, zones=1, groups=4), rules=[capacity, arch, max-vms(max=9), depends(group=group1, on=[group2])])",
	} {
		for seed := range uint64(20) {
			made, err := generators.Generate(catalogue.Standard(), spec.MustParse(text), seed)
			if err != nil {
				t.Fatal(err)
			}
			in := made[0]
			q, o := bind(t, in)
			b := bounds.New(q)
			for _, p := range []cloud.Placement{in.Initial, in.Target} {
				if p == nil || len(validate.Placement(in, q.Rules, p, true)) > 0 {
					continue
				}
				looked++
				if proof, none := b.Infeasible(); none {
					t.Fatalf("%s, seed %d: %q is no proof", text, seed, proof.Reason)
				}
				if least := b.Hosts(o); least.Score[0] > o.Value(p)[0] {
					t.Fatalf("%s, seed %d: the bound is %d hosts because %q, %d are enough", text, seed, least.Score[0], least.Reason, o.Value(p)[0])
				}
				if len(in.Resources) == 1 && len(in.Rules) == 0 {
					if least, peak := b.Peak(nil), peakOf(in, p); least.Score[0] > peak {
						t.Fatalf("%s, seed %d: the bound on the peak is %d because %q, %d is possible", text, seed, least.Score[0], least.Reason, peak)
					}
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("%d sane placements are too few to trust the test", looked)
	}
}
