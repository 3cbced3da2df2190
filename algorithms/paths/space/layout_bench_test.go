package space_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// BenchmarkNewLayout lays out 1,000 hosts and some 7,000 VMs.
func BenchmarkNewLayout(b *testing.B) {
	family, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse("random(hosts=1000, max=1024)"))
	if err != nil {
		b.Fatal(err)
	}
	instances, err := family(1)
	if err != nil {
		b.Fatal(err)
	}
	p := pathtest.Problem(b, instances[0], "ram")
	b.ReportAllocs()
	for b.Loop() {
		space.NewLayout(p)
	}
}
