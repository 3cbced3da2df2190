package formulation_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
)

// identifier is what PDDL takes for a name.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// Whatever VMs and hosts are called, they must get different identifiers, from which they
// are found again in any case of letters.
func TestNamesAreFoundAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := gentest.Instance(t, false)
		seen := map[string]bool{}
		name := func(s string) string {
			if !identifier.MatchString(s) || seen[s] {
				t.Fatalf("%q is no identifier, or another one's", s)
			}
			seen[s] = true
			if rapid.Bool().Draw(t, "upper case") {
				return strings.ToUpper(s)
			}
			return s
		}
		for v := range in.VMs {
			if got, err := formulation.FindVM(in, name(formulation.VMName(in, cloud.VMID(v)))); err != nil || got != cloud.VMID(v) {
				t.Fatalf("VM %d is found as %d: %v", v, got, err)
			}
		}
		for h := range in.Hosts {
			if got, err := formulation.FindHost(in, name(formulation.HostName(in, cloud.HostID(h)))); err != nil || got != cloud.HostID(h) {
				t.Fatalf("host %d is found as %d: %v", h, got, err)
			}
		}
	})
}
