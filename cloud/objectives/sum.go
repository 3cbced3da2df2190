package objectives

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func sumEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "sum",
			Synopsis: "a weighted sum of objectives",
			Doc: "The unit is that of the parts where they share one, else points: sum(of=[hosts, locality(group=web-*)], weights=[100, 1]). " +
				"Loads are in millionths there. A sum is refused if the largest values of its parts together do not fit in 64 bits; where expression " +
				"makes it too large, it stays at 2^63 - 1. Objectives by rank cannot be added.",
			Params: []spec.Param{
				ofParam("the objectives that are added"),
				{
					Name: "weights", Type: spec.Int, List: true, Bounds: spec.Between(0, 1e9),
					Doc: "factor of each, as many as there are objectives; 1 each unless given",
				},
			},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			n, weights := len(spec.BuiltList[Binder](a, "of")), a.Ints("weights")
			switch {
			case !a.Has("weights"):
				weights = slices.Repeat([]int64{1}, n)
			case len(weights) != n:
				return nil, fmt.Errorf("expected one weight for each of %d objectives, found %d", n, len(weights))
			}
			return func(in *cloud.Instance, rules []cloud.Rule) (cloud.Objective, error) {
				p, err := bindParts(in, rules, a)
				if err != nil {
					return nil, err
				}
				o := &Sum{parts: p, weights: weights}
				return o, o.ready()
			}, nil
		},
	}
}

// Sum is a weighted sum of objectives.
type Sum struct {
	parts
	weights []int64
	unit    string // "" where the parts have several
}

// bounded is what most objectives here can do: no placement has a value above most.
type bounded interface{ most() int64 }

// ready refuses parts that have no sum.
func (o *Sum) ready() error {
	var total int64
	o.unit = o.of[0].Unit()
	for i, part := range o.of {
		if n := cloud.Components(part); n > 1 {
			return fmt.Errorf("%s: its scores have %d components, expected one to add up", part, n)
		}
		if part.Unit() != o.unit {
			o.unit = ""
		}
		if b, ok := part.(bounded); ok {
			if total = plus(total, o.weights[i], b.most()); total == math.MaxInt64 {
				return fmt.Errorf("with %s, whose values go up to %d, the sum may not fit in 64 bits", part, b.most())
			}
		}
	}
	return nil
}

// plus adds w × n, and stays at the largest number there is where that does not fit. No number is below 0.
func plus(sum, w, n int64) int64 {
	if w > 0 && n > (math.MaxInt64-sum)/w {
		return math.MaxInt64
	}
	return sum + w*n
}

// String implements [cloud.Objective].
func (o *Sum) String() string { return o.text.String() }

// Unit implements [cloud.Objective].
func (o *Sum) Unit() string {
	if o.unit == "" {
		return "points"
	}
	return o.unit
}

// Show implements [cloud.Objective]: parts of one unit are written as they write themselves.
func (o *Sum) Show(s cloud.Score) string {
	if o.unit == "" {
		return show(s[0], "points")
	}
	return o.of[0].Show(s)
}

// Value implements [cloud.Objective].
func (o *Sum) Value(p cloud.Placement) cloud.Score {
	var sum int64
	for i, part := range o.of {
		sum = plus(sum, o.weights[i], part.Value(p)[0])
	}
	return cloud.Score{sum}
}

// NewMeter implements [cloud.Objective].
func (o *Sum) NewMeter(s *cloud.State) cloud.Meter { return &sumMeter{o.meters(s), o.weights} }

type sumMeter struct {
	followers
	weights []int64
}

func (m *sumMeter) Value() cloud.Score {
	var sum int64
	for i, part := range m.followers {
		sum = plus(sum, m.weights[i], part.Value()[0])
	}
	return cloud.Score{sum}
}

func (m *sumMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	var sum int64
	for i, part := range m.followers {
		sum = plus(sum, m.weights[i], part.After(vm, to)[0])
	}
	return cloud.Score{sum}
}

// Grows implements [cloud.Growing]: a sum grows if all that it adds up does.
func (o *Sum) Grows() int {
	for i, part := range o.of {
		if o.weights[i] > 0 && grows(part) == 0 {
			return 0
		}
	}
	return 1
}

func (o *Sum) most() int64 {
	var total int64
	for i, part := range o.of {
		b, ok := part.(bounded)
		if !ok {
			return math.MaxInt64
		}
		total = plus(total, o.weights[i], b.most())
	}
	return total
}
