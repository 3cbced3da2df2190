package cli

import "testing"

func TestInstantHidesAMinute(t *testing.T) {
	for ms, want := range map[int64]string{
		0: "0 s", 892_000: "14 min 52 s", 3_600_000: "1 h", 3_629_600: "1 h 30 s", 7_500_000: "2 h 5 min",
		90_061_499: "25 h 1 min 1 s", 3_600_000_000: "1,000 h",
	} {
		if got := instant(ms, "ms"); got != want {
			t.Errorf("%d ms is %q, want %q", ms, got, want)
		}
	}
}
