package where_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

// made is the kind of what has no part in these tests but its descriptor.
func made(kind string, descriptors ...spec.Descriptor) spec.Registry {
	var entries []spec.Entry[string]
	for _, d := range descriptors {
		d.Synopsis, d.Citation = "stands for one", "own work"
		for i := range d.Params {
			d.Params[i].Doc = "a parameter"
		}
		entries = append(entries, spec.Entry[string]{Descriptor: d, New: func(spec.Args) (string, error) { return d.Name, nil }})
	}
	return spec.NewRegistry(spec.Kind{Name: kind, Plural: kind + "s", Synopsis: "what stands for some"}, entries...)
}

// catalogue knows all columns and a few families and algorithms, with defaults that are not
// those of any record.
func catalogue() *spec.Catalogue {
	return spec.NewCatalogue(
		summary.Registry(summary.Entries()...),
		where.Registry(where.Entries()...),
		made("family",
			spec.Descriptor{Name: "random", Params: []spec.Param{
				{Name: "hosts", Type: spec.Int, Default: "77"},
				{Name: "utilisation", Type: spec.Ratio, Default: "0.77"},
				{Name: "anti-affinity", Type: spec.Choice, Choices: []string{"none", "host"}, Default: "none"},
				{Name: "flavours", Type: spec.Int, List: true, Default: "[7]"},
				{Name: "sizes", Type: spec.String, Default: "few"},
			}},
			spec.Descriptor{Name: "drift", Params: []spec.Param{{Name: "of", Type: spec.Ref, Of: "family", Required: true}, {Name: "swaps", Type: spec.Bool, Default: "no"}}},
		),
		made("algorithm", spec.Descriptor{Name: "improve", Params: []spec.Param{{Name: "base", Type: spec.Ref, Of: "algorithm"}, {Name: "window", Type: spec.Int, Default: "77"}}}),
	)
}

// runs are records that have little in common, by key.
func runs() []results.Record {
	amount := func(n int64) *int64 { return &n }
	of := func(key, instance, family string, parameters results.Values, algorithm string, o results.Outcome, cost *int64, features results.Values) results.Record {
		class, _, _ := strings.Cut(instance, "#")
		return results.Record{
			RunKey: key, Name: results.Name{Instance: instance, Class: class, Family: family, Parameters: parameters}, InstanceSHA256: instance,
			Algorithm: algorithm, CostFunction: "ram", Rules: []string{"capacity", "arch"}, Outcome: o, Cost: cost, Features: features,
			Counters: map[string]int64{"expanded": 7, "reopened": 7},
		}
	}
	out := []results.Record{
		of("a", "random(hosts=4, utilisation=0.9)#1", "random", results.Values{"hosts": 4.0, "utilisation": 0.9, "anti-affinity": "host", "sizes": "few"},
			"astar(heuristic=deadlock)", results.Optimal, amount(1<<60), results.Values{"hosts": 4.0, "utilisation": 0.897, "utilisation.ram": 0.897, "deadlocked": true}),
		of("b", "random(hosts=12, sizes=flavours, flavours=[1, 2])#2", "random",
			results.Values{"hosts": 12.0, "utilisation": 0.8, "anti-affinity": "host", "sizes": "flavours", "flavours": []any{"1", "2"}},
			"greedy", results.Feasible, amount(1<<60+1), results.Values{"hosts": 12.0, "deadlocked": false}),
		of("c", "tricky", "", nil, "greedy", results.Unknown, nil, results.Values{"hosts": 3.0, "exotic": 1.5, "sizes": 2.0}),
		of("d", "drift(of=random(hosts=7), migrations=20)#1", "drift", results.Values{"of": "random", "of.hosts": 7.0, "of.anti-affinity": "none", "swaps": true},
			"dijkstra", results.Infeasible, nil, results.Values{"hosts": 7.0}),
	}
	out[0].LowerBound, out[1].LowerBound = amount(1<<60), amount(1<<60)
	out[1].Limits.TimeoutS = 2.5
	out[2].AlgorithmParameters = results.Values{"window": 8.0, "base": "greedy"}
	out[3].Seed = 1<<63 + 1
	return out
}

func sum(records []results.Record) *summary.Summary {
	return summary.Of(records, summary.WithCatalogue(catalogue()))
}

