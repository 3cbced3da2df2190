package bundle

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/results"
)

// Build describes the program that packs.
type Build struct {
	Version   string            `json:"version"`
	Revision  string            `json:"revision"`
	GoVersion string            `json:"go_version"`
	OS        string            `json:"os"`
	Main      string            `json:"main_package"`
	Modules   map[string]string `json:"modules"` // version and checksum by path
}

// ThisBuild is that of the running program.
func ThisBuild(version, revision string) Build {
	b := Build{
		Version: version, Revision: revision, GoVersion: runtime.Version(),
		OS: runtime.GOOS + "/" + runtime.GOARCH, Modules: map[string]string{},
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
	Version   string `json:"version"`
	Revision  string `json:"revision"`
	GoVersion string `json:"go_version"`
	OS        string `json:"os"`
	CPUModel  string `json:"cpu_model"`
	Runs      int    `json:"runs"`
}

// makers lists what made the records, in the order of the records.
func makers(records []results.Record) []maker {
	var out []maker
	for _, r := range records {
		p := r.Provenance
		m := maker{p.Version, p.Revision, p.GoVersion, p.OS, p.CPUModel, 0}
		at := slices.IndexFunc(out, func(o maker) bool { o.Runs = 0; return o == m })
		if at < 0 {
			at = len(out)
			out = append(out, m)
		}
		out[at].Runs++
	}
	return out
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
