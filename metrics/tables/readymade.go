package tables

import (
	"fmt"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// named is a table that has a name: its descriptor, what it is grouped by unless told
// otherwise, and its spec without rows, made of the arguments.
type named struct {
	spec.Descriptor
	group string
	spec  func(spec.Args) string
}

const (
	shiftedMean = "Achterberg 2007, doi 10.14279/depositonce-1634 (shifted geometric mean)"
	gapDoc      = "The lower bound of a case is the best that any run proved for its instance, cost function and rules; gap = (cost - bound) / bound."
)

// readyMade lists the tables that are specs of the one above all, in the order of a report.
func readyMade() []spec.Entry[Builder] {
	is := func(text string) func(spec.Args) string { return func(spec.Args) string { return text } }
	var out []spec.Entry[Builder]
	for _, n := range []named{
		{
			Descriptor: spec.Descriptor{Name: "outcomes", Synopsis: "how runs ended: counts per outcome, and coverage", Citation: "own work"},
			spec: is(`table(title=Outcomes, columns=[count(coverage, title=solved), count(optimal), count(feasible), count(infeasible, optional=yes), ` +
				`count(unknown, optional=yes), count(unsupported, optional=yes), count(invalid, optional=yes), count(error, optional=yes), coverage], ` +
				`caption="Coverage: the share of cases with a validated plan, or with a proof that there is none.")`),
		},
		{
			Descriptor: spec.Descriptor{Name: "quality", Synopsis: "cost of plans against the best proved lower bound", Doc: gapDoc, Citation: "own work"},
			spec: is(`table(title="Cost against lower bound", over=common, columns=[at-bound, cheapest, bound-ratio, median(bound-ratio, title=median), ` +
				`max(bound-ratio, title=max), mean(gap, digits=1)])`),
		},
		{
			Descriptor: spec.Descriptor{Name: "effort", Synopsis: "states expanded and generated, as shifted geometric means", Citation: shiftedMean},
			spec:       is(`table(title="Search effort", over=common, columns=[share(coverage, over=all), expanded, generated], caption="Coverage is over all cases.")`),
		},
		{
			Descriptor: spec.Descriptor{Name: "time", Synopsis: "time and memory, as shifted geometric means", Citation: shiftedMean, Properties: []spec.Property{Timed}},
			spec:       is(`table(title="Time and memory", over=common, columns=[share(coverage, over=all), time, cpu, memory], caption="Coverage is over all cases.")`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "scores", Synopsis: "scores of solver competitions: coverage, IPC satisficing and agile, PAR-2 and PAR-10",
				Doc: "Over the cases that all algorithms were run on; an unsolved case has the worst score. " +
					"The satisficing score of a plan is the cost of the cheapest one known over its cost, 0 without a plan; the agile " +
					"one is 1 for a second or less, falling with the logarithm of the time to 0 at the limit. PAR-k is the mean time, " +
					"where what was not solved counts as k times the limit. What is about time needs a limit in seconds.",
				Params: []spec.Param{{
					Name: "limit", Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9),
					Doc: "the time limit that agile and PAR-k are about, for runs that had another or none; that of the runs unless given",
				}},
				Citation: "International Planning Competition 2018, https://ipc2018-classical.bitbucket.io/; PAR-10: Hutter and others 2009, " +
					"doi 10.1613/jair.2861; PAR-2: Froleyks and others 2021, doi 10.1016/j.artint.2021.103572",
				Properties: []spec.Property{Timed, Wide},
			},
			spec: func(a spec.Args) string {
				limit := given(a, "limit")
				return fmt.Sprintf(`table(title=Scores, over=run, columns=[coverage, mean(satisficing, title=satisficing), mean(agile(%s), title=agile), `+
					`mean(par(%s), title="PAR-2"), mean(par(%s), title="PAR-10")], caption="%s")`, limit, commas("factor=2", limit), commas("factor=10", limit),
					"Unsolved cases have the worst score. Satisficing: cost of the cheapest plan known over the algorithm's. "+
						"Agile: 1 within a second, 0 at the limit. PAR-k: time, k times the limit where unsolved."+until(a, "limit"))
			},
		},
		{
			Descriptor: spec.Descriptor{
				Name: "anytime", Synopsis: "how good plans are, and how early they come: primal gap and primal integral",
				Doc: "The primal gap is the distance of a cost to that of the cheapest plan known, over the larger of the two: 0 for the " +
					"cheapest, 1 while there is no plan. Its integral over time, up to the horizon, is small for good plans that come early; " +
					"divided by the horizon it is the mean gap over time.",
				Params: []spec.Param{{
					Name: "horizon", Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9),
					Doc: "up to when time counts; the limit in seconds of each run unless given, or when the last run of the case ended",
				}},
				Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
				Properties: []spec.Property{Timed, Wide},
			},
			spec: func(a spec.Args) string {
				horizon := given(a, "horizon")
				return fmt.Sprintf(`table(title="Quality over time", over=run, columns=[count(found), mean(primal-gap(%[1]s), title="gap at end"), `+
					`mean(primal-integral(%[1]s), title=integral), mean(mean-gap(%[1]s), title="mean gap")], caption="%[2]s")`, horizon,
					"Primal gap: distance to the cheapest plan known, over the larger cost; 100 % while there is no plan. "+
						"Its integral is over time; divided by that time it is the mean gap."+until(a, "horizon"))
			},
		},
		{
			Descriptor: spec.Descriptor{
				Name: "baselines", Synopsis: "the baselines of the field and ours side by side: coverage, cost over the cheapest known, time",
				Doc: "Uniform-cost search, the classic displacement algorithm, A* with a plain heuristic, and the solvers of this program; " +
					"it takes records of two of them.",
				Params: []spec.Param{{
					Name: "algorithms", Type: spec.String, List: true,
					Default: `[dijkstra, displacement, "astar(heuristic=misplaced)", astar, auto]`,
					Doc:     "the algorithms that are set side by side, as records name them; those without records are named below",
				}},
				Citation: shiftedMean, Properties: []spec.Property{Timed},
			},
			spec: is(`table(title="Baselines of the field", columns=[coverage, proved, gmean(best-ratio, over=common), max(best-ratio, over=common), ` +
				`sgm(time, over=common, title="common time"), sgm(time, title="overall time")], caption="Coverage: the share of cases solved; proved: those ` +
				`with a proof that the plan is optimal, or that there is none. Overall time is over all cases.")`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "class-effort", Synopsis: "states expanded per class of instances, and how many were proved", Citation: shiftedMean, Properties: []spec.Property{Wide},
			},
			group: "class", spec: is(`table(title="States expanded", across=yes, columns=[sgm(expanded, until=proved, counts=yes)])`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "class-time", Synopsis: "wall-clock time per class of instances, and how many were proved", Citation: shiftedMean, Properties: []spec.Property{Wide, Timed},
			},
			group: "class", spec: is(`table(title="Wall-clock time", across=yes, columns=[sgm(time, until=proved, counts=yes)])`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "class-first", Synopsis: "time to the first plan per class of instances, and how many have one", Citation: shiftedMean, Properties: []spec.Property{Wide, Timed},
			},
			group: "class", spec: is(`table(title="Time to the first plan", across=yes, columns=[sgm(first-plan, counts=yes)])`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "class-plans", Synopsis: "plans per class of instances: how many, their gaps and their lengths", Doc: gapDoc, Citation: "own work", Properties: []spec.Property{Wide},
			},
			group: "class",
			spec: is(`table(title=Plans, columns=[count(found, fraction=yes), count(optimal, fraction=yes), mean(gap, digits=3), max(gap, digits=3), ` +
				`mean(steps, digits=0), mean(extra-steps, digits=1)], caption="Found and optimal: of all cases. Other figures are over the cases for which the ` +
				`algorithm found a plan. Extra steps: those beyond one for each VM that has to move, leave or enter; mostly bypasses.")`),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "versus", Synopsis: "cost of plans against those of one algorithm, by class of instances", Citation: "own work",
				Doc: "Case by case, over those in which both found a plan; how many plans each found stands beside it.",
				Params: []spec.Param{
					{Name: "baseline", Type: spec.String, Default: "displacement", Doc: "the algorithm that all others are compared with, as records name it"},
				},
				Properties: []spec.Property{Wide},
			},
			group: "class",
			spec: func(a spec.Args) string {
				base := spec.Value{Text: a.String("baseline")}.String()
				figure := func(name, more string) string {
					return name + "(cost, versus=" + base + more + ")"
				}
				return fmt.Sprintf(`table(title="Cost against a baseline", total=yes, columns=[count(found, fraction=yes), %s, %s, %s, %s, %s, %s, %s, %s], caption="%s")`,
					figure("both", ", title=both"), figure("less", ", title=cheaper"), figure("same", ", title=equal"), figure("more", ", title=costlier"), figure("saved", ", title=saved"),
					figure("ratio", ", title=mean, digits=3"), figure("ratio-min", ", title=least, digits=3"), figure("ratio-max", ", title=most, digits=3"),
					"Costs are compared case by case, where both the algorithm and the baseline found a plan. Saved: how much less the algorithm's plans "+
						"cost together. Ratios are of its cost to the baseline's; their mean is geometric.")
			},
		},
	} {
		out = append(out, n.entry())
	}
	return out
}

