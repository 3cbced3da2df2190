package formulation

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// MaxPairs bounds the pairs of a VM and a host where it may stand: files of some 300 MB.
const MaxPairs = 4_000_000

// maxExact is the largest integer up to which solvers that count in floating point are exact.
const maxExact = 1 << 53

// Target is the choice of a target as a solver is told it: each of VMs gets a host, all rules hold in the
// end, and Factor times the objective plus the prices is minimised. The start may break rules. Start is Absent for
// VMs that have no host yet, and there is no Goal.
type Target struct {
	*Formulation
	Relations []Relation
	// Hosts lists where each of VMs may stand, ascending, as far as filters and single counters tell.
	Hosts [][]cloud.HostID
	// Weights are what each host in use adds to the objective; nil if it is not about them.
	Weights []int64
	// Loads are the resources of which the objective is the highest load; none if it is not about them.
	Loads []int
	// Highest bounds the objective: no placement is above it, or the target must not be.
	Highest int64
	Bounded bool // the target must not be above Highest
	Factor  int64
	// Title says in a line what is minimised.
	Title string

	limit   func(h cloud.HostID, resource int) int64
	charged bool
	unit    int64
}

// NewTarget makes the formulation of the choice of a target for an instance under its own rules, and
// lists what of it cannot be expressed, if that may be left out. It takes time linear in VMs × hosts.
func (c Choice) NewTarget(in *cloud.Instance) (t *Target, lost []string, err error) {
	bound, err := rules.Bind(c.catalogue, in, nil)
	if err != nil {
		return nil, nil, err
	}
	if len(c.clear) > 0 {
		emptied, err := rules.Bind(c.catalogue, in, []spec.Spec{spec.Named("max-vms").With("max", "0").WithValue("hosts", spec.Words(c.clear...))})
		if err != nil {
			return nil, nil, fmt.Errorf("clear: %w", err)
		}
		bound = append(bound, emptied...)
	}
	charge, err := c.cost(in)
	if err != nil {
		return nil, nil, err
	}
	t = &Target{Formulation: &Formulation{Instance: in, Cost: charge, Start: in.Initial}, charged: c.minimise != "objective"}
	t.admit(func(v cloud.VMID) bool { return c.place || in.Initial[v] != cloud.Absent })
	if len(t.VMs) == 0 {
		return nil, nil, errors.New("it has no VM to choose a host for")
	}
	t.sort(bound, t.finally)
	var unsaid []cloud.Rule
	if t.Relations, unsaid = t.Formulation.Relations(); len(unsaid) > 0 {
		if lost, err = Lost(unsaid, c.partial); err != nil {
			return nil, nil, err
		}
	}
	if err := t.findHosts(); err != nil {
		return nil, nil, err
	}
	t.findUnit()
	return t, lost, c.aim(t, bound)
}

// finally is what a rule says about where VMs stand in the end, when it says nothing else.
func (t *Target) finally(r cloud.Rule) (filter, bool) {
	start := t.Start
	_, oneWay := r.(cloud.OneWay)
	if w, ok := r.(cloud.WayFilter); ok {
		return func(v cloud.VMID, h cloud.HostID) bool {
			if start[v] == cloud.Absent {
				return w.Passes(v, cloud.Absent, h)
			}
			return w.Leads(v, start[v], h)
		}, true
	}
	if a, ok := r.(cloud.ArrivalFilter); ok && oneWay {
		return func(v cloud.VMID, h cloud.HostID) bool {
			if start[v] == h {
				return a.Admits(v, h)
			}
			return a.Receives(v, h)
		}, true
	}
	if f, ok := r.(cloud.HostFilter); ok {
		return f.Admits, true
	}
	return nil, false
}

