package tables

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// A table that nobody foresaw is a spec, and no code.
func TestATableIsASpec(t *testing.T) {
	list := grouping()
	for i := range list {
		r := &list[i]
		r.Class, r.Family, r.Parameters = "chains", "chain", results.Values{"hosts": r.Features["hosts"], "kind": []string{"odd", "even"}[len(r.Instance)%2]}
		if r.Instance == "large" {
			r.Class = "large"
		}
	}
	s := of(list)
	for text, want := range map[string]string{
		"table(rows=[class, algorithm], columns=[coverage, sgm(expanded), mean(gap)], over=common)": `
instances,algorithm,coverage (%),coverage n,coverage of,expanded (states),expanded n,expanded of,gap mean (%),gap mean n,gap mean of,best
chains,astar(heuristic=misplaced),100,10,10,148.0,10,10,0,10,10,gap mean
chains,dijkstra,100,10,10,638.7,10,10,0,10,10,gap mean
chains,greedy,100,10,10,6.461,10,10,5.950,10,10,expanded
large,astar(heuristic=misplaced),,,,,,,,,,
large,dijkstra,,,,,,,,,,
large,greedy,100,1,1,120,1,1,28.57,1,1,
`,
		"table(rows=[param.hosts], across=yes, columns=[count(found, counts=yes), median(time)], algorithms=[greedy, dijkstra])": `
hosts,dijkstra found,dijkstra found n,dijkstra found of,greedy found,greedy found n,greedy found of,dijkstra time median (s),dijkstra time median bound,dijkstra time median n,dijkstra time median of,greedy time median (s),greedy time median n,greedy time median of,best
4,3,3,3,3,3,3,0.003,,3,3,6.000000000000001e-05,3,3,greedy time median
8,4,4,5,5,5,5,0.006,>=,4,5,7.000000000000001e-05,5,5,greedy found
12,3,3,3,3,3,3,0.001,,3,3,5e-05,3,3,greedy time median
`,
	} {
		x := made(t, text, s)
		if got := shortened(as(t, "csv", x)); got != strings.TrimLeft(want, "\n") {
			t.Errorf("%s:\n%s", text, got)
		}
	}
	// A share of solved cases is of them alone.
	row := figuresOf(t, made(t, "table(columns=[share(optimal, over=solved), max(expanded)])", s), "greedy")
	if c := row["optimal"]; c.N != 0 || c.Of != 11 {
		t.Errorf("%+v", c)
	}
	if c := row["expanded max"]; c.N != 11 || c.Of != 12 || !c.AtLeast {
		t.Errorf("%+v", c)
	}
}

// shortened has at most four digits of each number with a fraction.
func shortened(csv string) string {
	out := strings.Split(csv, "\n")
	for i, l := range out {
		cells := strings.Split(l, ",")
		for j, c := range cells {
			if before, _, ok := strings.Cut(c, "."); ok && before != "" && strings.Trim(c, "0123456789.") == "" {
				cells[j] = c[:min(len(c), max(5, len(before)))]
				cells[j] = strings.TrimSuffix(cells[j], ".")
			}
		}
		out[i] = strings.Join(cells, ",")
	}
	return strings.Join(out, "\n")
}

func TestRowsOfTwoColumnsAndTotals(t *testing.T) {
	list := grouping()
	for i := range list {
		list[i].Class = []string{"x", "y"}[i%2]
	}
	x := made(t, "table(rows=[hosts, algorithm, class], total=yes, columns=[found], algorithms=[greedy, dijkstra])", of(list))
	if x.Title != "found, by hosts and instances" && x.Title != "found, by hosts and class of instances" {
		t.Errorf("title %s", x.Title)
	}
	if x.Keys != 3 || len(x.Rows) == 0 || x.Rows[0][0].Text != "all" || x.Rows[0][1].Text != "all" || x.Rows[0][2].Text != "dijkstra" {
		t.Fatalf("%d keys, rows %+v", x.Keys, x.Rows[0])
	}
	if c := x.Rows[0][3]; c.Of != 12 {
		t.Errorf("all cases together: %+v", c)
	}
	one := made(t, "table(rows=[hosts], columns=[found], algorithms=[greedy])", of(list))
	if len(one.Columns) != 2 || len(one.Rows) != 3 {
		t.Errorf("rows of one algorithm: %+v", one)
	}
	if len(one.Notes) != 1 || !strings.HasPrefix(one.Notes[0], "1 case left out of the groups") {
		t.Errorf("notes %q", one.Notes)
	}
}

// Where figures would have the same head, each has its spec.
func TestFiguresOfOneHeadAreToldApart(t *testing.T) {
	x := made(t, "table(columns=[mean(gap), gmean(gap), mean(gap, over=common), found])", of(records()))
	var heads []string
	for _, c := range x.Columns {
		heads = append(heads, c.Name)
	}
	if want := []string{"algorithm", "mean(gap)", "gmean(gap)", "mean(gap, over=common)", "found"}; !slices.Equal(heads, want) {
		t.Errorf("heads %q", heads)
	}
}

