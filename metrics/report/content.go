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
type NotApplicableError struct {
	Kind   string // "table" or "plot"
	Spec   spec.Spec
	Reason string
}

func (e *NotApplicableError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Kind, e.Spec, strings.TrimSuffix(e.Reason, "."))
}

// Table makes one table. Where the records are not of the kind that it is about, it is a
// [NotApplicableError].
func Table(s *summary.Summary, sp spec.Spec) (tables.Table, error) {
	build, _, err := spec.Build[tables.Builder](s.Catalogue, tables.Kind, sp)
	if err != nil {
		return tables.Table{}, err
	}
	t, err := build(s)
	if err != nil {
		return t, &NotApplicableError{"table", sp, err.Error()}
	}
	return t, nil
}

// Plot makes one figure, of a size unless the spec says one; empty for the plot's own. Where
// the records are not of the kind that it is about, it is a [NotApplicableError].
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
		return f, &NotApplicableError{"plot", sp, f.Caption}
	}
	return f, nil
}
