package rearrange_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the README shows in its console blocks must be what happens. In the output that
// it shows, … stands for anything, on one line or over several.
func TestReadmeExamplesRun(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "rearrange"), "./cmd/rearrange").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 3 {
		t.Fatalf("only %d console blocks were found", len(blocks))
	}
	for _, block := range blocks {
		dir := t.TempDir()
		const data = "generators/importers/roadef/testdata"
		if err := os.CopyFS(filepath.Join(dir, data), os.DirFS(data)); err != nil {
			t.Fatal(err)
		}
		runConsole(t, block[1], dir, bin)
	}
}

func runConsole(t *testing.T, block, dir, bin string) {
	t.Helper()
	for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
		command, want, _ := strings.Cut(part, "\n")
		if folder, ok := strings.CutPrefix(command, "cd "); ok {
			dir = filepath.Join(dir, folder)
			continue
		}
		sh := exec.Command("sh", "-c", command)
		sh.Dir = dir
		sh.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1")
		out, err := sh.CombinedOutput()
		if err != nil {
			t.Errorf("$ %s\n%v\n%s", command, err, out)
			continue
		}
		if want = strings.TrimSpace(want); want == "" {
			continue
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "…", "(?s:.*)")
		if !regexp.MustCompile(`^\s*` + pattern + `\s*$`).Match(out) {
			t.Errorf("$ %s\nprints\n%s\nthe README shows\n%s", command, out, want)
		}
	}
}
