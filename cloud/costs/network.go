package costs

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/amounts"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func networkEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:     "network",
		Synopsis: "the memory moved, times the distance that it is moved in the network",
		Doc: "A VM's demand of the instance's first resource is multiplied by a factor that grows with the distance: within a " +
			"rack, within a zone, and beyond. The default is the number of switches on the way through a tree of three levels. " +
			"Racks of the same name in different zones are different racks; hosts whose rack or zone is not given share one.",
		Params: slices.Concat([]spec.Param{
			factorParam("rack", "1", "between hosts of a rack"),
			factorParam("zone", "3", "between racks of a zone"),
			factorParam("beyond", "5", "between zones"),
		}, suspensionParams()),
		Citation: "Meng et al., Improving the Scalability of Data Center Networks with Traffic-aware Virtual Machine Placement, " +
			"INFOCOM 2010, doi:10.1109/INFCOM.2010.5461930",
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				c := &prices{in: in, text: a.Brief().String(), unit: amountUnit(in), suspension: newSuspension(a)}
				fillNetwork(c, [3]int64{a.Int("rack"), a.Int("zone"), a.Int("beyond")})
				return c.ready()
			}, nil
		},
	}
}

func factorParam(name, def, where string) spec.Param {
	return spec.Param{
		Name: name, Type: spec.Int, Default: def, Bounds: spec.Between(0, 1e6),
		Doc: "factor for a migration " + where,
	}
}

// location is a rack with its zone.
type location struct{ zone, rack string }

// fillNetwork reckons the prices: VMs are classified by memory, ways by distance.
func fillNetwork(c *prices, factor [3]int64) {
	var demands []int64
	c.vm, demands, _ = amounts.Classify(len(c.in.VMs), func(v int) (int64, error) { return c.in.VMs[v].Demand[0], nil })
	zone, _ := c.in.Domains("zone")
	rack, racks, _ := amounts.Classify(len(c.in.Hosts), func(h int) (location, error) {
		return location{c.in.Hosts[h].Zone, c.in.Hosts[h].Rack}, nil
	})
	c.host = rack
	var number [3]int32 // class of way by distance
	for distance, there := range distances(rack, racks) {
		if number[distance] = int32(c.ways); there {
			factor[c.ways] = factor[distance] // distances that do not occur are left out
			c.ways++
		}
	}
	c.way = func(from, to cloud.HostID) int32 {
		switch {
		case rack[from] == rack[to]:
			return number[0]
		case zone[from] == zone[to]:
			return number[1]
		default:
			return number[2]
		}
	}
	for _, n := range demands {
		for _, f := range factor[:c.ways] {
			if f > 0 && n > math.MaxInt64/f {
				c.cost = append(c.cost, math.MaxInt64) // refused as too costly
				continue
			}
			c.cost = append(c.cost, n*f)
		}
	}
}

// distances tells which distances there are between two different hosts: within a rack,
// within a zone, beyond.
func distances(rack []int32, racks []location) [3]bool {
	var out [3]bool
	hosts := make([]int, len(racks))
	for _, r := range rack {
		hosts[r]++
		out[0] = out[0] || hosts[r] > 1
	}
	inZone := map[string]int{}
	for _, l := range racks {
		inZone[l.zone]++
		out[1] = out[1] || inZone[l.zone] > 1
	}
	out[2] = len(inZone) > 1
	return out
}
