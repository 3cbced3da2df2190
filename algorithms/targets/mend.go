package targets

import (
	"cmp"
	"context"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// The start may break rules: continuous ones, which are then in their mending form, and discrete ones. A
// draft mends both kinds alike, and no rule has code of its own here: a rule says where it is broken and which
// VMs it looks at, and answers what it would say if some of them stood elsewhere.

// mendTries is [draft.tries] of strategies that make room for nothing but mending.
const mendTries = 64

// mostCulprits bounds how many VMs that break a rule in one place are looked at.
const mostCulprits = 1 << 10

// mostVain bounds how many relocations may fail in a row before a draft gives up: where one rule cannot be mended,
// it is of no use to mend the others.
const mostVain = 1 << 8

// enforced is a discrete rule that a draft obeys all the way.
type enforced struct{ cloud.Rule }

func (enforced) Continuous() bool { return true }

// form is a rule as it is in force: in its mending form if the placement breaks it.
func form(rule cloud.Rule, now cloud.View) (inForce cloud.Rule, broken bool) {
	if len(rule.Violations(now, nil)) == 0 {
		return rule, false
	}
	discrete, isDiscrete := rule.(enforced)
	if isDiscrete {
		rule = discrete.Rule
	}
	if m, ok := rule.(cloud.Mender); ok {
		rule = m.Mend(now)
	}
	if isDiscrete {
		rule = enforced{rule}
	}
	return rule, true
}

// obey puts in force the rules that the draft obeys from now on: what has been mended stays so. O(instance).
func (d *draft) obey() {
	now := d.state.View()
	d.rules = slices.Clone(d.rules)
	d.broken = slices.DeleteFunc(d.broken, func(i int) bool {
		inForce, broken := form(d.whole[i], now)
		d.rules[i] = inForce
		return !broken
	})
	moves := d.state.Moves()
	d.state = cloud.NewState(d.in, d.rules, d.in.Initial)
	for _, m := range moves {
		d.state.Move(m.VM, m.To)
	}
	d.ways, d.watching = cloud.Sort(d.in, d.rules), nil
}

// mend moves VMs until no rule is broken, as far as it finds a way: one rule that is mended may open the way for
// another. The judge decides whether that was enough.
func (d *draft) mend(ctx context.Context) error {
	for range mostRounds {
		before := len(d.state.Moves())
		for _, i := range d.broken {
			if err := d.mendRule(ctx, d.whole[i]); err != nil {
				return err
			}
		}
		if len(d.state.Moves()) == before && !d.mendTogether() {
			break
		}
		d.obey()
	}
	return nil
}

// mendRule goes through the places where the rule is broken.
func (d *draft) mendRule(ctx context.Context, rule cloud.Rule) error {
	d.repair = &repair{asked: []asked{d.ask(rule)}}
	defer func() { d.repair = nil }()
	for _, found := range rule.Violations(d.state.View(), nil) {
		d.repair.breach = d.breachOf(rule, found.Where)
		for range mostRounds {
			if d.vain > mostVain || len(d.culprits(d.repair.breach)) == 0 || !d.relieve() && !d.step() {
				break
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// mendTogether moves all VMs that break any rule at once: they may be in each other's way. It tells whether it did.
func (d *draft) mendTogether() bool {
	var asked []asked
	var culprits []cloud.VMID
	for _, i := range d.broken {
		asked = append(asked, d.ask(d.whole[i]))
		for _, found := range d.whole[i].Violations(d.state.View(), nil) {
			culprits = append(culprits, d.culprits(d.breachOf(d.whole[i], found.Where))...)
		}
		slices.Sort(culprits)
		if culprits = slices.Compact(culprits); len(culprits) > mostTogether {
			return false
		}
	}
	if len(culprits) == 0 {
		return false
	}
	d.repair = &repair{asked: asked}
	defer func() { d.repair = nil }()
	_, ok := d.relocate(culprits, nil)
	return ok || d.relocateMore(culprits)
}

// repair is what is being mended.
type repair struct {
	breach breach
	asked  []asked // where VMs go
	// home is where VMs come from that are out at the moment, to be placed anew.
	home map[cloud.VMID]cloud.HostID
}

// asked is a whole rule that VMs have to keep where they go.
type asked struct {
	guard   cloud.Guard
	watches []cloud.VMID // ascending; nil for all
}

func (d *draft) ask(rule cloud.Rule) asked {
	return asked{rule.NewGuard(d.state), slices.Sorted(slices.Values(rule.Watches()))}
}

func (a asked) watched(v cloud.VMID) bool {
	if a.watches == nil {
		return true
	}
	_, found := slices.BinarySearch(a.watches, v)
	return found
}

// allows tells whether a VM may go to a host now and, while a rule is mended, whether the whole rule is kept there.
func (d *draft) allows(v cloud.VMID, to cloud.HostID) bool {
	if !d.state.Allows(v, to) {
		return false
	}
	if d.repair == nil {
		return true
	}
	if home, out := d.repair.home[v]; out && home != to && !d.ways.Passes(v, home, to) {
		return false // which nobody else can see of a VM that stands nowhere
	}
	return !slices.ContainsFunc(d.repair.asked, func(a asked) bool {
		return a.watched(v) && !a.guard.Allows(d.state, v, d.state.HostOf(v), to)
	})
}

// breach is where a rule is broken.
type breach struct {
	rule  cloud.Rule // the whole
	where cloud.Where
	hosts []cloud.HostID // of the place; nil where the rule names none
}

func (d *draft) breachOf(rule cloud.Rule, w cloud.Where) breach {
	return breach{rule, w, d.in.HostsAt(w)}
}

// persists tells whether the rule is broken there, as far as that may come of the arrival of a VM.
func (d *draft) persists(b breach, v cloud.VMID) bool {
	arrival := cloud.Change{VM: v, From: cloud.Absent, To: d.state.HostOf(v)}
	return slices.ContainsFunc(b.rule.Violations(d.state.View(), &arrival), func(x cloud.Violation) bool { return x.Where == b.where })
}

// culprits are the VMs that break the rule there: they could not arrive where they stand. The cheapest to move
// come first.
func (d *draft) culprits(b breach) []cloud.VMID {
	var suspects []cloud.VMID
	switch vm, ok := d.in.VM(b.where.VM); {
	case ok && b.where.VM != "":
		suspects = []cloud.VMID{vm}
	case b.hosts == nil:
		suspects = b.rule.Watches()
	default:
		a := asked{watches: slices.Sorted(slices.Values(b.rule.Watches()))}
		for _, h := range b.hosts {
			for _, v := range d.state.On(h) {
				if a.watched(v) {
					suspects = append(suspects, v)
				}
			}
		}
	}
	suspects = slices.DeleteFunc(slices.Clone(suspects), func(v cloud.VMID) bool { return d.state.HostOf(v) == cloud.Absent })
	if b.hosts != nil {
		suspects = slices.DeleteFunc(suspects, func(v cloud.VMID) bool { return !d.persists(b, v) })
	} else if len(suspects) > 0 && !d.persists(b, suspects[0]) { // they break it together
		return nil
	}
	d.increasing(suspects)
	return suspects
}

// increasing sorts VMs by what it takes to move them, as far as that is known here.
func (d *draft) increasing(vms []cloud.VMID) {
	slices.SortFunc(vms, func(a, b cloud.VMID) int {
		return cmp.Or(cmp.Compare(d.in.VMs[a].Demand[0], d.in.VMs[b].Demand[0]), cmp.Compare(d.sizes[a], d.sizes[b]), cmp.Compare(a, b))
	})
}

// relieve takes away VMs that break the rule, the cheapest that are enough, or all. It tells whether it did.
func (d *draft) relieve() bool {
	culprits := d.culprits(d.repair.breach)
	candidates := slices.Clone(culprits[max(0, len(culprits)-mostCulprits):])
	var first []cloud.VMID
	for range fits {
		leave := d.leavers(culprits, candidates)
		if leave == nil {
			break
		}
		stuck, ok := d.relocate(leave, nil)
		if ok {
			return true
		}
		if first == nil {
			first = leave
		}
		candidates = slices.DeleteFunc(candidates, func(v cloud.VMID) bool { return v == stuck })
	}
	if first != nil && d.relocateMore(first) {
		return true
	}
	if len(culprits) > mostTogether {
		return false
	}
	_, ok := d.relocate(culprits, nil)
	return ok
}

// leavers are the candidates that have to leave, so that the other culprits break the rule no longer: the
// cheapest of up to three sets, none of which can do without any of its VMs. Nil if all candidates are too few.
func (d *draft) leavers(culprits, candidates []cloud.VMID) []cloud.VMID {
	home := map[cloud.VMID]cloud.HostID{}
	out := func(v cloud.VMID) {
		home[v] = d.state.HostOf(v)
		d.state.Jump(v, cloud.Absent)
	}
	back := func(v cloud.VMID) {
		d.state.Jump(v, home[v])
		delete(home, v)
	}
	enough := func() bool {
		i := slices.IndexFunc(culprits, func(v cloud.VMID) bool { return d.state.HostOf(v) != cloud.Absent })
		return i < 0 || !d.persists(d.repair.breach, culprits[i]) // the others would say the same
	}
	var best []cloud.VMID
	try := func(order []cloud.VMID) {
		for _, v := range order {
			if out(v); enough() {
				break
			}
		}
		var set []cloud.VMID
		for _, v := range slices.Backward(candidates) { // the costliest first
			if _, left := home[v]; !left {
				continue
			}
			if back(v); !enough() {
				out(v)
				set = append(set, v)
			}
		}
		if enough() && (best == nil || cmp.Or(cmp.Compare(d.amount(set), d.amount(best)), cmp.Compare(len(set), len(best))) < 0) {
			best = set
		}
		for _, v := range set {
			back(v)
		}
	}
	for i, v := range candidates {
		out(v)
		alone := enough()
		if back(v); alone {
			try(candidates[i : i+1])
			break
		}
	}
	try(candidates)
	descending := slices.Clone(candidates)
	slices.Reverse(descending)
	try(descending)
	return best
}

// amount is what VMs demand of the first resource.
func (d *draft) amount(vms []cloud.VMID) (sum int64) {
	for _, v := range vms {
		sum += d.in.VMs[v].Demand[0]
	}
	return sum
}

// step moves one VM so that the rule is broken there no longer or, where the rule names no place, less than
// before. Where it names a place, the VM goes there. It tells whether it did.
func (d *draft) step() bool {
	b := d.repair.breach
	candidates := slices.Clone(d.watched(b.rule))
	d.increasing(candidates)
	looks := mostLooks
	for _, v := range candidates {
		if d.state.HostOf(v) == cloud.Absent {
			continue
		}
		for h := range d.rooms.fitting(d.in.VMs[v].Demand) {
			if looks--; looks < 0 {
				return false
			}
			if (b.hosts == nil || slices.Contains(b.hosts, h)) && d.state.Allows(v, h) && d.improves(b, v, h) {
				d.move(v, h)
				return true
			}
		}
	}
	return false
}

// improves tells whether the rule is broken less once a VM has gone to a host: where no place is named, whether its
// mending form would not tolerate then what there is now.
func (d *draft) improves(b breach, v cloud.VMID, to cloud.HostID) bool {
	from := d.state.HostOf(v)
	d.state.Jump(v, to)
	if b.hosts != nil {
		better := !d.persists(b, v)
		d.state.Jump(v, from)
		return better
	}
	inForce, broken := form(b.rule, d.state.View())
	d.state.Jump(v, from)
	return !broken || inForce != b.rule && len(inForce.Violations(d.state.View(), nil)) > 0
}
