package bundle

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Build describes the program that packs.
type Build struct {
	Version   string            `json:"version"`
	Revision  string            `json:"revision"`
	Build     string            `json:"build"` // as in records
	GoVersion string            `json:"go_version"`
	OS        string            `json:"os"`
	Main      string            `json:"main_package"`
	Modules   map[string]string `json:"modules"` // version and checksum by path
}

// ThisBuild is that of the running program, of which records would tell this.
func ThisBuild(p results.Provenance) Build {
	b := Build{
		Version: p.Version, Revision: p.Revision, Build: p.Build, GoVersion: p.GoVersion, OS: p.OS,
		Modules: map[string]string{},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Main = info.Path
		for _, m := range info.Deps {
			used := m
			if m.Replace != nil {
				used = m.Replace
			}
			b.Modules[m.Path] = strings.TrimSpace(used.Version + " " + used.Sum)
		}
	}
	return b
}

// maker is a build as records name it, with the number of its runs.
type maker struct {
	builtAs
	Code []string `json:"code,omitempty"` // hashes of the source that its runs depended on, sorted
	Runs int      `json:"runs"`
}

// builtAs is what tells builds apart.
type builtAs struct {
	Version   string `json:"version"`
	Revision  string `json:"revision"`
	Build     string `json:"build,omitempty"`
	GoVersion string `json:"go_version"`
	OS        string `json:"os"`
	CPUModel  string `json:"cpu_model"`
}

// makers lists what made the records, in the order of the records.
func makers(records []results.Record) []maker {
	var out []maker
	for _, r := range records {
		p := r.Provenance
		b := builtAs{p.Version, p.Revision, p.Build, p.GoVersion, p.OS, p.CPUModel}
		at := slices.IndexFunc(out, func(o maker) bool { return o.builtAs == b })
		if at < 0 {
			at = len(out)
			out = append(out, maker{builtAs: b})
		}
		m := &out[at]
		m.Runs++
		if i, known := slices.BinarySearch(m.Code, p.Code); p.Code != "" && !known {
			m.Code = slices.Insert(m.Code, i, p.Code)
		}
	}
	return out
}

// others counts the records that other code made than that of the program that packs: where
// that is not known, those that another build made.
func (f *facts) others() int {
	n := 0
	known := map[string]string{} // code by what runs are made of
	for _, r := range f.records {
		of := fmt.Sprintf("%q %q %q", r.Algorithm, r.CostFunction, r.Rules)
		if r.Target != nil {
			of += fmt.Sprintf("%q %q", r.Target.Strategy, r.Target.Objective)
		}
		of += fmt.Sprintf("%q %q", r.Scheduling(), r.Executing())
		code, asked := known[of]
		if !asked {
			code = f.codeOf(&r)
			known[of] = code
		}
		p := &r.Provenance
		same := p.Revision == f.build.Revision
		if p.Build != "" && f.build.Build != "" {
			same = p.Build == f.build.Build
		}
		if p.Code != "" && code != "" {
			same = p.Code == code
		}
		if !same {
			n++
		}
	}
	return n
}

// codeOf is the hash of the source on which the run would depend in this program; empty if that
// is not known.
func (f *facts) codeOf(r *results.Record) string {
	if f.code == nil {
		return ""
	}
	kinds, texts := []string{paths.Kind, costs.Kind}, []string{r.Algorithm, r.CostFunction}
	if r.Target != nil {
		kinds, texts = append(kinds, targets.Kind, objectives.Kind), append(texts, r.Target.Strategy, r.Target.Objective)
	}
	if s := r.Schedule; s != nil {
		kinds, texts = append(kinds, concurrency.Kind, durations.Kind, schedules.Kind), append(texts, s.Model, s.Duration, s.Scheduler)
	}
	for _, rule := range r.Rules {
		kinds, texts = append(kinds, rules.Kind), append(texts, rule)
	}
	var packages []string
	for i, text := range texts {
		sp, err := spec.Parse(text)
		if err != nil {
			return ""
		}
		args, err := f.catalogue.Resolve(kinds[i], sp)
		if err != nil {
			return ""
		}
		packages = append(packages, args.Packages()...)
	}
	slices.Sort(packages)
	return f.code(slices.Compact(packages))
}

// buildJSON describes what packed and what made the records.
func (f *facts) buildJSON() string {
	text, err := json.MarshalIndent(struct {
		PackedBy  Build   `json:"packed_by"`
		RecordsBy []maker `json:"records_by"`
	}{f.build, makers(f.records)}, "", "  ")
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot say
	}
	return string(text) + "\n"
}
