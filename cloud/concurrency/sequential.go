package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func sequentialEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "sequential",
			Synopsis: "one migration, suspend or resume at a time",
			Doc:      "Shutdowns and provisions do not count.",
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(*cloud.Instance) (Model, error) { return sequential{a.Brief().String()}, nil }, nil
		},
	}
}

// sequential lets one step be under way.
type sequential struct{ text string }

func (s sequential) String() string { return s.text }

func (s sequential) Violations(v View, _ []cloud.Change) []cloud.Violation {
	n := len(v.All())
	if n <= 1 {
		return nil
	}
	return []cloud.Violation{{Rule: s.text, Msg: fmt.Sprintf("%d migrations are under way, at most 1 may be", n)}}
}

func (s sequential) NewGuard() Guard { return new(sequentialGuard) }

type sequentialGuard struct{ busy bool }

func (g *sequentialGuard) Allows(cloud.Change) bool { return !g.busy }
func (g *sequentialGuard) Begin(cloud.Change)       { g.busy = true }
func (g *sequentialGuard) End(cloud.Change)         { g.busy = false }