// chosen are the keys of a summary's runs.
func chosen(s *summary.Summary) string {
	var got []string
	for _, r := range s.All() {
		got = append(got, r.RunKey)
	}
	slices.Sort(got)
	return strings.Join(got, "")
}

func TestWhatAnExpressionChooses(t *testing.T) {
	for _, tc := range []struct{ source, chosen, leftOut string }{
		{"hosts >= 7", "bd", ""}, // d by its feature: the parameter of the nested family has its own name
		{"of.hosts == 7", "d", "3 (no value of of.hosts)"},
		{"param.of.hosts == 7", "d", "3 (no value of param.of.hosts)"},
		{"of.anti_affinity == 'none' && swaps", "d", "3 (no value of of.anti_affinity)"},
		{"param.hosts >= 1", "ab", "2 (no value of param.hosts)"},
		{`algorithm startsWith "astar" or family == "drift"`, "ad", ""},
		{"family == ''", "c", ""},
		{"class == 'random(hosts=4, utilisation=0.9)'", "a", ""},
		{"param.utilisation == 0.9", "a", "2 (no value of param.utilisation)"},
		{"feature.utilisation < 0.9", "a", "3 (no value of feature.utilisation)"},
		{"utilisation.ram < 0.9", "a", "3 (no value of utilisation.ram)"},
		{"deadlocked", "a", "2 (no value of deadlocked)"},
		{"family == 'random' && deadlocked", "a", ""}, // the others are refused before anyone asks
		{"exotic > 1", "c", "3 (no value of exotic)"},
		{"feature.sizes >= 2", "c", "3 (no value of feature.sizes)"},
		{"param.sizes == 'flavours'", "b", "2 (no value of param.sizes)"},
		{"sizes in ['2', 'few']", "ac", "1 (no value of sizes)"}, // a text, as some have
		{"'2' in flavours", "b", "3 (no value of flavours)"},
		{"anti_affinity == 'host'", "ab", "2 (no value of anti_affinity)"},
		{"algorithm.window > 7", "c", "3 (no value of algorithm.window)"},
		{"cost == lower_bound", "a", "2 (no value of cost)"}, // floats would call the costs of a and b the same
		{"cost == 1152921504606846977", "b", "2 (no value of cost)"},
		{"seed == 9223372036854775809.0", "d", ""},
		{"!solved", "c", ""},
		{"coverage && !proved", "b", ""},
		{"outcome in ['infeasible', 'unknown']", "cd", ""},
		{"'arch' in rules && counter.expanded == 7 && reopened == 7", "abcd", ""},
		{"expanded == 7 and time_limit == 2.5", "b", "3 (no value of time_limit)"},
		{"1 / (hosts - 3) > 0.2", "ad", "1 (column 3: division by zero)"},
	} {
		s := sum(runs())
		f, err := where.Parse(s, tc.source)
		if err != nil {
			t.Errorf("%s: %v", tc.source, err)
			continue
		}
		out, c := f.Of(s)
		var left []string
		for _, l := range c.LeftOut {
			left = append(left, fmt.Sprintf("%d (%s)", l.Runs, l.Reason))
		}
		if got := chosen(out); got != tc.chosen || strings.Join(left, ", ") != tc.leftOut {
			t.Errorf("%s chose %q and left out %q,\nexpected %q and %q", tc.source, got, left, tc.chosen, tc.leftOut)
		}
		if c.Runs != 4 || c.Chosen != len(tc.chosen) || out.Records != len(tc.chosen) {
			t.Errorf("%s: counts are wrong: %+v, %d records", tc.source, c, out.Records)
		}
	}
}

