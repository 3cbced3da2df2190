package paths_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// spender expands until it may not, and never more than so many states.
func spender(most int64) paths.SearcherFunc {
	return func(r *paths.Run) error {
		for n := int64(0); n < most && r.Expand(); n++ {
			r.Generated(2)
		}
		r.Memory(100, 1)
		return nil
	}
}

func TestTasksShareWhatIsLeftOfTheLimit(t *testing.T) {
	p := swap(t)
	var results []paths.Result
	result, err := paths.Solve(context.Background(), paths.SearcherFunc(func(r *paths.Run) error {
		for range 10 {
			r.Expand()
		}
		r.Memory(1000, 1)
		task := paths.Subtask{Searcher: spender(1 << 40), Problem: p}
		limited := task
		limited.Options.Expansions = 7
		var err error
		results, err = r.Parallel([]paths.Subtask{task, limited, task})
		return err
	}), p, paths.Options{Expansions: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{30, 7, 30} {
		if got := results[i].Counters.Expanded; got != want {
			t.Errorf("task %d expanded %d states, want %d", i, got, want)
		}
	}
	if c := result.Counters; c.Expanded != 10+67 || c.Generated != 2*67 {
		t.Errorf("the run counts %+v", c)
	}
	if result.PeakBytes != 1000+3*100 {
		t.Errorf("the run held %d bytes, want its own and those of all tasks", result.PeakBytes)
	}
}

func TestTasksAnswerAlikeAtAnyNumberOfCores(t *testing.T) {
	p := swap(t)
	answers := func(cores int) (out []int64) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		_, err := paths.Solve(context.Background(), paths.SearcherFunc(func(r *paths.Run) error {
			var tasks []paths.Subtask
			for i := range 20 {
				tasks = append(tasks, paths.Subtask{Problem: p, Options: paths.Options{Seed: uint64(i)}, Searcher: paths.SearcherFunc(func(f *paths.Run) error {
					f.Bound(int64(f.Rand.IntN(1000)))
					return spender(int64(f.Rand.IntN(1000)))(f)
				})})
			}
			results, err := r.Parallel(tasks)
			for _, x := range results {
				out = append(out, x.LowerBound, x.Counters.Expanded)
			}
			return err
		}), p, paths.Options{Expansions: 8000})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	one, four := answers(1), answers(4)
	for i := range one {
		if one[i] != four[i] {
			t.Fatalf("task %d: %v on one core, %v on four", i/2, one[i], four[i])
		}
	}
}

// A limit of cores that tasks within tasks, or the driver's own checks, do not keep is none.
func TestNoMoreWorkIsDoneAtATimeThanThereMayBeCores(t *testing.T) {
	p := swap(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for _, cores := range []int{1, 2, 3} {
		var now, most atomic.Int32
		leaf := paths.Subtask{Problem: p, Searcher: paths.SearcherFunc(func(*paths.Run) error {
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(2 * time.Millisecond)
			now.Add(-1)
			return nil
		})}
		three := paths.SearcherFunc(func(r *paths.Run) error {
			_, err := r.Parallel([]paths.Subtask{leaf, leaf, leaf})
			return err
		})
		_, err := paths.Solve(context.Background(), paths.SearcherFunc(func(r *paths.Run) error {
			nested := paths.Subtask{Problem: p, Searcher: three}
			if _, err := r.Parallel([]paths.Subtask{nested, nested}); err != nil {
				return err
			}
			var beside error
			_, err := r.Beside(nested, func(other *paths.Run) { beside = three(other) })
			return errors.Join(err, beside)
		}), p, paths.Options{Cores: cores})
		if err != nil || int(most.Load()) > cores || most.Load() < int32(min(cores, 2)) {
			t.Errorf("%d searches at the same time on %d cores, error %v", most.Load(), cores, err)
		}
	}
}

func TestATaskEndsWithItsRunAndItsFailureIsTheRuns(t *testing.T) {
	p := swap(t)
	ctx, cancel := context.WithCancel(context.Background())
	broken := errors.New("broken")
	result, err := paths.Solve(ctx, paths.SearcherFunc(func(r *paths.Run) error {
		_, err := r.Nested(paths.Subtask{Problem: p, Searcher: paths.SearcherFunc(func(*paths.Run) error { return broken })})
		if !errors.Is(err, broken) {
			t.Errorf("the failure of a task is told as %v", err)
		}
		cancel()
		x, err := r.Nested(paths.Subtask{Problem: p, Searcher: spender(1 << 40)})
		if x.Reason != "the run was interrupted" {
			t.Errorf("the task ended because %q", x.Reason)
		}
		return err
	}), p, paths.Options{})
	if err != nil || result.Reason != "the run was interrupted" {
		t.Errorf("the run ended because %q, error %v", result.Reason, err)
	}
}

func TestAKnownPathIsTheFirstIncumbent(t *testing.T) {
	p := swap(t)
	known := migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0})
	result, err := paths.Solve(context.Background(), paths.SearcherFunc(func(r *paths.Run) error {
		if cost, ok := r.Best(); !ok || cost != 13 {
			t.Errorf("the search begins with %d, %v, want the known path of cost 13", cost, ok)
		}
		return nil
	}), p, paths.Options{Known: known})
	if err != nil || result.Status != cloud.Feasible || result.Cost != 13 {
		t.Errorf("the run ended with %+v, %v", result, err)
	}
}

func TestWhatATaskFindsOfTheRunsProblemIsTheRunsAtOnce(t *testing.T) {
	p := swap(t)
	detour := migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0})
	for _, own := range []bool{true, false} {
		q := p
		if !own {
			other := *p
			q = &other
		}
		told := 0
		_, err := paths.Solve(context.Background(), paths.SearcherFunc(func(r *paths.Run) error {
			_, err := r.Nested(paths.Subtask{Problem: q, Searcher: paths.SearcherFunc(func(f *paths.Run) error {
				f.Bound(7)
				f.Found(detour)
				if cost, found := r.Best(); found != own || own && cost != 13 {
					t.Errorf("the run's own problem: %v; the run has a path: %v, of cost %d", own, found, cost)
				}
				return nil
			})})
			return err
		}), p, paths.Options{OnIncumbent: func(i paths.Incumbent) {
			if told++; i.Cost != 13 || i.Bound != 7 {
				t.Errorf("told of %+v", i)
			}
		}})
		if err != nil || told > 1 || (told == 1) != own {
			t.Errorf("the run's own problem: %v; incumbents told of: %d, error %v", own, told, err)
		}
	}
}
