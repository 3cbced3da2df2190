package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Code is the source of a module. It is safe for use by several goroutines.
type Code struct {
	files  fs.FS
	module string
	build  Build

	mu   sync.Mutex
	read map[string]*pkg // by import path; nil for what is no package
}

// pkg is a package as its files say.
type pkg struct {
	imports []string
	hash    string
}

// New takes the files of a module, of which go.mod names the module. Files are read when
// they are needed, once.
func New(files fs.FS, build Build) (*Code, error) {
	mod, err := fs.ReadFile(files, "go.mod")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(mod)) {
		if module, ok := strings.CutPrefix(line, "module "); ok {
			return &Code{files: files, module: strings.TrimSpace(module), build: build, read: map[string]*pkg{}}, nil
		}
	}
	return nil, errors.New("go.mod names no module")
}

// Hash is a hash of all that the packages do, given by their import paths: 32 hexadecimal
// digits over their source and that of the packages of this module that they import,
// directly or not; over the Go version, and over the versions of the modules that these
// import. Modules that only those import are left out. It is empty if one of the
// packages is not of this module, because no one has its source.
//
// All files of a package count, whatever system they are for, except for tests. It takes
// time in proportion to source that was not read before, about 20 ms for 1 MB.
func (c *Code) Hash(packages []string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	closure, foreign, ok := c.closure(packages)
	if !ok {
		return ""
	}
	h := sha256.New()
	fmt.Fprintln(h, c.build.GoVersion)
	modules := map[string]bool{}
	for _, pkg := range foreign {
		if m := c.build.module(pkg); m != "" {
			modules[m] = true
		}
	}
	for _, m := range slices.Sorted(maps.Keys(modules)) {
		fmt.Fprintln(h, m, c.build.Modules[m])
	}
	for _, path := range closure {
		fmt.Fprintln(h, path, c.read[path].hash)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Closure lists the packages with all packages of this module that they import, directly
// or not, sorted; none if one of them is not of this module.
func (c *Code) Closure(packages []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	closure, _, _ := c.closure(packages)
	return closure
}

// closure also tells what is imported that is not of this module.
func (c *Code) closure(packages []string) (closure, foreign []string, ok bool) {
	seen := map[string]bool{}
	for next := slices.Clone(packages); len(next) > 0; {
		path := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[path] {
			continue
		}
		seen[path] = true
		p := c.load(path)
		if p == nil {
			return nil, nil, false
		}
		closure = append(closure, path)
		for _, other := range p.imports {
			if c.folder(other) != "" {
				next = append(next, other)
			} else {
				foreign = append(foreign, other)
			}
		}
	}
	slices.Sort(closure)
	return closure, foreign, true
}

// folder is where a package of this module stands in it; empty for those of others.
func (c *Code) folder(pkg string) string {
	if pkg == c.module {
		return "."
	}
	rest, _ := strings.CutPrefix(pkg, c.module+"/")
	if rest == pkg || !fs.ValidPath(rest) {
		return ""
	}
	return rest
}

// load reads a package; nil if there is none, or its files cannot be read as Go.
func (c *Code) load(importPath string) *pkg {
	if p, known := c.read[importPath]; known {
		return p
	}
	p, err := c.parse(c.folder(importPath))
	if err != nil {
		p = nil
	}
	c.read[importPath] = p
	return p
}

func (c *Code) parse(folder string) (*pkg, error) {
	if folder == "" {
		return nil, errors.New("not of this module")
	}
	entries, err := fs.ReadDir(c.files, folder) // sorted by name
	if err != nil {
		return nil, err
	}
	p, h, sources := &pkg{}, sha256.New(), 0
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := fs.ReadFile(c.files, path.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		if path.Ext(e.Name()) == ".go" {
			sources++
			if sum, err = hashTokens(data); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Name(), err)
			}
			imports, err := importsOf(data)
			if err != nil {
				return nil, err
			}
			p.imports = append(p.imports, imports...)
		}
		fmt.Fprintf(h, "%s %x\n", e.Name(), sum)
	}
	if sources == 0 {
		return nil, errors.New("no Go files")
	}
	p.hash = hex.EncodeToString(h.Sum(nil))
	return p, nil
}

func importsOf(data []byte) ([]string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		out = append(out, imported)
	}
	return out, nil
}
