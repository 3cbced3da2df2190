package summary

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

// again is a run on an instance of the content of another, under a name of its own.
func again(r results.Record, algorithm, instance string, parameters results.Values) results.Record {
	r.Algorithm, r.RunKey = algorithm, algorithm+"/"+instance
	r.Name = random(algorithm, instance, parameters).Name
	return r
}

// Two names of one content are one case, whether a record knows both or two records know one
// each, and the case is in the groups of both.
func TestInstancesAreToldApartByContent(t *testing.T) {
	hosts := func(n float64) results.Values { return results.Values{"hosts": n} }
	first := random("a", "random(hosts=9)#1", hosts(9))
	aliased := first
	aliased.Aliases = []results.Name{random("", "random(hosts=10)#1", hosts(10)).Name, first.Name}
	other := random("a", "random(hosts=10)#2", hosts(10))
	for what, records := range map[string][]results.Record{
		"aliases": {aliased, other, again(first, "b", first.Instance, hosts(9))},
		"records": {first, other, again(first, "b", "random(hosts=10)#1", hosts(10))},
		"seeds":   {first, other, seeded(again(first, "a", "random(hosts=10)#1", hosts(10)), 2)},
	} {
		s := of(records)
		if len(s.Cases) != 2 || s.Duplicates != 1 || s.Superseded != 0 {
			t.Errorf("%s: %d cases, %d duplicates, %d superseded", what, len(s.Cases), s.Duplicates, s.Superseded)
		}
		if got := groupsText(t, s, "param.hosts"); got != "9:1 10:2" {
			t.Errorf("%s: groups by hosts: %s", what, got)
		}
		if got := groupsText(t, s, "class"); got != "random(hosts=9):1 random(hosts=10):2" {
			t.Errorf("%s: groups by class: %s", what, got)
		}
		// Of several names the first in natural order counts, for each algorithm and seed.
		for a := range s.Algorithms {
			c := s.Cases[1]
			if v := column(t, s, "instance").Of(c, a); c.Instance != "random(hosts=9)#1" || v.Text != c.Instance {
				t.Errorf("%s: the case is %s, its column %+v", what, c.Instance, v)
			}
			if v := column(t, s, "param.hosts").Of(c, a); v.X != 9 {
				t.Errorf("%s: hosts %+v", what, v)
			}
		}
		for _, col := range []string{"cost", "coverage"} {
			if n := len(s.Matrix(column(t, s, col)).Cases); n > 2 {
				t.Errorf("%s: %d cases in a matrix", what, n)
			}
		}
	}
	// Each of two cost functions is a case, but the instance has one duplicate.
	count := aliased
	count.CostFunction = "count"
	if s := of([]results.Record{aliased, count}); len(s.Cases) != 2 || s.Duplicates != 1 {
		t.Errorf("%d cases, %d duplicates", len(s.Cases), s.Duplicates)
	}
}

// Programs with other defaults give one name other parameters: each record keeps its own.
func TestOneNameWithSeveralParameters(t *testing.T) {
	old, now := random("a", "random#1", results.Values{"hosts": 9.0}), random("b", "random#1", results.Values{"hosts": 9.0, "spread": 2.0})
	lost := run("c", "random#1", results.Feasible, 1, none) // of version 1
	for _, records := range [][]results.Record{{old, now, lost}, {lost, now, old}} {
		s := of(records)
		if s.Duplicates != 0 || len(s.Cases) != 1 || len(s.Cases[0].Names) != 3 {
			t.Fatalf("%d duplicates, cases %+v", s.Duplicates, s.Cases[0])
		}
		if got := groupsText(t, s, "spread"); got != "2:1" {
			t.Errorf("groups %s", got)
		}
		if v := in(t, s, "spread", "a", "random#1"); v.X != 2 {
			t.Errorf("%+v", v)
		}
	}
}

