package rearrange_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// mostUnverified may only fall.
const mostUnverified = 8

// listedSources reads docs/citations.csv: each source by its DOI, address or title as the
// code cites it, with the files that cite it.
func listedSources(t *testing.T) map[string][]string {
	f, err := os.Open("docs/citations.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	open, usedIn := 0, map[string][]string{}
	for _, row := range rows[1:] {
		source, verified := row[0], row[5]
		if _, twice := usedIn[source]; twice {
			t.Errorf("%s is listed twice", source)
		}
		_, err := time.Parse(time.DateOnly, verified)
		if verified == "unverified" {
			open++
		} else if err != nil {
			t.Errorf("%s: expected the date on which it was verified, or unverified, found %q", source, verified)
		}
		if slices.Contains(row, "") {
			t.Errorf("%s: a field is empty: %q", source, row)
		}
		usedIn[source] = strings.Fields(row[4])
	}
	if open > mostUnverified {
		t.Errorf("%d sources are unverified, at most %d were: verify what is added", open, mostUnverified)
	}
	return usedIn
}

var (
	joints = regexp.MustCompile(`"\s*\+\s*"|\n\s*//\s?`) // where strings and comments go on in another line
	doi    = regexp.MustCompile(`\b10\.\d{4,9}/[^\s",;]+`)
)

// goText returns the text of every Go file but tests, without line breaks inside strings
// and comments.
func goText(t *testing.T) map[string]string {
	text := map[string]string{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		text[filepath.ToSlash(path)] = joints.ReplaceAllStringFunc(string(data), func(joint string) string {
			if joint[0] == '"' {
				return ""
			}
			return " "
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCitedDOIIsNotListed(t *testing.T) {
	listed, files := listedSources(t), goText(t)
	for path, text := range files {
		for _, cited := range doi.FindAllString(text, -1) {
			if cited = strings.TrimRight(cited, "),.:`"); !slices.Contains(listed[cited], path) {
				t.Errorf("docs/citations.csv does not list %s, cited in %s: verify it and add it", cited, path)
			}
		}
	}
	for source, usedIn := range listed {
		if len(usedIn) == 0 {
			t.Errorf("docs/citations.csv lists %s, which nothing cites", source)
		}
		for _, path := range usedIn {
			if !strings.Contains(files[path], source) {
				t.Errorf("docs/citations.csv: %s does not cite %s", path, source)
			}
		}
	}
}

// A citation names its sources one after the other, with a semicolon between them. Each
// is in the list, unless the thing is own work, no source was found, or the source is a
// document of this repository.
func TestDescriptorCitesAnUnlistedSource(t *testing.T) {
	listed := listedSources(t)
	known := func(part string) bool {
		for _, word := range []string{"own work", "no public source found", "cloud/FORMAT.md"} {
			if strings.HasPrefix(part, word) {
				return true
			}
		}
		for source := range listed {
			if strings.Contains(part, source) {
				return true
			}
		}
		return false
	}
	c := catalogue.Standard()
	for _, kind := range c.Kinds() {
		for _, d := range c.Descriptors(kind.Name) {
			for _, part := range strings.Split(d.Citation, "; ") {
				if !known(part) {
					t.Errorf("%s %s cites %q: expected a source of docs/citations.csv or \"own work\"", kind.Name, d.Name, part)
				}
			}
		}
	}
}
