package tables

import (
	"fmt"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// named is a table that has a name: its descriptor, what it is grouped by and what it compares unless told
// otherwise, and its spec without rows; fill puts arguments into it.
type named struct {
	spec.Descriptor
	group, compare, spec string
	fill                 func(spec string, a spec.Args) string
}

const (
	shiftedMean = "Achterberg 2007, doi 10.14279/depositonce-1634 (shifted geometric mean)"
	gapDoc      = "The lower bound of a case is the best that any run proved for its instance, cost function and rules, under any limits; gap = (cost - bound) / bound."
)

// readyMade lists the tables that are specs of the one above all, in the order of a report.
func readyMade() []spec.Entry[Builder] {
	var out []spec.Entry[Builder]
	for _, n := range []named{
		{
			Descriptor: spec.Descriptor{
				Name: "targets", Synopsis: "target strategies: what their targets are worth, and what it costs to go there", Citation: "own work",
				Doc: "Of runs whose target a strategy chose. The objective of the initial placement and of the target, and the proved bound on it; " +
					"migrations and cost of going straight; cost of the path, and how much more that is (detour); how many targets have no path.",
			}, group: "strategy",
			spec: `table(title=Targets, columns=[share(target-found, digits=0), mean(objective-before, title=before), mean(objective-after, title=after), ` +
				`mean(objective-bound, title=bound), mean(gain, title=gain), mean(target-migrations, title=migrations), mean(direct-cost, title="direct cost"), ` +
				`mean(cost, title="path cost"), gmean(detour, title=detour), mean(cost-per-gain, title="cost/gain"), share(unreachable, optional=yes, digits=0)], caption="Means are over the cases with a ` +
				`target; means of path figures, over those with a plan. Before, after, bound and gain: of the objective. Detour: cost of the path over that of going straight.")`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "target-time", Synopsis: "target strategies: time for the target, and for the path to it", Citation: shiftedMean, Properties: []spec.Property{Timed},
			}, group: "strategy",
			spec: `table(title="Time for targets and paths", columns=[share(target-found, digits=0), target-time, sgm(time, title="path time")])`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "schedules", Synopsis: "schedulers: makespan against the best proved bound, and how much faster schedules are than one step after the other", Citation: "own work",
				Doc: "Of runs whose plans were made schedules. The bound is the best that any run proved for the same moves under the same model and durations.",
			}, group: "model", compare: "[scheduler]",
			spec: `table(title=Schedules, columns=[count(found, title=schedules), count(makespan-optimal), makespan, mean(makespan-gap, title="gap mean"), ` +
				`max(makespan-gap, title="gap max"), speed-up, mean(peak-concurrency, title=peak)], caption="Gap: of the makespan to the best bound; optimal: without ` +
				`one. Speed-up: time of the steps one after the other over the makespan; peak: most steps under way together.")`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "schedule-time", Synopsis: "schedulers: time, and how many schedules they tried", Citation: shiftedMean, Properties: []spec.Property{Timed},
			}, group: "model", compare: "[scheduler]",
			spec: `table(title="Time for schedules", columns=[count(found, title=schedules), schedule-time, mean(schedule-tables, title=tried)])`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "executions", Synopsis: "executors: how many executions reached the target, what went wrong, and what it cost", Citation: "own work",
				Doc: "Of runs whose plans were carried out, by the share of steps that fail. The seeds of a case are several executions of one plan.",
			}, group: "on.failures", compare: "[executor]",
			spec: `table(title=Executions, columns=[count(found, title=plans), share(execution-reached, digits=0), share(execution-survived, digits=0), failures, refusals, replans, ` +
				`mean(extra-cost, digits=1, title="extra cost"), median(extra-time, digits=0, title="extra time"), count(invalid, optional=yes)], caption="Means over plans of what happens in an execution. Survived: ` +
				`something failed or was refused, a host died or the executor was killed, and it reached the target anyway. Extra cost (mean) and time (median): over the plan's, of the plans all of whose executions reached the target.")`,
		},
		{
			Descriptor: spec.Descriptor{Name: "outcomes", Synopsis: "how runs ended: counts per outcome, and coverage", Citation: "own work"},
			spec: `table(title=Outcomes, columns=[count(coverage, title=solved), count(optimal), count(feasible), count(infeasible, optional=yes), ` +
				`count(unknown, optional=yes), count(unsupported, optional=yes), count(invalid, optional=yes), count(error, optional=yes), coverage], ` +
				`caption="Coverage: the share of cases with a validated plan, or with a proof that there is none.")`,
		},
		{
			Descriptor: spec.Descriptor{Name: "quality", Synopsis: "cost of plans against the best proved lower bound", Doc: gapDoc, Citation: "own work"},
			spec: `table(title="Cost against lower bound", over=common, columns=[at-bound, cheapest, bound-ratio, median(bound-ratio, title=median), ` +
				`max(bound-ratio, title=max), mean(gap, digits=1)])`,
		},
		{
			Descriptor: spec.Descriptor{Name: "effort", Synopsis: "states expanded and generated, as shifted geometric means", Citation: shiftedMean},
			spec:       `table(title="Search effort", over=common, columns=[share(coverage, over=all), expanded, generated], caption="Coverage is over all cases.")`,
		},
		{
			Descriptor: spec.Descriptor{Name: "time", Synopsis: "time and memory, as shifted geometric means", Citation: shiftedMean, Properties: []spec.Property{Timed}},
			spec:       `table(title="Time and memory", over=common, columns=[share(coverage, over=all), time, cpu, memory], caption="Coverage is over all cases.")`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "scores", Synopsis: "scores of solver competitions: coverage, IPC satisficing and agile, PAR-2 and PAR-10",
				Doc: "Over the cases that all algorithms were run on; an unsolved case has the worst score. The satisficing score of a plan is the cost of the " +
					"cheapest one known over its cost, 0 without a plan; the agile one is 1 for a second or less, falling with the logarithm of the time to 0 " +
					"at the limit. PAR-k is the mean time, where unsolved cases count as k times the limit. Scores of time need a limit in seconds.",
				Params: upToParam("limit", "the time limit of agile and PAR-k, for runs that had another or none; that of the runs unless given"),
				Citation: "International Planning Competition 2018, https://ipc2018-classical.bitbucket.io/; PAR-10: Hutter and others 2009, " +
					"doi 10.1613/jair.2861; PAR-2: Froleyks and others 2021, doi 10.1016/j.artint.2021.103572",
				Properties: []spec.Property{Timed, Wide},
			},
			spec: `table(title=Scores, over=run, columns=[coverage, mean(satisficing, title=satisficing), mean(agile(UPTO), title=agile), ` +
				`mean(par(factor=2, UPTO), title="PAR-2"), mean(par(factor=10, UPTO), title="PAR-10")], caption="Unsolved cases have the worst score. ` +
				`Satisficing: cost of the cheapest plan known over the algorithm's. Agile: 1 within a second, 0 at the limit. ` +
				`PAR-k: time, k times the limit where unsolved. COUNTED")`,
			fill: upTo("limit"),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "anytime", Synopsis: "how good plans are, and how early they come: primal gap and primal integral",
				Doc: "The primal gap is the distance of a cost to that of the cheapest plan known, over the larger of the two: 0 for the cheapest, 1 while there " +
					"is no plan. Its integral over time, up to the horizon, is small for good plans that come early; divided by the horizon it is the mean gap.",
				Params:     upToParam("horizon", "up to when time counts; the limit in seconds of each run unless given, or when the last run of the case ended"),
				Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
				Properties: []spec.Property{Timed, Wide},
			},
			spec: `table(title="Quality over time", over=run, columns=[count(found), mean(primal-gap(UPTO), title="gap at end"), ` +
				`mean(primal-integral(UPTO), title=integral), mean(mean-gap(UPTO), title="mean gap")], caption="Primal gap: distance to the cheapest ` +
				`plan known, over the larger cost; 100 % while there is no plan. Its integral is over time; divided by that time it is the mean gap. COUNTED")`,
			fill: upTo("horizon"),
		},
		{
			Descriptor: spec.Descriptor{
				Name: "baselines", Synopsis: "the baselines of the field and ours side by side: coverage, cost over the cheapest known, time",
				Doc: "Uniform-cost search, the classic displacement algorithm, A* with a plain heuristic, and the solvers of this program; " +
					"it takes records of two of them.",
				Params: []spec.Param{{
					Name: algorithms, Type: spec.String, List: true, Default: `[dijkstra, displacement, "astar(heuristic=misplaced)", astar, auto]`,
					Doc: "the algorithms that are set side by side, as records name them; those without records are named below",
				}},
				Citation: shiftedMean, Properties: []spec.Property{Timed},
			},
			spec: `table(title="Baselines of the field", columns=[coverage, proved, gmean(best-ratio, over=common), max(best-ratio, over=common), ` +
				`sgm(time, over=common, title="common time"), sgm(time, title="overall time")], caption="Coverage: the share of cases solved; proved: those ` +
				`with a proof that the plan is optimal, or that there is none. Overall time is over all cases.")`,
		},
		byClass("class-effort", "states expanded per class of instances, and how many were proved", "States expanded", "expanded, until=proved"),
		byClass("class-time", "wall-clock time per class of instances, and how many were proved", "Wall-clock time", "time, until=proved", Timed),
		byClass("class-first", "time to the first plan per class of instances, and how many have one", "Time to the first plan", "first-plan", Timed),
		{
			Descriptor: spec.Descriptor{
				Name: "class-plans", Synopsis: "plans per class of instances: how many, their gaps and their lengths", Doc: gapDoc,
				Citation: "own work", Properties: []spec.Property{Wide},
			}, group: "class",
			spec: `table(title=Plans, columns=[count(found, fraction=yes), count(optimal, fraction=yes), mean(gap, digits=3), max(gap, digits=3), ` +
				`mean(steps, digits=0), mean(extra-steps, digits=1)], caption="Found and optimal: of all cases. Other figures are over the cases for which the ` +
				`algorithm found a plan. Extra steps: those beyond one for each VM that has to move, leave or enter; mostly bypasses.")`,
		},
		{
			Descriptor: spec.Descriptor{
				Name: "versus", Synopsis: "cost of plans against those of one algorithm, by class of instances", Citation: "own work",
				Doc:        "Case by case, over those in which both found a plan; how many plans each found stands beside it.",
				Params:     []spec.Param{{Name: baseline, Type: spec.String, Default: "displacement", Doc: "the algorithm that all others are compared with, as records name it"}},
				Properties: []spec.Property{Wide},
			},
			group: "class",
			spec: `table(title="Cost against a baseline", total=yes, columns=[count(found, fraction=yes), both(cost, versus=BASE, title=both), ` +
				`less(cost, versus=BASE, title=cheaper), same(cost, versus=BASE, title=equal), more(cost, versus=BASE, title=costlier), ` +
				`saved(cost, versus=BASE, title=saved), ratio(cost, versus=BASE, title=mean, digits=3), ratio-min(cost, versus=BASE, title=least, digits=3), ` +
				`ratio-max(cost, versus=BASE, title=most, digits=3)], caption="Costs are compared case by case, where both the algorithm and the baseline found ` +
				`a plan. Saved: how much less the algorithm's plans cost together. Ratios are of its cost to the baseline's; their mean is geometric.")`,
			fill: func(text string, a spec.Args) string {
				return strings.ReplaceAll(text, "BASE", spec.Value{Text: a.String(baseline)}.String())
			},
		},
	} {
		out = append(out, n.entry())
	}
	return out
}

