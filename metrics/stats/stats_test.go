package stats

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) || (math.IsNaN(a) && math.IsNaN(b))
}

// The examples were worked by hand: (1+10)(10+10)(100+10) = 24200 has the cube root
// 28.9247…; 2·8 has the square root 4.
func TestShiftedGeoMeanOfWorkedExamples(t *testing.T) {
	for _, tc := range []struct {
		values []float64
		shift  float64
		want   float64
	}{
		{[]float64{1, 10, 100}, 10, math.Cbrt(24200) - 10},
		{[]float64{1, 10, 100}, 0, 10},
		{[]float64{2, 8}, 0, 4},
		{[]float64{0, 30}, 10, 10}, // √(10·40) - 10
		{[]float64{0, 8}, 0, 0},
		{[]float64{0, 0}, 10, 0},
		{[]float64{5}, 10, 5},
		{nil, 10, math.NaN()},
	} {
		if got := ShiftedGeoMean(tc.values, tc.shift); !near(got, tc.want) {
			t.Errorf("ShiftedGeoMean(%v, %v) = %v, expected %v", tc.values, tc.shift, got, tc.want)
		}
	}
}

func TestShiftedGeoMeanLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(0, 1e9), 1, 40).Draw(t, "xs")
		s := rapid.Float64Range(0, 1e4).Draw(t, "shift")
		m := ShiftedGeoMean(xs, s)
		if m < slices.Min(xs) || m > slices.Max(xs) {
			t.Fatalf("mean %v is outside the values", m)
		}
		if a := Mean(xs); m > a*(1+1e-9)+1e-9 {
			t.Fatalf("mean %v is above the arithmetic mean %v", m, a)
		}
		if more := ShiftedGeoMean(xs, s+1); more < m*(1-1e-9)-1e-6 {
			t.Fatalf("a larger shift lowers the mean from %v to %v", m, more)
		}
	})
}

// The first two are the examples of R's documentation of type 7:
// quantile(1:10) is 1.00 3.25 5.50 7.75 10.00.
func TestQuantilesOfWorkedExamples(t *testing.T) {
	ten := []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	if got, want := Summarise(ten), (Five{1, 3.25, 5.5, 7.75, 10}); got != want {
		t.Errorf("Summarise(1:10) = %v, expected %v", got, want)
	}
	if ten[0] != 10 {
		t.Error("the values were sorted in place")
	}
	for _, tc := range []struct {
		values []float64
		want   Five
	}{
		{[]float64{1, 2}, Five{1, 1.25, 1.5, 1.75, 2}},
		{[]float64{3, 1, 2}, Five{1, 1.5, 2, 2.5, 3}},
		{[]float64{7}, Five{7, 7, 7, 7, 7}},
		{nil, Five{nan, nan, nan, nan, nan}},
	} {
		if got := Summarise(tc.values); fmt.Sprint(got) != fmt.Sprint(tc.want) {
			t.Errorf("Summarise(%v) = %v, expected %v", tc.values, got, tc.want)
		}
	}
}

func TestQuantilesAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 40).Draw(t, "xs")
		f := Summarise(xs)
		if !slices.IsSorted([]float64{f.Min, f.Q1, f.Median, f.Q3, f.Max}) || f.Min != slices.Min(xs) || f.Max != slices.Max(xs) {
			t.Fatalf("%v of %v", f, xs)
		}
	})
}

func TestGroupsAreSortedAndKeepTheirOrder(t *testing.T) {
	got := GroupBy([]string{"bb", "a", "cc", "ddd", "e"}, func(s string) int { return len(s) })
	if fmt.Sprint(got) != "[{1 [a e]} {2 [bb cc]} {3 [ddd]}]" {
		t.Errorf("groups %v", got)
	}
}

func ExampleShiftedGeoMean() {
	seconds := []float64{0.001, 0.002, 10}
	fmt.Printf("%.3f s, arithmetic %.3f s\n", ShiftedGeoMean(seconds, 1), Mean(seconds))
	// Output: 1.226 s, arithmetic 3.334 s
}
