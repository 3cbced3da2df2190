package objectives

import "slices"

// measured makes one value of the amounts of all hosts, without the code of meters: 0 where there
// are no hosts.
func measured(measure string, amounts []int64) (out int64) {
	switch {
	case len(amounts) == 0:
	case measure == "peak":
		out = slices.Max(amounts)
	case measure == "range":
		out = slices.Max(amounts) - slices.Min(amounts)
	case measure == "stddev":
		out = deviation(amounts)
	default: // sum, above
		for _, n := range amounts {
			out += n
		}
	}
	return out
}

// foldOf is what a meter makes one value of amounts with.
func foldOf(measure string) func(now []int64) fold {
	switch measure {
	case "peak":
		return newPeakFold
	case "range":
		return newRangeFold
	case "stddev":
		return newDeviationFold
	default: // sum, above
		return newSumFold
	}
}
