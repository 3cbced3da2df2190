package targets_test

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// drawBroken makes a request with random rules some of which the start breaks.
func drawBroken(t *rapid.T) *targets.Request {
	for {
		in := drawInstance(t)
		if most := rapid.SampledFrom([]int64{0, 2, 4}).Draw(t, "most"); most > 0 {
			for h := range in.Hosts {
				for i := range in.Resources {
					in.Hosts[h].Capacity[i] = max(1, in.Hosts[h].Capacity[i]-rapid.Int64Range(0, most).Draw(t, "less"))
				}
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "old host") == 0 {
			in.Hosts[0].Arch = "i386"
			in.VMs[0].Arch, in.Initial[0] = "x86_64", 0
		}
		in.Rules = []spec.Spec{spec.Named("capacity")}
		for range rapid.IntRange(0, 4).Draw(t, "rules") {
			s := spec.MustParse(rapid.SampledFrom(ruleTexts).Draw(t, "rule"))
			if strings.HasPrefix(s.Name, "max-per-") {
				s = s.With("max", "1") // as two are seldom too many
			}
			if s.Name != "arch" && rapid.IntRange(0, 3).Draw(t, "discrete") == 0 {
				s = s.With("continuous", "no")
			}
			if _, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{s}); err != nil {
				if drawn := regexp.MustCompile(`unknown (rack|zone)|no host has the label`); !drawn.MatchString(err.Error()) {
					t.Fatal(err)
				}
				continue // no host of that rack or zone, or with that label, was drawn
			}
			in.Rules = append(in.Rules, s)
		}
		r := request(t, in)
		if len(validate.Placement(in, r.Rules, in.Initial, true)) > 0 {
			return r
		}
	}
}

