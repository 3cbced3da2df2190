package rearrange_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What documents show in their console blocks must be what happens. In the output that
// they show, … stands for anything, on one line or over several.
func TestExamplesInDocumentsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "rearrange"), "./cmd/rearrange").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, file := range []string{"README.md", filepath.Join("docs", "instances.md"), filepath.Join("docs", "execution.md"), filepath.Join("docs", "results.md")} {
		t.Run(file, func(t *testing.T) { runExamples(t, file, bin) })
	}
}

func runExamples(t *testing.T, file, bin string) {
	document, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(document), -1)
	if len(blocks) < 3 {
		t.Fatalf("only %d console blocks were found", len(blocks))
	}
	dir := t.TempDir()
	for _, data := range []string{"cloud/formats/roadef/testdata", "experiments/suites"} {
		if err := os.CopyFS(filepath.Join(dir, data), os.DirFS(data)); err != nil {
			t.Fatal(err)
		}
	}
	for _, block := range blocks {
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
			t.Errorf("$ %s\nprints\n%s\nthe document shows\n%s", command, out, want)
		}
	}
}