// findHosts lists where each VM may stand.
func (t *Target) findHosts() error {
	type counted struct {
		counter *Counter
		demand  int64
	}
	counts := make([][]counted, len(t.Instance.VMs))
	for i := range t.Counters {
		for _, m := range t.Counters[i].Members {
			counts[m.VM] = append(counts[m.VM], counted{&t.Counters[i], m.Demand})
		}
	}
	pairs := 0
	for _, v := range t.VMs {
		var hosts []cloud.HostID
		for h := range cloud.HostID(len(t.Instance.Hosts)) {
			if t.MayArrive(v, h) && !slices.ContainsFunc(counts[v], func(c counted) bool { return c.demand > c.counter.Limit(c.counter.Places.Of[h]) }) {
				hosts = append(hosts, h)
			}
		}
		if len(hosts) == 0 {
			return fmt.Errorf("no target exists: there is no host where VM %q may stand", t.Instance.VMs[v].Name)
		}
		t.Restricted = t.Restricted || len(hosts) < len(t.Instance.Hosts)
		t.Hosts = append(t.Hosts, hosts)
		if pairs += len(hosts); pairs > MaxPairs {
			return fmt.Errorf("its %s VMs and the hosts on which they may stand, of %s, make more than %s pairs, and no more are written",
				humanize.Comma(int64(len(t.VMs))), humanize.Comma(int64(len(t.Instance.Hosts))), humanize.Comma(MaxPairs))
		}
	}
	return nil
}

// eachPrice visits the price of each pair, or one of each VM where hosts make no difference.
func (t *Target) eachPrice(do func(i int, price int64)) {
	u, uniform := t.Uniform()
	for i, v := range t.VMs {
		switch {
		case !t.charged || t.Start[v] == cloud.Absent:
		case uniform:
			do(i, u.MigrateAnywhere(v))
		default:
			for _, h := range t.Hosts[i] {
				if h != t.Start[v] {
					do(i, t.Cost.Migrate(v, t.Start[v], h))
				}
			}
		}
	}
}

// findUnit finds what all prices are multiples of.
func (t *Target) findUnit() {
	t.eachPrice(func(_ int, price int64) { t.unit = GCD(price, t.unit) })
	t.unit = max(t.unit, 1)
}

// Unit is what prices are counted in, in units of the cost function.
func (t *Target) Unit() int64 { return t.unit }

// Price is what it costs to have the VM on the host, in [Target.Unit]: that of a migration from where it starts.
// A VM that has no place yet pays nothing.
func (t *Target) Price(v cloud.VMID, h cloud.HostID) int64 {
	if from := t.Start[v]; t.charged && from != cloud.Absent && from != h {
		return t.Cost.Migrate(v, from, h) / t.unit
	}
	return 0
}

// costliest is the largest sum of prices, in units.
func (t *Target) costliest() float64 {
	most := make([]int64, len(t.VMs))
	t.eachPrice(func(i int, price int64) { most[i] = max(most[i], price/t.unit) })
	var sum float64
	for _, p := range most {
		sum += float64(p)
	}
	return sum
}

// LoadLimit is what the load of a host is measured by.
func (t *Target) LoadLimit(h cloud.HostID, resource int) int64 { return t.limit(h, resource) }

// inFull is a load of 100 %, in millionths.
const inFull = 1_000_000

// heaviest bounds the highest load, in millionths. It is an error if a VM may stand on a host that has nothing of
// what the VM demands: no finite load says that.
func (t *Target) heaviest() (int64, error) {
	in := t.Instance
	heaviest := 0.0
	for _, r := range t.Loads {
		demand := make([]float64, len(in.Hosts))
		for i, v := range t.VMs {
			for _, h := range t.Hosts[i] {
				demand[h] += float64(in.VMs[v].Demand[r])
			}
		}
		for h, d := range demand {
			limit := t.limit(cloud.HostID(h), r)
			if d > 0 && limit == 0 {
				return 0, fmt.Errorf("host %q has no %s, and VMs that demand some may stand there", in.Hosts[h].Name, in.Resources[r].Name)
			}
			if t.limited(r, limit, cloud.HostID(h)) {
				d = min(d, float64(limit))
			}
			if d > 0 {
				heaviest = max(heaviest, d/float64(limit))
			}
		}
	}
	return int64(math.Ceil(min(heaviest*inFull, maxExact))), nil
}

// limited tells whether a counter keeps what a host holds of a resource within a limit.
func (t *Target) limited(r int, limit int64, h cloud.HostID) bool {
	i := slices.IndexFunc(t.Counters, func(c Counter) bool { return c.Resource == r })
	return i >= 0 && t.Counters[i].Limit(int32(h)) <= limit
}
