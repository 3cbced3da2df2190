package targets_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// small makes an instance of 3 to 5 hosts and 3 to 6 VMs, some of which may be absent, under several rules
// of the whole catalogue. Mostly there is a target, and mostly the start is none.
func small(t *testing.T, rng *rand.Rand) *targets.Request {
	for {
		in := &cloud.Instance{Name: "small", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
		if rng.IntN(2) == 0 {
			in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu"})
		}
		pick := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
		hosts := 3 + rng.IntN(3)
		in.Groups = []cloud.Group{{Name: "a"}, {Name: "b"}}
		anywhere := func() cloud.HostID { return cloud.HostID(rng.IntN(hosts)) }
		mixed := rng.IntN(4) == 0
		var end cloud.Placement // for which there is room, mostly
		for v := range 3 + rng.IntN(4) {
			vm := cloud.VM{Name: fmt.Sprintf("v%d", v), Interruptible: rng.IntN(4) == 0}
			for range in.Resources {
				vm.Demand = append(vm.Demand, 1+rng.Int64N(4))
			}
			if mixed {
				vm.Arch = pick("", "x86_64", "i386")
			}
			if v == 0 || rng.IntN(3) == 0 {
				vm.Labels = map[string]string{"disk": pick("ssd", "hdd"), "numa": pick("1", "2")}
			}
			for g := range in.Groups {
				if rng.IntN(2) == 0 {
					in.Groups[g].VMs = append(in.Groups[g].VMs, cloud.VMID(v))
				}
			}
			in.VMs = append(in.VMs, vm)
			end = append(end, anywhere())
			in.Initial = append(in.Initial, anywhere())
			if rng.IntN(12) == 0 {
				in.Initial[v], end[v] = cloud.Absent, cloud.HostID(rng.IntN(hosts+1)-1)
			}
		}
		for h := range hosts {
			host := cloud.Host{
				Name: fmt.Sprintf("h%d", h), Rack: fmt.Sprintf("r%d", h/2), Zone: fmt.Sprintf("z%d", h%2), Labels: map[string]string{"disk": pick("ssd", "hdd")},
			}
			if mixed {
				host.Arch = pick("", "x86_64", "i386")
			}
			for r := range in.Resources {
				room := rng.Int64N(4)
				for v, at := range end {
					if at == cloud.HostID(h) {
						room += in.VMs[v].Demand[r]
					}
				}
				host.Reserved, host.Capacity = append(host.Reserved, 1), append(host.Capacity, 1+room)
			}
			in.Hosts = append(in.Hosts, host)
		}
		in.Rules = []spec.Spec{spec.Named("capacity"), spec.Named("arch")}
		texts := pathtest.RuleTexts(rng, in)
		for range 1 + rng.IntN(3) {
			in.Rules = append(in.Rules, spec.MustParse(texts[rng.IntN(len(texts))]))
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		if _, err := rules.Bind(catalogue.Standard(), in, nil); err != nil {
			continue // a label or a rack that no host has
		}
		r := request(t, in)
		sane := func(p cloud.Placement) bool { return len(validate.Placement(in, r.Rules, p, true)) == 0 }
		if (!sane(in.Initial) || rng.IntN(5) == 0) && (sane(end) || rng.IntN(20) == 0) {
			return r
		}
	}
}

// lawful lists all placements that keep every rule whole, in which those stand that do initially; others stand or
// not. Where VMs cannot get to by any path is a rule among them.
func lawful(r *targets.Request) (out []cloud.Placement) {
	in := r.Instance
	p := make(cloud.Placement, len(in.VMs))
	var try func(v int)
	try = func(v int) {
		if v == len(p) {
			if len(validate.Placement(in, r.Rules, p, true)) == 0 {
				out = append(out, p.Clone())
			}
			return
		}
		home := in.Initial[v]
		for h := cloud.Absent; int(h) < len(in.Hosts); h++ {
			if home == cloud.Absent || h != cloud.Absent {
				p[v] = h
				try(v + 1)
			}
		}
	}
	try(0)
	return out
}

// demand is one way to ask a strategy.
type demand struct {
	name   string
	empty  cloud.HostID // the host to be emptied; Absent: none
	place  bool
	search bool
}

func (d demand) spec(in *cloud.Instance) string {
	var args []string
	if d.empty != cloud.Absent {
		args = append(args, "hosts="+in.Hosts[d.empty].Name)
	}
	if d.place {
		args = append(args, "absent=place")
	}
	if d.name == "rebalance" {
		args = append(args, "tolerance=0")
	}
	return d.name + "(" + strings.Join(args, ", ") + ")"
}

// wants tells whether a lawful placement is a target of the strategy, and whether it would be if VMs that stand
// nowhere could be placed or not.
func (d demand) wants(in *cloud.Instance, p cloud.Placement) (target, nearly bool) {
	if d.empty != cloud.Absent && slices.Contains(p, d.empty) {
		return false, false
	}
	for v, h := range p {
		if in.Initial[v] == cloud.Absent && (h != cloud.Absent) != d.place {
			return false, !d.place
		}
	}
	return true, true
}

// examine asks all strategies about small instances, with and without search: there is a target exactly
// where trying all placements finds one, no rule is broken, and nothing that exists is called impossible. How
// long a search takes is how often it asks whether to go on.
func examine(t *testing.T, seeds uint64, searches int) {
	seen := map[string]int{}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 17))
		r := small(t, rng)
		in := r.Instance
		all := lawful(r)
		broken := len(validate.Placement(in, r.Rules, in.Initial, true)) > 0
		for _, rule := range in.Rules {
			if broken {
				seen[rule.Name]++
			}
		}
		value := map[string]cloud.Objective{}
		for name, text := range map[string]string{"defragment": "hosts", "rebalance": "load"} {
			o, err := objectives.Bind(catalogue.Standard(), in, r.Rules, spec.MustParse(text))
			if err != nil {
				t.Fatal(err)
			}
			value[name] = o
		}
		demands := []demand{
			{name: "defragment", empty: cloud.Absent}, {name: "rebalance", empty: cloud.Absent}, {name: "evacuate", empty: cloud.HostID(rng.IntN(len(in.Hosts)))},
		}
		if slices.Contains(in.Initial, cloud.Absent) {
			for _, d := range demands {
				d.place = true
				demands = append(demands, d)
			}
		}
		for _, d := range demands {
			d.search = true
			demands = append(demands, d)
		}
		for _, d := range demands {
			score := func(p cloud.Placement) (score cloud.Score) {
				if o := value[d.name]; o != nil {
					score = o.Value(p)
				}
				return score
			}
			possible, nearly := false, false
			best, cost := cloud.Score{}, int64(0)
			for _, p := range all {
				target, near := d.wants(in, p)
				nearly = nearly || near
				if !target {
					continue
				}
				ram := ramOf(in, p)
				if c := score(p).Compare(best); !possible || c < 0 || c == 0 && ram < cost {
					best, cost = score(p), ram
				}
				possible = true
			}
			if r.Search = nil; d.search {
				r.Search = search(searches)
			}
			text := d.spec(in)
			c, err := targets.Choose(t.Context(), build(t, text), r)
			var none *targets.NoTargetError
			var impossible *targets.ImpossibleError
			at := fmt.Sprintf("seed %d, %s, search: %v", seed, text, d.search)
			switch {
			case err != nil && !errors.As(err, &none):
				t.Fatalf("%s: %v", at, err)
			case err == nil && !slices.ContainsFunc(all, func(p cloud.Placement) bool { return p.Equal(c.Target) }):
				t.Errorf("%s: %v is against the rules: %v", at, c.Target, validate.Placement(in, r.Rules, c.Target, true))
			case err == nil:
				if target, _ := d.wants(in, c.Target); !target {
					t.Errorf("%s: %v is not what was asked for", at, c.Target)
				}
				walk(t, text, r, c)
			case possible:
				t.Errorf("%s: %v, though there is a target", at, err)
			case errors.As(err, &impossible) == nearly:
				t.Errorf("%s: %v; is there a target that places some of the VMs that stand nowhere: %v", at, err, nearly)
			}
			key := d.name + map[bool]string{true: ", searched"}[d.search]
			switch {
			case impossible != nil && strings.HasPrefix(impossible.Proof.Reason, "every placement was tried"):
				seen[key+": none, by trying all"]++
			case err != nil:
				seen[key+": none"]++
			case score(c.Target) == best && ramOf(in, c.Target) == cost:
				seen[key+": best"]++
			case score(c.Target) == best:
				seen[key+": costs more than the best"]++
			default:
				seen[key+": worse than the best"]++
			}
		}
	}
	t.Log(seen)
	for _, d := range pathtest.Breakable() {
		if seen[d] == 0 {
			t.Errorf("no start under the rule %s was broken: the law was hardly tried", d)
		}
	}
}

func TestTargetsExistAndAreNotFound(t *testing.T) { examine(t, 200, 300) }
