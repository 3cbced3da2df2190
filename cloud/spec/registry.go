package spec

import (
	"path"
	"reflect"
	"runtime"
	"strings"
)

// Kind describes one kind of pluggable things.
type Kind struct {
	// Name is how parameters and catalogues refer to the kind: "cost".
	Name string
	// Noun is the kind in a message: "cost function". Empty means Name.
	Noun string
	// Plural heads a list of the kind: "costs".
	Plural string
	// Synopsis is one line without a full stop.
	Synopsis string
	// Vocabulary holds the properties that an entry may declare.
	Vocabulary []Property
}

func (k Kind) noun() string {
	if k.Noun == "" {
		return k.Name
	}
	return k.Noun
}

// Entry is a descriptor with its constructor.
type Entry[T any] struct {
	Descriptor
	New func(Args) (T, error)
}

// Registry is an ordered list of entries of one kind. It is read-only.
type Registry struct {
	kind    Kind
	makes   reflect.Type // what constructors return
	entries []entry
}

type entry struct {
	Descriptor
	build       func(Args) (any, error) // nil where the entry has no constructor
	constructor string                  // the package that the constructor stands in
}

// NewRegistry makes a registry, which becomes part of a [Catalogue]. It accepts faulty
// entries: [Catalogue.Problems] lists all faults together.
func NewRegistry[T any](kind Kind, entries ...Entry[T]) Registry {
	r := Registry{kind: kind, makes: reflect.TypeFor[T]()}
	for _, e := range entries {
		added := entry{Descriptor: e.Descriptor}
		if e.New != nil {
			added.build = func(a Args) (any, error) { return e.New(a) }
			added.constructor = packageOf(e.New)
		}
		r.entries = append(r.entries, added)
	}
	return r
}

// packageOf is the import path of the package whose source a function stands in. The name
// of a function does not always tell: where the compiler inlines a constructor of entries,
// the function literals in it become those of the caller. What stands in this module is
// found by its file instead.
func packageOf(function any) string {
	f := runtime.FuncForPC(reflect.ValueOf(function).Pointer())
	file, _ := f.FileLine(f.Entry())
	if rest, ok := strings.CutPrefix(path.Dir(file), moduleFolder()); ok && (rest == "" || rest[0] == '/') {
		return modulePath() + rest
	}
	folder, name := path.Split(f.Name())
	base, _, _ := strings.Cut(name, ".")
	return folder + base
}

// here is this package within the module.
const here = "/cloud/spec"

// modulePath is the import path of this module.
func modulePath() string { return strings.TrimSuffix(reflect.TypeFor[Registry]().PkgPath(), here) }

// moduleFolder is where this module stood when the program was built, or what stands for
// that in a program built with -trimpath.
func moduleFolder() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(path.Dir(file), here)
}
