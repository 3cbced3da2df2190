package gate

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// Thresholds say from where on worse is a regression. The zero value is strict: of
// what is exact no pair may be worse, but for 5 % of memory; medians of times may be 25 %
// higher; runs without a counterpart are reported only.
type Thresholds struct {
	// Rules hold for the algorithms and metrics that they name, each on top of those
	// before it.
	Rules []Rule
	// RefuseUnpaired makes a regression of every run of the baseline that has no
	// counterpart, or one on a changed instance.
	RefuseUnpaired bool
	// Untimed leaves timed metrics out.
	Untimed bool
	// KeepDrift makes the change that all algorithms have in common count for each.
	KeepDrift bool
}

// Rule sets some thresholds of a metric for some algorithms: nil is what rules before say.
type Rule struct {
	Algorithms string // a pattern, see [Match]; empty: all
	Metric     string
	Threshold
}

// Threshold is what holds for one algorithm and metric.
type Threshold struct {
	Tolerance    *big.Rat `json:"tolerance"`    // a pair that changed by no more, relative to the baseline, is the same
	Pairs        *int     `json:"pairs"`        // worse pairs that are excused
	Significance *float64 `json:"significance"` // of all timed comparisons together
	Ignore       *bool    `json:"ignore"`       // no regression in this metric counts
}

// defaults are the thresholds without a rule: nothing is tolerated of what is exact.
func defaults(m Metric) Threshold {
	t := Threshold{new(big.Rat), new(int), new(float64), new(bool)}
	switch {
	case m.Timed:
		// Medians of one and the same program differ by less on a shared machine, as the
		// soak test of package experiments shows; one comparison in twenty may alarm in vain.
		t.Tolerance, *t.Significance = big.NewRat(1, 10), 0.05
	case m.Name == "memory":
		// How much tables grow by at a time differs from one version of Go to the next.
		t.Tolerance = big.NewRat(1, 20)
	}
	return t
}

// Of are the thresholds for an algorithm and a metric.
func (t Thresholds) Of(algorithm string, m Metric) Threshold {
	out := defaults(m)
	for _, r := range t.Rules {
		if r.Metric != m.Name || (r.Algorithms != "" && !Match(r.Algorithms, algorithm)) {
			continue
		}
		out.Tolerance, out.Pairs = cmp.Or(r.Tolerance, out.Tolerance), cmp.Or(r.Pairs, out.Pairs)
		out.Significance, out.Ignore = cmp.Or(r.Significance, out.Significance), cmp.Or(r.Ignore, out.Ignore)
	}
	return out
}

// idle are the patterns that no algorithm of the pairs fits, each once.
func (t Thresholds) idle(pairs []Pair) []string {
	var out []string
	for _, r := range t.Rules {
		fits := func(p Pair) bool { return Match(r.Algorithms, p.Base.Algorithm) }
		if r.Algorithms != "" && !slices.Contains(out, r.Algorithms) && !slices.ContainsFunc(pairs, fits) {
			out = append(out, r.Algorithms)
		}
	}
	return out
}

// Match tells whether an algorithm fits a pattern, in which * stands for any text and
// everything else for itself: parentheses and brackets belong to specs.
func Match(pattern, algorithm string) bool {
	text := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`)
	return regexp.MustCompile(`(?s)\A` + text + `\z`).MatchString(algorithm)
}
