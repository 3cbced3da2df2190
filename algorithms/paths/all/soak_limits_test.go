//go:build soak

package all_test

import (
	"testing"
	"time"
)

// largeAndFull are clouds at which every search has much to do: large and small ones, full and
// nearly full ones, with placements that are near to each other and far from it.
var largeAndFull = []string{
	"random(hosts=2000)",
	"random(hosts=2000, target=shuffle)",
	"random(hosts=50, fill-limit=0.95)",
	fullCloud(2000, 0.95, ""),
	fullCloud(2000, 0.85, ", resources=3, grouped=0.2"),
	fullCloud(50, 0.95, ""),
	fullCloud(20_000, 0.9, ""),
	"drift(of=random(hosts=2000), migrations=5000)",
}

// Whatever a search is about when its context ends.
func TestSoakSearchesOutliveTheirContext(t *testing.T) {
	outliveTheirContext(t, 50*time.Millisecond, largeAndFull...)
}

// However much they may hold.
func TestSoakSearchesHoldMoreThanTheyMay(t *testing.T) {
	holdMoreThanTheyMay(t, 100e6, time.Second, largeAndFull[0], largeAndFull[4])
}
