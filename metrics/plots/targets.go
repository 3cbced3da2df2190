package plots

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

func paretoTargetsPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "pareto-targets",
		Synopsis: "objective of targets against the cost of the paths to them, one point per target strategy, with the front of those that no other beats in both",
		Doc: "It applies to runs whose targets strategies chose, measured by one objective. Of several instances, each strategy stands at its means: the " +
			"objective as a share of that of the initial placement, the cost as a share of that of the costliest strategy.",
		Citation: "own work",
	}
}

// aim is a case whose target a strategy chose.
type aim struct {
	*results.Target
	instance string
	cost     float64 // of the cheapest path that is known
	least    bool    // none is, and the cost is that of going straight
}

func paretoTargets(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Targets: objective against cost of the path"
	objective, cost := s.Unit(summary.Listed("objective-after")), s.Unit(summary.Listed("cost"))
	if objective == "" || cost == "" {
		f.notApplicable("no strategy chose the targets, or they have several objectives or cost functions: choose one with --where")
		return
	}
	var aims []aim
	costliest := map[string]float64{} // by instance
	for _, c := range s.Cases {
		r := slices.Concat(c.Runs...)[0]
		if !r.Target.Found() {
			continue
		}
		k := aim{r.Target, question(c), float64(r.Target.Cost), c.Best == nil}
		if c.Best != nil {
			k.cost = float64(*c.Best)
		}
		aims, costliest[k.instance] = append(aims, k), max(costliest[k.instance], k.cost)
	}
	byStrategy := func(k aim) string { return k.Strategy }
	all, strategies := len(costliest), len(stats.GroupBy(aims, byStrategy))
	for _, g := range stats.GroupBy(aims, func(k aim) string { return k.instance }) {
		if len(stats.GroupBy(g.Items, byStrategy)) < strategies {
			delete(costliest, g.Key)
		}
	}
	aims = slices.DeleteFunc(aims, func(k aim) bool { return costliest[k.instance] == 0 })
	if len(aims) == 0 {
		f.Caption = "There is no instance for which all strategies chose a target, and some target takes migrations."
		return
	}
	x := axis{label: "objective (" + objective + ")", format: sizeText}
	y := axis{label: "cost of the path (" + cost + ")", format: sizeText}
	f.Caption = "Dashed: the front; nothing to its lower left is reached. Arrow: no path is known, and the cost is that of going straight, a lower bound."
	if all > 1 {
		x, y = shareAxis("objective, of that of the initial placement"), shareAxis("cost of the path, of that of the costliest target")
		f.Caption = fmt.Sprintf("Means over the %d of %d instances for which all strategies chose a target. ", len(costliest), all) + f.Caption
	}
	groups := stats.GroupBy(aims, byStrategy)
	slices.SortFunc(groups, func(g, h stats.Group[string, aim]) int { return prose.Natural(g.Key, h.Key) })
	var list []dot
	for i, g := range groups {
		var d dot
		for _, k := range g.Items {
			n, before, most := float64(len(g.Items)), 1.0, 1.0
			if all > 1 {
				before, most = max(1, float64(k.Before[0])), costliest[k.instance]
			}
			d.x, d.y, d.least = d.x+float64(k.After[0])/before/n, d.y+k.cost/most/n, d.least || k.least
		}
		f.add(i, g.Key, x.format(prose.Rounded(d.x, 3))+" for "+y.format(prose.Rounded(d.y, 3)))
		list = append(list, d)
	}
	f.front(a, "strategy", x, y, list)
}

// question is what several strategies choose targets for.
func question(c *summary.Case) string {
	return fmt.Sprint(c.InstanceSHA256, c.Rules, c.CostFunction, c.Objective, c.Limits)
}
