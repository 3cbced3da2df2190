package expression_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/expression"
)

// Whatever the text, it is refused in one line that names no file, or it can be
// evaluated.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"used.ram <= 0.9 * host.capacity.ram", "vm.demand.ram * (from.rack == to.rack ? 1 : 3)",
		"'web' in vm.groups && vm.name matches '^a+$'", "max(1, 2.5, vms) % 2 == 1e3", "vm.labels[\"x y\"] not in ['a', 'b']",
		"if vms > 1 { 1 } else { 2 }", "a | b", "1..2", "{", "\x00", "é.ü < 'x", "0x1p-5", "vms | max(1)", "let a = 1; a", "#", "$env",
	} {
		f.Add(s)
	}
	in := small(f)
	f.Fuzz(func(t *testing.T, source string) {
		for _, yields := range []expression.Result{expression.Test, expression.Amount} {
			p, err := expression.Compile(in, source, yields, everything)
			switch {
			case err != nil && strings.Contains(err.Error(), "\n"):
				t.Fatalf("%q: the error spans several lines: %v", source, err)
			case err == nil && yields == expression.Test:
				_, _ = p.Test(at())
				_, _ = p.On(0).Test(at())
			case err == nil:
				_, _ = p.Amount(at())
			}
		}
	})
}
