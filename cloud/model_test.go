package cloud_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

func small(t *testing.T) *cloud.Instance {
	t.Helper()
	in, err := cloud.DecodeInstance("", []byte(testdata(t, "instance.json")))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// vm1 leaves, vm2 moves, vm3 comes.
func TestPhasesAreMixedUp(t *testing.T) {
	in := small(t)
	if got, want := in.Start(), (cloud.Placement{cloud.Absent, 1, cloud.Absent}); !got.Equal(want) {
		t.Errorf("start: expected %v, found %v", want, got)
	}
	if got, want := in.Goal(), (cloud.Placement{cloud.Absent, 0, cloud.Absent}); !got.Equal(want) {
		t.Errorf("goal: expected %v, found %v", want, got)
	}
	if in.Start().Equal(in.Start()[1:]) || in.Initial.Equal(in.Target) {
		t.Error("different placements are equal")
	}
	ram, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	want := []cloud.Step{
		{Action: cloud.Shutdown, VM: 0, From: 0, To: cloud.Absent},
		{Action: cloud.Migrate, VM: 1, From: 1, To: 0, Cost: 500},
		{Action: cloud.Provision, VM: 2, From: cloud.Absent, To: 1},
	}
	if d := cmp.Diff(want, in.Steps([]cloud.Change{{VM: 1, From: 1, To: 0}}, ram)); d != "" {
		t.Errorf("steps (-expected +found):\n%s", d)
	}
	if in.HostName(1) != "host2" || in.HostName(cloud.Absent) != "(absent)" {
		t.Errorf("found %s, %s", in.HostName(1), in.HostName(cloud.Absent))
	}
	for s, want := range map[cloud.Status][2]bool{
		cloud.Optimal: {true, false}, cloud.Feasible: {true, true}, cloud.Infeasible: {false, false},
		cloud.Unknown: {false, true}, cloud.Unsupported: {false, false},
	} {
		if s.HasPlan() != want[0] || s.Early() != want[1] {
			t.Errorf("%s: has a plan: %v, early: %v", s, s.HasPlan(), s.Early())
		}
	}
}

func TestFailureDomainsAreMiscounted(t *testing.T) {
	in := small(t)
	for by, want := range map[string][]string{
		"host": {"host1", "host2"}, "rack": {"r1", ""}, "zone": {"az1", ""}, "gen": {"7", ""}, "none": {""},
	} {
		of, names := in.Domains(by)
		if !slices.Equal(names, want) || len(of) != 2 {
			t.Errorf("by %s: expected %q, found %q", by, want, names)
		}
		for h, d := range of {
			if names[d] != in.Hosts[h].Domain(by) {
				t.Errorf("by %s: host %d is in %q", by, h, names[d])
			}
		}
	}
}

func TestFileHoldsSomethingElse(t *testing.T) {
	in := small(t)
	p, err := cloud.DecodePlan("", []byte(testdata(t, "plan.json")), in)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, ext := range []string{".json", ".json.gz", ".json.zst"} {
		instance, plan := filepath.Join(dir, "i"+ext), filepath.Join(dir, "p"+ext)
		if err := errors.Join(in.WriteFile(instance), p.WriteFile(plan, in)); err != nil {
			t.Fatal(err)
		}
		again, err := cloud.ReadInstance(instance)
		if err != nil || again.SHA256() != in.SHA256() {
			t.Errorf("%s: another instance, %v", ext, err)
		}
		q, err := cloud.ReadPlan(plan, in)
		if err != nil || q.StepsSHA256(in) != p.StepsSHA256(in) {
			t.Errorf("%s: another plan, %v", ext, err)
		}
	}
	if _, err := cloud.ReadInstance(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("found %v", err)
	}
	if _, err := cloud.ReadPlan(filepath.Join(dir, "none"), in); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("found %v", err)
	}
}

// A rule that does not bind is found after the file was read, and placed in it.
func TestLateFaultHasNoPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "i.json")
	text := edit(t, testdata(t, "instance.json"), `"arch",`, `"arhc", "spread(group=wbe, min=1)",`)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	in, err := cloud.ReadInstance(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = rules.Bind(catalogue.Standard(), in, nil)
	want := strings.Join([]string{
		`FILE:24:44: /rules/1: unknown rule "arhc", did you mean "arch"?`,
		`FILE:24:52: /rules/2: rule spread(group=wbe, min=1): unknown group "wbe", did you mean "web"?`,
	}, "\n")
	if got := strings.ReplaceAll(cloud.Locate(path, err).Error(), path, "FILE"); got != want {
		t.Errorf("expected\n%s\nfound\n%s", want, got)
	}
	for path, want := range map[string]string{
		"-":         "(standard input): /rules/1: unknown rule",
		path + ".x": path + ".x: /rules/1: unknown rule",
	} {
		if got := cloud.Locate(path, err).Error(); !strings.HasPrefix(got, want) {
			t.Errorf("expected %s…, found %s", want, got)
		}
	}
	if cloud.Locate(path, nil) != nil {
		t.Error("no error became one")
	}
}