func TestFaultsNameTheColumnAndWhatWasMeant(t *testing.T) {
	s := sum(runs())
	for source, want := range map[string]string{
		"hots >= 10":                   `column 1: unknown name "hots", did you mean "hosts"?`,
		"host >= 10":                   `column 1: unknown name "host", did you mean "hosts"?`, // and not cost
		"expandd > 3":                  `column 1: unknown name "expandd", did you mean "expanded"?`,
		"algorithm == astar":           `column 14: unknown name "astar": texts stand in quotes, "astar"`,
		"algorithm startsWith astar":   `column 22: unknown name "astar": texts stand in quotes, "astar"`,
		"solved == yes":                `column 11: unknown name "yes": write true`,
		"solved and algorthm == 'x'":   `column 12: unknown name "algorthm", did you mean "algorithm"?`,
		"hosts >= 'ten'":               `column 10: expected a number on the right of >=, found a text`,
		"hosts":                        `expected an expression that yields yes or no, found a number`,
		"hosts >=":                     `column 8: unexpected end`,
		"counter.expandd > 1":          `column 1: unknown name "counter.expandd", did you mean "counter.expanded"?`,
		"feature.anti_affinity == 'x'": `column 1: unknown name "feature.anti_affinity"`,
		"hosts = 3":                    `column 7: unexpected "=": use == to compare`,
		"":                             `expected an expression, found none`,
		"time_limi > 1":                `column 1: unknown name "time_limi", did you mean "time_limit"?`,
		"(hosts + 1).ram > 2":          `column 8: only names have members`,
		"feature.hosts in ['3']":       `column 9: expected a text on the left of in, found a number`,
		"utilisation > 0.9":            `ambiguous name "utilisation": for random(hosts=4, utilisation=0.9)#1, param.utilisation is 0.9 and feature.utilisation is 0.897; use the full name`,
		"hots > 2 and utilisation > 1": `column 1: unknown name "hots"`, // the first fault
	} {
		_, err := where.Parse(s, source)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error %v\nexpected %s", source, err, want)
		}
	}
}