// Where keeps the names under which runs were chosen: a group of another would show a part
// of its runs as if they were all.
func TestWhereKeepsNamesUnderWhichRunsAreKept(t *testing.T) {
	r := random("a", "random(hosts=9)#1", results.Values{"hosts": 9.0})
	r.Aliases = []results.Name{random("", "random(hosts=10)#1", results.Values{"hosts": 10.0}).Name}
	s := of([]results.Record{r, again(r, "b", "random(hosts=11)#1", results.Values{"hosts": 11.0}), random("c", "random(hosts=3)#1", results.Values{"hosts": 3.0})})
	out := s.Where(func(c *Case, r *results.Record, n *results.Name) bool {
		return n.Parameters["hosts"].(float64) > 9 && (r.Algorithm == "a" || n.Parameters["hosts"] == 10.0)
	})
	if got := groupsText(t, out, "hosts"); got != "10:1 11:1" || !slices.Equal(out.Algorithms, []string{"a", "b"}) || out.Records != 2 || out.Duplicates != 1 {
		t.Errorf("groups %s; %+v", got, out)
	}
	if out.Cases[0].Instance != "random(hosts=10)#1" || len(s.Cases[1].Names) != 3 {
		t.Errorf("%s of %v", out.Cases[0].Instance, s.Cases[1].Names)
	}
	if none := s.Where(func(*Case, *results.Record, *results.Name) bool { return false }); none.Records+len(none.Cases)+len(none.Algorithms) > 0 {
		t.Errorf("%+v", none)
	}
}

