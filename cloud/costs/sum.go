package costs

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/amounts"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func sumEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "sum",
			Synopsis: "a weighted sum of cost functions",
			Citation: "own work",
			Doc: "Each part prices suspends and resumes too, as it does alone. The unit is that of the parts where they share one, " +
				"else points: sum(of=[precopy, downtime], weights=[1, 10]) is in ms.",
			Params: []spec.Param{
				{Name: "of", Type: spec.Ref, Of: Kind, List: true, Required: true, Doc: "the cost functions that are added"},
				{
					Name: "weights", Type: spec.Int, List: true, Bounds: spec.Between(0, 1e9),
					Doc: "factor of each, as many as there are cost functions; 1 each unless given",
				},
			},
		},
		New: func(a spec.Args) (Binder, error) {
			binders, weights := spec.BuiltList[Binder](a, "of"), a.Ints("weights")
			switch {
			case len(binders) == 0:
				return nil, fmt.Errorf("expected at least one cost function in of=[…]")
			case !a.Has("weights"):
				weights = slices.Repeat([]int64{1}, len(binders))
			case len(weights) != len(binders):
				return nil, fmt.Errorf("expected one weight for each of %d cost functions, found %d", len(binders), len(weights))
			}
			named, _ := a.Full().Value("of")
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				s := &sum{in: in, weights: weights}
				for i, bind := range binders {
					c, err := bind(in)
					if err != nil {
						return nil, fmt.Errorf("%s: %w", named.List[i], err)
					}
					s.of = append(s.of, c)
				}
				return s.ready()
			}, nil
		},
	}
}

// sum is a weighted sum of cost functions.
type sum struct {
	in         *cloud.Instance
	text, unit string
	of         []cloud.CostFunction
	weights    []int64
	vm         []int32 // class by VM: those that no part tells apart
	foreign    bool    // some part does not know its costliest step
}

// ready names the sum after its bound parts, refuses one that could overflow, and finds
// out whether hosts make a difference.
func (s *sum) ready() (cloud.CostFunction, error) {
	parts := spec.Value{Form: spec.List, List: []spec.Value{}}
	uniform := uniformSum{s, nil}
	s.unit = s.of[0].Unit()
	for _, c := range s.of {
		part, err := spec.Parse(c.String())
		if err != nil {
			return nil, err
		}
		parts.List = append(parts.List, spec.Value{Form: spec.Call, Spec: &part})
		if c.Unit() != s.unit {
			s.unit = "points"
		}
		if _, ok := c.(bounded); !ok {
			s.foreign = true
		}
		if u, ok := c.(cloud.HostIndependent); ok {
			uniform.of = append(uniform.of, u)
		}
	}
	text := spec.Named("sum").WithValue("of", parts)
	if slices.Max(s.weights) != 1 || slices.Min(s.weights) != 1 {
		weights := make([]string, len(s.weights))
		for i, w := range s.weights {
			weights[i] = fmt.Sprint(w)
		}
		text = text.WithValue("weights", spec.Words(weights...))
	}
	s.text = text.String()
	s.vm = make([]int32, len(s.in.VMs))
	for _, c := range s.of {
		before, part := s.vm, vmClasses(c)
		s.vm, _, _ = amounts.Classify(len(before), func(v int) ([2]int64, error) {
			return [2]int64{int64(before[v]), part(cloud.VMID(v))}, nil
		})
	}
	if err := checkCostliest(s.in, s); err != nil {
		return nil, err
	}
	if len(uniform.of) == len(s.of) {
		return uniform, nil
	}
	return s, nil
}

func (s *sum) String() string { return s.text }

func (s *sum) Unit() string { return s.unit }

// Remarks are those of all parts, each once.
func (s *sum) Remarks() []string {
	var out []string
	for _, c := range s.of {
		out = append(out, cloud.RemarksOf(c)...)
	}
	return out
}

// plus adds a part's cost. What a part of another module costs is not bounded beforehand:
// the sum then stays at the largest number there is.
func (s *sum) plus(n int64, part int, cost int64) int64 {
	w := s.weights[part]
	if s.foreign && w > 0 && cost > (math.MaxInt64-n)/w {
		return math.MaxInt64
	}
	return n + w*cost
}

func (s *sum) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	var n int64
	for i, c := range s.of {
		n = s.plus(n, i, c.Migrate(vm, from, to))
	}
	return n
}

func (s *sum) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	var n int64
	for i, c := range s.of {
		n = s.plus(n, i, c.Suspend(vm, from))
	}
	return n
}

func (s *sum) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	var n int64
	for i, c := range s.of {
		n = s.plus(n, i, c.Resume(vm, to))
	}
	return n
}

// vmClasses are the classes of VMs that a part tells apart. One of another module may tell
// nothing: each VM may then be charged in its own way.
func vmClasses(c cloud.CostFunction) func(cloud.VMID) int64 {
	if k, ok := c.(cloud.VMClassifier); ok {
		return k.VMClass
	}
	return func(v cloud.VMID) int64 { return int64(v) }
}

// HostClasses are those of hosts that no part tells apart; nil if a part does not know.
func (s *sum) HostClasses() []int32 {
	out := make([]int32, len(s.in.Hosts))
	for _, c := range s.of {
		before, part := out, cloud.HostClassesOf(c)
		if part == nil {
			return nil
		}
		out, _, _ = amounts.Classify(len(before), func(h int) ([2]int32, error) { return [2]int32{before[h], part[h]}, nil })
	}
	return out
}

func (s *sum) VMClass(vm cloud.VMID) int64 { return int64(s.vm[vm]) }

func (s *sum) costliest(vm cloud.VMID) (int64, bool) {
	var total int64
	for i, c := range s.of {
		n, ok := costliestOf(s.in, c, vm)
		if !ok || s.weights[i] > 0 && n > math.MaxInt64/s.weights[i] || s.weights[i]*n > math.MaxInt64-total {
			return 0, false
		}
		total += s.weights[i] * n
	}
	return total, true
}

// uniformSum is a sum of parts that charge the same for a VM wherever it goes.
type uniformSum struct {
	*sum
	of []cloud.HostIndependent
}

func (s uniformSum) MigrateAnywhere(vm cloud.VMID) int64 {
	var n int64
	for i, c := range s.of {
		n += s.weights[i] * c.MigrateAnywhere(vm)
	}
	return n
}
