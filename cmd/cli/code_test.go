package cli

import "testing"

func TestProgramKnowsNotItsOwnCode(t *testing.T) {
	const algorithms = "github.com/cloudrearrange/rearrange/algorithms/paths/"
	greedy, beam := codeHash([]string{algorithms + "greedy"}), codeHash([]string{algorithms + "beam"})
	if len(greedy) != 32 || len(beam) != 32 || greedy == beam {
		t.Errorf("%q and %q", greedy, beam)
	}
	if other := codeHash([]string{algorithms + "greedy", "main"}); other != "" {
		t.Errorf("code of another module: %q", other)
	}
}
