package experiments

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/results"
)

// Provenance says what makes records here and now.
func Provenance(version string, now time.Time) results.Provenance {
	return results.Provenance{
		Version: version, Revision: Revision(), GoVersion: runtime.Version(),
		OS: runtime.GOOS + "/" + runtime.GOARCH, CPUModel: cpuModel(), Cores: runtime.NumCPU(),
		Date: now.UTC().Format(time.RFC3339),
	}
}

// Revision is the commit that the program was built from, with "+dirty" behind it
// when files had been changed; "unknown" when nobody can tell. A program built without
// version stamping, as `go run` does, asks git about the checkout it stands in.
func Revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if revision != "" {
		return revision + dirty
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
		dirty = "+dirty"
	}
	return strings.TrimSpace(string(out)) + dirty
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
