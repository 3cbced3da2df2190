package where

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// field is one thing that every record may tell; false where this one does not.
type field struct {
	name string
	kind expression.Kind
	of   func(*results.Record) (expression.Value, bool)
}

// fields lists the fields of records, in the order of their documentation.
func fields() []field {
	text := func(name string, of func(*results.Record) string) field {
		return field{name, expression.Text, func(r *results.Record) (expression.Value, bool) {
			return expression.TextValue(of(r)), true
		}}
	}
	integer := func(name string, of func(*results.Record) int64) field {
		return field{name, expression.Number, func(r *results.Record) (expression.Value, bool) {
			return expression.Integer(of(r)), true
		}}
	}
	optional := func(name string, of func(*results.Record) *int64) field {
		return field{name, expression.Number, func(r *results.Record) (expression.Value, bool) {
			n := of(r)
			if n == nil {
				return expression.Value{}, false
			}
			return expression.Integer(*n), true
		}}
	}
	seconds := func(name string, of func(*results.Record) float64) field {
		return field{name, expression.Number, func(r *results.Record) (expression.Value, bool) {
			return expression.Decimal(of(r)), true
		}}
	}
	return []field{
		text("run_key", func(r *results.Record) string { return r.RunKey }),
		text("instance", func(r *results.Record) string { return r.Instance }),
		text("instance_sha256", func(r *results.Record) string { return r.InstanceSHA256 }),
		text("class", func(r *results.Record) string { return summary.Class(r.Instance) }),
		text("algorithm", func(r *results.Record) string { return r.Algorithm }),
		text("cost_function", func(r *results.Record) string { return r.CostFunction }),
		{"rules", expression.Texts, func(r *results.Record) (expression.Value, bool) {
			return expression.TextsValue(r.Rules), true
		}},
		{"seed", expression.Number, func(r *results.Record) (expression.Value, bool) {
			return expression.Fraction(new(big.Rat).SetUint64(r.Seed)), true
		}},
		seconds("limits.timeout_s", func(r *results.Record) float64 { return r.Limits.TimeoutS }),
		integer("limits.memory_bytes", func(r *results.Record) int64 { return r.Limits.MemoryBytes }),
		integer("limits.expansions", func(r *results.Record) int64 { return r.Limits.Expansions }),
		text("outcome", func(r *results.Record) string { return string(r.Outcome) }),
		{"solved", expression.Truth, func(r *results.Record) (expression.Value, bool) {
			return expression.TruthValue(r.Outcome.Solved()), true
		}},
		text("message", func(r *results.Record) string { return r.Message }),
		optional("cost", func(r *results.Record) *int64 { return r.Cost }),
		optional("lower_bound", func(r *results.Record) *int64 { return r.LowerBound }),
		{"steps", expression.Number, func(r *results.Record) (expression.Value, bool) {
			return expression.Integer(int64(r.Steps)), r.Outcome.HasPlan()
		}},
		text("plan_sha256", func(r *results.Record) string { return r.PlanSHA256 }),
		seconds("wall_s", func(r *results.Record) float64 { return r.WallS }),
		seconds("cpu_s", func(r *results.Record) float64 { return r.CPUS }),
		integer("peak_bytes", func(r *results.Record) int64 { return r.PeakBytes }),
		text("provenance.version", func(r *results.Record) string { return r.Provenance.Version }),
		text("provenance.revision", func(r *results.Record) string { return r.Provenance.Revision }),
		text("provenance.go_version", func(r *results.Record) string { return r.Provenance.GoVersion }),
		text("provenance.os", func(r *results.Record) string { return r.Provenance.OS }),
		text("provenance.cpu_model", func(r *results.Record) string { return r.Provenance.CPUModel }),
		integer("provenance.cores", func(r *results.Record) int64 { return int64(r.Provenance.Cores) }),
		text("provenance.date", func(r *results.Record) string { return r.Provenance.Date }),
	}
}