// A wrong spec is an error that names what is wrong and what was meant, as early as it can be
// known.
func TestWrongSpecsAreNamed(t *testing.T) {
	list := records()
	for i := range list {
		list[i].Parameters = results.Values{"kind": "x", "depth": 3.0}
	}
	s := of(list)
	for text, want := range map[string]string{
		"table(columns=[expandet])":                                      `no column or figure "expandet", did you mean "expanded"?`,
		"table(columns=[mean(expandet)])":                                `mean(expandet): no column "expandet", did you mean "expanded"?`,
		"table(columns=[meen(expanded)])":                                `no column or figure "meen", did you mean "mean"?`,
		"table(columns=[mean])":                                          `mean needs parameter "of"`,
		"table(columns=[instance])":                                      "instance is a text, and has no figures: use it in rows",
		"table(columns=[])":                                              "columns: expected a figure, found none",
		"table(columns=[seed])":                                          "seed is a number, and has no figure of its own",
		"table(columns=[mean(instance)])":                                "mean(instance): instance is a text, not a number",
		"table(columns=[mean(found)])":                                   "mean(found): found is a truth, which share and count sum up",
		"table(columns=[share(cost)])":                                   "share(cost): cost is a number, and only a truth can be counted",
		"table(columns=[mean(param.kind)])":                              "mean(param.kind): param.kind is a text, not a number",
		"table(columns=[less(cost)])":                                    "versus",
		"table(columns=[less(cost, versus=greed)])":                      `no record of the algorithm greed, did you mean "greedy"?`,
		"table(columns=[less(found, versus=greedy)])":                    "less(found, versus=greedy): found is a truth",
		"table(columns=[mean(cost, versus=greedy)])":                     `unknown parameter "versus"`,
		"table(columns=[mean(cost, over=comon)])":                        `did you mean "common"?`,
		"table(columns=[cost], over=everything)":                         "everything",
		"table(columns=[cost, cost])":                                    `2 columns are called "gmean(cost)": give one a title`,
		"table(columns=[cost], rows=[clas, algorithm])":                  `no column "clas", did you mean "class"?`,
		"table(columns=[cost], rows=[class])":                            "rows without algorithm show one algorithm alone",
		"table(columns=[mean(param.depth)], rows=[outcome, algorithm])":  "differ in outcome (optimal and feasible)",
		"table(columns=[cost], algorithms=[greed])":                      `no record of the algorithm greed, did you mean "greedy"?`,
		"table(rows=[class])":                                            "columns",
		"versus(baseline=displacement)":                                  "no record of the algorithm displacement; there are records of",
		"growth(by=hosts)":                                               `no column "hosts"`,
		"growth(by=class)":                                               `no instance has a number "class"`,
		"ranks(metric=cots)":                                             `no column "cots", did you mean "cost"?`,
		"scores(limit=-1s)":                                              "limit",
		"table(columns=[mean(par(facto=2))])":                            "facto",
		"table(columns=[mean(param.kin)])":                               `no column "param.kin", did you mean "param.kind"?`,
		"outcomes(group=clas)":                                           `outcomes(group=clas): no column "clas", did you mean "class"?`,
		"table(columns=[cost], rows=[class, algorithm], algorithms=[x])": "no record of the algorithm x; there are records of",
	} {
		switch _, err := try(text, s); {
		case err == nil:
			t.Errorf("%s is taken", text)
		case !strings.Contains(err.Error(), want):
			t.Errorf("%s: error %q, expected %q", text, err, want)
		case strings.Contains(err.Error(), "%!"):
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What records alone can tell is no error before there are any.
func TestSpecsOfWhatRecordsBringAreTaken(t *testing.T) {
	list := records()
	for i := range list {
		list[i].Parameters = results.Values{"kind": "x", "depth": 3.0}
		list[i].Counters["loops"] = int64(i)
	}
	for _, text := range []string{
		"table(columns=[counter.loops, feature.vms, max(feature.vms), median(counter.loops)])", "table(rows=[param.kind, algorithm], columns=[max(param.depth)])", "table(rows=[feature.vms, algorithm], columns=[found])",
	} {
		if _, err := try(text, of(list)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

var singular = regexp.MustCompile(`\b1 (cases|names|runs|values)\b`)

// Captions are sentences, say over what figures are, and say nothing twice.
func TestCaptionsAndNotesAreSentences(t *testing.T) {
	for _, x := range numbered(t) {
		for _, text := range append([]string{x.Caption}, x.Notes...) {
			if !strings.HasSuffix(text, ".") || strings.Contains(text, "  ") || strings.Contains(text, "..") || strings.Contains(text, "%!") ||
				singular.MatchString(text) || strings.Contains(text, "()") {
				t.Errorf("%s: %q", x.Name, text)
			}
		}
	}
}
