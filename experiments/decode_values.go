package experiments

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
	"github.com/cloudrearrange/rearrange/results"
)

// maxSeeds bounds the seeds of one list.
const maxSeeds = 1_000_000

// seeds reads a list of integers and ranges ("1-50"), or one of either. A seed that is given
// twice counts once.
func seeds(n node) []uint64 {
	var out []uint64
	given := map[uint64]bool{}
	listed := uint64(0) // those that are given twice count here: they take time, too
	n.OneOrMore(func(e node) {
		lo, hi, err := ParseSeeds(e.Value)
		switch {
		case e.Kind != yaml.ScalarNode || err != nil:
			e.Fail("expected a seed or a range such as 1-50, found %s", e.Describe())
		case hi-lo >= maxSeeds-listed:
			e.Fail("more than %d seeds", maxSeeds)
		default:
			listed += hi - lo + 1
			for i := range hi - lo + 1 {
				if !given[lo+i] {
					given[lo+i] = true
					out = append(out, lo+i)
				}
			}
		}
	})
	if n.IsEmptyList() {
		n.Fail("expected at least one seed, found an empty list")
	}
	return out
}

// ParseSeeds reads a seed, an integer of at least 0, or a range of them such as 1-50.
func ParseSeeds(text string) (lo, hi uint64, err error) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	lo, errLo := strconv.ParseUint(strings.TrimSpace(first), 10, 64)
	hi, errHi := strconv.ParseUint(strings.TrimSpace(last), 10, 64)
	if errLo != nil || errHi != nil || lo > hi {
		return 0, 0, errors.New("expected a seed or a range such as 1-50, found " + strictyaml.Quote(text))
	}
	return lo, hi, nil
}

func limits(n node) results.Limits {
	var l results.Limits
	n.Members(map[string]func(node){
		"timeout":          func(n node) { l.TimeoutS = seconds(n) },
		"target-timeout":   func(n node) { l.TargetTimeoutS = seconds(n) },
		"target-steps":     func(n node) { l.TargetSteps = n.Count(1) },
		"schedule-timeout": func(n node) { l.ScheduleTimeoutS = seconds(n) },
		"schedule-tables":  func(n node) { l.ScheduleTables = n.Count(1) },
		"memory": func(n node) {
			b, err := ParseBytes(n.Value)
			if n.Kind != yaml.ScalarNode || err != nil {
				n.Fail("expected an amount of memory such as 512MiB or 2GiB, found %s", n.Describe())
			}
			l.MemoryBytes = b
		},
		"expansions": func(n node) { l.Expansions = n.Count(1) },
		"cores":      func(n node) { l.Cores = int(min(n.Count(1), math.MaxInt32)) },
	})
	return l
}

func seconds(n node) float64 {
	d, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || d <= 0 {
		n.Fail("expected a duration such as 30s or 5m, found %s", n.Describe())
	}
	return d.Seconds()
}

// ParseBytes reads an amount of memory such as 512MiB or 2GB.
func ParseBytes(text string) (int64, error) {
	b, err := humanize.ParseBytes(text)
	if err != nil || b == 0 || b > 1<<62 {
		return 0, errors.New("expected an amount of memory such as 512MiB or 2GiB, found " + strictyaml.Quote(text))
	}
	return int64(b), nil
}
