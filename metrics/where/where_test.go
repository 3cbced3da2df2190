package where_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

// runs are records that have little in common, by key.
func runs() []results.Record {
	amount := func(n int64) *int64 { return &n }
	of := func(key, instance, algorithm string, o results.Outcome, cost *int64, features map[string]any) results.Record {
		return results.Record{
			RunKey: key, Name: results.Name{Instance: instance}, InstanceSHA256: instance, Algorithm: algorithm, CostFunction: "ram",
			Rules: []string{"capacity", "arch"}, Outcome: o, Cost: cost, Features: features, Counters: map[string]int64{"expanded": 7},
		}
	}
	out := []results.Record{
		of("a", "random(hosts=4, utilisation=0.9)#1", "astar(heuristic=deadlock)", results.Optimal, amount(1<<60),
			map[string]any{"hosts": 4.0, "utilisation": 0.897, "utilisation.ram": 0.897, "deadlocked": true}),
		of("b", "random(hosts=12, sizes=flavours, flavours=[1, 2])#2", "greedy", results.Feasible, amount(1<<60+1), map[string]any{"hosts": 12.0, "deadlocked": false}),
		of("c", "tricky", "greedy", results.Unknown, nil, map[string]any{"hosts": 3.0, "exotic": 1.5}),
		of("d", "drift(of=random(hosts=7), migrations=20)#1", "dijkstra", results.Infeasible, nil, map[string]any{"hosts": 7.0}),
	}
	out[0].LowerBound, out[1].LowerBound = amount(1<<60), amount(1<<60)
	out[3].Seed = 1<<63 + 1
	return out
}

func TestWhatAnExpressionChooses(t *testing.T) {
	for _, tc := range []struct{ source, chosen, leftOut string }{
		{"hosts >= 7", "bd", ""}, // d by its feature: the parameter of the nested family has its own name
		{"of.hosts == 7", "d", "3 (no value of of.hosts)"},
		{"param.hosts >= 1", "ab", "2 (no value of param.hosts)"},
		{"feature.hosts in ['3']", "", ""}, // an error, see below
		{`algorithm startsWith "astar" or family == "drift"`, "ad", ""},
		{"family == ''", "c", ""},
		{"class == 'random(hosts=4, utilisation=0.9)'", "a", ""},
		{"utilisation == 0.9", "a", "3 (no value of utilisation)"}, // the parameter, not the feature
		{"feature.utilisation < 0.9", "a", "3 (no value of feature.utilisation)"},
		{"utilisation.ram < 0.9", "a", "3 (no value of utilisation.ram)"},
		{"deadlocked", "a", "2 (no value of deadlocked)"},
		{"family == 'random' && deadlocked", "a", ""}, // the others are refused before anyone asks
		{"exotic > 1", "c", "3 (no value of exotic)"},
		{"sizes > 2", "", "4 (no value of sizes)"}, // the feature: the parameter is a text
		{"param.sizes == 'flavours'", "b", "2 (no value of param.sizes)"},
		{"'2' in flavours", "b", "2 (no value of flavours)"},
		{"anti_affinity == 'host'", "ab", "2 (no value of anti_affinity)"},
		{"cost == lower_bound", "a", "2 (no value of cost)"}, // floats would call the costs of a and b the same
		{"seed == 9223372036854775809.0", "d", ""},
		{"!solved", "c", ""},
		{"outcome in ['infeasible', 'unknown']", "cd", ""},
		{"'arch' in rules && counters.expanded == 7", "abcd", ""},
		{"1 / (hosts - 3) > 0.2", "ad", "1 (column 3: division by zero)"},
	} {
		f, err := where.Parse(catalogue.Standard(), tc.source, runs())
		if err != nil {
			if tc.chosen != "" {
				t.Errorf("%s: %v", tc.source, err)
			}
			continue
		}
		s, c := f.Of(summary.Of(runs(), summary.WithCatalogue(catalogue.Standard())))
		var got []string
		for _, k := range s.Cases {
			for _, r := range k.Runs {
				if r != nil {
					got = append(got, r.RunKey)
				}
			}
		}
		slices.Sort(got)
		var left []string
		for _, l := range c.LeftOut {
			left = append(left, fmt.Sprintf("%d (%s)", l.Runs, l.Reason))
		}
		if strings.Join(got, "") != tc.chosen || strings.Join(left, ", ") != tc.leftOut {
			t.Errorf("%s chose %q and left out %q,\nexpected %q and %q", tc.source, got, left, tc.chosen, tc.leftOut)
		}
		if c.Runs != 4 || c.Chosen != len(got) || s.Records != len(got) {
			t.Errorf("%s: counts are wrong: %+v, %d records", tc.source, c, s.Records)
		}
	}
}

