package source

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// Build is what else determines what compiled source does.
type Build struct {
	GoVersion string
	// Modules are the versions of the modules that the source may import, by their paths.
	Modules map[string]string
}

// ThisBuild is that of the running program.
func ThisBuild() Build {
	b := Build{GoVersion: runtime.Version(), Modules: map[string]string{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, m := range info.Deps {
		used := m
		if m.Replace != nil {
			used = m.Replace
		}
		b.Modules[m.Path] = used.Path + " " + used.Version // no checksum: vendored modules have none
	}
	return b
}

// module is the module of an import path: the one with the longest path. The standard
// library has none.
func (b Build) module(pkg string) string {
	found := ""
	for path := range b.Modules {
		if len(path) > len(found) && (pkg == path || strings.HasPrefix(pkg, path+"/")) {
			found = path
		}
	}
	return found
}