// breaks names the rules that the start breaks.
func breaks(r *targets.Request) []string {
	found := map[string]bool{}
	for _, f := range validate.Placement(r.Instance, r.Rules, r.Instance.Initial, true) {
		s := spec.MustParse(f.Rule)
		found[s.Name] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// sanePlacements tells by trying all placements of the VMs that are there whether one keeps every rule
// whole and leaves the closed hosts empty, and whether one of those can be reached by sane migrations. Known
// is false where there are too many placements.
func sanePlacements(r *targets.Request, closed func(cloud.HostID) bool) (exists, reachable, known bool) {
	in := r.Instance
	hosts := len(in.Hosts)
	var present []cloud.VMID
	many := 1
	for v, h := range in.Initial {
		if h != cloud.Absent {
			present = append(present, cloud.VMID(v))
			if many *= hosts; many > 4096 {
				return false, false, false
			}
		}
	}
	sane := make([]bool, many)
	p := in.Initial.Clone()
	decode := func(n int) {
		for _, v := range present {
			p[v] = cloud.HostID(n % hosts)
			n /= hosts
		}
	}
	for n := range sane {
		decode(n)
		if slices.ContainsFunc(present, func(v cloud.VMID) bool { return closed(p[v]) }) {
			continue
		}
		sane[n] = len(validate.Placement(in, r.Rules, p, true)) == 0
		exists = exists || sane[n]
	}
	if !exists {
		return false, false, true
	}
	start := 0
	for _, v := range slices.Backward(present) {
		start = start*hosts + int(in.Initial[v])
	}
	seen, queue := make([]bool, many), []int{start}
	seen[start] = true
	for s := cloud.NewState(in, r.Rules, in.Initial); len(queue) > 0; queue = queue[1:] {
		if sane[queue[0]] {
			return true, true, true
		}
		decode(queue[0])
		for _, v := range present {
			s.Jump(v, p[v])
		}
		scale := 1
		for _, v := range present {
			for h := range hosts {
				if next := queue[0] + scale*(h-int(p[v])); !seen[next] && s.Allows(v, cloud.HostID(h)) {
					seen[next] = true
					queue = append(queue, next)
				}
			}
			scale *= hosts
		}
	}
	return true, false, true
}

// tally counts found targets among those that were there to be found.
type tally map[string]struct{ found, possible int }

func (c tally) add(key string, found bool) {
	n := c[key]
	n.possible++
	if found {
		n.found++
	}
	c[key] = n
}

// From whatever start, a target keeps every rule whole, and the judge accepts the path to it. Where
// there is a target, strategies mostly find one; those that promise a path, where there is a path.
func TestBrokenStartsAreMended(t *testing.T) {
	byRule, byStrategy := tally{}, tally{}
	n := 500
	if testing.Short() {
		n = 60
	}
	drawn := rapid.Custom(drawBroken)
	for seed := range n {
		r := drawn.Example(seed)
		for _, text := range []string{"defragment", "rebalance", "evacuate(hosts=host0)"} {
			c, err := targets.Choose(t.Context(), build(t, text), r)
			var none *targets.NoTargetError
			if err != nil && !errors.As(err, &none) {
				t.Fatalf("%d: %s: %v", seed, text, err)
			}
			if err == nil {
				if f := validate.Placement(r.Instance, r.Rules, c.Target, true); len(f) > 0 {
					t.Errorf("%d: %s: %s", seed, text, f[0])
				}
				walk(t, text, r, c)
			}
			exists, reachable, known := sanePlacements(r, func(h cloud.HostID) bool { return h == 0 && strings.HasPrefix(text, "evacuate") })
			if known && !exists && err == nil {
				t.Errorf("%d: %s: found a target where there is none", seed, text)
			}
			if !exists || text == "rebalance" && !reachable {
				continue
			}
			for _, rule := range breaks(r) {
				byRule.add(rule, err == nil)
			}
			byStrategy.add(text, err == nil)
		}
	}
	for key, x := range byStrategy {
		t.Logf("%s: %d of %d", key, x.found, x.possible)
		if x.found < x.possible*85/100 {
			t.Errorf("%s found %d of %d targets", key, x.found, x.possible)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(byRule)) {
		t.Logf("%s: %d of %d", key, byRule[key].found, byRule[key].possible)
	}
	for _, name := range []string{
		"affinity", "anti-affinity", "arch", "ban", "capacity", "depends", "expression", "fence", "interference", "labels",
		"max-per-host", "max-per-rack", "max-per-zone", "max-vms", "spread",
	} {
		if byRule[name].found == 0 && !testing.Short() {
			t.Errorf("%s was never mended: the law was hardly tried", name)
		}
	}
}

// A host that is too full gives up the one VM that is enough, and the smallest such.
func TestOverfullHostMovesTooMuch(t *testing.T) {
	for _, text := range []string{"defragment", "rebalance(tolerance=1)", "evacuate(hosts=h2)"} {
		in := uniform(t, 3, []int64{60, 10}, []int64{0, 10}, []int64{0, 10}, []int64{30, 10}, []int64{40, 10}, []int64{20, 10})
		in.Initial = cloud.Placement{0, 1, 1, 0, 0, 1}
		c, r, err := choose(t, text, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := (cloud.Placement{0, 1, 1, 1, 0, 1}); !c.Target.Equal(want) || len(c.Path) != 1 {
			t.Errorf("%s: target %v, path %v: expected that v3 alone moves", text, c.Target, c.Path)
		}
		if before, after := r.Measure(in.Initial).Highest, r.Measure(c.Target).Highest; before != 1.3 || after != 1 {
			t.Errorf("%s: loads %g and %g, expected 1.3 and 1", text, before, after)
		}
	}
}

// VMs of a discrete affinity may part on the way: that they move together is no reason to know no path.
func TestGroupsMoveTogetherWithoutAPath(t *testing.T) {
	in := uniform(t, 3, []int64{30, 0}, []int64{60, 0}, []int64{50, 0}, []int64{20, 0})
	in.Groups = []cloud.Group{{Name: "pair", VMs: []cloud.VMID{0, 3}}}
	in.Rules = []spec.Spec{
		spec.Named("capacity"), spec.MustParse("affinity(group=pair, continuous=no)"), spec.MustParse("ban(group=pair, hosts=h0, continuous=no)"),
	}
	for _, text := range []string{"defragment", "rebalance", "evacuate(hosts=h0)"} {
		c, _, err := choose(t, text, in)
		if err != nil || c.Target[0] != c.Target[3] || c.Target[0] == 0 || c.Path == nil {
			t.Errorf("%s: target %v, path %v, %v", text, c.Target, c.Path, err)
		}
	}
}

// What cannot be mended is named.
func TestNoTargetHidesWhatIsBroken(t *testing.T) {
	in := uniform(t, 2, []int64{60, 10}, []int64{60, 10}, []int64{60, 10})
	_, _, err := choose(t, "rebalance", in)
	want := `no target exists: counting each full 60 MiB of ram, all 3 VMs together need 3 of them, and the 2 hosts can hold 2: short by 1 (capacity)`
	var impossible *targets.ImpossibleError
	if !errors.As(err, &impossible) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