// byClass is a table of a shifted geometric mean, with a column for each algorithm.
func byClass(name, synopsis, title, of string, more ...spec.Property) named {
	return named{
		Descriptor: spec.Descriptor{Name: name, Synopsis: synopsis, Citation: shiftedMean, Properties: append(more, Wide)},
		group:      "class", spec: fmt.Sprintf("table(title=%q, across=yes, columns=[sgm(%s, counts=yes)])", title, of),
	}
}

// entry is the table, with the choice of groups that all have.
func (n named) entry() spec.Entry[Builder] {
	d := n.Descriptor
	d.Params = append(d.Params, summary.GroupParam(n.group), summary.CompareParam(n.compare))
	text := func(a spec.Args) string {
		if n.fill == nil {
			return n.spec
		}
		return n.fill(n.spec, a)
	}
	if a, err := spec.Defaults(d); err == nil {
		d.Doc = strings.TrimSpace(d.Doc + " It is " + text(a) + ", by what is compared and, where cases are grouped, by group.")
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		sp, err := spec.Parse(text(a))
		if err != nil {
			return nil, err
		}
		rows := []string{byAlgorithm}
		if group := a.String("group"); group != "" {
			rows = []string{group, byAlgorithm}
		}
		args, err := a.Catalogue().Resolve(Kind, sp.WithValue("rows", spec.Words(rows...)))
		if err != nil {
			return nil, err
		}
		l, err := layoutOf(args) // not built by the catalogue, so that errors do not tell the whole spec
		l.readyMade = true
		return l.build, err
	})
}

func upToParam(name, doc string) []spec.Param {
	return []spec.Param{{Name: name, Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9), Doc: doc}}
}

// upTo puts a limit of time, where one is given, into a spec and its caption.
func upTo(name string) func(string, spec.Args) string {
	return func(text string, a spec.Args) string {
		if !a.Has(name) {
			return strings.NewReplacer("(UPTO)", "", ", UPTO", "", " COUNTED", "").Replace(text)
		}
		d := a.Duration(name)
		return strings.NewReplacer("UPTO", name+"="+d.String(), "COUNTED", fmt.Sprintf("Time counts up to %s.", d.Round(time.Millisecond))).Replace(text)
	}
}
