package all_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// From a start that breaks rules every algorithm agrees with exhaustive search, as far as it
// declares. The soak test takes many more instances.
func TestAlgorithmsDisregardMending(t *testing.T) { keepPromises(t, pathtest.Broken, 0, 300) }

// Of a thousand such instances each rule has to be broken by some, and enough have to be feasible.
func TestBrokenStartsShowTooLittle(t *testing.T) {
	const instances = 1000
	broken, seen := map[string]int{}, map[string]int{}
	for seed := range uint64(instances) {
		in := pathtest.Broken(rand.New(rand.NewPCG(seed, 1)))
		p := pathtest.Problem(t, in, "ram")
		names := map[string]bool{}
		for _, r := range p.Rules {
			if _, mends := r.(cloud.Mending); mends {
				names[spec.MustParse(r.String()).Name] = true
			}
		}
		for name := range names {
			broken[name]++
		}
		if len(names) > 1 {
			seen["several rules broken"]++
		}
		if cost, exists := pathtest.Exhaustive(p).To(p.Start); exists {
			seen["feasible"]++
			if cost > 0 {
				seen["feasible with steps"]++
			}
		}
		for what, has := range map[string]func(v int) bool{
			"may be suspended": func(v int) bool { return in.VMs[v].Interruptible },
			"enters":           func(v int) bool { return in.Initial[v] == cloud.Absent && in.Target[v] != cloud.Absent },
			"leaves":           func(v int) bool { return in.Initial[v] != cloud.Absent && in.Target[v] == cloud.Absent },
		} {
			for v := range in.VMs {
				if has(v) {
					seen[what]++
					break
				}
			}
		}
	}
	t.Log(broken, seen)
	for _, name := range pathtest.Breakable() {
		if broken[name] < 40 {
			t.Errorf("%s is broken by the start of only %d instances", name, broken[name])
		}
	}
	for what, least := range map[string]int{
		"feasible": instances / 2, "feasible with steps": instances / 3, "several rules broken": instances / 10,
		"may be suspended": instances / 10, "enters": instances / 10, "leaves": instances / 10,
	} {
		if seen[what] < least {
			t.Errorf("%s: only %d of %d instances", what, seen[what], instances)
		}
	}
}

// The steps that rules in their mending form allow are those that the definition in FORMAT.md
// allows, in every state that can be reached. The definition is spelled out here once more,
// by the whole rules and the places that they are about.
func TestMendingDepartsFromItsDefinition(t *testing.T) {
	steps, refused := 0, map[string]int{}
	for seed := range uint64(500) {
		in := pathtest.Broken(rand.New(rand.NewPCG(seed, 4)))
		p := pathtest.Problem(t, in, "ram")
		d := newDefinition(p)
		if !d.sane(p.Start) {
			if len(validate.Placement(in, p.Rules, p.Start, false)) == 0 {
				t.Fatalf("instance %d: shutdowns break %v, and the rules in force tolerate it", seed, d.broken)
			}
			continue
		}
		met := map[string]bool{fmt.Sprint(p.Start): true}
		for queue := []cloud.Placement{p.Start}; len(queue) > 0 && len(met) < 400; queue = queue[1:] {
			at := queue[0]
			want := slices.DeleteFunc(pathtest.Successors(d.kept, at), func(m cloud.Change) bool {
				forbidden := false
				for _, r := range d.broken {
					if !d.allows(r, at, m) {
						refused[spec.MustParse(r.String()).Name]++
						forbidden = true
					}
				}
				return forbidden
			})
			if got := pathtest.Successors(p, at); !slices.Equal(got, want) {
				t.Fatalf("instance %d: %v, start %v: out of %v the rules in force allow %v, the definition %v", seed, in.Rules, in.Initial, at, got, want)
			}
			for _, m := range want {
				next := at.Clone()
				next[m.VM] = m.To
				steps++
				if !met[fmt.Sprint(next)] {
					met[fmt.Sprint(next)] = true
					queue = append(queue, next)
				}
			}
		}
	}
	t.Log(steps, refused)
	for _, name := range pathtest.Breakable() {
		if refused[name] < 10 {
			t.Errorf("%s in its mending form refuses only %d steps", name, refused[name])
		}
	}
}

// definition is what FORMAT.md says of mending.
type definition struct {
	in     *cloud.Instance
	broken []cloud.Rule    // whole, of those that the initial placement breaks
	kept   *paths.Problem  // under the other rules
	start  cloud.Placement // with the VMs that are shut down
}

func newDefinition(p *paths.Problem) *definition {
	d := &definition{in: p.Instance, start: p.Instance.Initial}
	kept := *p
	kept.Rules = nil
	for _, r := range cloud.Whole(p.Rules) {
		if r.Continuous() && !d.holds(r, d.start) {
			d.broken = append(d.broken, r)
		} else {
			kept.Rules = append(kept.Rules, r)
		}
	}
	d.kept = &kept
	return d
}

