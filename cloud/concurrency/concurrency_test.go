package concurrency_test

import (
	"fmt"
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
			check := func(t *rapid.T) {
				in, text := cloudtest.Instance(t), cloudtest.ConcurrencySpec(t, d.Name)
				if d.Name == "bandwidth" {
					cloudtest.Switches(t, in)
				}
				takes, err := durations.Bind(catalogue.Standard(), in, cloudtest.PaceDuration(t, text))
				if err != nil {
					t.Fatal(err)
				}
				model, err := concurrency.Bind(catalogue.Standard(), in, takes, text)
				if err != nil {
					t.Fatal(err)
				}
				if least, _ := text.Value("least"); least.Text != "" && least.Text != "1" && !strings.Contains(text.String(), "max-min") {
					t.Skip("what pinned rates leave, paces tell")
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
			}
			for range 5 { // where links are wide, few are refused
				rapid.Check(t, check)
			}
			if granted < 30 || refused < 30 {
				t.Errorf("%d starts were granted and %d refused", granted, refused)
			}
		})
	}
}

func TestModelReadsItsSpecOtherwise(t *testing.T) {
	in := &cloud.Instance{Hosts: []cloud.Host{{Name: "a", Rack: "r"}, {Name: "b"}, {Name: "c", Rack: "r"}}}
	both := []cloud.Step{{VM: 0, From: 0, To: 1}, {VM: 1, From: 0, To: 2}, {VM: 2, From: cloud.Absent, To: 2}, {VM: 3, From: 2, To: cloud.Absent}}
	for text, want := range map[string]string{
		"sequential":                            "sequential: 4 migrations are under way, at most 1 may be",
		"slots(outgoing=1)":                     `slots(outgoing=1): 2 migrations are under way from host "a", at most 1 may be`,
		"slots(incoming=1)":                     `slots(incoming=1): 2 migrations are under way to host "c", at most 1 may be`,
		"slots(total=3, outgoing=2)":            "slots(outgoing=2, total=3): 4 migrations are under way, at most 3 may be",
		"slots(incoming=2, outgoing=2)":         "",
		"slots(per-host=2)":                     `slots(per-host=2): 3 migrations are under way at host "c", at most 2 may be`,
		"slots(per-rack=3)":                     `slots(per-rack=3): 4 migrations are under way in rack "r", at most 3 may be`,
		"slots(per-rack=4)":                     "",
		"slots(preset=nova)":                    `slots(preset=nova): 2 migrations are under way from host "a", at most 1 may be`,
		"slots(preset=kubevirt)":                "",
		"slots(preset=vmotion-1g)":              "",
		"slots(preset=vmotion-10g, per-host=2)": `slots(preset=vmotion-10g, per-host=2): 3 migrations are under way at host "c", at most 2 may be`,
		"slots(preset=watcher)":                 "slots(preset=watcher): 4 migrations are under way, at most 2 may be",
		"slots(preset=proxlb, total=4)":         `slots(preset=proxlb, total=4): 2 migrations are under way to host "c", at most 1 may be`,
		"steps":                                 `steps: 3 migrations are under way at host "c", at most 2 may be`,
		"steps(per-host=3)":                     "",
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
		"slots(preset=ha)":  "preset",
		"steps(per-host=0)": "per-host",
		"slots(outgoing=x)": "outgoing",
		"parallel":          `unknown model of concurrency "parallel"`,
	} {
		if _, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected an error with %q, found %v", text, want, err)
		}
	}
}

// Users read the names of limits as the bottlenecks of schedules.
func TestLimitsAreMisnamed(t *testing.T) {
	in := &cloud.Instance{Hosts: []cloud.Host{{Name: "a", Rack: "r"}, {Name: "b"}}}
	for text, want := range map[string]string{
		"sequential":                    "migrations 1 migrations -1",
		"slots(preset=kubevirt)":        "outgoing migrations of a 2 migrations 0; outgoing migrations of b 2 migrations 1; migrations 5 migrations -1",
		"slots(incoming=3, per-rack=2)": "incoming migrations of a 3 migrations 0; incoming migrations of b 3 migrations 1; migrations of rack r 2 migrations -1",
		"steps":                         "migrations of a 2 migrations 0; migrations of b 2 migrations 1",
	} {
		m, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range m.Limits() {
			got = append(got, fmt.Sprint(l.Name, " ", l.Capacity, " ", l.Unit, " ", l.Host))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: expected %q, found %q", text, want, strings.Join(got, "; "))
		}
	}
}

// In a model of steps time is counted in steps.
func TestStepsTakeMilliseconds(t *testing.T) {
	in := &cloud.Instance{Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	ms, err := durations.Bind(catalogue.Standard(), in, spec.Named("rate"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "model of concurrency steps: time passes in steps, and the duration rate is in ms: expected unit, or another whose unit is the step"
	if _, err := concurrency.Bind(catalogue.Standard(), in, ms, spec.Named("steps")); err == nil || err.Error() != want {
		t.Errorf("found %v", err)
	}
}

// Presets are limits in force, unless others are given.
func TestPresetIsNotInForce(t *testing.T) {
	a, err := catalogue.Standard().Resolve(concurrency.Kind, spec.MustParse("slots(preset=kubevirt, total=9)"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(a.Values()); got != "map[outgoing:2 preset:kubevirt total:9]" {
		t.Errorf("found %s", got)
	}
}
