package spec_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// What is accepted is written canonically: reading it again gives an equal spec and
// the same text.
func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{
		"greedy", "astar(heuristic=misplaced)", "capacity(overcommit.vcpu=4, overcommit.ram=1.5)",
		`anti-affinity(group="web *")`, "depends(group=a, on=[b, c])", "a(b=c(d=[e(f=g), h()]))", `"x y"("\n"="\\")`,
		"", "(", "a(b=", `a(b="`, "a(b=[", "\xff", "a(b='c')", `a(b="c"(d=e))`, "a\u00a0(b=\u2028)", "\ufffd",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := spec.Parse(text)
		if err != nil {
			return
		}
		again, err := spec.Parse(s.String())
		if err != nil {
			t.Fatalf("%q reads as %q, which does not read: %v", text, s, err)
		}
		if !again.Equal(s) || !s.Equal(again) || again.String() != s.String() {
			t.Fatalf("%q reads as %q, which reads as %q", text, s, again)
		}
	})
}
