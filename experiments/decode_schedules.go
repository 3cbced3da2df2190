package experiments

import (
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// schedules reads the list of schedules: each entry has models, durations and schedulers.
func (r *reader) schedules(n node) (out []Scheduling) {
	r.products(n, "schedule", []field{{"model", concurrency.Kind}, {"duration", durations.Kind}, {"scheduler", schedules.Kind}}, func(of []spec.Spec) {
		out = append(out, Scheduling{of[0], of[1], of[2]})
	})
	return out
}

// executions reads the list of executions: each entry has executors and clouds.
func (r *reader) executions(n node) (out []Executing) {
	r.products(n, "execution", []field{{"executor", execution.Kind}, {"on", drivers.Kind}}, func(of []spec.Spec) {
		out = append(out, Executing{of[0], of[1]})
	})
	return out
}

// field is a field of specs of a kind.
type field struct{ name, kind string }

// products reads a list of entries whose fields, all required, have one or more specs each: an entry stands for their product, the last
// field fastest. No product may stand in the list twice.
func (r *reader) products(n node, noun string, fields []field, add func([]spec.Spec)) {
	first := map[string]string{}
	n.Elements(func(e node) {
		of := map[string][]spec.Spec{}
		members := map[string]func(node){}
		for _, f := range fields {
			members[f.name] = func(n node) { of[f.name] = r.each(n, n.OneOrMore, f.kind, 1) }
		}
		given := e.Members(members)
		product := [][]spec.Spec{nil}
		for _, f := range fields {
			if e.IsMapping() && !given[f.name] {
				e.Fail("field %q is missing", f.name)
			}
			var longer [][]spec.Spec
			for _, some := range product {
				for _, s := range of[f.name] {
					longer = append(longer, append(some[:len(some):len(some)], s))
				}
			}
			product = longer
		}
		for _, specs := range product {
			var key, told []string
			for i, f := range fields {
				key = append(key, r.full(f.kind, specs[i]))
				told = append(told, f.name+" "+specs[i].String())
			}
			if before, dup := first[strings.Join(key, "\x00")]; dup {
				e.Fail("%s and %s stand together in %s, too", strings.Join(told[:len(told)-1], ", "), told[len(told)-1], before)
				return
			}
			first[strings.Join(key, "\x00")] = e.Path
			add(specs)
		}
	})
	if n.IsEmptyList() {
		n.Fail("expected at least one %s, found an empty list", noun)
	}
}

// full is a spec that was read, with its defaults.
func (r *reader) full(kind string, s spec.Spec) string {
	args, err := r.catalogue.Resolve(kind, s)
	if err != nil {
		return s.String()
	}
	return args.Full().String()
}