// A parameter must not hide the feature of its name.
func TestAmbiguousNames(t *testing.T) {
	s := of([]results.Record{
		with(random("a", "i", results.Values{"utilisation": 0.9, "hosts": 4.0, "sizes": "few", "only": 1.0}), results.Values{"utilisation": 0.57, "hosts": 4, "sizes": 3.0}),
		with(run("a", "j", results.Feasible, 1, none), results.Values{"hosts": 7.0, "vms": 2.0}),
	})
	for _, name := range []string{"utilisation", "sizes"} {
		_, err := s.Column(name)
		var ambiguous *AmbiguousError
		if !errors.As(err, &ambiguous) {
			t.Fatalf("%s: %v", name, err)
		}
		for _, part := range append([]string{`"` + name + `"`, "param." + name, "feature." + name, " for i, "}, map[string][]string{"utilisation": {"0.9", "0.57"}, "sizes": {"few", "3"}}[name]...) {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q lacks %s", name, err, part)
			}
		}
		if _, err := s.GroupBy(name); !errors.As(err, &ambiguous) {
			t.Errorf("grouped by %s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"hosts": "4 7", "param.hosts": "4 -", "feature.hosts": "4 7", "param.utilisation": "0.9 -", "feature.utilisation": "0.57 -", "vms": "- 2", "only": "1 -",
	} {
		var got []string
		for _, c := range s.Cases {
			v := column(t, s, name).Of(c, 0)
			got = append(got, map[bool]string{true: "-", false: v.String()}[v.Kind == Missing])
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, expected %s", name, text, want)
		}
	}
	// Where they do not differ in what is shown, there is no doubt.
	part := s.Part(s.Cases[1:])
	if _, err := part.Column("utilisation"); err == nil || errors.As(err, new(*AmbiguousError)) {
		t.Errorf("of the second: %v", err)
	}
}

// Where one record has a parameter and another a feature of another kind, the name is a text.
func TestNamesOfSeveralKinds(t *testing.T) {
	s := of([]results.Record{random("a", "i", results.Values{"sizes": "few"}), with(run("a", "j", results.Feasible, 1, none), results.Values{"sizes": 3.0})})
	if c := column(t, s, "sizes"); c.Kind != Text {
		t.Errorf("a %s", c.Kind)
	}
	if got := groupsText(t, s, "sizes"); got != "3:1 few:1" {
		t.Errorf("groups %s", got)
	}
}

func TestSpellings(t *testing.T) {
	r := named(run("a", "i", results.Feasible, 1, none), "drift", "drift(of=random)", results.Values{"of": "random", "of.hosts": 7.0, "of.anti-affinity": "host", "anti-affinity": "none"})
	r.AlgorithmParameters = results.Values{"window": 3.0, "base.max-depth": 5.0}
	r.Counters = map[string]int64{"peak_table": 9}
	s := of([]results.Record{with(r, results.Values{"utilisation.ram": 0.5})})
	for name, want := range map[string]string{
		"anti-affinity": "none", "anti_affinity": "none", "param.anti_affinity": "none", "of.anti_affinity": "host", "of.hosts": "7", "param.of.hosts": "7",
		"of": "random", "algorithm.window": "3", "algorithm.base.max_depth": "5", "counter.peak_table": "9", "peak_table": "9",
		"utilisation.ram": "0.5", "feature.utilisation.ram": "0.5", "cost-function": "ram", "cost_function": "ram", "par(factor=3)": "",
	} {
		c, err := s.Column(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := c.Of(s.Cases[0], 0).String(); got != want {
			t.Errorf("%s: %q, expected %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"widnow": `no column "widnow"`, "of.hots": `no column "of.hots", did you mean "of.hosts"?`, "anti-afinity": `did you mean "anti-affinity"?`,
		"algorithm.windw": `did you mean "algorithm.window"?`, "counter.peak": `did you mean "counter.peak_table"`, "cots": `did you mean "cost"?`,
		"par(factr=3)": `unknown parameter "factr"`, "cost(x=1)": "", "": "", "param.": "", "a b": "", "(": "",
	} {
		if _, err := s.Column(name); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error %v, expected %s", name, err, want)
		}
	}
}

// A case that several records tell of in several ways is the same, whichever name they use:
// to rename instances changes no figure.
func TestNamesDoNotChangeFigures(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := drawRecords(rt)
		renamed := slices.Clone(records)
		for i := range renamed {
			renamed[i].Name = results.Name{Instance: fmt.Sprint(renamed[i].InstanceSHA256, " by name ", i%3)}
			renamed[i].Aliases = nil
		}
		a, b := of(records), of(renamed)
		for _, e := range Entries() {
			if e.Name == "instance" || e.Name == "class" || e.Name == "family" {
				continue
			}
			x, y := a.PairTests(column(t, a, e.Name), false), b.PairTests(column(t, b, e.Name), false)
			for i := range x {
				p, q := x[i], y[i]
				if fmt.Sprint(p.P, p.A12, len(p.Points), len(p.OnlyX), len(p.OnlyY), p.Neither, p.NotRun) != fmt.Sprint(q.P, q.A12, len(q.Points), len(q.OnlyX), len(q.OnlyY), q.Neither, q.NotRun) {
					rt.Fatalf("%s:\n%+v\n%+v", e.Name, p, q)
				}
			}
		}
	})
}

// Records of version 1 have neither parameters nor classes: nothing is read off their names.
func TestOldRecordsHaveNoParameters(t *testing.T) {
	r := run("a(window=9)", "random(hosts=4, utilisation=0.9)#1", results.Feasible, 1, none)
	r.Format = results.OldRecordFormat
	s := of([]results.Record{with(r, results.Values{"hosts": 4.0})})
	if got := groupsText(t, s, "class"); got != r.Instance+":1" {
		t.Errorf("classes %s", got)
	}
	for _, name := range []string{"param.hosts", "utilisation", "algorithm.window", "window"} {
		if _, err := s.Column(name); err == nil {
			t.Errorf("%s was found", name)
		}
	}
	if v := in(t, s, "family", "a(window=9)", r.Instance); v.Kind == Text && v.Text != "" {
		t.Errorf("family %+v", v)
	}
	near(t, "hosts, the feature", in(t, s, "hosts", "a(window=9)", r.Instance).X, 4)
}