// A suite is read before there are records: what they alone can tell must not be refused.
func TestBeforeThereAreRecords(t *testing.T) {
	for _, source := range []string{
		"counter.reopened > 3", "utilisation.gpu < 1", "feature.utilisation.gpu < 1", "of.of.hosts == 3", "param.of.hosts == 3", "swaps",
		"hosts > 3 && anti_affinity == 'x'", "algorithm.window > 3 && algorithm.base.window > 3", "'1' in flavours", "param.utilisation > feature.utilisation",
		"cost < 3 and time_limit > 1 and misplaced > 2", "of == 'random'",
	} {
		if err := where.Check(catalogue(), source); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	for source, want := range map[string]string{
		"exotic > 1": `unknown name "exotic"`, "hots > 3": `did you mean "hosts"?`, "of.hots > 3": `unknown name "of.hots"`, "param.vms > 1": `unknown name "param.vms"`,
		"feature.swaps": `unknown name "feature.swaps"`, "window > 3": `unknown name "window"`, "algorithm.widow > 3": `did you mean "algorithm.window"?`,
		"hosts > 'x'": "expected a number", "swaps > 3": "expected a number", "counters.reopened > 3": `unknown name "counters.reopened"`, "hosts.of == 3": "unknown name",
	} {
		if err := where.Check(catalogue(), source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, expected %s", source, err, want)
		}
	}
	text, _, err := spec.Build[string](catalogue(), where.Kind, spec.MustParse(`where(expression="hosts > 3")`))
	if err != nil || text != "hosts > 3" {
		t.Errorf("the filter is %q, error %v", text, err)
	}
	if _, _, err := spec.Build[string](catalogue(), where.Kind, spec.MustParse(`where(expression="hots > 3")`)); err == nil {
		t.Error("a filter with a typing error was accepted")
	}
}

// What is known of a case must not depend on which runs are looked at.
func TestBoundsStayThoseOfAllRuns(t *testing.T) {
	records := runs()
	records[1].Name, records[1].InstanceSHA256 = records[0].Name, records[0].InstanceSHA256
	s := sum(records)
	f, err := where.Parse(s, "algorithm == 'greedy' && solved")
	if err != nil {
		t.Fatal(err)
	}
	out, _ := f.Of(s)
	if len(out.Cases) != 1 || len(out.Algorithms) != 1 || out.Cases[0].Best == nil || *out.Cases[0].Best != 1<<60 {
		t.Errorf("%d cases, algorithms %v: %+v", len(out.Cases), out.Algorithms, out.Cases[0])
	}
}

// A run is chosen if the expression holds under one of the names of its instance, whichever
// record has the name, and groups of what is chosen are about these names.
func TestOneNameIsEnough(t *testing.T) {
	records := runs()[:2]
	records[0].Aliases = []results.Name{{Instance: "another", Family: "grid", Parameters: results.Values{"hosts": 4.0, "depth": 3.0}}}
	records[1].InstanceSHA256, records[1].Features = records[0].InstanceSHA256, records[0].Features
	for i := range records {
		records[i].Parameters = results.Values{"hosts": 4.0}
	}
	s := sum(records)
	for source, want := range map[string]struct{ chosen, family, leftOut string }{
		"family == 'grid'":    {"ab", "grid", ""},
		"depth == 3":          {"ab", "grid", ""},
		"depth == 4":          {"", "", "2 (no value of depth)"}, // of the other names
		"family == 'random'":  {"ab", "random", ""},
		"hosts == 4":          {"ab", "grid random", ""},
		"instance == 'other'": {"", "", ""},
	} {
		f, err := where.Parse(s, source)
		if err != nil {
			t.Fatal(err)
		}
		out, c := f.Of(s)
		g, err := out.GroupBy("family")
		if err != nil {
			t.Fatal(err)
		}
		var families, left []string
		for _, x := range g.List {
			families = append(families, x.Name)
		}
		for _, l := range c.LeftOut {
			left = append(left, fmt.Sprintf("%d (%s)", l.Runs, l.Reason))
		}
		if got := chosen(out); got != want.chosen || strings.Join(families, " ") != want.family || strings.Join(left, "") != want.leftOut || c.Chosen != len(got) || c.Runs != 2 {
			t.Errorf("%s chose %q in groups %q, %+v; expected %+v", source, got, families, c, want)
		}
	}
	// A choice of a choice counts what was there.
	first, _ := where.Parse(s, "cost > 0 and algorithm == 'greedy'")
	out, _ := first.Of(s)
	if _, c := first.Of(out); c.Runs != 1 || c.Chosen != 1 {
		t.Errorf("of what was chosen: %+v", c)
	}
}

func TestNothingChosen(t *testing.T) {
	s := sum(runs())
	f, err := where.Parse(s, "utilisation.ram > 2")
	if err != nil {
		t.Fatal(err)
	}
	var nothing *where.NothingChosenError
	if _, _, err := f.Some(s); !errors.As(err, &nothing) || err.Error() != "utilisation.ram > 2 holds for 0 of 4 runs; left out: 3 (no value of utilisation.ram)" {
		t.Errorf("error %v", err)
	}
}

// Which runs are made must not depend on how they end.
func TestOnlyInputs(t *testing.T) {
	s := sum(runs())
	for source, want := range map[string]string{
		"hosts > 3 && family == 'x' and seed < 9 and time_limit > 0 and role == 'test' and 'arch' in rules": "",
		"param.sizes == 'few' or utilisation.ram > 1 or algorithm.window == 3 or algorithm == 'x'":          "",
		"hosts > 3 && cost > 1":   "cost is not known before the run",
		"of.hosts > 3 && !solved": "solved is not known before the run",
		"expanded > 3":            "expanded is not known before the run",
		"counter.reopened > 3":    "counter.reopened is not known before the run",
		"jobs > 1 or true":        "jobs is not known before the run",
	} {
		f, err := where.Parse(s, source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if err := f.OnlyInputs(); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: error %v, expected %q", source, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"hosts >= 10 && algorithm startsWith 'astar'", "a.b.c[\"d\"] ?: 1", "1 % 0 == 0", "of.of.hosts in ['x']", "param.x", "feature.", "utilisation > 1",
		"sizes == 'few'", "counter.expanded > param.hosts", "par > 1", "cost == lower_bound", "param.of.hosts + algorithm.window > 2", "load < 1 or date != ''",
	} {
		f.Add(s)
	}
	records := runs()
	records[0].Aliases = []results.Name{{Instance: "another", Parameters: results.Values{"hosts": 4.0, "depth": 3.0}}}
	s, c := sum(records), catalogue()
	f.Fuzz(func(t *testing.T, source string) {
		if err := where.Check(c, source); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("an error of several lines: %q", err)
		}
		filter, err := where.Parse(s, source)
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
		if c.Chosen+left > c.Runs || out.Records != c.Chosen || c.Runs != len(records) {
			t.Errorf("%s: %+v, %d records", source, c, out.Records)
		}
	})
}