func TestFaultsNameTheColumnAndWhatWasMeant(t *testing.T) {
	for source, want := range map[string]string{
		"hots >= 10":                   `column 1: unknown name "hots", did you mean "hosts"?`,
		"host >= 10":                   `column 1: unknown name "host", did you mean "hosts"?`, // and not cost
		"expanded > 3":                 `column 1: unknown name "expanded", did you mean "counters.expanded"?`,
		"algorithm == astar":           `column 14: unknown name "astar": texts stand in quotes, "astar"`,
		"algorithm startsWith astar":   `column 22: unknown name "astar": texts stand in quotes, "astar"`,
		"solved == yes":                `column 11: unknown name "yes": write true`,
		"solved and algorthm == 'x'":   `column 12: unknown name "algorthm", did you mean "algorithm"?`,
		"hosts >= 'ten'":               `column 10: expected a number on the right of >=, found a text`,
		"hosts":                        `expected an expression that yields yes or no, found a number`,
		"hosts >=":                     `column 8: unexpected end`,
		"counters.expandd > 1":         `column 1: unknown name "counters.expandd", did you mean "counters.expanded"?`,
		"feature.anti_affinity == 'x'": `column 1: unknown name "feature.anti_affinity"`,
		"hosts = 3":                    `column 7: unexpected "=": use == to compare`,
		"":                             `expected an expression, found none`,
		"limits.timeout > 1":           `column 1: unknown name "limits.timeout", did you mean "limits.timeout_s"?`,
		"(hosts + 1).ram > 2":          `column 8: only names have members`,
	} {
		_, err := where.Parse(catalogue.Standard(), source, runs())
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v\nexpected %s", source, err, want)
		}
	}
}

// A suite is read before there are records: what they alone can tell must not be refused.
func TestBeforeThereAreRecords(t *testing.T) {
	for _, source := range []string{"counters.reopened > 3", "utilisation.gpu < 1", "feature.utilisation.gpu < 1", "of.of.hosts == 3"} {
		if _, err := where.Parse(catalogue.Standard(), source, nil); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	for _, source := range []string{"exotic > 1", "hots > 3"} {
		if _, err := where.Parse(catalogue.Standard(), source, nil); err == nil {
			t.Errorf("%s was not refused", source)
		}
	}
}

// What is known of a case must not depend on which runs are looked at.
func TestBoundsStayThoseOfAllRuns(t *testing.T) {
	records := runs()
	records[1].Instance, records[1].InstanceSHA256 = records[0].Instance, records[0].InstanceSHA256
	f, err := where.Parse(catalogue.Standard(), "algorithm == 'greedy' && solved", records)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := f.Of(summary.Of(records, summary.WithCatalogue(catalogue.Standard())))
	if len(s.Cases) != 1 || len(s.Algorithms) != 1 || s.Cases[0].Best == nil || *s.Cases[0].Best != 1<<60 {
		t.Errorf("%d cases, algorithms %v: %+v", len(s.Cases), s.Algorithms, s.Cases[0])
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"hosts >= 10 && algorithm startsWith 'astar'", "a.b.c[\"d\"] ?: 1", "1 % 0 == 0", "of.of.hosts in ['x']", "param.x", "feature."} {
		f.Add(s)
	}
	records := runs()
	s := summary.Of(records, summary.WithCatalogue(catalogue.Standard()))
	f.Fuzz(func(t *testing.T, source string) {
		filter, err := where.Parse(catalogue.Standard(), source, records)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		out, c := filter.Of(s)
		left := 0
		for _, l := range c.LeftOut {
			left += l.Runs
		}
		if c.Chosen+left > c.Runs || out.Records != c.Chosen {
			t.Errorf("%s: %+v, %d records", source, c, out.Records)
		}
	})
}
