package concurrency_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// pacing is a schedule made by a pace.
type pacing struct {
	model concurrency.Elastic
	takes durations.Paced
	pace  concurrency.Pace
	now   int64
	steps []cloud.Step
	under []int   // positions of what is under way
	seen  [][]int // by step: what was under way once it had started, itself the last
	tried []trial
}

// trial is a step that was refused.
type trial struct {
	step  cloud.Step
	under []int
}

func (p *pacing) vms() map[cloud.VMID]bool {
	out := map[cloud.VMID]bool{}
	for _, i := range p.under {
		out[p.steps[i].VM] = true
	}
	return out
}

func (p *pacing) try(c cloud.Step) {
	c.Start = p.now
	if !p.pace.Allows(&c) {
		least := p.model.Needs(&c).Uses[0].Least
		c.End = c.Start + p.takes.TimeAt(&c, least)
		p.tried = append(p.tried, trial{c, slices.Clone(p.under)})
		return
	}
	p.pace.Begin(&c, p.now)
	p.under = append(p.under, len(p.steps))
	p.seen = append(p.seen, slices.Clone(p.under))
	p.steps = append(p.steps, c)
}

func (p *pacing) advance(t *rapid.T) {
	vm, at, ok := p.pace.Next()
	if !ok || at < p.now {
		t.Fatalf("at %d %v are under way, and next is %d at %d, %v", p.now, p.under, vm, at, ok)
	}
	i := slices.IndexFunc(p.under, func(i int) bool { return p.steps[i].VM == vm })
	p.now = at
	p.steps[p.under[i]].End = at
	p.pace.End(vm, at)
	p.under = slices.Delete(p.under, i, i+1)
}

// view lists the steps at positions.
func (p *pacing) view(positions []int) view {
	var out view
	for _, i := range positions {
		out = append(out, p.steps[i])
	}
	return out
}

// drawPacing makes a schedule with a pace.
func drawPacing(t *rapid.T) *pacing {
	in := cloudtest.Priced(t)
	cloudtest.Switches(t, in)
	text := cloudtest.ConcurrencySpec(t, "bandwidth")
	takes, err := durations.Bind(catalogue.Standard(), in, cloudtest.PaceDuration(t, text))
	if err != nil {
		t.Fatal(err)
	}
	model, err := concurrency.Bind(catalogue.Standard(), in, takes, text)
	if err != nil {
		t.Fatal(err)
	}
	elastic, ok := model.(concurrency.Elastic)
	if !ok {
		t.Skip("full rates")
	}
	p := &pacing{model: elastic, takes: takes.(durations.Paced), pace: elastic.NewPace()}
	for range rapid.IntRange(3, 25).Draw(t, "events") {
		if len(p.under) > 0 && rapid.IntRange(0, 2).Draw(t, "one ends") == 0 {
			p.advance(t)
		} else if c := step(t, in); !p.vms()[c.VM] {
			p.try(c)
		}
	}
	for len(p.under) > 0 {
		p.advance(t)
	}
	return p
}

// The judge accepts what a pace yields, neither more nor less: no step that the pace refuses, at its least rate, and no step that is
// shorter by one ms.
func TestPaceAndJudgeDisagree(t *testing.T) {
	slowed, refused, maxMin := 0, 0, 0
	check := func(t *rapid.T) {
		p := drawPacing(t)
		earliest := p.model.Earliest(p.steps)
		for i, s := range p.steps {
			under := p.view(p.seen[i])
			if found := p.model.Violations(under, under[len(under)-1:]); len(found) > 0 || s.End < earliest[i] {
				t.Fatalf("%s, %s: of %+v the judge refuses step %d: %v, earliest end %d", p.model, p.takes, p.steps, i, found, earliest[i])
			}
			full := s.Start + p.model.Needs(&s).Time
			if s.End > full {
				slowed++
			}
			if earliest[i] > full {
				maxMin++
			}
			if s.End == s.Start {
				continue
			}
			under[len(under)-1].End--
			if found := p.model.Violations(under, under[len(under)-1:]); len(found) == 0 && s.End-1 >= earliest[i] {
				t.Fatalf("%s, %s: of %+v the judge lets step %d end 1 ms earlier", p.model, p.takes, p.steps, i)
			}
		}
		for _, x := range p.tried {
			under := append(p.view(x.under), x.step)
			if len(p.model.Violations(under, under[len(under)-1:])) == 0 {
				t.Fatalf("%s, %s: with %+v under way the pace refuses %+v, the judge does not", p.model, p.takes, p.view(x.under), x.step)
			}
			refused++
		}
	}
	for range 15 {
		rapid.Check(t, check)
	}
	if slowed < 300 || refused < 100 || maxMin < 200 {
		t.Errorf("%d steps beside others were slower than alone, %d of them at fair rates, and %d refused", slowed, maxMin, refused)
	}
}
