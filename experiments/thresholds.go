package experiments

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/gate"
)

// ThresholdsFormat is the version of the format of thresholds that this program reads.
const ThresholdsFormat = "rearrange/thresholds/1"

var thresholdsKind = kind{"file of thresholds", ThresholdsFormat}

// ReadThresholds reads a file that says from where on a solver that got worse is a
// regression. Errors name file, line and path, all faults at once.
func ReadThresholds(path string) (gate.Thresholds, error) {
	data, err := fileio.Read(path, nil)
	if err != nil {
		return gate.Thresholds{}, err
	}
	return DecodeThresholds(path, data)
}

// DecodeThresholds is [ReadThresholds] for a document in memory; file names it in errors.
func DecodeThresholds(file string, data []byte) (gate.Thresholds, error) {
	var t gate.Thresholds
	root, err := parseYAML(file, data, thresholdsKind)
	if err != nil {
		return t, err
	}
	if !root.isMapping() || !root.checkFormat(thresholdsKind) {
		return t, root.doc.err()
	}
	var general, special []gate.Rule // in whatever order they are written
	root.members(map[string]func(node){
		"format":   func(node) {},
		"timed":    func(n node) { t.Untimed = !n.yes() },
		"drift":    func(n node) { t.KeepDrift = n.choice("excused", "counted") == "counted" },
		"unpaired": func(n node) { t.RefuseUnpaired = n.choice("reported", "refused") == "refused" },
		"metrics":  func(n node) { general = n.gateRules("") },
		"algorithms": func(n node) {
			n.elements(func(e node) { special = append(special, e.algorithmRules()...) })
		},
	})
	if err := root.doc.err(); err != nil {
		return gate.Thresholds{}, err
	}
	t.Rules = append(general, special...)
	return t, nil
}

// algorithmRules reads the rules for the algorithms of one pattern.
func (n node) algorithmRules() []gate.Rule {
	if !n.isMapping() {
		return nil
	}
	var pattern string
	var metrics node
	given := n.members(map[string]func(node){
		"algorithm": func(n node) {
			if text, ok := n.text(); ok && text == "" {
				n.fail("expected an algorithm, or a pattern such as improve*, found an empty text")
			} else {
				pattern = text
			}
		},
		"metrics": func(n node) { metrics = n },
	})
	for _, name := range []string{"algorithm", "metrics"} {
		if !given[name] {
			n.fail("field %q is missing", name)
		}
	}
	if !given["metrics"] {
		return nil
	}
	return metrics.gateRules(pattern)
}

// gateRules reads the rules of a mapping of metrics.
func (n node) gateRules(pattern string) []gate.Rule {
	var out []gate.Rule
	n.pairs(func(key, value node) {
		m, ok := gate.MetricNamed(key.Value)
		if !ok {
			key.fail("unknown metric %s%s", quote(key.Value), spec.DidYouMean(key.Value, gate.MetricNames(), "known are"))
			return
		}
		out = append(out, value.gateRule(pattern, m))
	})
	return out
}

func (n node) gateRule(pattern string, m gate.Metric) gate.Rule {
	rule := gate.Rule{Algorithms: pattern, Metric: m.Name}
	n.members(map[string]func(node){
		"ignore": func(n node) {
			yes := n.yes()
			rule.Ignore = &yes
		},
		"tolerance": func(n node) {
			if m.Answer {
				n.fail("%s counts answers, of which none is a little worse: it takes pairs, and no tolerance", m.Name)
				return
			}
			rule.Tolerance = n.percentage()
		},
		"pairs": func(n node) {
			if m.Timed {
				n.fail("%s is noisy and judged over all pairs: it takes a tolerance and a significance, and no pairs", m.Name)
				return
			}
			pairs := int(n.count(0))
			rule.Pairs = &pairs
		},
		"significance": func(n node) {
			if !m.Timed {
				n.fail("%s is compared exactly: it takes no significance", m.Name)
				return
			}
			rule.Significance = n.probability()
		},
	})
	return rule
}

// choice reads one of a few words; empty after a fault.
func (n node) choice(words ...string) string {
	text, ok := n.text()
	if !ok {
		return ""
	}
	if !slices.Contains(words, text) {
		n.fail("unknown value %s%s", quote(text), spec.DidYouMean(text, words, "expected one of"))
		return ""
	}
	return text
}

// percentage reads a percentage of at least 0, exactly; nil after a fault.
func (n node) percentage() *big.Rat {
	if digits, ok := strings.CutSuffix(n.Value, "%"); ok && n.Kind == yaml.ScalarNode {
		// Digits and a point: big.Rat would read fractions and exponents, too.
		if digits = strings.TrimSpace(digits); len(digits) <= 20 && strings.Trim(digits, "0123456789.") == "" {
			if r, ok := new(big.Rat).SetString(digits); ok {
				return r.Quo(r, big.NewRat(100, 1))
			}
		}
	}
	n.fail("expected a percentage such as 5%% or 0.5%%, found %s", n.describe())
	return nil
}

// probability reads a number between 0 and 1; nil after a fault.
func (n node) probability() *float64 {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil && v > 0 && v < 1 {
			return &v
		}
	}
	n.fail("expected a number between 0 and 1, such as 0.05, found %s", n.describe())
	return nil
}
