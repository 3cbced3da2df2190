package all_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// everySearch is the specs of all algorithms, with each heuristic where they take one.
func everySearch() []string {
	var out []string
	for _, d := range standard.Descriptors(paths.Kind) {
		guided := false
		for _, p := range d.Params {
			guided = guided || p.Name == "heuristic"
		}
		if !guided {
			out = append(out, d.Name)
			continue
		}
		for _, h := range standard.Descriptors(bounds.Kind) {
			out = append(out, fmt.Sprintf("%s(heuristic=%s)", d.Name, h.Name))
		}
	}
	return out
}

// searcherOf makes the solver that a spec names.
func searcherOf(t *testing.T, algorithm string) paths.Solver {
	t.Helper()
	solver, _, err := paths.New(standard, spec.MustParse(algorithm))
	if err != nil {
		t.Fatal(err)
	}
	return solver
}

// What a search prepares takes minutes in a cloud of this size, and must end with its
// context like the search itself.
func TestSearchesOutliveTheirContext(t *testing.T) {
	outliveTheirContext(t, 20*time.Millisecond, "random(hosts=2000)")
}

// outliveTheirContext fails the test if a search of one of the families goes on long after
// its context has ended.
func outliveTheirContext(t *testing.T, after time.Duration, families ...string) {
	t.Helper()
	const patience = 20 * time.Second // of a machine that is busy
	for _, family := range families {
		p := generated(t, family, 1)
		for _, algorithm := range everySearch() {
			solver := searcherOf(t, algorithm)
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() {
				_, err := solver.Solve(ctx, p, paths.Options{MemoryBytes: 1 << 30})
				ended <- err
			}()
			time.Sleep(after)
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("%s of %s: %v", algorithm, family, err)
				}
			case <-time.After(patience):
				t.Fatalf("%s of %s goes on for more than %v after its context has ended", algorithm, family, patience)
			}
		}
	}
}

// What a search prepares counts against its memory like its tables.
func TestSearchesHoldMoreThanTheyMay(t *testing.T) {
	holdMoreThanTheyMay(t, 16<<20, 200*time.Millisecond, fullCloud(1000, 0.95, ""))
}

// slack is what may be found beyond what a search should hold: what it takes in one step
// before it looks again, and what has become garbage while garbage was collected.
const slack = 16 << 20

// holdMoreThanTheyMay fails the test if a search of one of the families holds more than its
// memory limit, or accounts for less than half of what it holds.
func holdMoreThanTheyMay(t *testing.T, limit int64, timeout time.Duration, families ...string) {
	t.Helper()
	for _, family := range families {
		p := generated(t, family, 1)
		for _, algorithm := range everySearch() {
			solver := searcherOf(t, algorithm)
			var r paths.Result
			held := mostHeld(func() {
				var err error
				if r, err = solver.Solve(context.Background(), p, paths.Options{MemoryBytes: limit, Timeout: timeout}); err != nil {
					t.Error(err)
				}
			})
			t.Logf("%-34s holds %8.2f MB, accounts for %8.2f MB, %s %s", algorithm, float64(held)/1e6, float64(r.PeakBytes)/1e6, r.Status, r.Reason)
			if held > limit*12/10+slack {
				t.Errorf("%s of %s holds %d bytes, allowed are %d", algorithm, family, held, limit)
			}
			if held > 2*r.PeakBytes+slack {
				t.Errorf("%s of %s holds %d bytes and accounts for %d", algorithm, family, held, r.PeakBytes)
			}
		}
	}
}

// mostHeld is how many more bytes were reachable at some time while work was done than
// before, as far as collecting garbage over and over shows it.
func mostHeld(work func()) int64 {
	before := live()
	var most atomic.Int64
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-done:
				return
			default:
				most.Store(max(most.Load(), live()-before))
			}
		}
	}()
	work()
	close(done)
	<-watched
	return most.Load()
}

// live is the bytes that are reachable.
func live() int64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
