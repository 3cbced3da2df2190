package generators

import (
	"fmt"
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

// counts tells how often each size was drawn.
func counts(in *cloud.Instance) map[int64]int {
	out := map[int64]int{}
	for _, v := range in.VMs {
		out[v.Demand[0]]++
	}
	return out
}

const many = "random(hosts=2, vms=60000, capacity=1000000000, migrations=0, "

func TestWeightsAreTheSharesOfFlavours(t *testing.T) {
	in := generate(t, many+"sizes=flavours, flavours=[1, 2, 4, 8, 16], weights=[.30, .30, .20, 0, .20])", 1)[0]
	got := counts(in)
	for size, want := range map[int64]float64{1: .3, 2: .3, 4: .2, 8: 0, 16: .2} {
		if share := float64(got[size]) / float64(len(in.VMs)); math.Abs(share-want) > 0.02*want {
			t.Errorf("flavour %d has the share %.4f, expected %.2f", size, share, want)
		}
	}
}

// Ranks must have the shares that the law states, on both sides of the exponent 1 and
// near it, where formulas change.
func TestZipfSizesFollowTheLaw(t *testing.T) {
	for _, exponent := range []float64{0, 0.5, 1, 1 + 1e-9, 2.5, 10} {
		for _, over := range []string{"min=101, max=140", "zipf-over=flavours, flavours=[900, 20, 3000, 7]"} {
			sizes := []int64{900, 20, 3000, 7}
			if over == "min=101, max=140" {
				sizes = nil
				for s := int64(101); s <= 140; s++ {
					sizes = append(sizes, s)
				}
			}
			in := generate(t, fmt.Sprintf("%ssizes=zipf, exponent=%g, %s)", many, exponent, over), 1)[0]
			count, sum := counts(in), 0.0
			for k := range sizes {
				sum += math.Pow(float64(k+1), -exponent)
			}
			total := 0
			for k, size := range sizes {
				p := math.Pow(float64(k+1), -exponent) / sum
				n := float64(len(in.VMs))
				// Five standard deviations of a binomial count.
				if got := float64(count[size]); math.Abs(got-p*n) > 5*math.Sqrt(p*(1-p)*n)+1 {
					t.Errorf("exponent %g over %s: size %d was drawn %.0f times, expected %.1f", exponent, over, size, got, p*n)
				}
				total += count[size]
			}
			if total != len(in.VMs) {
				t.Errorf("exponent %g over %s: %d sizes are none of those allowed", exponent, over, len(in.VMs)-total)
			}
		}
	}
}

// A range of 10^12 sizes needs no table.
func TestZipfSizesComeFromHugeRangesToo(t *testing.T) {
	small, large := 0, 0
	in := generate(t, "random(hosts=1000, vms=2000, capacity=1000000000000, reserved=0, migrations=0, sizes=zipf, min=1, max=100000000000)", 1)[0]
	for _, v := range in.VMs {
		switch {
		case v.Demand[0] <= 100_000:
			small++
		case v.Demand[0] > 1_000_000:
			large++
		}
	}
	// With the exponent 1 each decade has about the same share.
	if small < 400 || large < 200 {
		t.Errorf("%d of 2000 sizes are at most 10^5 and %d above 10^6", small, large)
	}
}
