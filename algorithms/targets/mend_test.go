package targets_test

import (
	"errors"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// A host that is too full gives up the one VM that is enough, and the smallest such.
func TestOverfullHostMovesTooMuch(t *testing.T) {
	for _, text := range []string{"defragment", "rebalance(tolerance=1)", "evacuate(hosts=h2)"} {
		in := uniform(t, 3, []int64{60, 10}, []int64{0, 10}, []int64{0, 10}, []int64{30, 10}, []int64{40, 10}, []int64{20, 10})
		in.Initial = cloud.Placement{0, 1, 1, 0, 0, 1}
		c, r, err := choose(t, text, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := (cloud.Placement{0, 1, 1, 1, 0, 1}); !c.Target.Equal(want) || len(c.Path) != 1 {
			t.Errorf("%s: target %v, path %v: expected that v3 alone moves", text, c.Target, c.Path)
		}
		if before, after := r.Measure(in.Initial).Highest, r.Measure(c.Target).Highest; before != 1.3 || after != 1 {
			t.Errorf("%s: loads %g and %g, expected 1.3 and 1", text, before, after)
		}
	}
}

// VMs of a discrete affinity may part on the way: that they move together is no reason to know no path.
func TestGroupsMoveTogetherWithoutAPath(t *testing.T) {
	in := uniform(t, 3, []int64{30, 0}, []int64{60, 0}, []int64{50, 0}, []int64{20, 0})
	in.Groups = []cloud.Group{{Name: "pair", VMs: []cloud.VMID{0, 3}}}
	in.Rules = []spec.Spec{
		spec.Named("capacity"), spec.MustParse("affinity(group=pair, continuous=no)"), spec.MustParse("ban(group=pair, hosts=h0, continuous=no)"),
	}
	for _, text := range []string{"defragment", "rebalance", "evacuate(hosts=h0)"} {
		c, _, err := choose(t, text, in)
		if err != nil || c.Target[0] != c.Target[3] || c.Target[0] == 0 || c.Path == nil {
			t.Errorf("%s: target %v, path %v, %v", text, c.Target, c.Path, err)
		}
	}
}

// What cannot be mended is named.
func TestNoTargetHidesWhatIsBroken(t *testing.T) {
	in := uniform(t, 2, []int64{60, 10}, []int64{60, 10}, []int64{60, 10})
	_, _, err := choose(t, "rebalance", in)
	want := `no target exists: counting each full 60 MiB of ram, all 3 VMs together need 3 of them, and the 2 hosts can hold 2: short by 1 (capacity)`
	var impossible *targets.ImpossibleError
	if !errors.As(err, &impossible) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
