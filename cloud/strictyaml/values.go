package strictyaml

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Choice reads one of a few words; empty after a fault.
func (n Node) Choice(words ...string) string {
	text, ok := n.Text()
	if !ok {
		return ""
	}
	if !slices.Contains(words, text) {
		n.Fail("unknown value %s%s", Quote(text), spec.DidYouMean(text, words, "expected one of"))
		return ""
	}
	return text
}

// Percentage reads a percentage of at least 0, exactly; nil after a fault.
func (n Node) Percentage() *big.Rat {
	if digits, ok := strings.CutSuffix(n.Value, "%"); ok && n.Kind == yaml.ScalarNode {
		// Digits and a point: big.Rat would read fractions and exponents, too.
		if digits = strings.TrimSpace(digits); len(digits) <= 20 && strings.Trim(digits, "0123456789.") == "" {
			if r, ok := new(big.Rat).SetString(digits); ok {
				return r.Quo(r, big.NewRat(100, 1))
			}
		}
	}
	n.Fail("expected a percentage such as 5%% or 0.5%%, found %s", n.Describe())
	return nil
}

// Probability reads a number between 0 and 1; nil after a fault.
func (n Node) Probability() *float64 {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil && v > 0 && v < 1 {
			return &v
		}
	}
	n.Fail("expected a number between 0 and 1, such as 0.05, found %s", n.Describe())
	return nil
}
