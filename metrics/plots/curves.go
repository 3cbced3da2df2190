package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// curves are step functions, each with markers that the others have elsewhere.
type curves struct {
	list    []stats.Curve
	styles  []series
	ends    []float64   // where each curve ends; all at the right edge where there are none
	crosses [][]float64 // by curve: marks on it, no place twice
	all     float64     // a height that none can pass; 0 without one
	x, y    axis
	z       size
}

func shareAxis(label string) axis {
	return axis{label: label, format: func(v float64) string { return prose.Number(100*v) + " %" }}
}

// curves makes legend, data and body of a figure out of curves, on axes for them.
func (f *Figure) curves(a spec.Args, k curves) {
	columns := 4
	if k.crosses == nil {
		k.crosses, columns = make([][]float64, len(k.list)), 3
	}
	xs, ys := []float64(nil), []float64{cmp.Or(k.all, 1)}
	for i, c := range k.list {
		ys = append(ys, c.Start)
		for _, s := range c.Steps {
			xs, ys = append(xs, s.X), append(ys, s.Y)
		}
		xs = append(xs, k.crosses[i]...)
	}
	k.styles, k.z = f.legend, f.size
	k.x, k.y = k.x.fit(a, "x", xs), k.y.fit(a, "y", ys)
	f.columns = []string{"algorithm", k.x.column, k.y.column, "at its limit"}[:columns]
	f.rows = func() [][]any { return k.rows(columns) }
	drawing := newAxes(f.size, k.x, k.y)
	drawing.Add(grid, k)
	f.bodyHeight, f.body = f.size.height, drawing.draw
}

func (k curves) rows(columns int) (out [][]any) {
	for i, c := range k.list {
		row := func(x, y float64, cross bool) { out = append(out, []any{k.styles[i].plain, x, y, cross}[:columns]) }
		if !math.IsNaN(c.Start) {
			row(k.x.floor, c.Start, false)
		}
		for _, s := range c.Steps {
			row(s.X, s.Y, false)
		}
		for _, x := range k.crosses[i] {
			row(x, c.At(x), true)
		}
	}
	return out
}

const markersPerCurve = 8

// golden is the fractional part of the golden ratio, whose multiples modulo 1 are spread evenly however many there are.
const golden = 0.6180339887498949

func (k curves) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(px, py float64) vg.Point {
		return vg.Point{X: max(x(max(k.x.at(px), p.X.Min)), c.Min.X), Y: y(k.y.at(py))}
	}
	if k.all > 0 && c.ContainsY(y(k.all)) {
		c.StrokeLine2(dotted, c.Min.X, y(k.all), c.Max.X, y(k.all))
	}
	paths, ends := make([][]vg.Point, len(k.list)), make([]vg.Length, len(k.list))
	for i, curve := range k.list {
		if math.IsNaN(curve.Start) {
			continue
		}
		ends[i] = c.Max.X
		if k.ends != nil {
			ends[i] = place(k.ends[i], 1).X
		}
		points := []vg.Point{{X: c.Min.X, Y: y(k.y.at(curve.Start))}}
		for _, s := range curve.Steps {
			points = append(points, place(s.X, s.Y))
		}
		points = append(points, vg.Point{X: ends[i], Y: points[len(points)-1].Y})
		paths[i] = stairs(points)
		c.StrokeLines(k.styles[i].line(k.z), c.ClipLinesXY(paths[i])...)
	}
	// Markers last, so that no line crosses them, and at other places on each curve, so that curves that coincide show.
	width := c.Max.X - c.Min.X
	for i, path := range paths {
		if path == nil {
			continue
		}
		_, shift := math.Modf(float64(i+1) * golden)
		for n := range markersPerCurve {
			at := c.Min.X + width*vg.Length(float64(n)+0.1+0.8*shift)/markersPerCurve
			if marker := (vg.Point{X: at, Y: heightAt(path, at)}); at <= ends[i] && c.Contains(marker) {
				drawMarker(c, k.styles[i], marker, k.z)
			}
		}
	}
	arm := k.z.marker * 0.9
	for i, list := range k.crosses {
		style := draw.LineStyle{Color: k.styles[i].color, Width: k.z.line * 0.6}
		for _, v := range list {
			if to := place(v, k.list[i].At(v)); c.Contains(to) {
				c.StrokeLine2(style, to.X-arm, to.Y-arm, to.X+arm, to.Y+arm)
				c.StrokeLine2(style, to.X-arm, to.Y+arm, to.X+arm, to.Y-arm)
			}
		}
	}
}

// heightAt is the height of a path that never turns back.
func heightAt(path []vg.Point, x vg.Length) vg.Length {
	return path[max(0, sort.Search(len(path), func(i int) bool { return path[i].X > x })-1)].Y
}

