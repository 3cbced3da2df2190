package objectives_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// each runs a test for every registered objective.
func each(t *testing.T, check func(t *rapid.T, name string)) {
	for _, d := range catalogue.Standard().Descriptors(objectives.Kind) {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { check(t, d.Name) })
		})
	}
}

// drawn is an objective under random rules.
type drawn struct {
	in    *cloud.Instance
	rules []cloud.Rule
	spec  spec.Spec
	cloud.Objective
}

func draw(t *rapid.T, name string) drawn {
	d := drawn{in: cloudtest.Valued(t)}
	specs := []spec.Spec{}
	for range rapid.IntRange(0, 2).Draw(t, "rules") {
		specs = append(specs, cloudtest.RuleSpec(t, d.in, rapid.SampledFrom([]string{"capacity", "numa", "max-vms", "spread"}).Draw(t, "rule")))
	}
	var err error
	if d.rules, err = rules.Bind(catalogue.Standard(), d.in, specs); err != nil {
		t.Fatalf("rules %v: %v", specs, err)
	}
	d.spec = cloudtest.ObjectiveSpec(t, d.in, name)
	if d.Objective, err = objectives.Bind(catalogue.Standard(), d.in, d.rules, d.spec); err != nil {
		t.Fatalf("%s: %v", d.spec, err)
	}
	return d
}

// A meter knows the value of the state that it belongs to, and of every state that is one move away,
// wherever the state goes.
func TestMeterAndObjectiveDisagree(t *testing.T) {
	each(t, func(t *rapid.T, name string) {
		o := draw(t, name)
		s := cloud.NewState(o.in, o.rules, o.in.Initial)
		m := cloud.Measure(o, s)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			neighbours(t, o, s, m)
			vm := cloud.VMID(rapid.IntRange(0, len(o.in.VMs)-1).Draw(t, "vm"))
			to := cloud.HostID(rapid.IntRange(-1, len(o.in.Hosts)-1).Draw(t, "to"))
			switch how := rapid.IntRange(0, 3).Draw(t, "how"); {
			case how == 0:
				s.Jump(vm, to)
			case how == 1 && len(s.Moves()) > 0:
				s.Undo()
			default:
				s.Move(vm, to)
			}
		}
		neighbours(t, o, s, m)
	})
}

func neighbours(t *rapid.T, o drawn, s *cloud.State, m cloud.Meter) {
	p := s.Placement()
	if got, want := m.Value(), o.Value(p); got != want {
		t.Fatalf("%s at %v: the meter says %v, the objective %v", o, p, got, want)
	}
	for v := range o.in.VMs {
		for to := cloud.Absent; int(to) < len(o.in.Hosts); to++ {
			q := p.Clone()
			q[v] = to
			if got, want := m.After(cloud.VMID(v), to), o.Value(q); got != want {
				t.Fatalf("%s at %v, %s to %d: the meter says %v, the objective %v", o, p, o.in.VMs[v].Name, to, got, want)
			}
		}
	}
	if got, want := m.Value(), o.Value(p); got != want {
		t.Fatalf("%s at %v: asked for neighbours, the meter says %v instead of %v", o, p, got, want)
	}
}

// A component that is promised to grow never falls when VMs are placed one after another. That objectives say so of
// themselves as often as they can is not tested.
func TestGrowingObjectiveFalls(t *testing.T) {
	each(t, func(t *rapid.T, name string) {
		o := draw(t, name)
		g, ok := o.Objective.(cloud.Growing)
		if !ok {
			return
		}
		p := slices.Repeat(cloud.Placement{cloud.Absent}, len(o.in.VMs))
		before := o.Value(p)
		for v, h := range cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts)) {
			p[v] = h
			now := o.Value(p)
			for i := range g.Grows() {
				if now[i] < before[i] {
					t.Fatalf("%s: %v falls to %v at %v", o, before, now, p)
				}
			}
			before = now
		}
	})
}

func TestValueIsNotTheDocumentedOne(t *testing.T) {
	each(t, func(t *rapid.T, name string) {
		o := draw(t, name)
		p := cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts))
		if got, want := o.Value(p), blunt(t, o.in, o.rules, o.spec, p); got != want {
			t.Fatalf("%s at %v is %v, expected %v", o.spec, p, got, want)
		}
	})
}

// An objective's String is a spec that binds to the same objective again, and means what was
// written. No component of a score is below 0, and those beyond its components are 0.
func TestObjectiveBreaksItsContract(t *testing.T) {
	each(t, func(t *rapid.T, name string) {
		o := draw(t, name)
		again, err := objectives.Bind(catalogue.Standard(), o.in, o.rules, spec.MustParse(o.String()))
		if err != nil || again.String() != o.String() || again.Unit() != o.Unit() || o.Unit() == "" {
			t.Fatalf("%s binds again to %v, %v; unit %q", o, again, err, o.Unit())
		}
		p := cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts))
		value := o.Value(p)
		if other := again.Value(p); other != value {
			t.Fatalf("%s at %v is %v, bound again %v", o, p, value, other)
		}
		for i, n := range value {
			if n < 0 || n > 0 && i >= cloud.Components(o.Objective) {
				t.Fatalf("%s at %v is %v, with %d components", o, p, value, cloud.Components(o.Objective))
			}
		}
	})
}

// What is shown can be read back: percent are loads, other numbers are the components themselves.
func TestValueIsShownOtherwise(t *testing.T) {
	each(t, func(t *rapid.T, name string) {
		o := draw(t, name)
		value := o.Value(cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts)))
		shown := o.Show(value)
		texts := strings.Split(shown, ", ")
		if len(texts) != cloud.Components(o.Objective) {
			t.Fatalf("%s: %v is shown as %q", o, value, shown)
		}
		for i, text := range texts {
			number, unit, _ := strings.Cut(text, " ")
			x, ok := new(big.Rat).SetString(strings.ReplaceAll(number, ",", ""))
			if !ok || unit == "" {
				t.Fatalf("%s: %v is shown as %q", o, value, shown)
			}
			if unit == "%" {
				x.Mul(x, big.NewRat(10_000, 1))
			}
			if x.Cmp(new(big.Rat).SetInt64(value[i])) != 0 {
				t.Fatalf("%s: %v is shown as %q", o, value, shown)
			}
		}
	})
}

// Of two placements, one is better by rank where it is better in the first part in which they differ.
func TestRanksAreMixedUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := draw(t, "lexicographic")
		p := cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts))
		q := cloudtest.Placement(t, len(o.in.VMs), len(o.in.Hosts))
		want := 0
		for _, s := range partsOf(t, o.spec) {
			part, err := objectives.Bind(catalogue.Standard(), o.in, o.rules, s)
			if err != nil {
				t.Fatal(err)
			}
			if want = part.Value(p).Compare(part.Value(q)); want != 0 {
				break
			}
		}
		if got := o.Value(p).Compare(o.Value(q)); got != want {
			t.Fatalf("%s: %v compares with %v as %d, expected %d", o, p, q, got, want)
		}
	})
}
