package summary

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

func byClass(t testing.TB, s *Summary) Groups {
	t.Helper()
	g, err := s.GroupBy(ByClass)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Groups come from names and features alike, numbers by value, and what does not tell is
// counted.
func TestGroupsByParameterOrFeature(t *testing.T) {
	with := func(r results.Record, features map[string]any) results.Record {
		r.Features = features
		return r
	}
	s := Of([]results.Record{
		with(run("a", "random(hosts=100)#1", results.Feasible, 1, none), map[string]any{"vms": 7.0, "deadlocked": true}),
		with(run("a", "random(hosts=9)#1", results.Feasible, 1, none), map[string]any{"vms": 70, "deadlocked": false}),
		with(run("b", "random(hosts=9)#2", results.Feasible, 1, none), map[string]any{"vms": 7.0, "deadlocked": false}),
		run("a", "chain(length=3)", results.Feasible, 1, none),
		run("a", "a file", results.Feasible, 1, none),
	}, WithCatalogue(testCatalogue()))
	for _, c := range []struct {
		key, groups string
		leftOut     int
	}{
		{"hosts", "9:2 100:1", 2}, // 9 before 100
		{"vms", "7:2 70:1", 2},
		{"deadlocked", "no:2 yes:1", 2},
		{"family", "chain:1 random:3", 1},
		{"class", "a file:1 chain(length=3):1 random(hosts=9):2 random(hosts=100):1", 0},
		{"cost_function", "ram:5", 0},
		{"length", "3:1", 4},
	} {
		g, err := s.GroupBy(c.key)
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		var got []string
		for _, x := range g.List {
			got = append(got, fmt.Sprintf("%s:%d", x.Name, len(x.Cases)))
			if part := s.Part(x); part.Records != len(x.Cases) || len(part.Outcomes) != 2 {
				t.Errorf("%s: the part of %s has %d records and %d algorithms", c.key, x.Name, part.Records, len(part.Outcomes))
			}
		}
		if text := strings.Join(got, " "); text != c.groups || g.LeftOut != c.leftOut {
			t.Errorf("%s: groups %s and %d left out, expected %s and %d", c.key, text, g.LeftOut, c.groups, c.leftOut)
		}
	}
	if _, err := s.GroupBy("host"); err == nil || !strings.Contains(err.Error(), `did you mean "hosts"`) {
		t.Errorf("a key that nothing has: %v", err)
	}
}

// However values are spread, every case is in one range, ranges do not overlap, and no
// value is torn apart.
func TestRangesHoldEveryCaseOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 60), 1, 80).Draw(t, "values")
		var records []results.Record
		for i, v := range values {
			r := run("a", fmt.Sprint("file", i), results.Feasible, 1, none)
			r.Features = map[string]any{"vms": v}
			records = append(records, r)
		}
		g, err := Of(records, WithCatalogue(testCatalogue())).GroupBy("vms")
		if err != nil {
			t.Fatal(err)
		}
		distinct := slices.Compact(slices.Sorted(slices.Values(values)))
		if g.Ranges != (len(distinct) > mostGroups) || (g.Ranges && len(g.List) > ranges) {
			t.Fatalf("%d values make %d groups, ranges: %v", len(distinct), len(g.List), g.Ranges)
		}
		total, last := 0, -1
		for _, x := range g.List {
			least, most := 1000, -1
			for _, c := range x.Cases {
				v := c.Runs[0].Features["vms"].(int)
				least, most = min(least, v), max(most, v)
			}
			name := fmt.Sprint(least)
			if least < most {
				name = fmt.Sprintf("%d–%d", least, most)
			}
			if name != x.Name || least <= last {
				t.Fatalf("group %s holds %d to %d, after %d", x.Name, least, most, last)
			}
			total, last = total+len(x.Cases), most
		}
		if total != len(values) {
			t.Fatalf("%d of %d cases are in a group", total, len(values))
		}
	})
}
