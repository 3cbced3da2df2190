package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

func survivalPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "survival",
		Synopsis: "share of cases that stay unsolved against time, also where limits differ, one curve per algorithm",
		Doc: "The estimate of Kaplan and Meier: a run that its time limit ended counts up to then and no further, so that runs with " +
			"different limits make one curve. A run that gave up before, such as for want of memory, counts as never solving its case.",
		Params: []spec.Param{
			{Name: "metric", Type: spec.Choice, Choices: []string{"time", "expanded"}, Default: "time", Doc: "what is spent: that of which runs have a limit"},
		},
		Citation:   "Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, doi 10.1080/01621459.1958.10501452",
		Properties: []spec.Property{Timed},
	}
}

// lifetimes are what the runs of an algorithm that are not at fault spent until they solved
// their cases.
type lifetimes struct {
	curve        stats.Curve
	runs, solved int
	// givenUp are runs that ended unsolved before the limit of what is spent: without memory,
	// because the algorithm is not complete, or by another limit. They count as never
	// solved, since nothing says that they would have gone on like the others.
	givenUp  int
	censored []float64 // ascending: how far runs had come that their limit ended
	end      float64   // up to where the curve is known
}

func lifetimesOf(s *summary.Summary, spent summary.Column, algorithm int) lifetimes {
	ending := results.ByClock
	if spent.Name == "expanded" {
		ending = results.ByExpansions
	}
	var out lifetimes
	var list []stats.Lifetime
	for _, c := range s.Cases {
		for _, r := range c.Runs[algorithm] {
			took, ok := spent.At(c, r, &r.Name).Spent()
			if !ok {
				continue
			}
			out.runs++
			life := stats.Lifetime{TimeS: took, Censored: !r.Outcome.Solved()}
			switch {
			case !life.Censored:
				out.solved++
			case r.Ending() == ending:
				out.censored = append(out.censored, took)
			default:
				out.givenUp++
				life = stats.Lifetime{TimeS: math.Inf(1)}
			}
			if !math.IsInf(life.TimeS, 1) {
				out.end = max(out.end, took)
			}
			list = append(list, life)
		}
	}
	slices.Sort(out.censored)
	out.curve = stats.KaplanMeier(list)
	if out.runs == 0 {
		out.curve = stats.Curve{Start: math.NaN()}
	}
	return out
}

func survival(f *Figure, s *summary.Summary, a spec.Args) {
	spent, err := s.Column(a.String("metric"))
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	f.Title, f.Timed = "Cases unsolved against "+what(spent), spent.Timed
	k := curves{x: axisOf(spent), y: shareAxis("share of cases unsolved")}
	k.x.label += " per case"
	gaveUp := 0
	for i, name := range s.Algorithms {
		l := lifetimesOf(s, spent, i)
		k.list, k.ends, k.crosses = append(k.list, l.curve), append(k.ends, l.end), append(k.crosses, slices.Compact(l.censored))
		gaveUp += l.givenUp
		f.add(i, s.Label(name), fmt.Sprintf("%d of %d", l.solved, l.runs))
	}
	if !stepped(k.list) {
		f.Caption, f.legend = "No run solved its case.", nil
		return
	}
	f.Caption = fmt.Sprintf("Estimated share of cases that are still unsolved, against %s. Crosses: runs that the limit of it ended there; "+
		"they count up to that point. In parentheses: solved of all runs.", what(spent))
	if gaveUp > 0 {
		f.Caption += fmt.Sprintf(" Counted as never solving their cases: %s that ended unsolved before that limit.", prose.Count(gaveUp, "run"))
	}
	f.curves(a, k)
}
