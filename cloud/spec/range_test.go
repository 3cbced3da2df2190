package spec_test

import (
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func TestRangeNamesBoundsThatTheParameterRefuses(t *testing.T) {
	for _, c := range []struct {
		p    spec.Param
		want string
	}{
		{spec.Param{Type: spec.Int}, ""},
		{spec.Param{Type: spec.Int, Bounds: spec.Between(0, math.MaxInt64)}, "from 0 to 9223372036854775807"},
		{spec.Param{Type: spec.Int, Bounds: spec.Between(2, 1e12)}, "from 2 to 1000000000000"},
		{spec.Param{Type: spec.Ratio, Bounds: spec.Between(1e-6, 1)}, "from 0.000001 to 1"},
		{spec.Param{Type: spec.Float, Bounds: spec.Between(0.5, math.Inf(1))}, "of at least 0.5"},
		{spec.Param{Type: spec.Float, Bounds: spec.Between(math.Inf(-1), 3)}, "of at most 3"},
		{spec.Param{Type: spec.Duration, Bounds: spec.Between(0.25, 90)}, "from 250ms to 1m30s"},
	} {
		if got := c.p.Range(); got != c.want {
			t.Errorf("%v: expected %q, found %q", c.p.Bounds, c.want, got)
		}
	}
}
