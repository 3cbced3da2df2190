package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// laneKinds are what lanes of a chart stand for.
var laneKinds = []string{"host", "limit"}

func chartFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "plot", Usage: "draw a Gantt chart to this `FILE`, which ends in .svg, .png or .pdf"},
		&cli.StringFlag{Name: "lanes", Value: "host", Usage: "what a `LANE` of the chart is: host, or limit of the model of concurrency"},
		&cli.StringFlag{Name: "size", Value: "page", Usage: "`SIZE` of the chart: page, or column for one of two columns"},
	}
}

// checkChart finds fault with what the flags say of a Gantt chart, before anything is read.
func checkChart(c *cli.Context) error {
	if lanes := c.String("lanes"); !slices.Contains(laneKinds, lanes) {
		return usage("--lanes: unknown lanes %q%s", lanes, spec.DidYouMean(lanes, laneKinds, "known are"))
	}
	if c.IsSet("lanes") && !c.IsSet("plot") {
		return usage("--lanes are those of a chart: it goes with --plot")
	}
	return checkPicture(c)
}

// mostStrips is how many limits a chart has a strip for.
const mostStrips = 4

// plot draws the schedule as a Gantt chart.
func (d described) plot(c *cli.Context, s program) error {
	chart := plots.Chart{
		Title: d.p.Instance.Name, Unit: d.plan.Schedule.Unit, End: d.result.Makespan, Bound: d.result.LowerBound,
		Noun: c.String("lanes"), Lanes: d.lanes(c.String("lanes") == "limit"),
	}
	chart.Caption = fmt.Sprintf("%s under %s: %s; %s.", prose.Count(len(d.plan.Steps), "step"), d.plan.Schedule.Model, d.makespan(), d.speedUp())
	underWay := schedules.UnderWay(d.plan.Steps)
	peak := schedules.Peak(underWay)
	chart.Strips = []plots.Lane{{Name: fmt.Sprintf("under way, %g at most", peak), Use: shares(underWay, peak)}}
	loads := schedules.Loads(d.p)
	for _, l := range loads[:min(mostStrips, len(loads))] {
		chart.Strips = append(chart.Strips, plots.Lane{Name: d.p.Limits[l.Limit].Name, Use: shares(schedules.Use(d.p, d.plan.Steps, l.Limit), 1)})
	}
	return s.picture(c, plots.Gantt(chart, c.String("size")))
}

func shares(levels []schedules.Level, all float64) (out stats.Curve) {
	for _, l := range levels {
		out.Steps = append(out.Steps, stats.Step{X: float64(l.At), Y: l.Used / all})
	}
	return out
}

// lanes are those of the hosts or the limits that steps use: first those of the critical path, then the busiest.
func (d described) lanes(limits bool) []plots.Lane {
	names := prose.Texts(d.p.Instance.Hosts, func(h cloud.Host) string { return h.Name })
	if limits {
		names = nil
		for _, l := range d.p.Limits {
			names = append(names, l.Name)
		}
	}
	lanes, critical, busy := make([]plots.Lane, len(names)), make([]bool, len(names)), make([]int64, len(names))
	position := map[int]int{}
	for i, l := range schedules.Critical(d.p, d.plan.Steps) {
		position[l.Step] = i + 1
	}
	for i := range d.plan.Steps {
		step := &d.plan.Steps[i]
		bar := plots.Bar{Name: d.p.Instance.VMs[step.VM].Name, Start: step.Start, End: step.End, Kind: d.kind(step), Critical: position[i]}
		add := func(lane int32, bars *[]plots.Bar) {
			*bars = append(*bars, bar)
			critical[lane] = critical[lane] || bar.Critical > 0
			busy[lane] += step.End - step.Start
		}
		if step.End == step.Start {
			continue
		}
		if limits {
			for _, u := range d.p.Needs(step).Uses {
				add(u.Limit, &lanes[u.Limit].Out)
			}
			continue
		}
		if step.From != cloud.Absent {
			add(int32(step.From), &lanes[step.From].Out)
		}
		if step.To != cloud.Absent {
			add(int32(step.To), &lanes[step.To].In)
		}
	}
	var order []int
	for i := range lanes {
		if lanes[i].Name = names[i]; busy[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if critical[a] != critical[b] {
			return map[bool]int{true: -1, false: 1}[critical[a]]
		}
		return cmp.Compare(busy[b], busy[a])
	})
	var out []plots.Lane
	for _, i := range order {
		out = append(out, lanes[i])
	}
	return out
}

func (d described) kind(step *cloud.Step) plots.BarKind {
	switch {
	case step.Action == cloud.Suspend || step.Action == cloud.Resume:
		return plots.PauseStep
	case step.Action != cloud.Migrate:
		return plots.OutsideStep
	case d.p.Instance.IsBypass(step):
		return plots.BypassStep
	}
	return plots.Direct
}
