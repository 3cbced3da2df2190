package idastar

import "math/bits"

// forecast is a histogram of how far beyond the limit the states lie that a search left
// out for it, to guess how many more the next limit lets in (IDA*_CR: Sarkar,
// Chakrabarti, Ghose and DeSarkar 1991). A bin's width is at most a sixteenth of its
// distance.
type forecast struct{ count [binsPerPower * 49]int64 }

const binsPerPower = 16

func (f *forecast) reset() { clear(f.count[:]) }

// add notes a state left out, at least 1 beyond the limit.
func (f *forecast) add(beyond int64) {
	i := len(f.count) - 1
	if e := bits.Len64(uint64(beyond)) - 5; e <= 0 {
		i = int(beyond)
	} else {
		i = min(i, binsPerPower*e+int(beyond>>e))
	}
	f.count[i]++
}

// beyond is the least distance within which so many states lie; that of the last, if
// there are fewer.
func (f *forecast) beyond(states int64) int64 {
	last := 0
	for i, n := range f.count {
		if n == 0 {
			continue
		}
		last = i
		if states -= n; states <= 0 {
			break
		}
	}
	if last < 2*binsPerPower {
		return int64(last)
	}
	e := last/binsPerPower - 1
	return (int64(last%binsPerPower)+binsPerPower+1)<<e - 1
}
