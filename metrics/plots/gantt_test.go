package plots

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// chartOf makes a chart of so many steps on so many lanes, of which a chain is critical.
func chartOf(steps, lanes int, name, unit string, longest int64) Chart {
	rng := rand.New(rand.NewPCG(9, 3))
	c := Chart{Title: fmt.Sprint("schedule of ", steps), Caption: "Drawn at random.", Unit: unit, Noun: "host", Lanes: make([]Lane, lanes)}
	free := make([]int64, lanes)
	for i := range c.Lanes {
		c.Lanes[i].Name = fmt.Sprintf(name, i)
	}
	critical := 0
	for i := range steps {
		from, to := rng.IntN(lanes), rng.IntN(lanes)
		b := Bar{Name: fmt.Sprint("vm", i), Start: free[from], Kind: BarKind(max(0, rng.IntN(10)-6))}
		b.End = b.Start + 1 + rng.Int64N(longest)
		if b.Start == c.End || i == 0 {
			critical++
			b.Critical = critical
		}
		free[from] = b.End
		c.End = max(c.End, b.End)
		c.Lanes[from].Out, c.Lanes[to].In = append(c.Lanes[from].Out, b), append(c.Lanes[to].In, b)
	}
	if steps > 0 {
		c.Bound = c.End * 9 / 10
		c.Strips = []Lane{use("under way, 7 at most", c.End, 1, 0.4, 1, 0), use("outgoing migrations of "+c.Lanes[0].Name, c.End, 0, 0.1, 0)}
	}
	return c
}

// use is a strip with shares that change at equal distances.
func use(name string, end int64, shares ...float64) Lane {
	l := Lane{Name: name}
	for i, y := range shares {
		l.Use.Steps = append(l.Use.Steps, stats.Step{X: float64(end) * float64(i) / float64(len(shares)-1), Y: y})
	}
	return l
}

func charts() map[string]Chart {
	limits := chartOf(40, 7, "outgoing migrations of host%d", "ms", 90_000)
	for i := range limits.Lanes {
		limits.Lanes[i].In = nil
	}
	crowd := chartOf(400, 1, "migrations of cloud %d", "ms", 1000)
	for i := range crowd.Lanes[0].Out {
		crowd.Lanes[0].Out[i].Start = 0
	}
	return map[string]Chart{
		"none":     chartOf(0, 3, "host%d", "ms", 1),
		"one":      chartOf(1, 1, "host%d", "ms", 1),
		"ten":      chartOf(10, 6, "host%d", "ms", 500_000),
		"steps":    chartOf(30, 9, "host%d", "step", 1),
		"days":     chartOf(100, 20, "compute-node-%d.rack-12.zone-north.example.com", "ms", 40_000_000),
		"limits":   limits,
		"crowd":    crowd,
		"thousand": chartOf(1000, 130, "host%d", "ms", 9000),
	}
}

// A chart must be readable, and a file that opens, however long the schedule.
func TestGanttChartsOfAllSizesAreDrawn(t *testing.T) {
	for name, c := range charts() {
		for _, z := range Sizes() {
			f := Gantt(c, z)
			checkTexts(t, "gantt-"+name+"-"+z, f)
			svg, err := Render(f, "svg")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) || len(svg) > 1<<20 {
				t.Errorf("%s, %s: coordinates that are no numbers, or a file of %d KiB", name, z, len(svg)>>10)
			}
			if z == "page" && (name == "ten" || name == "limits") {
				compareGolden(t, "gantt-"+name, svg)
			}
			if again, _ := Render(Gantt(c, z), "svg"); !bytes.Equal(svg, again) {
				t.Errorf("%s: the same schedule gives two different files", name)
			}
			if *view != "" {
				png, err := Render(f, "png")
				if err != nil {
					t.Fatal(err)
				}
				os.WriteFile(filepath.Join(*view, "gantt-"+name+"-"+z+".png"), png, 0o666)
			}
		}
	}
}

// Bars that run at the same time must not cover each other.
func TestBarsOfARowOverlap(t *testing.T) {
	c := chartOf(300, 4, "host%d", "ms", 100)
	for _, l := range c.Lanes {
		n := 0
		for _, row := range barRows(l.In, true) {
			for i := range row[1:] {
				if row[i+1].Start < row[i].End {
					t.Errorf("%+v and %+v stand in one row", row[i], row[i+1])
				}
			}
			n += len(row)
		}
		if n != len(l.In) {
			t.Errorf("%d of %d bars have a row", n, len(l.In))
		}
	}
}

// People read minutes, not milliseconds.
func TestTimesHaveTheWrongUnit(t *testing.T) {
	for _, test := range []struct {
		end         int64
		unit, label string
		scale       float64
	}{
		{12, "step", "step", 1},
		{900, "ms", "time (ms)", 1},
		{41_500, "ms", "time (s)", 1000},
		{179_000, "ms", "time (s)", 1000},
		{892_000, "ms", "time (min)", 60_000},
		{20 * 3_600_000, "ms", "time (h)", 3_600_000},
		{90 * 3_600_000, "ms", "time (d)", 86_400_000},
	} {
		if x, scale := timeAxis(test.end, test.unit); x.label != test.label || scale != test.scale {
			t.Errorf("%d %s: %s, 1 of %g", test.end, test.unit, x.label, scale)
		}
	}
}
