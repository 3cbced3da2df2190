package report

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// NotApplicableError says why a table or plot that was asked for cannot be made of the
// records.
type NotApplicableError struct{ error }

func notApplicable(kind string, sp spec.Spec, reason string) error {
	return &NotApplicableError{fmt.Errorf("%s %s: %s", kind, sp, strings.TrimSuffix(reason, "."))}
}

// Table makes one table. If it cannot be made of the records, the error is a
// [NotApplicableError].
func Table(s *summary.Summary, sp spec.Spec) (tables.Table, error) {
	build, _, err := spec.Build[tables.Builder](s.Catalogue, tables.Kind, sp)
	if err != nil {
		return tables.Table{}, err
	}
	t, err := build(s)
	if err != nil {
		return t, notApplicable("table", sp, err.Error())
	}
	return t, nil
}

// Plot makes one figure, of the size given unless the spec has one; an empty size is the
// plot's own. If it cannot be made of the records, the error is a [NotApplicableError].
func Plot(s *summary.Summary, sp spec.Spec, size string) (plots.Figure, error) {
	if _, has := sp.Value(plots.SizeParam); !has && size != "" {
		sp = sp.WithValue(plots.SizeParam, spec.Value{Text: size})
	}
	build, _, err := spec.Build[plots.Builder](s.Catalogue, plots.Kind, sp)
	if err != nil {
		return plots.Figure{}, err
	}
	f := build(s)
	if f.NotApplicable {
		return f, notApplicable("plot", sp, f.Caption)
	}
	return f, nil
}
