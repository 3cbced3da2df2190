package prose

import "testing"

func TestShortNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 7.4: "7", 120: "120", 999.4: "999", 999.6: "1k", 1000: "1k", 3449: "3.4k", 9960: "10k", 56_000: "56k",
		999_499: "999k", 999_999: "1M", 1.26e6: "1.3M", 2e9: "2G", 3.2e15: "3e15",
	} {
		if got := Short(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}
