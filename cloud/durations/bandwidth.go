package durations

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/amounts"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// bandwidthParams say how fast a migration is sent.
func bandwidthParams() []spec.Param {
	return []spec.Param{
		{
			Name: "bandwidth", Type: spec.Int, Default: "10000", Bounds: spec.Between(1, 1e9), Unit: "Mbit/s",
			Doc: "speed of a host's network interface where the instance does not say (nic_mbps); " +
				"10 Gbit/s Ethernet is a choice, not a measurement. The slower of the two hosts counts",
		},
		{
			Name: "share", Type: spec.Ratio, Default: "1", Bounds: spec.Between(1e-6, 1),
			Doc: "part of that speed that a migration gets; 8/9 is that of BtrPlace, which divides Mbit/s by 9 to get MB/s",
		},
	}
}

// speeds numbers the speeds of the hosts, in bytes per second, in ascending order. VMs
// migrate at the first ways of them: a host that is faster than all others has a speed of
// its own, at which no VM migrates.
func speeds(in *cloud.Instance, a spec.Args) (of []int32, bytesPerS []uint64, ways int, err error) {
	share := a.Ratio("share")
	of, all, err := amounts.Classify(len(in.Hosts), func(h int) (uint64, error) {
		mbps := in.Hosts[h].NICMbps
		if mbps == 0 {
			mbps = a.Int("bandwidth")
		}
		const bytesPerMbit = 1_000_000 / 8
		x := new(big.Int).Mul(big.NewInt(mbps), big.NewInt(bytesPerMbit))
		x.Mul(x, share.Num())
		if x.Quo(x, share.Denom()); !x.IsInt64() || x.Sign() == 0 {
			return 0, fmt.Errorf("host %q: %d Mbit/s × %s is not from 1 to 2^63 bytes/s", in.Hosts[h].Name, mbps, share.RatString())
		}
		return x.Uint64(), nil
	})
	if err != nil {
		return nil, nil, 0, err
	}
	bytesPerS = slices.Sorted(slices.Values(all))
	hosts := make([]int, len(bytesPerS))
	for h, class := range of {
		rank, _ := slices.BinarySearch(bytesPerS, all[class])
		of[h] = int32(rank)
		hosts[rank]++
	}
	if ways = len(bytesPerS); ways > 0 && hosts[ways-1] == 1 {
		ways--
	}
	return of, bytesPerS, ways, nil
}
