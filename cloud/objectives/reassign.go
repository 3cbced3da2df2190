package objectives

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// SafePrefix begins the names of the numbers of a host that say how much of a resource its VMs may demand safely.
const SafePrefix = "safe."

func reassignEntry() spec.Entry[Binder] {
	weight := func(name, doc string) spec.Param {
		return spec.Param{Name: name, Type: spec.Int, Bounds: spec.Between(0, 1e9), Default: "0", Doc: doc}
	}
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "reassign",
			Synopsis: "machine reassignment: load above what is safe, imbalance, and what moving from the initial placement costs",
			Doc: "The objective of the ROADEF/EURO challenge 2012, a sum of five costs with their weights. Load: for each resource with a " +
				"weight, what the VMs of a host demand above the host's number safe.<resource>, which every host must have. Balance: " +
				"balance.<name>=[FIRST, SECOND, RATIO, WEIGHT] costs WEIGHT times what a host has less free of the second resource than RATIO " +
				"times what it has free of the first; free is the capacity less what is reserved and what its VMs demand. VM moves: the number of " +
				"a VM that vm-number names, for each VM elsewhere than initially. Service moves: the largest number of VMs of one group that are elsewhere; " +
				"a VM in no group is a group of its own. Host moves: the move_costs of the instance from where a VM stood to where it " +
				"stands. VMs that stand nowhere, before or after, do not move.",
			Params: []spec.Param{
				{Name: "load", Map: true, Type: spec.Int, Bounds: spec.Between(0, 1e9), Doc: "weight of the load cost of a resource; 0 unless given"},
				{Name: "balance", Map: true, Type: spec.String, List: true, Doc: "two resources, the ratio that is wished for and the weight: balance.b0=[ram, vcpu, 2, 10]"},
				weight("vm-moves", "weight of the VMs that move"),
				{Name: "vm-number", Type: spec.String, Default: "move_cost", Doc: "the number of a VM that says what its move costs; 0 where a VM has none"},
				weight("service-moves", "weight of the most VMs of a service that move"),
				{Name: "services", Type: spec.String, Default: "*", Doc: "name of a group, or a pattern that stands for each group it matches: the services"},
				weight("host-moves", "weight of the instance's move_costs"),
			},
			Citation: rules.ROADEF2012,
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) { return newReassign(in, a) }, nil
		},
	}
}

// Reassign is the objective of the ROADEF/EURO challenge 2012. Its fields are read-only.
type Reassign struct {
	in   *cloud.Instance
	text string

	Weights  []int64 // by resource, of what is above Safe
	Safe     []int64 // [host*R + resource]
	Balances []Balance
	Moves    []int64 // by VM: what it costs if it moves, weighted
	Service  int64   // weight
	Services [][]cloud.VMID
	Hosts    int64   // weight of the instance's move costs
	Classes  []int32 // by host, of the instance's move costs

	highest int64
}

// Balance costs its weight times what a host has less free of the second resource than the ratio times what it has
// free of the first.
type Balance struct {
	First, Second int
	Ratio, Weight int64
}

func newReassign(in *cloud.Instance, a spec.Args) (*Reassign, error) {
	r := len(in.Resources)
	o := &Reassign{
		in: in, text: a.Brief().String(), Weights: make([]int64, r), Safe: make([]int64, r*len(in.Hosts)),
		Service: a.Int("service-moves"), Hosts: a.Int("host-moves"), Classes: in.MoveClasses(), Moves: make([]int64, len(in.VMs)),
	}
	names, weights := a.IntMap("load")
	for i, name := range names {
		at, err := in.Resource(name)
		if err != nil {
			return nil, err
		}
		o.Weights[at] = weights[i]
	}
	if err := o.findSafe(); err != nil {
		return nil, err
	}
	names, lists := a.StringLists("balance")
	for i, name := range names {
		b, err := newBalance(in, lists[i])
		if err != nil {
			return nil, fmt.Errorf("balance.%s: %w", name, err)
		}
		o.Balances = append(o.Balances, b)
	}
	var err error
	if o.Services, err = services(in, a.String("services")); err != nil {
		return nil, err
	}
	return o, o.bound(a.Int("vm-moves"), a.String("vm-number"))
}

// findSafe reads what is safe on each host, of the resources that have a weight.
func (o *Reassign) findSafe() error {
	n := len(o.in.Resources)
	for h := range o.in.Hosts {
		for r, w := range o.Weights {
			name := SafePrefix + o.in.Resources[r].Name
			safe, known := o.in.Hosts[h].Numbers[name]
			switch {
			case w == 0:
				safe = math.MaxInt64
			case !known:
				return fmt.Errorf("host %q lacks the number %q", o.in.Hosts[h].Name, name)
			case safe < 0:
				return fmt.Errorf("host %q: expected a number %q of at least 0, found %d", o.in.Hosts[h].Name, name, safe)
			}
			o.Safe[h*n+r] = safe
		}
	}
	return nil
}

