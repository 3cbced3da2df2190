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

func profilePlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "performance-profile",
		Synopsis: "share of cases within a factor of the best algorithm, one curve per algorithm",
		Doc: "The height at factor 1 tells how often an algorithm is the best, or as good; the height at the right, how much it " +
			"solves. A case that an algorithm does not solve is within no factor. What a curve says of two algorithms depends on the " +
			"others: the best is the best of those shown.",
		Params:     []spec.Param{columnParam("metric", "time", "what is compared")},
		Citation:   "Dolan and Moré 2002, Benchmarking optimization software with performance profiles, doi 10.1007/s101070100263",
		Properties: []spec.Property{Timed},
	}
}

func profile(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = "Performance profile: "+what(col), col.Timed
	// Less counts as that much: a clock does not tell apart what is shorter, and a ratio to 0 would be infinite.
	least := map[string]float64{"s": 1e-6, "states": 1}[col.Unit]
	m := s.Matrix(col)
	f.Caption = fmt.Sprintf("A curve at height h above factor τ: in h of the %s the algorithm's %s is at most τ times that of the best of these "+
		"algorithms. In parentheses: the share of cases in which it has one.", cases(len(m.Cases)), what(col))
	if m.Without > 0 {
		f.Caption += fmt.Sprintf(" In %d of them none has.", m.Without)
	}
	if least > 0 {
		f.Caption += fmt.Sprintf(" Less than %s counts as that.", valueOf(col)(least))
	}
	f.Caption += elsewhere(m.NotRun, "that not all were run on") + elsewhere(m.Infeasible, "proved to have no plan")
	if len(m.Cases) == 0 || m.Without == len(m.Cases) {
		f.Caption = "No case was solved on which all algorithms were run." + elsewhere(m.NotRun, "that not all were run on")
		return
	}
	for i, name := range s.Algorithms {
		f.add(i, s.Label(name), prose.Percent(stats.Coverage(m.Values[i])))
		for c := range m.Values[i] {
			m.Values[i][c] = max(m.Values[i][c], least)
		}
	}
	k := curves{list: stats.PerformanceProfiles(m.Values), y: shareAxis("share of cases")}
	k.x = axis{label: "factor τ of the best, " + col.Title(), column: "factor of the best", format: sizeText, log: true, floor: 1}
	for i := range k.list { // what is there at factor 1 is there from the left on
		if steps := k.list[i].Steps; len(steps) > 0 && steps[0].X == 1 {
			k.list[i].Start, k.list[i].Steps = steps[0].Y, steps[1:]
		}
	}
	f.curves(a, k)
}

func survivalPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "survival",
		Synopsis: "share of runs that have not solved their case against time, also where limits differ, one curve per algorithm",
		Doc: "The estimate of Kaplan and Meier: a run that its time limit ended counts up to then and no further, so that runs with " +
			"different limits make one curve. A run that gave up before, such as for want of memory, counts as never solving its case.",
		Params: []spec.Param{
			{Name: "metric", Type: spec.Choice, Choices: []string{"time", "expanded"}, Default: "time", Doc: "what is spent: that of which runs have a limit"},
		},
		Citation:   "Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, doi 10.1080/01621459.1958.10501452",
		Properties: []spec.Property{Timed},
	}
}

// lifetimes are what an algorithm's runs, but those at fault, spent until they solved their cases.
type lifetimes struct {
	curve        stats.Curve
	runs, solved int
	// givenUp are runs that ended unsolved before the limit of what is spent. They count as never
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
	f.Title, f.Timed = "Runs without a solution against "+what(spent), spent.Timed
	k := curves{x: axisOf(spent), y: shareAxis("share of runs without a solution")}
	k.x.label += " per run"
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
	f.Caption = fmt.Sprintf("Estimated share of runs that have not solved their case yet, against %s. Each seed is a run. Crosses: runs that the limit of it ended there; "+
		"they count up to that point. In parentheses: solved of all runs.", what(spent))
	if gaveUp > 0 {
		f.Caption += fmt.Sprintf(" Counted as never solving their cases: %s that ended unsolved before that limit.", prose.Count(gaveUp, "run"))
	}
	f.curves(a, k)
}
