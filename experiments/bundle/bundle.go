package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/results"
)

// Options say what goes into a bundle.
type Options struct {
	Catalogue *spec.Catalogue // knows what the suite names
	// Suite is the file that the suite was read from. Relative names in the suite's copy
	// start at its folder; if it is empty, at the folder of the results.
	Suite string
	// Instances adds the instances that the suite generates.
	Instances bool
	Source    fs.FS // of the program
	Build     Build
	// Code is a hash of the source that the given packages depend on, as in records. Nil: no
	// one knows.
	Code func(packages []string) string
	// Note is told what is not packed, and why. It may be nil.
	Note func(text string)
}

// Bundle is an archive to be written.
type Bundle struct {
	Name    string // of the folder in the archive
	Records []results.Record
	files   []file // sorted by name
	date    time.Time
}

// Files is the number of files in the archive.
func (b *Bundle) Files() int { return len(b.files) }

// New collects what belongs to the results in a folder, and reads it once for its
// checksums. A folder without records or without a suite is refused. Large files
// are not held in memory, except for generated instances.
func New(ctx context.Context, dir string, o Options) (*Bundle, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder of results", dir)
	}
	records, problems, err := results.Read(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(records) == 0:
		return nil, fmt.Errorf("no records in %s", dir)
	case err != nil:
		return nil, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := &collection{ctx: ctx, options: o, dir: dir, facts: facts{
		name: filepath.Base(abs), records: records, build: o.Build, catalogue: o.Catalogue, code: o.Code, instances: -1,
	}}
	if len(problems) > 0 {
		c.note("records of %s, the first: %v", prose.Count(len(problems), "faulty line"), problems[0])
	}
	for _, add := range []func() error{c.addSuite, c.addResults, c.addSource, c.addFacts} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	files, err := sealed(ctx, c.files)
	if err != nil {
		return nil, err
	}
	return &Bundle{Name: c.facts.name, Records: records, files: files, date: newest(records)}, nil
}

// newest is the latest date of a record. It stands for the time of every file, so that
// packing the same results again yields the same bytes.
func newest(records []results.Record) time.Time {
	out := time.Unix(0, 0).UTC()
	for _, r := range records {
		if t, err := time.Parse(time.RFC3339, r.Provenance.Date); err == nil && t.After(out) {
			out = t.UTC().Truncate(time.Second)
		}
	}
	return out
}

// collection is a bundle while it is put together.
type collection struct {
	ctx     context.Context
	options Options
	dir     string
	files   []file
	facts   facts
}

func (c *collection) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	c.facts.missing = append(c.facts.missing, text)
	if c.options.Note != nil {
		c.options.Note(text)
	}
}

func (c *collection) addText(name, text string) error {
	return c.add(name, bytesOf([]byte(text)))
}

// addFacts tells what was collected, so it comes last.
func (c *collection) addFacts() error {
	if err := c.addText("build.json", c.facts.buildJSON()); err != nil {
		return err
	}
	return c.addText("README.txt", c.facts.readme())
}

// add takes a file in. Checksums are listed one a line, so a name must fit on one.
func (c *collection) add(name string, content content) error {
	if strings.ContainsAny(name, "\n\r\\") || !fs.ValidPath(name) {
		return fmt.Errorf("the file name %q cannot be listed in a manifest", name)
	}
	c.files = append(c.files, file{name: name, content: content})
	return nil
}

// addResults takes in what `run` and `report` write.
func (c *collection) addResults() error {
	root := os.DirFS(c.dir)
	taken := map[string]bool{}
	for _, pattern := range []string{results.FileName, results.FileName + ".zst", results.FileName + ".gz"} {
		if _, err := fs.Stat(root, pattern); err == nil {
			taken[pattern] = true // the one that is read
			break
		}
	}
	for _, pattern := range []string{"report.*", "timing.md", "plans/*.json"} {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			taken[name] = true
		}
	}
	for _, folder := range []string{"tables", "plots"} {
		err := fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !strings.HasPrefix(d.Name(), ".") {
				taken[name] = true
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for name := range taken {
		on := filepath.Join(c.dir, filepath.FromSlash(name))
		info, err := os.Stat(on)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		if strings.HasPrefix(name, "plans/") {
			c.facts.plans++
		}
		c.facts.report = c.facts.report || strings.HasPrefix(name, "report.")
		if err := c.add("results/"+name, onDisk(on)); err != nil {
			return err
		}
	}
	return nil
}

// addSource takes in the source of the program.
func (c *collection) addSource() error {
	return fs.WalkDir(c.options.Source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(c.options.Source, name)
		if err != nil {
			return err
		}
		return c.add("source/"+name, bytesOf(data))
	})
}

// addSuite takes in the suite and what it names. The records are of the suite in their
// folder; the one that the caller names only tells where names start.
func (c *collection) addSuite() error {
	at := filepath.Join(c.dir, experiments.SuiteCopy)
	data, err := os.ReadFile(at)
	lacks := errors.Is(err, fs.ErrNotExist)
	if err != nil && !lacks {
		return err
	}
	if named := c.options.Suite; named != "" {
		original, err := os.ReadFile(named)
		switch {
		case err != nil:
			return err
		case lacks:
			data = original
		case !bytes.Equal(data, original):
			c.note("the suite %s: what was run is the other suite in %s", named, at)
		}
		at = named
	} else if lacks {
		return fmt.Errorf("no %s in %s: name the suite that was run", experiments.SuiteCopy, c.dir)
	}
	if err := c.add("results/"+experiments.SuiteCopy, bytesOf(data)); err != nil {
		return err
	}
	return c.addInputs(data, at)
}
