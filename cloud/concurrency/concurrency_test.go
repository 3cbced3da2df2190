package concurrency_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// view lists what is under way in the plainest way.
type view []cloud.Step

func (v view) All() []cloud.Step { return v }

func (v view) At(h cloud.HostID) []cloud.Step {
	return slices.DeleteFunc(slices.Clone(v), func(c cloud.Step) bool { return c.From != h && c.To != h })
}

// step draws a migration, a suspend or a resume.
func step(t *rapid.T, in *cloud.Instance) cloud.Step {
	from := rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "from")
	to := rapid.IntRange(-1, len(in.Hosts)-2).Draw(t, "to")
	if to >= from {
		to++
	}
	action := cloud.Migrate
	switch cloud.Absent {
	case cloud.HostID(from):
		action = cloud.Resume
	case cloud.HostID(to):
		action = cloud.Suspend
	}
	return cloud.Step{
		Action: action, VM: cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm")),
		From: cloud.HostID(from), To: cloud.HostID(to),
	}
}

// A guard grants exactly those starts after which the judge finds no limit exceeded, and the judge
// finds by what just started what it finds by all that is under way.
func TestGuardAndJudgeDisagreeOnLimits(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(concurrency.Kind) {
		t.Run(d.Name, func(t *testing.T) {
			granted, refused := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				in := cloudtest.Instance(t)
				unit, err := durations.Bind(catalogue.Standard(), in, spec.Named("unit"))
				if err != nil {
					t.Fatal(err)
				}
				model, err := concurrency.Bind(catalogue.Standard(), in, unit, cloudtest.ConcurrencySpec(t, d.Name))
				if err != nil {
					t.Fatal(err)
				}
				guard, under := concurrency.NewGuard(model), view{}
				for range rapid.IntRange(1, 12).Draw(t, "events") {
					if len(under) > 0 && rapid.IntRange(0, 2).Draw(t, "one ends") == 0 {
						i := rapid.IntRange(0, len(under)-1).Draw(t, "which")
						guard.End(model.Needs(&under[i]))
						under = slices.Delete(under, i, i+1)
						continue
					}
					c := step(t, in)
					then := append(slices.Clone(under), c)
					found := model.Violations(then, []cloud.Step{c})
					if got := (guard.Lacks(model.Needs(&c)) < 0); got != (len(found) == 0) {
						t.Fatalf("%s: with %v under way, %v may start: the guard says %v, the judge finds %v", model, under, c, got, found)
					}
					more := append(slices.Clone(then), step(t, in))
					if by, all := model.Violations(more, more[len(under):]), model.Violations(more, more); len(by) == 0 && len(all) > 0 {
						t.Fatalf("%s: %v have started: by them nothing is found, by all %v", model, more[len(under):], all)
					}
					if len(found) > 0 {
						refused++
						continue
					}
					granted++
					guard.Begin(model.Needs(&c))
					under = then
				}
			})
			if granted < 30 || refused < 30 {
				t.Errorf("%d starts were granted and %d refused", granted, refused)
			}
		})
	}
}

func TestModelReadsItsSpecOtherwise(t *testing.T) {
	in := &cloud.Instance{Hosts: []cloud.Host{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	both := []cloud.Step{{VM: 0, From: 0, To: 1}, {VM: 1, From: 0, To: 2}, {VM: 2, From: cloud.Absent, To: 2}, {VM: 3, From: 2, To: cloud.Absent}}
	for text, want := range map[string]string{
		"sequential":                    "sequential: 4 migrations are under way, at most 1 may be",
		"slots(outgoing=1)":             `slots(outgoing=1): 2 migrations are under way from host "a", at most 1 may be`,
		"slots(incoming=1)":             `slots(incoming=1): 2 migrations are under way to host "c", at most 1 may be`,
		"slots(total=3, outgoing=2)":    "slots(outgoing=2, total=3): 4 migrations are under way, at most 3 may be",
		"slots(incoming=2, outgoing=2)": "",
	} {
		m, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range m.Violations(view(both), both) {
			got = append(got, v.String())
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: expected %q, found %q", text, want, got)
		}
		again, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse(m.String()))
		if err != nil || again.String() != m.String() {
			t.Errorf("%s binds again to %v, %v", m, again, err)
		}
	}
	for text, want := range map[string]string{
		"slots":             "expected a preset or at least one of outgoing, incoming, per-host, per-rack, total",
		"slots(total=0)":    "total",
		"slots(outgoing=x)": "outgoing",
		"parallel":          `unknown model of concurrency "parallel"`,
	} {
		if _, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected an error with %q, found %v", text, want, err)
		}
	}
}
