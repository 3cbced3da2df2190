package cli

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// bomb panics when it is written to.
type bomb struct{}

func (bomb) Write([]byte) (int, error) { panic("boom") }

func TestPanicIsAnUnexpectedFailureAndNotBadInput(t *testing.T) {
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"rearrange", "list"}, program{catalogue: catalogue.Standard(), in: strings.NewReader(""), out: bomb{}, err: &stderr})
	if code != exitFailure || !strings.Contains(stderr.String(), "panic: boom\n") || !strings.Contains(stderr.String(), "list.go:") {
		t.Errorf("exit code %d, message:\n%s", code, &stderr)
	}
}

func TestCommandsDoNotShareFlagsOrNames(t *testing.T) {
	app := newApp(program{})
	names := map[string]bool{}
	for _, c := range app.Commands {
		flags := map[string]bool{"help": true, "h": true}
		for _, n := range append([]string{c.Name}, c.Aliases...) {
			if names[n] {
				t.Errorf("two commands are called %s", n)
			}
			names[n] = true
		}
		for _, f := range c.Flags {
			for _, n := range f.Names() {
				if flags[n] {
					t.Errorf("two flags of %s are called %s", c.Name, n)
				}
				flags[n] = true
			}
		}
		if c.Usage == "" || strings.HasSuffix(c.Usage, ".") {
			t.Errorf("%s: usage %q", c.Name, c.Usage)
		}
	}
}

func TestFileNamesOfInstances(t *testing.T) {
	for name, want := range map[string]string{
		"tricky":                       "tricky",
		"random(hosts=3, sizes=x)#12":  "random-hosts-3-sizes-x-12",
		"../../etc/passwd":             "etc-passwd",
		".hidden":                      "hidden",
		"a/b\\c:d":                     "a-b-c-d",
		"":                             "instance",
		"…":                            "instance",
		"import(files=[model_a2.txt])": "import-files-model_a2.txt",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	w := &writer{taken: map[string]bool{}}
	if a, b, c := w.free("x"), w.free("x"), w.free("x"); a != "x" || b != "x-2" || c != "x-3" {
		t.Errorf("names for three instances called x: %s, %s, %s", a, b, c)
	}
}

func TestSearchGetsTheTimeThatReadingTookAndWritingWillTake(t *testing.T) {
	for _, c := range []struct{ limit, spent, took, want time.Duration }{
		{0, time.Minute, time.Minute, 0}, // no limit
		{60, 0, 0, 60},
		{60, 10, 8, 38},
		{60, 40, 30, 10}, // half of what is left is kept at most
		{60, 60, 30, 1},
		{60, 90, 30, 1}, // spent: the search ends at once
	} {
		if got := searchTime(c.limit, c.spent, c.took); got != c.want {
			t.Errorf("limit %d, %d spent, %d to decode: %d, want %d", c.limit, c.spent, c.took, got, c.want)
		}
	}
}

func TestSearchIsSilentForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		s := newTeller(&b, "MiB")
		stop := s.every(sayEvery)
		time.Sleep(6 * time.Second)
		s.progress(paths.Incumbent{Bound: 50})
		time.Sleep(3 * time.Second)
		s.incumbent(paths.Incumbent{Elapsed: 9 * time.Second, Cost: 200, Bound: 50})
		time.Sleep(time.Second)
		s.progress(paths.Incumbent{Cost: 100, Bound: 40})
		time.Sleep(11 * time.Second)
		stop()
		want := `   5.000 s  no plan yet, lower bound 0 MiB, still searching
   9.000 s  cost 200 MiB, lower bound 50, gap 300.00 %
  14.000 s  cost 100 MiB, lower bound 50, gap 100.00 %, still searching
  19.000 s  cost 100 MiB, lower bound 50, gap 100.00 %, still searching
`
		if b.String() != want {
			t.Errorf("found:\n%s\nwant:\n%s", &b, want)
		}
	})
}