// entry is the table, with the choice of groups that all have.
func (n named) entry() spec.Entry[Builder] {
	d := n.Descriptor
	d.Params = append(d.Params, summary.GroupParam(n.group))
	text := n.spec
	if a, err := spec.Defaults(d); err == nil {
		d.Doc = strings.TrimSpace(d.Doc + " It is " + text(a) + ", by algorithm and, where cases are grouped, by group.")
	}
	e := withAlgorithms(d, func(a spec.Args) (Builder, error) {
		sp, err := spec.Parse(text(a))
		if err != nil {
			return nil, err
		}
		rows := []string{byAlgorithm}
		if a.Has("group") && a.String("group") != "" {
			rows = []string{a.String("group"), byAlgorithm}
		}
		args, err := a.Catalogue().Resolve(Kind, sp.WithValue("rows", spec.Words(rows...)))
		if err != nil {
			return nil, err
		}
		build, err := layoutOf(args) // not built by the catalogue, so that errors do not tell the whole spec
		if err != nil || d.Name != "baselines" {
			return build, err
		}
		return amongThese(a.Strings("algorithms"), build), nil
	})
	return e
}

// given is an argument as specs write it, empty where it was not given.
func given(a spec.Args, name string) string {
	if !a.Has(name) {
		return ""
	}
	return name + "=" + a.Duration(name).String()
}

// until ends a caption with what time counts up to.
func until(a spec.Args, name string) string {
	if !a.Has(name) {
		return ""
	}
	return fmt.Sprintf(" Time counts up to %s.", a.Duration(name).Round(time.Millisecond))
}

func commas(args ...string) string {
	if args[len(args)-1] == "" {
		args = args[:len(args)-1]
	}
	return strings.Join(args, ", ")
}

// amongThese is a table of those of some algorithms of which there are records, two at
// least.
func amongThese(names []string, build Builder) Builder {
	return func(s *summary.Summary) (Table, error) {
		var there, missing []string
		for _, name := range names {
			if _, err := s.Algorithm(name); err == nil {
				there = append(there, name)
			} else {
				missing = append(missing, name)
			}
		}
		if len(there) < 2 {
			return Table{}, fmt.Errorf("there are records of fewer than two of the algorithms %s", strings.Join(names, ", "))
		}
		s, err := s.Only(there)
		if err != nil {
			return Table{}, err
		}
		t, err := build(s)
		if len(missing) > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("No records of %s.", strings.Join(missing, ", ")))
		}
		return t, err
	}
}
