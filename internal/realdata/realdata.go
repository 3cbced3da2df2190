// Package realdata finds other people's data, which lies beside the project and is no
// part of it. It is for tests only.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir is the folder of one data set, ../shared/data/<set> seen from the project's
// root. It skips the test, saying so, where there is none.
func Dir(t testing.TB, set string) string {
	t.Helper()
	return beside(t, "data", set)
}

// Cases is the folder of cases with known answers, ../shared/cases/<set> seen from the project's
// root. It skips the test, saying so, where there is none.
func Cases(t testing.TB, set string) string {
	t.Helper()
	return beside(t, "cases", set)
}

func beside(t testing.TB, kind, set string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(root)
		if up == root {
			t.Fatal("no go.mod above the working directory")
		}
		root = up
	}
	dir := filepath.Join(root, "..", "shared", kind, set)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real instances to test against: %v", err)
	}
	return dir
}