func newBalance(in *cloud.Instance, list []string) (b Balance, err error) {
	if len(list) != 4 {
		return b, fmt.Errorf("expected [FIRST, SECOND, RATIO, WEIGHT], found %d values", len(list))
	}
	if b.First, err = in.Resource(list[0]); err != nil {
		return b, err
	}
	if b.Second, err = in.Resource(list[1]); err != nil {
		return b, err
	}
	for i, into := range []*int64{&b.Ratio, &b.Weight} {
		if *into, err = strconv.ParseInt(list[2+i], 10, 64); err != nil || *into < 0 {
			return b, fmt.Errorf("expected an integer of at least 0, found %q", list[2+i])
		}
	}
	return b, nil
}

// services lists the VMs of the groups that a pattern matches, and each VM that is in none of them on its own.
func services(in *cloud.Instance, pattern string) ([][]cloud.VMID, error) {
	var groups []int
	if len(in.Groups) > 0 || pattern != "*" {
		var err error
		if groups, err = rules.MatchGroups(in, pattern); err != nil {
			return nil, err
		}
	}
	var out [][]cloud.VMID
	grouped := make([]bool, len(in.VMs))
	for _, g := range groups {
		out = append(out, in.Groups[g].VMs)
		for _, v := range in.Groups[g].VMs {
			grouped[v] = true
		}
	}
	for v := range in.VMs {
		if !grouped[v] {
			out = append(out, []cloud.VMID{cloud.VMID(v)})
		}
	}
	return out, nil
}

// bound reads what VMs cost that move, and refuses an objective whose values may not fit in 64 bits.
func (o *Reassign) bound(weight int64, number string) error {
	in := o.in
	total := plus(0, o.Service, int64(len(in.VMs)))
	highest := int64(0)
	for _, c := range in.MoveCosts {
		for _, n := range c.To {
			highest = max(highest, n)
		}
	}
	for range in.VMs {
		total = plus(total, o.Hosts, highest)
	}
	for v := range in.VMs {
		n := in.VMs[v].Numbers[number]
		if n < 0 {
			return fmt.Errorf("VM %q: expected a number %q of at least 0, found %d", in.VMs[v].Name, number, n)
		}
		total = plus(total, weight, n)
		if total < math.MaxInt64 {
			o.Moves[v] = weight * n
		}
	}
	capacity, demand := make([]int64, len(in.Resources)), make([]int64, len(in.Resources))
	for r := range in.Resources {
		for h := range in.Hosts {
			capacity[r] += in.Hosts[h].Capacity[r]
		}
		for v := range in.VMs {
			demand[r] += in.VMs[v].Demand[r]
		}
		total = plus(total, o.Weights[r], demand[r])
	}
	for _, b := range o.Balances {
		most := plus(demand[b.Second], b.Ratio, capacity[b.First])
		// What is computed on the way must fit as well.
		if least := plus(capacity[b.Second], b.Ratio, demand[b.First]); least == math.MaxInt64 {
			total = least
		}
		total = plus(total, max(1, b.Weight), most)
	}
	if o.highest = total; total == math.MaxInt64 {
		return errors.New("its values may not fit in 64 bits")
	}
	return nil
}

// most is above every value.
func (o *Reassign) most() int64 { return o.highest }

// Instance is what the objective is bound to.
func (o *Reassign) Instance() *cloud.Instance { return o.in }

// String implements [cloud.Objective].
func (o *Reassign) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Reassign) Unit() string { return "points" }

// Show implements [cloud.Objective].
func (o *Reassign) Show(s cloud.Score) string { return show(s[0], "points") }

// Grows implements [cloud.Growing]: another VM adds load and moves, and may improve the balance.
func (o *Reassign) Grows() int {
	if len(o.Balances) > 0 {
		return 0
	}
	return 1
}

// Value implements [cloud.Objective].
func (o *Reassign) Value(p cloud.Placement) cloud.Score {
	var sum int64
	n, used := len(o.in.Resources), cloud.ChargesOf(o.in, nil).Used(len(o.in.Hosts), p)
	for i, u := range used {
		if w := o.Weights[i%n]; w > 0 {
			sum += w * max(0, u-o.Safe[i])
		}
	}
	for _, b := range o.Balances {
		for h := range o.in.Hosts {
			free := func(r int) int64 {
				return o.in.Hosts[h].Capacity[r] - o.in.Hosts[h].Reserved[r] - used[h*n+r]
			}
			sum += b.Weight * max(0, b.Ratio*free(b.First)-free(b.Second))
		}
	}
	moved := func(v cloud.VMID) bool {
		return o.in.Initial[v] != cloud.Absent && p[v] != cloud.Absent && o.in.Initial[v] != p[v]
	}
	for v, to := range p {
		if !moved(cloud.VMID(v)) {
			continue
		}
		sum += o.Moves[v]
		if from := o.Classes[o.in.Initial[v]]; from >= 0 && o.Classes[to] >= 0 {
			sum += o.Hosts * o.in.MoveCosts[from].To[o.Classes[to]]
		}
	}
	var largest int64
	for _, vms := range o.Services {
		var n int64
		for _, v := range vms {
			if moved(v) {
				n++
			}
		}
		largest = max(largest, n)
	}
	return cloud.Score{sum + o.Service*largest}
}
