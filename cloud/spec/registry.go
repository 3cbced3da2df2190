package spec

import (
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

// packageOf is the import path of the package that a function stands in.
func packageOf(function any) string {
	name := runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name()
	folder, rest := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		folder, rest = name[:i+1], name[i+1:]
	}
	base, _, _ := strings.Cut(rest, ".")
	return folder + base
}
