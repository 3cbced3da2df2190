package greedy

import (
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

// The first outputs of splitmix64 from the states 0 and 1234567, as published with its
// reference implementation.
func TestKeyIsNotSplitmix64(t *testing.T) {
	for state, want := range map[uint64]uint64{0: 0xe220a8397b1dcdaf, 1234567: 6457827717110365317} {
		if got := key(0, cloud.HostID(state)); got != want {
			t.Errorf("state %d gives %#x, expected %#x", state, got, want)
		}
	}
}
