package summary

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

// groupsText lists groups with the numbers of their cases.
func groupsText(t testing.TB, s *Summary, name string) string {
	t.Helper()
	g, err := s.GroupBy(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, x := range g.List {
		out = append(out, fmt.Sprintf("%s:%d", x.Name, len(x.Cases)))
	}
	if g.LeftOut > 0 {
		out = append(out, fmt.Sprint("left out:", g.LeftOut))
	}
	return strings.Join(out, " ")
}

// random is a run on an instance of the family of that name.
func random(algorithm, instance string, parameters results.Values) results.Record {
	class, _, _ := strings.Cut(instance, "#")
	return named(run(algorithm, instance, results.Feasible, 1, none), "random", class, parameters)
}

// Groups come from parameters, features and what else records tell, numbers by value, and
// what does not tell is counted.
func TestGroupsByParameterOrFeature(t *testing.T) {
	hosts := func(n float64) results.Values { return results.Values{"hosts": n} }
	s := of([]results.Record{
		with(random("a", "random(hosts=100)#1", hosts(100)), results.Values{"vms": 7.0, "deadlocked": true}),
		with(random("a", "random(hosts=9)#1", hosts(9)), results.Values{"vms": 70, "deadlocked": false}),
		with(random("b", "random(hosts=9)#2", hosts(9)), results.Values{"vms": 7.0, "deadlocked": false}),
		named(run("a", "chain(length=3)", results.Feasible, 1, none), "chain", "chain(length=3)", results.Values{"length": 3.0}),
		run("a", "a file", results.Feasible, 1, none),
	})
	for key, groups := range map[string]string{
		"hosts":         "9:2 100:1 left out:2", // 9 before 100
		"param.hosts":   "9:2 100:1 left out:2",
		"vms":           "7:2 70:1 left out:2",
		"deadlocked":    "no:2 yes:1 left out:2",
		"family":        "chain:1 random:3 left out:1",
		"role":          "left out:5", // an empty text is no group
		"class":         "a file:1 chain(length=3):1 random(hosts=9):2 random(hosts=100):1",
		"cost_function": "ram:5",
		"length":        "3:1 left out:4",
	} {
		if got := groupsText(t, s, key); got != groups {
			t.Errorf("%s: groups %s, expected %s", key, got, groups)
		}
		g, _ := s.GroupBy(key)
		for _, x := range g.List {
			if part := s.Part(x.Cases); part.Records != len(x.Cases) || len(part.Algorithms) != 2 {
				t.Errorf("%s: the part of %s has %d records and %d algorithms", key, x.Name, part.Records, len(part.Algorithms))
			}
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
			records = append(records, with(run("a", fmt.Sprint("file", i), results.Feasible, 1, none), results.Values{"vms": v}))
		}
		g, err := of(records).GroupBy("vms")
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
				v := c.Runs[0][0].Features["vms"].(int)
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

// An instance with several names is in a range for each, and in one but once.
func TestRangesOfInstancesWithSeveralNames(t *testing.T) {
	var records []results.Record
	for i := range 20 {
		r := random("a", fmt.Sprint("i", i), results.Values{"hosts": float64(i)})
		r.Aliases = []results.Name{
			{Instance: fmt.Sprint("j", i), Parameters: results.Values{"hosts": float64(i)}}, {Instance: fmt.Sprint("k", i), Parameters: results.Values{"hosts": float64(i + 20)}},
		}
		records = append(records, r)
	}
	if got, want := groupsText(t, of(records), "param.hosts"), "0–7:8 8–15:8 16–23:8 24–31:8 32–39:8"; got != want {
		t.Errorf("groups %s, expected %s", got, want)
	}
}

func TestAlgorithmsStandInNaturalOrder(t *testing.T) {
	var records []results.Record
	for _, name := range []string{"beam(width=100)", "beam(width=20)", "beam(width=3)", "astar"} {
		records = append(records, results.Record{Algorithm: name, InstanceSHA256: "i", Outcome: results.Unknown})
	}
	if got := strings.Join(of(records).Algorithms, " "); got != "astar beam(width=3) beam(width=20) beam(width=100)" {
		t.Errorf("order %s", got)
	}
}
