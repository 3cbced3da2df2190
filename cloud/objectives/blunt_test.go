package objectives_test

import (
	"math"
	"math/big"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// naive computes objectives anew, in fractions, as the documentation has it.
type naive struct {
	t     *rapid.T
	in    *cloud.Instance
	rules []cloud.Rule
	p     cloud.Placement
}

func blunt(t *rapid.T, in *cloud.Instance, rules []cloud.Rule, s spec.Spec, p cloud.Placement) cloud.Score {
	n := naive{t, in, rules, p}
	var out cloud.Score
	copy(out[:], n.value(s))
	return out
}

// partsOf are the specs that a spec has in its parameter of.
func partsOf(t *rapid.T, s spec.Spec) []spec.Spec {
	list, ok := s.Value("of")
	if !ok {
		t.Fatalf("%s has no parts", s)
	}
	var out []spec.Spec
	for _, v := range list.List {
		out = append(out, *v.Spec)
	}
	return out
}

// value lists the components of an objective.
func (n *naive) value(s spec.Spec) []int64 {
	a, err := catalogue.Standard().Resolve(objectives.Kind, s)
	if err != nil {
		n.t.Fatal(err)
	}
	switch s.Name {
	case "hosts":
		return []int64{n.hosts(a)}
	case "load":
		return []int64{n.load(a)}
	case "fragments":
		return []int64{n.fragments(a)}
	case "headroom":
		var fit int64
		for h := range n.in.Hosts {
			fit += n.fill(a, h, n.room(h))
		}
		return []int64{max(0, a.Int("count")-fit)}
	case "locality":
		return []int64{n.locality(a)}
	case "reassign":
		return []int64{n.reassign(a)}
	case "soft":
		weights, sum := a.Ints("weights"), int64(0)
		for i, r := range a.Specs("rules") {
			bound, err := rules.Bind(catalogue.Standard(), n.in, []spec.Spec{r})
			if err != nil {
				n.t.Fatal(err)
			}
			found := int64(len(validate.Placement(n.in, bound, n.p, true)))
			if weights != nil {
				found *= weights[i]
			}
			sum += found
		}
		return []int64{sum}
	case "expression":
		var amounts []int64
		for h := range n.in.Hosts {
			most := math.MaxInt64 / int64(len(n.in.Hosts))
			if x := n.amount(a.String("value"), h); x == nil || x.Sign() < 0 {
				amounts = append(amounts, most)
			} else {
				amounts = append(amounts, min(most, ceil(x)))
			}
		}
		return []int64{measure(a, amounts)}
	case "sum":
		sum := new(big.Int)
		for i, part := range partsOf(n.t, s) {
			w := int64(1)
			if a.Has("weights") {
				w = a.Ints("weights")[i]
			}
			sum.Add(sum, new(big.Int).Mul(big.NewInt(w), big.NewInt(n.value(part)[0])))
		}
		if !sum.IsInt64() {
			return []int64{math.MaxInt64}
		}
		return []int64{sum.Int64()}
	case "lexicographic":
		var out []int64
		for _, part := range partsOf(n.t, s) {
			out = append(out, n.value(part)...)
		}
		return out
	}
	n.t.Fatalf("objective %q is not computed anew: add it, so that it comes under the laws", s.Name)
	return nil
}

func ceil(x *big.Rat) int64 {
	q := new(big.Int).Div(new(big.Int).Neg(x.Num()), x.Denom())
	return q.Neg(q).Int64()
}

func (n *naive) on(h int) (vms []int) {
	for v, at := range n.p {
		if int(at) == h {
			vms = append(vms, v)
		}
	}
	return vms
}

func (n *naive) used(h, r int) (sum int64) {
	for _, v := range n.on(h) {
		sum += n.in.VMs[v].Demand[r]
	}
	return sum
}

// charged is what a host is charged with: under the rule numa, half of each double VM on either half of its machine.
func (n *naive) charged(h, r int) (sum int64) {
	numa := n.numa()
	if numa == nil || n.in.Hosts[0].Labels["machine"] == "" {
		return n.used(h, r)
	}
	machine, alone := n.in.Hosts[h].Labels["machine"], true
	for o, host := range n.in.Hosts {
		if o == h || host.Labels["machine"] != machine {
			continue
		}
		alone = false
		for _, v := range n.on(o) {
			if n.in.VMs[v].Labels["numa"] == "2" {
				sum += (n.in.VMs[v].Demand[r] + 1) / 2
			}
		}
	}
	for _, v := range n.on(h) {
		if d := n.in.VMs[v].Demand[r]; !alone && n.in.VMs[v].Labels["numa"] == "2" {
			sum += (d + 1) / 2
		} else {
			sum += d
		}
	}
	return sum
}

// numa is the rule of that name, if it is in force.
func (n *naive) numa() cloud.Rule {
	for _, rule := range n.rules {
		if strings.HasPrefix(rule.String(), "numa(") && rule.Continuous() {
			return rule
		}
	}
	return nil
}

func (n *naive) limit(h, r int) int64 {
	least, limited := int64(0), false
	for _, rule := range n.rules {
		if l, ok := rule.(cloud.Limiter); ok && rule.Continuous() {
			if x := l.Limit(cloud.HostID(h), r); !limited || x < least {
				least, limited = x, true
			}
		}
		if numa := n.numa(); numa != nil && rule == numa {
			ratio := big.NewRat(1, 1)
			if x, ok := spec.MustParse(numa.String()).Value("overcommit.r0"); ok && r == 0 {
				ratio.SetString(x.Text)
			}
			share := ratio.Mul(ratio, big.NewRat(n.in.Hosts[h].Capacity[r]-n.in.Hosts[h].Reserved[r], 1))
			if x := new(big.Int).Quo(share.Num(), share.Denom()).Int64(); !limited || x < least {
				least, limited = x, true
			}
		}
	}
	if !limited {
		return n.in.Hosts[h].Capacity[r] - n.in.Hosts[h].Reserved[r]
	}
	return least
}

// room is what is left on a host, by resource.
func (n *naive) room(h int) []int64 {
	out := make([]int64, len(n.in.Resources))
	for r := range out {
		out[r] = max(0, n.limit(h, r)-n.charged(h, r))
	}
	return out
}

func (n *naive) hosts(a spec.Args) (sum int64) {
	for h := range n.in.Hosts {
		w := int64(1)
		if a.Has("weight") {
			w = n.in.Hosts[h].Numbers[a.String("weight")]
		}
		if len(n.on(h)) > 0 {
			sum += w
		}
	}
	return sum
}

func (n *naive) loadOf(a spec.Args, h int) int64 {
	var shares []int64
	var weights []int64
	names, given := a.IntMap("weights")
	for r, res := range n.in.Resources {
		w := int64(1)
		if i := slices.Index(names, res.Name); i >= 0 {
			w = given[i]
		} else if names != nil || a.Has("resource") && !slices.Contains(a.Strings("resource"), res.Name) {
			continue
		}
		used, limit, share := n.charged(h, r), n.limit(h, r), int64(0)
		if used > 0 && limit == 0 {
			share = 1e9
		} else if used > 0 {
			share = min(1e9, ceil(big.NewRat(used*1e6, limit)))
		}
		shares, weights = append(shares, share), append(weights, w)
	}
	if names == nil {
		return slices.Max(shares)
	}
	sum, all := new(big.Rat), new(big.Rat)
	for i := range shares {
		sum.Add(sum, big.NewRat(shares[i]*weights[i], 1))
		all.Add(all, big.NewRat(weights[i], 1))
	}
	return ceil(sum.Quo(sum, all))
}

func (n *naive) load(a spec.Args) int64 {
	var loads []int64
	for h := range n.in.Hosts {
		loads = append(loads, n.loadOf(a, h))
	}
	if a.String("measure") != "above" {
		return measure(a, loads)
	}
	t := new(big.Rat).Mul(a.Ratio("threshold"), big.NewRat(1e6, 1))
	floor := new(big.Int).Quo(t.Num(), t.Denom()).Int64()
	var sum int64
	for _, l := range loads {
		sum += max(0, l-floor)
	}
	return sum
}

// measure makes one value of the amounts of all hosts.
func measure(a spec.Args, amounts []int64) (sum int64) {
	mean, variance := new(big.Rat), new(big.Rat)
	for _, n := range amounts {
		sum += n
		mean.Add(mean, big.NewRat(n, int64(len(amounts))))
	}
	for _, n := range amounts {
		x := new(big.Rat).Sub(big.NewRat(n, 1), mean)
		variance.Add(variance, x.Mul(x, x))
	}
	variance.Mul(variance, big.NewRat(1, int64(len(amounts))))
	slices.Sort(amounts)
	highest, lowest := amounts[len(amounts)-1], amounts[0]
	switch a.String("measure") {
	case "sum":
		return sum
	case "peak":
		return highest
	case "range":
		return highest - lowest
	}
	return int64(sort.Search(math.MaxInt, func(k int) bool {
		return new(big.Rat).Mul(big.NewRat(int64(k), 1), big.NewRat(int64(k), 1)).Cmp(variance) >= 0
	}))
}

// fill puts VMs of the size on a host one by one, counts them, and takes them out of the room.
func (n *naive) fill(a spec.Args, h int, room []int64) (fit int64) {
	names, amounts := a.IntMap("size")
	for {
		for r, res := range n.in.Resources {
			if i := slices.Index(names, res.Name); i >= 0 && room[r] < amounts[i] {
				return fit
			}
		}
		for r, res := range n.in.Resources {
			if i := slices.Index(names, res.Name); i >= 0 {
				room[r] -= amounts[i]
			}
		}
		fit++
	}
}

func (n *naive) fragments(a spec.Args) (sum int64) {
	for h := range n.in.Hosts {
		room := n.room(h)
		n.fill(a, h, room)
		sum += room[0] // every random size demands something of the first resource
	}
	return sum
}

func (n *naive) locality(a spec.Args) (sum int64) {
	for _, g := range n.in.Groups {
		if ok, _ := path.Match(a.String("group"), g.Name); !ok {
			continue
		}
		seen := map[string]bool{}
		for _, v := range g.VMs {
			if at := n.p[v]; at != cloud.Absent {
				host := n.in.Hosts[at]
				level := a.String("level")
				switch level {
				case "host":
					seen[host.Name] = true
				case "rack":
					seen[host.Rack] = true
				case "zone":
					seen[host.Zone] = true
				default:
					seen[host.Labels[level]] = true
				}
			}
		}
		if len(seen) > 1 {
			sum += int64(len(seen) - 1)
		}
	}
	return sum
}

// reassign follows the rules of the challenge, host by host and service by service.
func (n *naive) reassign(a spec.Args) (sum int64) {
	names, weights := a.IntMap("load")
	free := func(h int, name string) int64 {
		r, _ := n.in.Resource(name)
		return n.in.Hosts[h].Capacity[r] - n.in.Hosts[h].Reserved[r] - n.used(h, r)
	}
	balances, lists := a.StringLists("balance")
	for h := range n.in.Hosts {
		for i, name := range names {
			r, _ := n.in.Resource(name)
			if over := n.used(h, r) - n.in.Hosts[h].Numbers["safe."+name]; over > 0 {
				sum += weights[i] * over
			}
		}
		for i := range balances {
			ratio, _ := strconv.ParseInt(lists[i][2], 10, 64)
			weight, _ := strconv.ParseInt(lists[i][3], 10, 64)
			if lacks := ratio*free(h, lists[i][0]) - free(h, lists[i][1]); lacks > 0 {
				sum += weight * lacks
			}
		}
	}
	class := func(h cloud.HostID) int {
		return slices.IndexFunc(n.in.MoveCosts, func(c cloud.MoveClass) bool { return slices.Contains(c.Hosts, h) })
	}
	services := map[string]int64{}
	for v, to := range n.p {
		from := n.in.Initial[v]
		if from == to || from == cloud.Absent || to == cloud.Absent {
			continue
		}
		sum += a.Int("vm-moves") * n.in.VMs[v].Numbers["move_cost"]
		if f, t := class(from), class(to); f >= 0 && t >= 0 {
			sum += a.Int("host-moves") * n.in.MoveCosts[f].To[t]
		}
		alone := true
		for _, g := range n.in.Groups {
			if ok, _ := path.Match(a.String("services"), g.Name); ok && slices.Contains(g.VMs, cloud.VMID(v)) {
				services[g.Name]++
				alone = false
			}
		}
		if alone {
			services["alone"] = 1
		}
	}
	var most int64
	for _, count := range services {
		most = max(most, count)
	}
	return sum + a.Int("service-moves")*most
}

// amount is what the expressions of [cloudtest.Amounts] yield; nil where they cannot be computed.
func (n *naive) amount(text string, h int) *big.Rat {
	host, used, vms := n.in.Hosts[h], n.used(h, 0), int64(len(n.on(h)))
	switch slices.Index(cloudtest.Amounts, text) {
	case 0:
		if vms == 0 {
			return big.NewRat(0, 1)
		}
		return big.NewRat(100+2*used, 1)
	case 1:
		return big.NewRat(used, 3)
	case 2:
		x := big.NewRat(2*used-host.Capacity[0], 2)
		if x.Sign() < 0 {
			x = big.NewRat(0, 1)
		}
		if host.Zone == "y" {
			x.Add(x, big.NewRat(1, 1))
		}
		return x
	case 3:
		free := host.Capacity[0] - host.Reserved[0]
		switch {
		case used <= free:
			return big.NewRat(0, 1)
		case free == 0:
			return nil
		}
		return big.NewRat(7, free)
	case 4:
		if vms == 2 {
			return big.NewRat(-1, 1)
		}
		return big.NewRat(vms, 1)
	}
	n.t.Fatalf("the expression %q is not computed anew", text)
	return nil
}
