package rearrange_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// citation is what CITATION.cff must and may hold here, of the Citation File Format 1.2.0:
// https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md
type citation struct {
	CFFVersion string              `yaml:"cff-version"`
	Message    string              `yaml:"message"`
	Title      string              `yaml:"title"`
	Type       string              `yaml:"type"`
	Authors    []map[string]string `yaml:"authors"`
	Version    string              `yaml:"version"`
	License    string              `yaml:"license"`
	Abstract   string              `yaml:"abstract"`
	Keywords   []string            `yaml:"keywords"`
}

// Services that read the file ignore all of it when it is malformed.
func TestCitationFileIsMalformed(t *testing.T) {
	f, err := os.Open("CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var c citation
	d := yaml.NewDecoder(f)
	d.KnownFields(true) // a misspelt key is a fault
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	if c.CFFVersion != "1.2.0" || c.Type != "software" || c.Message == "" || c.Abstract == "" {
		t.Errorf("a required key is missing or wrong: %+v", c)
	}
	if !strings.HasPrefix(c.Title, "rearrange") || len(c.Authors) == 0 || len(c.Keywords) == 0 || slices.Contains(c.Keywords, "") {
		t.Errorf("title, authors or keywords are missing: %+v", c)
	}
	for _, a := range c.Authors {
		if a["name"] == "" && a["family-names"] == "" {
			t.Errorf("an author without a name: %v", a)
		}
	}
	license, err := os.ReadFile("LICENSE")
	if err != nil || c.License != "Apache-2.0" || !strings.Contains(string(license), "Apache License") {
		t.Errorf("the licence is given as %s (%v)", c.License, err)
	}
	app, err := os.ReadFile("cmd/cli/app.go")
	if version := regexp.MustCompile(`(?m)^const version = "(.*)"$`).FindSubmatch(app); err != nil || version == nil || string(version[1]) != c.Version {
		t.Errorf("the file is of version %s, the program of %s (%v)", c.Version, version, err)
	}
}
