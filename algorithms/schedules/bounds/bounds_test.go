package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// cases are the models under which bounds are held against exhaustive search, with the share of problems, in percent, in which the
// largest bound has to equal the optimum.
var cases = []struct {
	model, duration string
	tight           int
}{
	{"sequential", scheduletest.Rate, 100},
	{"slots(outgoing=1)", scheduletest.Rate, 88},
	{"slots(outgoing=1, incoming=1)", scheduletest.Rate, 82},
	{"slots(outgoing=2, incoming=2)", scheduletest.Rate, 88},
	{"slots(total=2)", scheduletest.Rate, 88},
	{"slots(outgoing=1)", scheduletest.Unit, 92},
	{"slots(outgoing=2, total=3)", scheduletest.Unit, 92},
	{"slots(per-host=1)", scheduletest.Rate, 80},
	{"slots(per-host=2, per-rack=3)", scheduletest.Rate, 80},
	{"steps(per-host=1)", scheduletest.Unit, 80},
	{"steps(per-host=2)", scheduletest.Unit, 80},
	{"steps(per-host=3)", scheduletest.Unit, 80},
	{"bandwidth", scheduletest.Rate, 80},
	{"bandwidth(least=1/2, growth=1)", "mvm(bandwidth=8389, rounding=1ms)", 50},
	{"bandwidth(least=1/2, growth=1)", scheduletest.Precopy, 50},
	{"bandwidth(sharing=max-min)", scheduletest.Precopy, 50},
	{"bandwidth(sharing=max-min, admission=no)", scheduletest.Precopy, 50},
}

func TestNoBoundAboveTheOptimum(t *testing.T) {
	for _, c := range cases {
		t.Run(c.model+" "+c.duration, func(t *testing.T) {
			problems := 400
			if strings.HasPrefix(c.model, "bandwidth(") {
				problems = 25 // rates are searched for at each start
			}
			tight := 0
			best := map[string]int{} // by kind: how often it is the first that equals the optimum
			for n := range problems {
				p := scheduletest.Random(t, rand.New(rand.NewPCG(uint64(n), 7)), c.model, c.duration)
				optimum := scheduletest.Shortest(p).Makespan()
				all := bounds.All(p)
				for _, b := range all {
					if b.Value > optimum {
						t.Fatalf("problem %d: %v is above the optimum %d\n%s", n, b, optimum, describe(p))
					}
				}
				if all[0].Value == optimum {
					tight++
					best[all[0].Name]++
				}
			}
			t.Logf("%d of %d bounds are optimal: %v", tight, problems, best)
			if 100*tight < c.tight*problems {
				t.Errorf("the largest bound is optimal in %d of %d problems, expected %d %%", tight, problems, c.tight)
			}
		})
	}
}

// The heads and tails of each move hold in every schedule; an optimal one and those of random orders are looked at.
func TestNoMoveStartsBeforeItsHead(t *testing.T) {
	lifted := 0
	for _, c := range cases {
		problems := 100
		if strings.HasPrefix(c.model, "bandwidth(") {
			problems = 5
		}
		for n := range problems {
			rng := rand.New(rand.NewPCG(uint64(n), 8))
			p := scheduletest.Random(t, rng, c.model, c.duration)
			heads, tails := bounds.Heads(p), bounds.Tails(p)
			tables := []*timetable.Table{scheduletest.Shortest(p)}
			order := make([]int32, len(p.Moves))
			for i := range order {
				order[i] = int32(i)
			}
			for range 30 {
				if table, err := p.InOrder(order); err == nil {
					tables = append(tables, table)
				}
				rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			for _, table := range tables {
				for m := range p.Moves {
					if table.Starts[m] < heads[m] {
						t.Fatalf("%s, problem %d: move %d starts at %d, its head is %d\n%s", c.model, n, m, table.Starts[m], heads[m], describe(p))
					}
					if table.Makespan()-table.Ends[m] < tails[m] {
						t.Fatalf("%s, problem %d: move %d ends at %d of %d, its tail is %d\n%s", c.model, n, m, table.Ends[m], table.Makespan(), tails[m], describe(p))
					}
				}
			}
			for m := range p.Moves {
				if heads[m] > 0 && p.Moves[m].Before < 0 || tails[m] > 0 && p.Moves[m].After < 0 {
					lifted++
				}
			}
		}
	}
	if lifted < 200 {
		t.Errorf("%d heads and tails come from room: too few to find faults", lifted)
	}
}

func describe(p *timetable.Problem) string {
	text := &strings.Builder{}
	_ = p.Instance.Encode(text) // a buffer takes everything
	for i := range p.Moves {
		m := &p.Moves[i]
		fmt.Fprintf(text, "move %d: VM %d from %d to %d takes %d, uses %v\n", i, m.VM, m.From, m.To, m.Time, m.Uses)
	}
	return text.String()
}
