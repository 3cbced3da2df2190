package plots

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func cactusPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cactus",
		Synopsis: "cases solved against time, one line per algorithm",
		Doc: "A point (t, n) on a line says that the algorithm solves n cases within t seconds each. " +
			"A case is solved by a validated plan, or by a proof that there is none; of several seeds, by all.",
		Citation: "Brain, Davenport, Griggio, Benchmarking Solvers, SAT-style, SC² 2017, " +
			"http://ceur-ws.org/Vol-1974/RP3.pdf (cactus plots and how to read them)",
		Properties: []spec.Property{Timed},
	}
}

func cactus(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Cases solved against time"
	time, err := s.Column("time")
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	k := curves{all: float64(len(s.Cases)), x: axisOf(time), y: axis{label: fmt.Sprintf("cases solved (of %d)", len(s.Cases)), step: 1}}
	k.x.label = "wall-clock time per case"
	for i, name := range s.Algorithms {
		var took []float64
		for _, c := range s.Cases {
			if t, ok := time.Of(c, i).Exact(); ok {
				took = append(took, t)
			}
		}
		slices.Sort(took)
		var line stats.Curve
		for n, t := range took {
			if n+1 == len(took) || took[n+1] != t {
				line.Steps = append(line.Steps, stats.Step{X: t, Y: float64(n + 1)})
			}
		}
		k.list = append(k.list, line)
		f.add(i, s.Label(name), fmt.Sprint(len(took)))
	}
	if !stepped(k.list) {
		f.Caption, f.legend = "No run solved its case.", nil
		return
	}
	f.Caption = fmt.Sprintf("A line at height n above time t: the algorithm solves n of the %s (instance, rules, cost function) "+
		"within t each, by a validated plan or by a proof that there is none. In parentheses: how many it solves in all.", cases(len(s.Cases)))
	f.curves(a, k)
}
