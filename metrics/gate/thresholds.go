package gate

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
)

// ThresholdsFormat is the version of the format of thresholds that this program reads.
const ThresholdsFormat = "rearrange/thresholds/1"

// Thresholds say from where on worse is a regression. The zero value is strict: of what is exact no pair may be worse,
// but for 5 % of memory; medians of times may be 10 % higher; runs without a counterpart are reported only.
type Thresholds struct {
	// Rules hold for the algorithms and metrics that they name, each on top of those before it.
	Rules []Rule
	// RefuseUnpaired makes a regression of every run of the baseline that has no counterpart, or one on a changed instance.
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
		fits := func(p Pair) bool {
			return Match(r.Algorithms, p.Base.Algorithm) || Match(r.Algorithms, p.Base.Scheduling().Scheduler)
		}
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

// ReadThresholds reads a file of thresholds. Errors name file, line and path, all faults at once.
func ReadThresholds(path string) (Thresholds, error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		return Thresholds{}, err
	}
	return DecodeThresholds(path, data)
}

// DecodeThresholds is [ReadThresholds] for a document in memory; file names it in errors.
func DecodeThresholds(file string, data []byte) (Thresholds, error) {
	var t Thresholds
	kind := strictyaml.Kind{Noun: "file of thresholds", Format: ThresholdsFormat}
	root, err := strictyaml.Parse(file, data, kind)
	if err != nil {
		return t, err
	}
	if !root.IsMapping() || !root.CheckFormat(kind) {
		return t, root.Err()
	}
	var general, special []Rule // in whatever order they are written
	root.Members(map[string]func(strictyaml.Node){
		"format":   func(strictyaml.Node) {},
		"timed":    func(n strictyaml.Node) { t.Untimed = !n.Yes() },
		"drift":    func(n strictyaml.Node) { t.KeepDrift = n.Choice("excused", "counted") == "counted" },
		"unpaired": func(n strictyaml.Node) { t.RefuseUnpaired = n.Choice("reported", "refused") == "refused" },
		"metrics":  func(n strictyaml.Node) { general = readRules(n) },
		"algorithms": func(n strictyaml.Node) {
			n.Elements(func(e strictyaml.Node) { special = append(special, readSpecial(e)...) })
		},
	})
	if err := root.Err(); err != nil {
		return Thresholds{}, err
	}
	t.Rules = append(general, special...)
	return t, nil
}

// readSpecial reads the rules for the algorithms of one pattern.
func readSpecial(n strictyaml.Node) (out []Rule) {
	if !n.IsMapping() {
		return nil
	}
	pattern := ""
	given := n.Members(map[string]func(strictyaml.Node){
		"algorithm": func(n strictyaml.Node) {
			text, ok := n.Text()
			if pattern = text; ok && text == "" {
				n.Fail("expected an algorithm, or a pattern such as improve*, found an empty text")
			}
		},
		"metrics": func(n strictyaml.Node) { out = readRules(n) },
	})
	for _, name := range []string{"algorithm", "metrics"} {
		if !given[name] {
			n.Fail("field %q is missing", name)
		}
	}
	for i := range out {
		out[i].Algorithms = pattern
	}
	return out
}

// readRules reads the rules of a mapping of metrics.
func readRules(n strictyaml.Node) (out []Rule) {
	n.Pairs(func(key, value strictyaml.Node) {
		if m, ok := MetricNamed(key.Value); ok {
			out = append(out, Rule{Metric: m.Name, Threshold: readThreshold(value, m)})
		} else {
			key.Fail("unknown metric %s%s", strictyaml.Quote(key.Value), spec.DidYouMean(key.Value, MetricNames(), "known are"))
		}
	})
	return out
}

func readThreshold(n strictyaml.Node, m Metric) (t Threshold) {
	unless := func(not bool, why string, read func(strictyaml.Node)) func(strictyaml.Node) {
		if not {
			return func(n strictyaml.Node) { n.Fail("%s %s", m.Name, why) }
		}
		return read
	}
	n.Members(map[string]func(strictyaml.Node){
		"ignore": func(n strictyaml.Node) { t.Ignore = new(n.Yes()) },
		"tolerance": unless(m.Answer, "counts answers, of which none is a little worse: it takes pairs, and no tolerance",
			func(n strictyaml.Node) { t.Tolerance = n.Percentage() }),
		"pairs": unless(m.Timed, "is noisy and judged over all pairs: it takes a tolerance and a significance, and no pairs",
			func(n strictyaml.Node) { t.Pairs = new(int(n.Count(0))) }),
		"significance": unless(!m.Timed, "is compared exactly: it takes no significance",
			func(n strictyaml.Node) { t.Significance = n.Probability() }),
	})
	return t
}
