package objectives

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func lexicographicEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "lexicographic",
			Synopsis: "objectives by rank: each decides where all before it are equal",
			Doc: "The first objective decides; the second where the first is equal, and so on: lexicographic(of=[hosts, load(measure=stddev)]). " +
				"There are 4 ranks at most, those of nested ones included.",
			Params:   []spec.Param{ofParam("the objectives, the most important first")},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, rules []cloud.Rule) (cloud.Objective, error) {
				p, err := bindParts(in, rules, a)
				if err != nil {
					return nil, err
				}
				o := &Lexicographic{parts: p}
				for _, part := range p.of {
					o.widths = append(o.widths, cloud.Components(part))
				}
				if n := o.Components(); n > len(cloud.Score{}) {
					return nil, fmt.Errorf("expected at most %d ranks, those of nested objectives included, found %d", len(cloud.Score{}), n)
				}
				return o, nil
			}, nil
		},
	}
}

// Lexicographic is several objectives by rank.
type Lexicographic struct {
	parts
	widths []int // by part: its components
}

// Ranked is an objective by which another one decides where the first is equal.
func Ranked(first, second cloud.Objective) *Lexicographic {
	return &Lexicographic{parts: parts{of: []cloud.Objective{first, second}}, widths: []int{cloud.Components(first), cloud.Components(second)}}
}

// First is the objective that decides.
func (o *Lexicographic) First() cloud.Objective { return o.of[0] }

// Components implements [cloud.Ordered].
func (o *Lexicographic) Components() int {
	n := 0
	for _, w := range o.widths {
		n += w
	}
	return n
}

// String implements [cloud.Objective].
func (o *Lexicographic) String() string { return o.text.String() }

// Grows implements [cloud.Growing]: up to the first part that does not grow as a whole.
func (o *Lexicographic) Grows() int {
	n := 0
	for i, part := range o.of {
		own := grows(part)
		if n += own; own < o.widths[i] {
			break
		}
	}
	return n
}

// Unit implements [cloud.Objective]: it lists the units of all ranks.
func (o *Lexicographic) Unit() string {
	units := make([]string, len(o.of))
	for i, part := range o.of {
		units[i] = part.Unit()
	}
	return strings.Join(units, ", ")
}

// Show implements [cloud.Objective].
func (o *Lexicographic) Show(s cloud.Score) string {
	var texts []string
	at := 0
	for i, part := range o.of {
		var own cloud.Score
		copy(own[:], s[at:at+o.widths[i]])
		texts = append(texts, part.Show(own))
		at += o.widths[i]
	}
	return strings.Join(texts, ", ")
}

// Value implements [cloud.Objective].
func (o *Lexicographic) Value(p cloud.Placement) cloud.Score {
	var out cloud.Score
	at := 0
	for i, part := range o.of {
		own := part.Value(p)
		at += copy(out[at:], own[:o.widths[i]])
	}
	return out
}

// NewMeter implements [cloud.Objective].
func (o *Lexicographic) NewMeter(s *cloud.State) cloud.Meter {
	return &lexicographicMeter{o.meters(s), o.widths}
}

type lexicographicMeter struct {
	followers
	widths []int
}

func (m *lexicographicMeter) Value() (out cloud.Score) {
	at := 0
	for i, part := range m.followers {
		own := part.Value()
		at += copy(out[at:], own[:m.widths[i]])
	}
	return out
}

func (m *lexicographicMeter) After(vm cloud.VMID, to cloud.HostID) (out cloud.Score) {
	at := 0
	for i, part := range m.followers {
		own := part.After(vm, to)
		at += copy(out[at:], own[:m.widths[i]])
	}
	return out
}
