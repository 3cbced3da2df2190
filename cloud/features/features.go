package features

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Feature is one measure of an instance.
type Feature struct {
	Name  string
	Unit  string // empty for booleans and plain counts
	Value any    // int, float64 or bool
}

// ratio is the unit of quotients of two amounts of the same unit.
const ratio = "ratio"

// Of measures an instance under rules that are bound to it. Rules in their mending form
// ([cloud.Mend]) are accepted too. The features come in the order of the package's documentation.
// [cloud.Instance.Check] must have passed.
func Of(in *cloud.Instance, bound []cloud.Rule) []Feature {
	bound = cloud.Whole(bound)
	inForce, found, _ := cloud.Mend(in, bound, in.Initial)
	out := []Feature{
		{"hosts", "hosts", len(in.Hosts)},
		{"vms", "VMs", len(in.VMs)},
		{"resources", "", len(in.Resources)},
		{"rules", "rules", len(bound)},
		{"groups", "groups", len(in.Groups)},
		{"sizes", "", sizes(in)},
		{"interruptible", "VMs", interruptible(in)},
	}
	if n := len(in.Hosts); n > 0 {
		out = append(out, Feature{"vms_per_host", "VMs", quotient(int64(placed(in)), big.NewInt(int64(n)))})
	}
	out = append(out, breaches(found)...)
	var limit []int64
	if sorted := cloud.Sort(in, bound); sorted.Limited {
		limit = sorted.Limits
		out = append(out, fullness(in, limit)...)
	}
	if in.Target != nil {
		out = append(out, towardsTarget(in, inForce, limit)...)
	}
	return out
}

// Blank lists the features that an instance can have, with values of the right type and
// no meaning, but for utilisation.RESOURCE, which depends on the instance.
func Blank() []Feature {
	return []Feature{
		{"hosts", "hosts", 0},
		{"vms", "VMs", 0},
		{"resources", "", 0},
		{"rules", "rules", 0},
		{"groups", "groups", 0},
		{"sizes", "", 0},
		{"interruptible", "VMs", 0},
		{"vms_per_host", "VMs", 0.0},
		{"broken_rules", "rules", 0},
		{"breaches", "", 0},
		{"utilisation", ratio, 0.0},
		{"largest_vm", ratio, 0.0},
		{"shutdowns", "VMs", 0},
		{"provisions", "VMs", 0},
		{"misplaced", "VMs", 0},
		{"misplaced_fraction", ratio, 0.0},
		{"across_racks", "VMs", 0},
		{"across_zones", "VMs", 0},
		{"deadlocked", "", false},
		{"entangled", "VMs", 0},
		{"locked", "VMs", 0},
	}
}

// Map is the form in which records hold features.
func Map(list []Feature) map[string]any {
	out := make(map[string]any, len(list))
	for _, f := range list {
		out[f.Name] = f.Value
	}
	return out
}

// sizes counts the different demands.
func sizes(in *cloud.Instance) int {
	seen := map[string]bool{}
	var key []byte
	for v := range in.VMs {
		key = key[:0]
		for _, d := range in.VMs[v].Demand {
			for shift := 0; shift < 64; shift += 8 {
				key = append(key, byte(d>>shift))
			}
		}
		seen[string(key)] = true
	}
	return len(seen)
}

func interruptible(in *cloud.Instance) (n int) {
	for v := range in.VMs {
		if in.VMs[v].Interruptible {
			n++
		}
	}
	return n
}

// placed counts the VMs with a host in the initial placement.
func placed(in *cloud.Instance) (n int) {
	for _, h := range in.Initial {
		if h != cloud.Absent {
			n++
		}
	}
	return n
}

// fullness compares demands with limits.
func fullness(in *cloud.Instance, limit []int64) []Feature {
	var out []Feature
	n := len(in.Resources)
	fullest, largest := 0.0, 0.0
	for r, resource := range in.Resources {
		var used, demand int64 // Check has seen to it that sums of demands fit
		for v, h := range in.Initial {
			d := in.VMs[v].Demand[r]
			demand = max(demand, d)
			if h != cloud.Absent {
				used += d
			}
		}
		// Limits may be far above capacities, with overcommitment.
		var most int64
		total, one := new(big.Int), new(big.Int)
		for i := r; i < len(limit); i += n {
			most = max(most, limit[i])
			total.Add(total, one.SetInt64(limit[i]))
		}
		if most == 0 {
			continue
		}
		u := quotient(used, total)
		out = append(out, Feature{"utilisation." + resource.Name, ratio, u})
		fullest, largest = max(fullest, u), max(largest, quotient(demand, big.NewInt(most)))
	}
	return append(out, Feature{"utilisation", ratio, fullest}, Feature{"largest_vm", ratio, largest})
}

// quotient is a/b to three decimals, halves rounded up, where b is positive. It is
// exact up to the conversion of the decimals.
func quotient(a int64, b *big.Int) float64 {
	x := new(big.Int).Mul(big.NewInt(a), big.NewInt(2000))
	x.Add(x, b).Quo(x, new(big.Int).Lsh(b, 1))
	thousandths, _ := new(big.Float).SetInt(x).Float64()
	return thousandths / 1000
}
