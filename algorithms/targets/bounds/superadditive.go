package bounds

import (
	"math"
	"math/bits"
	"slices"
)

// measure is a nondecreasing superadditive function of an amount: what it makes of the demands of
// VMs that stand together is at most what it makes of their sum, and so of the room of their host.
// So with every measure, hosts must offer as much as VMs demand. Divided by its value at one size of
// host, a superadditive function is dual feasible; this form is right for hosts of all sizes.
//
// Amounts are first counted in units, rounded down: what all demands have in common.
// The first stage counts a whole block for each step, and each remainder of at least from as it is.
// With step = room - from + 1 and block = room it is the function behind the bound L2 of Martello
// and Toth; with from > step it counts the VMs that are larger than a part of a host. The second
// stage is that of Fekete and Schepers, for amounts up to room: it counts parts, and what
// falls exactly between two of them a little less.
type measure struct {
	unit       int64
	step, from int64
	room       int64 // what the first stage makes of the largest room; unused unless parts > 0
	parts      int64
}

// plain leaves amounts as they are.
var plain = measure{unit: 1, step: 1, from: 1}

// counting counts how many amounts of a size in units there are.
func counting(unit, size int64) measure { return measure{unit: unit, step: size, from: size} }

// divided is m with the second stage, where the largest host has a room; false where numbers would
// become too large.
func (m measure) divided(room, parts int64) (measure, bool) {
	largest := m.at(room)
	if largest <= 0 || largest > most/(parts+1) {
		return m, false
	}
	m.room, m.parts = largest, parts
	return m, true
}

// at is the measure of an amount of at most [most].
func (m measure) at(x int64) int64 {
	if m.unit > 1 {
		x /= m.unit
	}
	if m.step > 1 {
		whole, rest := x/m.step, x%m.step
		if rest < m.from {
			rest = 0
		}
		if m.from >= m.step { // no remainder counts
			x = whole
		} else {
			x = whole*(m.step+m.from-1) + rest
		}
	}
	if m.parts == 0 {
		return x
	}
	if x > m.room {
		x = m.room // the VM fits on no host: any bound is right
	}
	whole, rest := x*(m.parts+1)/m.room, x*(m.parts+1)%m.room
	if rest > 0 {
		return whole * (m.parts + 1)
	}
	return whole * m.parts
}

// most bounds amounts, so that no measure of them overflows.
const most = math.MaxInt64 / 4

// amount is how often an amount occurs.
type amount struct{ size, count int64 }

// total adds up what a measure makes of amounts. It stops at MaxInt64.
func (m measure) total(amounts []amount) int64 {
	var sum int64
	for _, a := range amounts {
		sum = plus(sum, times(m.at(a.size), a.count))
	}
	return sum
}

// plus and times stop at MaxInt64. The numbers are at least 0.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func times(a, b int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high != 0 || low > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(low)
}

// measures lists the measures that promise something for demands, ascending, on hosts with given
// rooms, ascending: no more than a budget for evaluations allows. The plain one comes first.
func measures(demands []amount, rooms []int64, budget int) []measure {
	out := []measure{plain}
	if len(demands) == 0 || len(rooms) == 0 || rooms[len(rooms)-1] > most {
		return out
	}
	number := min(256, max(8, budget/(len(demands)+len(rooms))))
	largest := rooms[len(rooms)-1]
	take := func(m measure) {
		if len(out) < number {
			out = append(out, m)
		}
	}
	unit := common(demands)
	base := plain
	if unit > 1 {
		base.unit = unit
		take(base)
		rooms = slices.Clone(rooms)
		for i := range rooms {
			rooms[i] /= unit
		}
		demands = slices.Clone(demands)
		for i := range demands {
			demands[i].size /= unit
		}
		if rooms[len(rooms)-1] == 0 {
			return out // nothing fits anywhere
		}
	}
	if smallest := demands[0].size; smallest > 1 {
		take(counting(unit, smallest))
	}
	references := sample(rooms, 3)
	slices.Reverse(references) // the largest first
	// VMs larger than a half, a third, … of a host.
	for _, room := range references {
		for parts := int64(2); parts <= 6; parts++ {
			i, _ := slices.BinarySearchFunc(demands, room/parts+1, compareAmount)
			if i < len(demands) && demands[i].size > 1 {
				take(counting(unit, demands[i].size))
			}
		}
	}
	for parts := int64(2); parts <= 12; parts++ {
		if m, ok := base.divided(largest, parts); ok {
			take(m)
		}
	}
	thresholds := (number - len(out)) / (3 * len(references))
	for _, room := range references {
		end, _ := slices.BinarySearchFunc(demands, room/2+1, compareAmount)
		for _, from := range sampleAmounts(demands[:end], thresholds) {
			if from < 2 {
				continue
			}
			m := measure{unit: unit, step: room - from + 1, from: from}
			take(m)
			for _, parts := range []int64{2, 3} {
				if d, ok := m.divided(largest, parts); ok {
					take(d)
				}
			}
		}
	}
	return out
}

// common is the largest number that divides all demands.
func common(demands []amount) (x int64) {
	for _, a := range demands {
		for y := a.size; y != 0; {
			x, y = y, x%y
		}
	}
	return x
}

func compareAmount(a amount, size int64) int {
	switch {
	case a.size < size:
		return -1
	case a.size > size:
		return 1
	}
	return 0
}

// sample takes up to n different entries of an ascending list, the last one among them.
func sample(list []int64, n int) []int64 {
	list = slices.Compact(slices.Clone(list))
	if len(list) <= n {
		return list
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = list[(i+1)*len(list)/n-1]
	}
	return out
}

func sampleAmounts(list []amount, n int) []int64 {
	sizes := make([]int64, len(list))
	for i, a := range list {
		sizes[i] = a.size
	}
	return sample(sizes, max(1, n))
}
