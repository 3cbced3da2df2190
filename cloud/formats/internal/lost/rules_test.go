package lost

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func TestManyRulesOfOneNameAreOnePhrase(t *testing.T) {
	list := []spec.Spec{spec.Named("arch")}
	for i := range 3 * maxSame {
		list = append(list, spec.Named("pin").With("vms", "vm"+strconv.Itoa(i)))
	}
	list = append(list, spec.Named("labels"))
	want := []string{"rule arch", "rule pin(vms=vm0) and 14 more of that name", "rule labels"}
	if diff := cmp.Diff(want, Rules(list)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := len(Rules(list[1 : 1+maxSame])); got != maxSame {
		t.Errorf("got %d phrases for %d rules", got, maxSame)
	}
}
