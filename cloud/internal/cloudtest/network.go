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
	in.Switches = make([]cloud.Switch, rapid.IntRange(0, 4).Draw(t, "switches"))
	for i := range in.Switches {
		s := &in.Switches[i]
		s.Name, s.Mbps = fmt.Sprintf("switch%d", i), capacity.Draw(t, "of a switch")
		if up := rapid.IntRange(i+1, len(in.Switches)).Draw(t, "up"); up < len(in.Switches) {
			s.Up, s.UpMbps = fmt.Sprintf("switch%d", up), capacity.Draw(t, "of a link")
		}
	}
	for h := range in.Hosts {
		in.Hosts[h].Switch = ""
		if at := rapid.IntRange(0, len(in.Switches)).Draw(t, "switch"); at < len(in.Switches) {
			in.Hosts[h].Switch = in.Switches[at].Name
		}
	}
}
