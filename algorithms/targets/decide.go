package targets

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/targets/exact"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// How much is searched exactly: some tenths of a second.
const (
	mostPairs = 1 << 9 // of VMs and hosts
	mostSteps = 1 << 20
)

// given are the terms of a strategy.
func (t terms) given() terms { return t }

// decide answers for a strategy that found no target: it proves that there is none, or looks at all
// placements if they are few and the strategy says which of them are targets. Where it knows no better, the
// error is the given one.
func (r *Request) decide(ctx context.Context, s Strategy, none error) (Choice, error) {
	q, err := r.question(s)
	if err != nil {
		return Choice{}, err
	}
	if proof, impossible := prove(q); impossible {
		return Choice{}, &ImpossibleError{proof}
	}
	own, known := s.(interface{ given() terms })
	if known && own.given().spare > 0 {
		if proof, impossible, err := r.needed(q, own.given().spare); impossible || err != nil {
			return Choice{}, cmp.Or[error](err, &ImpossibleError{proof})
		}
	}
	if !known || own.given().any || len(r.Instance.VMs)*len(r.Instance.Hosts) > mostPairs {
		return Choice{}, none
	}
	o, err := r.Objective(s)
	if err != nil {
		return Choice{}, err
	}
	p := &exact.Problem{
		Question: q, Stay: true, Price: r.Cost.Migrate, Objective: o, Enough: floor(bounds.New(q), o), Steps: mostSteps,
		GoOn: func() bool { return ctx.Err() == nil },
	}
	found := exact.Solve(p)
	switch {
	case found.Placement != nil:
		c, err := judged(r, Choice{Target: found.Placement})
		if err == nil && c.Path == nil && own.given().reachable {
			return Choice{}, none
		}
		return c, err
	case !found.Complete:
		return Choice{}, none
	}
	p.Stay, p.Objective = false, nil // the proof is not to rest on VMs that stay absent
	switch other := exact.Solve(p); {
	case other.Placement != nil:
		return Choice{}, noTarget("every placement was tried, and those that keep all rules place VMs that stand nowhere")
	case !other.Complete:
		return Choice{}, none
	}
	return Choice{}, &ImpossibleError{blame(p)}
}

// needed proves that more hosts have to be in use than those that are not spare.
func (r *Request) needed(q bounds.Question, spare int) (bounds.Proof, bool, error) {
	o, err := objectives.Bind(r.catalogue, r.Instance, r.Rules, spec.Named("hosts"))
	if err != nil {
		return bounds.Proof{}, false, err
	}
	n := len(r.Instance.Hosts)
	least := int(floor(bounds.New(q), o)[0])
	missing := least + spare - n
	return bounds.Proof{
		Reason:  fmt.Sprintf("%s are to be empty (spare), and at least %d of %d have to be in use", prose.Count(spare, "host"), least, n),
		Missing: int64(missing),
	}, missing > 0, nil
}

// blame names the rules that leave no placement. Those about what paths lead to come last.
func blame(p *exact.Problem) bounds.Proof {
	reachable := slices.DeleteFunc(slices.Clone(p.Rules), confines)
	confined := slices.DeleteFunc(slices.Clone(p.Rules), func(rule cloud.Rule) bool { return !confines(rule) })
	p.Rules = append(confined, reachable...) // left out in this order
	blamed := exact.Blame(p)
	rules := prose.Texts(blamed, cloud.Rule.String)
	slices.Sort(rules)
	rules = slices.Compact(rules)
	shown := prose.Texts(rules[:min(len(rules), mostReasons)], func(s string) string { return prose.Abridge(s, 120) })
	if len(rules) > len(shown) {
		shown = append(shown, "…")
	}
	reason := "every placement was tried, and none keeps " + strings.Join(shown, "; ")
	return bounds.Proof{Rules: rules, Reason: unreachable(blamed, rules) + reason}
}

// prove proves that no placement is a target, or that no path can lead to one.
func prove(q bounds.Question) (bounds.Proof, bool) {
	all := q.Rules
	q.Rules = slices.DeleteFunc(slices.Clone(all), confines)
	proof, impossible := bounds.New(q).Infeasible()
	if !impossible && len(q.Rules) < len(all) {
		q.Rules = all
		if proof, impossible = bounds.New(q).Infeasible(); impossible {
			proof.Reason = unreachable(all, proof.Rules) + proof.Reason
		}
	}
	return proof, impossible
}

func confines(rule cloud.Rule) bool {
	_, ok := rule.(*bounds.Confined)
	return ok
}

// unreachable begins a reason that is about what paths lead to, if one of the rules named is.
func unreachable(rules []cloud.Rule, named []string) string {
	out, reachable := "no path can lead to one: ", true
	for _, rule := range rules {
		c, ok := rule.(*bounds.Confined)
		if !ok || !slices.Contains(named, c.String()) {
			continue
		}
		if reachable = false; c.Why != "" {
			out += c.Why + "; "
		}
	}
	if reachable {
		return ""
	}
	return out
}
