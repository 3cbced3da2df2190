package experiments

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/cloudrearrange/rearrange/results"
)

// Provenance says what makes records on this machine. What differs from run to run is added
// as each begins.
func Provenance(version string) results.Provenance {
	return results.Provenance{
		Version: version, Revision: Revision(), GoVersion: runtime.Version(),
		OS: runtime.GOOS + "/" + runtime.GOARCH, CPUModel: cpuModel(), Cores: runtime.NumCPU(),
		Build: build(), MemoryBytes: machineMemory(), GOMAXPROCS: runtime.GOMAXPROCS(0),
	}
}

// build tells builds of the program apart: by the commit, or by a hash of the executable
// where that was built from changed files, or nobody knows from which. Empty if it cannot be
// read.
var build = sync.OnceValue(func() string {
	if revision, changed := stamped(); revision != "" && !changed {
		return revision
	}
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
})

// stamped is the commit that the executable says it was built from, and whether files had been
// changed; empty if it says none.
func stamped() (revision string, changed bool) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", false
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	return revision, changed
}

// Revision is the commit that the program was built from, with "+dirty" behind it
// when files had been changed; "unknown" when nobody can tell. A program built without
// version stamping, as `go run` does, asks git about the checkout it stands in.
func Revision() string {
	const dirty = "+dirty"
	revision, changed := stamped()
	switch {
	case revision != "" && changed:
		return revision + dirty
	case revision != "":
		return revision
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if mod, err := os.ReadFile("go.mod"); err != nil || !strings.HasPrefix(string(mod), "module "+info.Main.Path+"\n") {
		return "unknown"
	}
	out, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	status, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output()
	if err != nil || len(status) > 0 {
		return strings.TrimSpace(string(out)) + dirty
	}
	return strings.TrimSpace(string(out))
}

func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if key, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
