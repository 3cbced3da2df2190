package experiments

import (
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// schedules reads the list of schedules: each entry has models, durations and schedulers, and stands for their product.
func (r *reader) schedules(n node) []Scheduling {
	var out []Scheduling
	first := map[[3]string]string{}
	n.Elements(func(e node) {
		of := map[string][]spec.Spec{}
		read := func(kind string) func(node) {
			return func(n node) { of[kind] = r.each(n, n.OneOrMore, kind, 1) }
		}
		given := e.Members(map[string]func(node){
			"model": read(concurrency.Kind), "duration": read(durations.Kind), "scheduler": read(schedules.Kind),
		})
		for _, name := range []string{"model", "duration", "scheduler"} {
			if e.IsMapping() && !given[name] {
				e.Fail("field %q is missing", name)
			}
		}
		for _, m := range of[concurrency.Kind] {
			for _, d := range of[durations.Kind] {
				for _, s := range of[schedules.Kind] {
					key := [3]string{r.full(concurrency.Kind, m), r.full(durations.Kind, d), r.full(schedules.Kind, s)}
					if before, dup := first[key]; dup {
						e.Fail("model %s, duration %s and scheduler %s stand together in %s, too", m, d, s, before)
						return
					}
					first[key] = e.Path
					out = append(out, Scheduling{m, d, s})
				}
			}
		}
	})
	if n.IsEmptyList() {
		n.Fail("expected at least one schedule, found an empty list")
	}
	return out
}

// full is a spec that was read, with its defaults.
func (r *reader) full(kind string, s spec.Spec) string {
	args, err := r.catalogue.Resolve(kind, s)
	if err != nil {
		return s.String()
	}
	return args.Full().String()
}
