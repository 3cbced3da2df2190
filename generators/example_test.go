package generators_test

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/generators"
)

// Six VMs of 400, 410, … MiB wait for each other in a ring: the smallest moves twice.
func ExampleRingOptimum() {
	fmt.Println(generators.RingOptimum(6, 1, 400, 10))
	// Output: a path exists; the cheapest takes 7 migrations (2,950 MiB)
}

// To come home early is what the family decoy punishes.
func ExampleDecoyCosts() {
	optimum, astray := generators.DecoyCosts(3, 16, 256)
	fmt.Printf("%d MiB at best, %d MiB for who returns early\n", optimum.MiB, astray.MiB)
	// Output: 14180 MiB at best, 42560 MiB for who returns early
}
