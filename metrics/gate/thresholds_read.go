package gate

import (
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/strictyaml"
)

// ThresholdsFormat is the version of the format of thresholds that this program reads.
const ThresholdsFormat = "rearrange/thresholds/1"

type node = strictyaml.Node

var thresholdsKind = strictyaml.Kind{Noun: "file of thresholds", Format: ThresholdsFormat}

// ReadThresholds reads a file that says from where on a solver that got worse is a
// regression. Errors name file, line and path, all faults at once.
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
	root, err := strictyaml.Parse(file, data, thresholdsKind)
	if err != nil {
		return t, err
	}
	if !root.IsMapping() || !root.CheckFormat(thresholdsKind) {
		return t, root.Err()
	}
	var general, special []Rule // in whatever order they are written
	root.Members(map[string]func(node){
		"format":   func(node) {},
		"timed":    func(n node) { t.Untimed = !n.Yes() },
		"drift":    func(n node) { t.KeepDrift = n.Choice("excused", "counted") == "counted" },
		"unpaired": func(n node) { t.RefuseUnpaired = n.Choice("reported", "refused") == "refused" },
		"metrics":  func(n node) { general = metricRules(n) },
		"algorithms": func(n node) {
			n.Elements(func(e node) { special = append(special, algorithmRules(e)...) })
		},
	})
	if err := root.Err(); err != nil {
		return Thresholds{}, err
	}
	t.Rules = append(general, special...)
	return t, nil
}

// algorithmRules reads the rules for the algorithms of one pattern.
func algorithmRules(n node) (out []Rule) {
	if !n.IsMapping() {
		return nil
	}
	pattern := ""
	given := n.Members(map[string]func(node){
		"algorithm": func(n node) {
			if text, ok := n.Text(); ok && text == "" {
				n.Fail("expected an algorithm, or a pattern such as improve*, found an empty text")
			} else {
				pattern = text
			}
		},
		"metrics": func(n node) { out = metricRules(n) },
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

// metricRules reads the rules of a mapping of metrics.
func metricRules(n node) (out []Rule) {
	n.Pairs(func(key, value node) {
		m, ok := MetricNamed(key.Value)
		if !ok {
			key.Fail("unknown metric %s%s", strictyaml.Quote(key.Value), spec.DidYouMean(key.Value, MetricNames(), "known are"))
			return
		}
		out = append(out, metricRule(value, m))
	})
	return out
}

func metricRule(n node, m Metric) Rule {
	rule := Rule{Metric: m.Name}
	n.Members(map[string]func(node){
		"ignore": func(n node) {
			yes := n.Yes()
			rule.Ignore = &yes
		},
		"tolerance": func(n node) {
			if m.Answer {
				n.Fail("%s counts answers, of which none is a little worse: it takes pairs, and no tolerance", m.Name)
				return
			}
			rule.Tolerance = n.Percentage()
		},
		"pairs": func(n node) {
			if m.Timed {
				n.Fail("%s is noisy and judged over all pairs: it takes a tolerance and a significance, and no pairs", m.Name)
				return
			}
			pairs := int(n.Count(0))
			rule.Pairs = &pairs
		},
		"significance": func(n node) {
			if !m.Timed {
				n.Fail("%s is compared exactly: it takes no significance", m.Name)
				return
			}
			rule.Significance = n.Probability()
		},
	})
	return rule
}