// holds tells whether a whole rule holds in a placement.
func (d *definition) holds(r cloud.Rule, at cloud.Placement) bool {
	return len(validate.Placement(d.in, []cloud.Rule{r}, at, true)) == 0
}

// place is a set of hosts, or with single a VM on a host.
type place struct {
	hosts  []cloud.HostID
	single bool
	vm     cloud.VMID
}

// places are what a rule is about.
func (d *definition) places(r cloud.Rule) []place {
	s := spec.MustParse(r.String())
	var out []place
	by := "host"
	switch s.Name {
	case "affinity", "spread", "depends":
		return nil
	case "max-per-rack":
		by = "rack"
	case "max-per-zone":
		by = "zone"
	case "anti-affinity", "interference":
		if v, ok := s.Value("by"); ok {
			by = v.Text
		}
	case "expression":
		if v, _ := s.Value("test"); !strings.Contains(v.Text, "vm.") {
			break
		}
		fallthrough
	case "arch", "labels", "fence", "ban":
		for v := range d.in.VMs {
			for h := range d.in.Hosts {
				out = append(out, place{[]cloud.HostID{cloud.HostID(h)}, true, cloud.VMID(v)})
			}
		}
		return out
	}
	domains := map[string][]cloud.HostID{}
	for h := range d.in.Hosts {
		name := d.in.Hosts[h].Domain(by)
		domains[name] = append(domains[name], cloud.HostID(h))
	}
	for _, hosts := range domains {
		out = append(out, place{hosts: hosts})
	}
	return out
}

// in leaves of a placement the VMs in a place that a rule looks at.
func (x place) in(r cloud.Rule, at cloud.Placement) cloud.Placement {
	out := at.Clone()
	for v, h := range at {
		vm := cloud.VMID(v)
		if !slices.Contains(x.hosts, h) || x.single && vm != x.vm || r.Watches() != nil && !slices.Contains(r.Watches(), vm) {
			out[v] = cloud.Absent
		}
	}
	return out
}

// tolerated tells whether a placement is sane by a rule that the start breaks.
func (d *definition) tolerated(r cloud.Rule, at cloud.Placement) bool {
	if x, ok := d.halves(r); ok {
		return x.tolerated(at)
	}
	for _, x := range d.places(r) {
		there, first := x.in(r, at), x.in(r, d.start)
		some := true // of those who stood there at the start
		for v, h := range there {
			some = some && (h == cloud.Absent || first[v] != cloud.Absent)
		}
		if !d.holds(r, there) && !(some && !d.holds(r, first)) {
			return false
		}
	}
	s := spec.MustParse(r.String())
	by := "host"
	if s.Name == "depends" {
		by = "zone"
	}
	if v, ok := s.Value("by"); ok {
		by = v.Text
	}
	group := func(key string) string {
		v, _ := s.Value(key)
		if len(v.List) > 0 {
			return v.List[0].Text
		}
		return v.Text
	}
	switch s.Name {
	case "affinity":
		return len(d.stands(group("group"), by, at)) <= len(d.stands(group("group"), by, d.start))
	case "spread":
		n := len(d.stands(group("group"), by, at))
		return n == 0 || n >= len(d.stands(group("group"), by, d.start))
	case "depends":
		lacks := func(at cloud.Placement) map[string]bool {
			out := d.stands(group("group"), by, at)
			for name := range d.stands(group("on"), by, at) {
				delete(out, name)
			}
			return out
		}
		before := lacks(d.start)
		for name := range lacks(at) {
			if !before[name] {
				return false
			}
		}
	}
	return true
}

// stands is where a group stands.
func (d *definition) stands(group, by string, at cloud.Placement) map[string]bool {
	out := map[string]bool{}
	g, _ := d.in.Group(group)
	for _, v := range d.in.Groups[g].VMs {
		if at[v] != cloud.Absent {
			out[d.in.Hosts[at[v]].Domain(by)] = true
		}
	}
	return out
}

func (d *definition) sane(at cloud.Placement) bool {
	for _, r := range d.broken {
		if !d.tolerated(r, at) {
			return false
		}
	}
	return len(validate.Placement(d.in, d.kept.Rules, at, false)) == 0
}

// allows tells whether a rule that the start breaks allows a migration out of a placement.
func (d *definition) allows(r cloud.Rule, at cloud.Placement, m cloud.Change) bool {
	if x, ok := d.halves(r); ok {
		return x.allows(at, m)
	}
	after := at.Clone()
	after[m.VM] = m.To
	if !d.tolerated(r, at) || !d.tolerated(r, after) {
		return false
	}
	for _, x := range d.places(r) {
		watched := (r.Watches() == nil || slices.Contains(r.Watches(), m.VM)) && (!x.single || x.vm == m.VM)
		enters := watched && slices.Contains(x.hosts, m.To) && !slices.Contains(x.hosts, m.From)
		if enters && !d.holds(r, x.in(r, after)) {
			return false
		}
	}
	return true
}
