package validate_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
)

// mended counts what the cases from broken starts have in them.
type mended struct {
	cases, valid, several, suspended, downOrUp, atOnce, faulty int

	paths, validPaths                  int
	atStart, validFrom, onTheWay, last map[string]int    // by rule: the start breaks it; broken first on the way, in the end
	mutants                            map[string][2]int // invalid, valid
}

func (c *mended) count(x variant, o *opinion) {
	start := map[string]string{} // names of rules by kind
	for _, r := range x.in.Rules {
		if a := (args{r}); !a.discrete() && !counterparts[r.Name].whole(beginning(x.in), a) {
			kind := r.Name
			if kind == "expression" && strings.Contains(a.text("test", ""), "vm.") {
				kind += " of a VM and a host"
			}
			start[kind] = r.Name
		}
	}
	if len(start) == 0 {
		return
	}
	c.cases++
	slept, other, together := false, false, false
	for _, s := range x.plan.Steps {
		slept = slept || s.Action == cloud.Resume
		other = other || s.Action == cloud.Shutdown || s.Action == cloud.Provision
		if begun, _ := momentsOf(s); x.plan.Schedule != nil {
			together = together || len(sceneAfter(x.in, x.plan.Steps, begun).goes) > 1
		}
	}
	path := x.plan.Schedule == nil
	for n, has := range map[*int]bool{
		&c.valid: o.valid(), &c.several: len(start) > 1, &c.suspended: slept, &c.downOrUp: other, &c.atOnce: together,
		&c.faulty: len(o.faults) > 0, &c.paths: path, &c.validPaths: path && o.valid(),
	} {
		if has {
			*n++
		}
	}
	for kind, rule := range start {
		c.atStart[kind]++
		switch {
		case o.valid():
			c.validFrom[kind]++
		case len(o.faults) > 0 || !slices.Contains(o.broken, rule):
		case o.when == "in the end":
			c.last[kind]++
		default:
			c.onTheWay[kind]++
		}
	}
	n := c.mutants[x.mutation]
	if o.valid() {
		n[1]++
	} else {
		n[0]++
	}
	c.mutants[x.mutation] = n
}

// compareBroken judges random plans from broken starts, and three mutants of each, in two ways. Every other plan is
// a path.
func compareBroken(t *testing.T, plans int) *mended {
	c := &mended{
		atStart: map[string]int{}, validFrom: map[string]int{}, onTheWay: map[string]int{}, last: map[string]int{}, mutants: map[string][2]int{},
	}
	for i := range plans {
		rule := breakable[i/2%len(breakable)]
		for _, x := range fromBroken(rule, i/2/len(breakable)%2 == 0, i%2 == 0).Example(i) {
			c.count(x, agree(t, x.in, x.plan))
		}
	}
	return c
}

// From a start that breaks rules the judge accepts and rejects what a judge written from FORMAT.md alone does,
// and names a rule that is broken first.
func TestJudgeMendsOtherwiseThanItsFormat(t *testing.T) {
	c := compareBroken(t, 2400)
	t.Logf("%+v", *c)
	for what, n := range map[string][2]int{
		"cases": {c.cases, 5000}, "valid": {c.valid, c.cases / 3}, "rules alone are broken": {c.cases - c.valid - c.faulty, c.cases / 5},
		"paths": {c.paths, 2000}, "schedules": {c.cases - c.paths, 2000}, "valid paths": {c.validPaths, 700},
		"valid schedules": {c.valid - c.validPaths, 700}, "several rules broken at the start": {c.several, 500},
		"suspended and resumed": {c.suspended, 500}, "shutdowns or provisions": {c.downOrUp, 2000}, "several under way": {c.atOnce, 1000},
	} {
		if n[0] < n[1] {
			t.Errorf("%s: %d, expected %d at least", what, n[0], n[1])
		}
	}
	for _, rule := range append(slices.Clone(breakable), "expression of a VM and a host") {
		n := [4]int{c.atStart[rule], c.validFrom[rule], c.onTheWay[rule], c.last[rule]}
		if n[0] < 100 || n[1] < 40 || n[2] < 8 || n[3] < 2 {
			t.Errorf("rule %s: broken at the start of %d cases, of which %d are valid; broken first on the way in %d, in the end in %d; expected 100, 40, 8 and 2 at least",
				rule, n[0], n[1], n[2], n[3])
		}
	}
}

// What guards grant from a broken start, the judge accepts on the way, in whatever order the steps end.
func TestJudgeRefusesWhatGuardsGrantToMend(t *testing.T) {
	for _, name := range breakable {
		t.Run(name, func(t *testing.T) {
			mended := 0
			rapid.Check(t, func(t *rapid.T) {
				in, p := drawPath(t, name, false)
				if rapid.Bool().Draw(t, "schedule") {
					in, p = draw(t, name, false, false, true)
				}
				found := findings(t, in, p)
				for _, f := range found {
					if f.Step > 0 && f.Rule != "" {
						t.Fatalf("every start was granted, the judge finds %v\n%s", f, shown(in, p))
					}
				}
				if a := (args{in.Rules[0]}); len(found) == 0 && !counterparts[name].whole(beginning(in), a) {
					mended++
				}
			})
			if mended == 0 {
				t.Error("no plan mends the rule")
			}
		})
	}
}
