// Package costs holds the cost functions, one file each.
//
// A cost function charges one migration with a non-negative integer in a stated
// unit; a plan costs the sum. To add one: one file with its entry function, and one
// line in Entries.
//
//	c, err := costs.Bind(catalogue, inst, spec.MustParse("ram"))
//	c.Migrate(vm, from, to) // 512, in c.Unit()
package costs
