package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func ecdfPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "ecdf",
		Synopsis: "share of quality targets reached against time, one curve per algorithm",
		Doc: "Each case has several targets: plans that cost at most so much more than the cheapest that any run found. A curve " +
			"tells which share of all pairs of case and target an algorithm has reached after a time, with the plans that it found on the way.",
		Params: []spec.Param{
			{
				Name: "targets", Type: spec.Float, List: true, Default: "[0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]", Bounds: spec.Between(0, 1e6),
				Doc: "how much more than the cheapest plan a plan may cost, as a fraction of it",
			},
		},
		Citation: "Hansen, Auger, Brockhoff and Tušar 2022, Anytime performance assessment in blackbox optimization benchmarking, " +
			"doi 10.1109/TEVC.2022.3210897",
		Properties: []spec.Property{Timed},
	}
}

func ecdfArgs(a spec.Args) error {
	if len(a.Floats("targets")) == 0 {
		return errors.New("targets=[] leaves nothing to reach")
	}
	return nil
}

func ecdf(f *Figure, s *summary.Summary, a spec.Args) {
	targets := a.Floats("targets")
	f.Title = "Quality targets reached against time"
	k, counted := reached(s, targets)
	f.Caption = fmt.Sprintf("Share of the %d pairs of a case and a target that are reached within a time each. There are %s and %s: a plan that "+
		"costs at most %s more than the cheapest that any run found. In parentheses: the share reached in the end.",
		counted*len(targets), cases(counted), prose.Count(len(targets), "target"), percentages(targets))
	f.anytime(s, a, curves{list: k, y: shareAxis("share of targets reached")}, counted)
}

// reached is the share of pairs of case and target that are reached over time; a target of 0.1 is 10 % more than the cheapest.
func reached(s *summary.Summary, targets []float64) (list []stats.Curve, counted int) {
	return overTime(s, 0, func(found []stats.Incumbent, best float64) (out []stats.Step) {
		costs := make([]float64, len(targets))
		for i, t := range targets {
			costs[i] = best * (1 + t)
		}
		for _, t := range stats.TimesToTargets(found, costs) {
			if !math.IsInf(t, 1) {
				out = append(out, stats.Step{X: t, Y: 1 / float64(len(targets))})
			}
		}
		return out
	})
}

func qualityTimePlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "quality-over-time",
		Synopsis: "mean primal gap of the plans found so far against time, one curve per algorithm",
		Doc: "The primal gap is 1 where there is no plan yet, 0 where the plan is the cheapest that any run found, and " +
			"(cost - cheapest) / cost between. The area below a curve is the primal integral.",
		Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
		Properties: []spec.Property{Timed},
	}
}

func qualityTime(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Quality of plans over time"
	k, counted := gaps(s)
	f.Caption = fmt.Sprintf("Mean over %s of the primal gap: 1 (100 %%) without a plan, 0 with the cheapest plan that any run found, "+
		"(cost - cheapest) / cost between. In parentheses: the gap in the end.", cases(counted))
	f.anytime(s, a, curves{list: k, y: shareAxis("mean primal gap")}, counted)
}

// gaps is the mean primal gap over time.
func gaps(s *summary.Summary) (list []stats.Curve, counted int) {
	return overTime(s, 1, func(found []stats.Incumbent, best float64) (out []stats.Step) {
		slices.SortStableFunc(found, func(x, y stats.Incumbent) int { return cmp.Compare(x.ElapsedS, y.ElapsedS) })
		gap := 1.0
		for _, i := range found {
			if g := stats.PrimalGap(i.Cost, best); g < gap {
				out = append(out, stats.Step{X: i.ElapsedS, Y: g - gap})
				gap = g
			}
		}
		return out
	})
}

// overTime makes a curve for each algorithm of what changes as plans are found: a mean over the cases with a plan on which
// all algorithms were run. The runs of a case weigh as much as one.
func overTime(s *summary.Summary, start float64, changes func(found []stats.Incumbent, best float64) []stats.Step) (list []stats.Curve, counted int) {
	all := make([][]stats.Step, len(s.Algorithms))
	for _, c := range s.Cases {
		if c.NotRun() || c.Best == nil {
			continue
		}
		counted++
		for a, run := range c.Runs {
			for _, r := range run {
				for _, x := range changes(summary.Incumbents(r), float64(*c.Best)) {
					all[a] = append(all[a], stats.Step{X: x.X, Y: x.Y / float64(len(run))})
				}
			}
		}
	}
	for _, steps := range all {
		slices.SortFunc(steps, func(x, y stats.Step) int { return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.Y, y.Y)) })
		c := stats.Curve{Start: start + 0/float64(counted)} // NaN without cases
		sum := start * float64(counted)
		for i, x := range steps {
			if sum += x.Y; i+1 == len(steps) || steps[i+1].X != x.X {
				// Without what rounding leaves: a sum of gaps that are all closed is 0.
				c.Steps = append(c.Steps, stats.Step{X: x.X, Y: math.Abs(math.Round(sum/float64(counted)*1e12) / 1e12)})
			}
		}
		list = append(list, c)
	}
	return list, counted
}

func (f *Figure) anytime(s *summary.Summary, a spec.Args, k curves, counted int) {
	notRun, noPlan := 0, 0
	for _, c := range s.Cases {
		switch {
		case c.NotRun():
			notRun++
		case c.Best == nil:
			noPlan++
		}
	}
	f.Caption += elsewhere(noPlan, "that no run found a plan for") + elsewhere(notRun, "that not all were run on")
	if counted == 0 || !stepped(k.list) {
		f.Caption = "There is no case with a plan on which all algorithms were run." + elsewhere(notRun, "that not all were run on")
		return
	}
	for i, name := range s.Algorithms {
		f.add(i, s.Label(name), share(k.list[i].End()))
	}
	k.x = axis{label: "wall-clock time per case", column: "time (s)", format: seconds, log: true}
	f.curves(a, k)
}
