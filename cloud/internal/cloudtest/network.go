package cloudtest

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Switches draws a network: up to four switches, each of which hangs under a later one or under none, and the
// switches of hosts. A capacity of 0 limits nothing.
func Switches(t *rapid.T, in *cloud.Instance) {
	capacity := rapid.SampledFrom([]int64{0, 500, 1000, 10_000})
	n := rapid.IntRange(0, 4).Draw(t, "switches")
	in.Switches = nil
	for i := range n {
		s := cloud.Switch{Name: fmt.Sprintf("switch%d", i), Mbps: capacity.Draw(t, "of a switch")}
		if up := rapid.IntRange(i+1, n).Draw(t, "up"); up < n {
			s.Up, s.UpMbps = fmt.Sprintf("switch%d", up), capacity.Draw(t, "of a link")
		}
		in.Switches = append(in.Switches, s)
	}
	for h := range in.Hosts {
		in.Hosts[h].Switch = ""
		if at := rapid.IntRange(0, len(in.Switches)).Draw(t, "switch"); at < len(in.Switches) {
			in.Hosts[h].Switch = in.Switches[at].Name
		}
	}
}
