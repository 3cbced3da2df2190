package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// judgeSchedule judges as programs do: by the model that the plan names.
func judgeSchedule(t interface{ Fatal(...any) }, in *cloud.Instance, p *cloud.Plan) *validate.Report {
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	ram, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	model, err := concurrency.Of(catalogue.Standard(), in, p.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Schedule(in, bound, ram, model, p)
}

// tally counts what the cases of a comparison have in them, of which several steps are under way
// at once.
type tally struct {
	alone                                                                           int // not counted
	cases, valid, sameEnd, suspended, downOrUp, resources, grouped, zero, transient int
	ofRule, broken                                                                  map[string]int
	atOnce                                                                          map[int]int
	mutants                                                                         map[string][2]int // invalid, valid
}

func (c *tally) count(in *cloud.Instance, p *cloud.Plan, o *opinion, mutation string) {
	ends := map[int64]bool{}
	same, slept, other, zero, peak := false, false, false, false, 0
	for _, s := range p.Steps {
		start, _ := momentsOf(s)
		same = same || s.End > s.Start && ends[s.End]
		if s.End > s.Start {
			ends[s.End] = true
		}
		slept = slept || s.Action == cloud.Resume
		other = other || s.Action == cloud.Shutdown || s.Action == cloud.Provision
		zero = zero || s.Start == s.End
		peak = max(peak, len(sceneAfter(in, p.Steps, start).goes))
	}
	if peak < 2 {
		c.alone++
		return
	}
	c.cases++
	n := c.mutants[mutation]
	if o.valid() {
		c.valid++
		n[1]++
	} else {
		n[0]++
	}
	c.mutants[mutation] = n
	if len(o.faults) == 0 {
		for _, rule := range slices.Compact(o.broken) {
			c.broken[rule]++
		}
	}
	grouped, transient := false, false
	inRules := map[string]bool{}
	for _, r := range in.Rules {
		if !inRules[r.Name] {
			c.ofRule[r.Name]++
		}
		inRules[r.Name] = true
		grouped = grouped || (args{r}).has("group")
		transient = transient || (args{r}).has("transient")
	}
	c.atOnce[peak]++
	for n, has := range map[*int]bool{
		&c.sameEnd: same, &c.suspended: slept, &c.downOrUp: other, &c.zero: zero,
		&c.resources: len(in.Resources) > 1, &c.grouped: grouped, &c.transient: transient,
	} {
		if has {
			*n++
		}
	}
}

// agree holds the judge against the blunt one.
func agree(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, in *cloud.Instance, p *cloud.Plan,
) *opinion {
	var want *opinion
	var got *validate.Report
	if p.Schedule != nil {
		want, got = bluntly(in, p), judgeSchedule(t, in, p)
	} else {
		want, got = bluntlyPath(in, p), judge(t, in, p)
	}
	if got.OK() != want.valid() {
		t.Fatalf("valid is %v (%v; %s: %v), the judge finds %v\n%s", want.valid(), want.faults, want.when, want.broken, got.Findings, shown(in, p))
	}
	if len(want.faults) > 0 {
		return want
	}
	for _, f := range got.Findings {
		if f.Rule == "" || p.Schedule != nil && f.Rule == p.Schedule.Model {
			continue
		}
		name, _, _ := strings.Cut(f.Rule, "(")
		when := f.Msg
		if f.Step > 0 && strings.HasPrefix(want.when, "step") {
			when = fmt.Sprintf("step %d: %s", f.Step, f.Msg)
		}
		if !slices.Contains(want.broken, name) || !strings.HasPrefix(when, want.when) {
			t.Fatalf("%s %v are broken first, the judge finds %v\n%s", want.when, want.broken, f, shown(in, p))
		}
		return want
	}
	if len(want.broken) > 0 {
		t.Fatalf("%s %v are broken, the judge finds no broken rule: %v\n%s", want.when, want.broken, got.Findings, shown(in, p))
	}
	return want
}

func shown(in *cloud.Instance, p *cloud.Plan) string {
	out := fmt.Sprintf("rules %v, initial %v, target %v\n", in.Rules, in.Initial, in.Target)
	if p.Schedule != nil {
		out += fmt.Sprintf("model %s\n", p.Schedule.Model)
	}
	for _, s := range p.Steps {
		out += fmt.Sprintf("%d-%d: %s VM %d from %d to %d\n", s.Start, s.End, s.Action, s.VM, s.From, s.To)
	}
	return out
}

// variant is a schedule, or a mutant of one.
type variant struct {
	in       *cloud.Instance
	plan     *cloud.Plan
	mutation string
}

// variants makes a schedule from a sane start and three mutants of it. It judges nothing: [rapid.Generator.Example] tries
// again after a failure.
func variants(rule string, reckless bool) *rapid.Generator[[]variant] {
	return rapid.Custom(func(t *rapid.T) []variant {
		in, p := draw(t, rule, reckless, true, false)
		out := []variant{{in, p, "none"}}
		for range 3 {
			in, p := cloneCase(in, p)
			kind := mutateSchedule(t, in, p)
			out = append(out, variant{in, p, kind})
		}
		return out
	})
}

// compare judges random schedules from sane starts, and three mutants of each, in two ways.
func compare(t *testing.T, schedules int) *tally {
	c := &tally{ofRule: map[string]int{}, broken: map[string]int{}, atOnce: map[int]int{}, mutants: map[string][2]int{}}
	names := ruleNames()
	for _, name := range names {
		if _, ok := counterparts[name]; !ok {
			t.Fatalf("the rule %s has no counterpart in the blunt judge: add one to counterparts", name)
		}
	}
	for i := range schedules {
		for _, x := range variants(names[i%len(names)], i/len(names)%3 == 0).Example(i) {
			c.count(x.in, x.plan, agree(t, x.in, x.plan), x.mutation)
		}
	}
	return c
}

// The judge accepts and rejects what a judge written from FORMAT.md alone does, and names a rule
// that is broken first.
func TestJudgeDepartsFromItsFormat(t *testing.T) {
	c := compare(t, 3500)
	t.Logf("%+v", *c)
	for what, n := range map[string][2]int{
		"cases": {c.cases, 5000}, "valid": {c.valid, c.cases * 3 / 10}, "invalid": {c.cases - c.valid, c.cases / 2},
		"ends at the same instant": {c.sameEnd, 500}, "suspended and resumed": {c.suspended, 500},
		"shutdowns or provisions": {c.downOrUp, 1000}, "steps without length": {c.zero, 500},
		"several resources": {c.resources, 1000}, "rules about groups": {c.grouped, 1000}, "transient capacity": {c.transient, 200},
		"two at once": {c.atOnce[2], 200}, "three at once": {c.atOnce[3], 200}, "four at once": {c.atOnce[4], 100},
		"five at once": {c.atOnce[5], 50}, "six at once": {c.atOnce[6], 10},
	} {
		if n[0] < n[1] {
			t.Errorf("%s: %d, expected %d at least", what, n[0], n[1])
		}
	}
	for _, name := range ruleNames() {
		if c.ofRule[name] < 200 || c.broken[name] < 5 {
			t.Errorf("rule %s: %d cases, in %d of which nothing but it is wrong; expected 200 and 5 at least", name, c.ofRule[name], c.broken[name])
		}
	}
}
