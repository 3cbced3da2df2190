package bundle

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// facts are what README.txt and build.json tell of a bundle.
type facts struct {
	name      string
	records   []results.Record
	build     Build
	catalogue *spec.Catalogue
	code      func(packages []string) string
	suite     string // its place
	inputs    int    // instance files that it names
	instances int    // generated; -1 where none were asked for
	plans     int
	report    bool
	missing   []string
}

func (f *facts) readme() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	item := func(name, format string, args ...any) { line("  %-11s "+format, append([]any{name}, args...)...) }

	line("%s: results of a benchmark of migration paths, made by rearrange\n", prose.Clean(f.name))
	item("results/", "%s, %s%s", prose.Count(len(f.records), "record"), prose.Count(f.plans, "plan"),
		map[bool]string{true: ", and the report with its tables and plots"}[f.report])
	item("suite/", "the suite that was run: specs and seeds of all instances, algorithms and limits")
	if f.inputs > 0 {
		item("", "and the %s named in it", prose.Count(f.inputs, "instance file"))
	}
	if f.instances >= 0 {
		item("instances/", "%s of the suite, with the rules in force; index.json gives their names", prose.Count(f.instances, "instance"))
	}
	item("source/", "the source of the program that packed this")
	item("build.json", "the versions of that program, of Go and of all modules, and what made the records")
	item("MANIFEST", "SHA-256 checksums of all other files")

	line("\nRecords by build:")
	for _, m := range makers(f.records) {
		revision := prose.Clean(m.Revision)
		if m.Build != "" && m.Build != m.Revision {
			revision += ", build " + prose.Clean(m.Build)
		}
		line("  %s by rearrange %s, revision %s, %s, %s, %s", prose.Count(m.Runs, "run"),
			prose.Clean(m.Version), revision, prose.Clean(m.GoVersion), prose.Clean(m.OS), prose.Clean(m.CPUModel))
	}
	if n := f.others(); n > 0 {
		line("  Other code than that in source/, which is revision %s, made %d of the %s.",
			prose.Clean(f.build.Revision), n, prose.Count(len(f.records), "record"))
	}
	if f.build.Main != programPackage && f.build.Main != "" {
		line("  The program was built from %s, whose own source is not here.", f.build.Main)
	}
	if len(f.missing) > 0 {
		line("\nNot here:")
		for _, m := range f.missing {
			line("  %s", prose.Clean(m))
		}
	}

	suite := quoted(f.suite)
	line("\nAll commands below are for a shell in this folder. Check the files first, because later commands")
	line("write a new report:\n")
	line("  sha256sum -c MANIFEST")
	line("\nBuild the program; %s built the one that packed this:\n", prose.Clean(f.build.GoVersion))
	line("  (cd source && go build -o ../rearrange ./cmd/rearrange)")
	line("\nSee that there is a record of every run, and make the report again:\n")
	line("  ./rearrange run %s -o results", suite)
	line("\nRepeat the runs, and compare them with the records:\n")
	line("  ./rearrange run %s -o again", suite)
	line("  ./rearrange compare results again")
	return b.String()
}

// programPackage is the main package of this module.
const programPackage = "github.com/cloudrearrange/rearrange/cmd/rearrange"

// quoted is a file name as a shell takes it.
func quoted(name string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._/-", r)
	}
	if strings.TrimLeftFunc(name, plain) == "" && !strings.HasPrefix(name, "-") {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