// unseen is a distance too short to be seen in print: at 600 dots per inch, one of them.
const unseen = vg.Length(0.12)

// stairs is the path of a step function that has the height of each point up to the next one. Steps too small to be seen
// are taken together, so that many records make no long path.
func stairs(points []vg.Point) []vg.Point {
	at, path := points[0], points[:1:1]
	for i, p := range points[1:] {
		far := p.X-at.X > unseen || p.Y-at.Y > unseen || at.Y-p.Y > unseen
		if !far && i+2 < len(points) {
			continue
		}
		if p.Y != at.Y {
			path = append(path, vg.Point{X: p.X, Y: at.Y})
		}
		path = append(path, p)
		at = p
	}
	return path
}

func stepped(list []stats.Curve) bool {
	return slices.ContainsFunc(list, func(c stats.Curve) bool { return len(c.Steps) > 0 })
}

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
		counted*len(targets), cases(counted), prose.Count(len(targets), "target"), prose.Percentages(targets))
	f.anytime(s, a, curves{list: k, y: shareAxis("share of targets reached")}, counted)
}

// reached is the share of pairs of case and target that are reached over time; a target of 0.1 is 10 % more than the cheapest.
func reached(s *summary.Summary, targets []float64) (list []stats.Curve, counted int) {
	return overTime(s, "plans", 0, func(found []stats.Incumbent, best float64) (out []stats.Step) {
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
			"(cost - cheapest) / cost between. The area below a curve is the primal integral. Targets have the objective in place of the cost, and a curve per strategy; schedules the makespan, and a curve per scheduler.",
		Params: []spec.Param{{
			Name: "of", Type: spec.Choice, Choices: []string{"plans", "targets", "schedules"}, Default: "plans", Doc: "what is compared; of targets the first rank of the objective",
		}},
		Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
		Properties: []spec.Property{Timed},
	}
}

func qualityTime(f *Figure, s *summary.Summary, a spec.Args) {
	of := a.String("of")
	f.Title = "Quality of " + of + " over time"
	best := "the cheapest plan that any run found, (cost - cheapest) / cost"
	switch of {
	case "targets":
		s, best = by(s, "strategy"), "the best target that any run found, (objective - best) / objective"
	case "schedules":
		s, best = by(s, "scheduler"), "the shortest schedule that any run found, (makespan - shortest) / makespan"
	}
	k, counted := gaps(s, of)
	f.Caption = fmt.Sprintf("Mean over %s of the primal gap: 1 (100 %%) without a %s, 0 with %s between. In parentheses: the gap in the end.",
		cases(counted), strings.TrimSuffix(of, "s"), best)
	f.anytime(s, a, curves{list: k, y: shareAxis("mean primal gap")}, counted)
}

// gaps is the mean primal gap over time.
func gaps(s *summary.Summary, of string) (list []stats.Curve, counted int) {
	return overTime(s, of, 1, func(found []stats.Incumbent, best float64) (out []stats.Step) {
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
func overTime(s *summary.Summary, of string, start float64, changes func(found []stats.Incumbent, best float64) []stats.Step) (list []stats.Curve, counted int) {
	all := make([][]stats.Step, len(s.Algorithms))
	for _, c := range s.Cases {
		if c.NotRun() || c.BestOf(of, c.Runs[0][0]) == nil {
			continue
		}
		counted++
		for a, run := range c.Runs {
			for _, r := range run {
				if best := c.BestOf(of, r); best != nil {
					for _, x := range changes(summary.Incumbents(r, of), float64(*best)) {
						all[a] = append(all[a], stats.Step{X: x.X, Y: x.Y / float64(len(run))})
					}
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

// by is the summary in which the values of a column are compared, or empty where no run has one.
func by(s *summary.Summary, column string) *summary.Summary {
	if s, err := s.By([]string{column}); err == nil {
		return s
	}
	return &summary.Summary{}
}

func (f *Figure) anytime(s *summary.Summary, a spec.Args, k curves, counted int) {
	notRun := 0
	for _, c := range s.Cases {
		if c.NotRun() {
			notRun++
		}
	}
	f.Caption += elsewhere(len(s.Cases)-counted-notRun, "that no run found a plan for") + elsewhere(notRun, "that not all were run on")
	if counted == 0 || !stepped(k.list) {
		f.Caption = "There is no case with a plan on which all algorithms were run." + elsewhere(notRun, "that not all were run on")
		return
	}
	for i, name := range s.Algorithms {
		f.add(i, s.Label(name), prose.Percent(k.list[i].End()))
	}
	k.x = axis{label: "wall-clock time per case", column: "time (s)", format: prose.Seconds, log: true}
	f.curves(a, k)
}
