package where_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

// everything is all that columns, groups, filters and tests tell of records, as text.
func everything(t testing.TB, c *spec.Catalogue, records []results.Record) string {
	t.Helper()
	s := summary.Of(records, summary.WithCatalogue(c))
	var b strings.Builder
	for _, name := range append(s.Columns().Spellings(), "par(factor=10)", "agile(limit=5s)") {
		col, err := s.Column(name)
		fmt.Fprintln(&b, name, col.Label, col.Kind, col.Unit, col.Better, col.Mean, err)
		if err != nil {
			continue
		}
		for k, r := range s.All() {
			for _, n := range k.Names {
				v := col.At(k, r, &n)
				fmt.Fprintln(&b, r.RunKey, n.Instance, v, v.AtLeast)
			}
		}
		for _, k := range s.Cases {
			for a := range s.Algorithms {
				fmt.Fprintln(&b, col.Of(k, a))
			}
		}
		g, err := s.GroupBy(name)
		fmt.Fprintln(&b, g.LeftOut, g.Ranges, err)
		for _, x := range g.List {
			fmt.Fprint(&b, x.Name, x.Value)
			for _, k := range x.Cases {
				fmt.Fprintln(&b, " ", k.Instance)
			}
		}
		spelling := strings.ReplaceAll(name, "-", "_")
		test := map[summary.Kind]string{
			summary.Number: spelling + " > 3", summary.Truth: spelling, summary.Text: spelling + " != 'few'", summary.Texts: "'7' in " + spelling,
		}[col.Kind]
		if f, err := where.Parse(s, test); err == nil {
			out, choice := f.Of(s)
			fmt.Fprintln(&b, test, chosen(out), choice)
		} else {
			fmt.Fprintln(&b, test, err)
		}
	}
	return b.String()
}

// What records tell must not depend on the defaults of the program that reads them, nor on
// which families and algorithms it has.
func TestRecordsKeepWhatTheyHold(t *testing.T) {
	records := runs()
	records[0].Aliases = []results.Name{{Instance: "random#9", Class: "random", Family: "random", Parameters: results.Values{"hosts": 10.0}}}
	records[3].Format = results.OldRecordFormat
	want := everything(t, catalogue(), records)
	for _, part := range []string{"param.hosts", "param.of.hosts", "algorithm.window", "feature.deadlocked", "counter.reopened"} {
		if !strings.Contains(want, "\n"+part+" ") {
			t.Errorf("there is no column %s", part)
		}
	}
	c := catalogue()
	changed := func(kind string) spec.Registry {
		var descriptors []spec.Descriptor
		for _, d := range c.Descriptors(kind) {
			var params []spec.Param
			for _, p := range d.Params {
				if p.Default != "" {
					switch {
					case p.List:
						p.Default = "[4]"
					case p.Type == spec.Choice:
						p.Default = p.Choices[len(p.Choices)-1]
					default:
						p.Default = map[spec.Type]string{spec.Int: "4", spec.Ratio: "0.4", spec.Bool: "yes", spec.String: "many"}[p.Type]
					}
				}
				params = append(params, p)
			}
			d.Params = append(params, spec.Param{Name: "exotic", Type: spec.Int, Default: "4"}) // the name of a feature
			descriptors = append(descriptors, d)
		}
		return made(kind, descriptors...)
	}
	columns, filters := summary.Registry(summary.Entries()...), where.Registry(where.Entries()...)
	for what, c := range map[string]*spec.Catalogue{
		"other defaults": spec.NewCatalogue(columns, filters, changed("family"), changed("algorithm")),
		"no families":    spec.NewCatalogue(columns, filters, changed("algorithm")),
		"columns alone":  spec.NewCatalogue(columns),
	} {
		if got := everything(t, c, records); got != want {
			g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
			for i := range w {
				if i >= len(g) || g[i] != w[i] {
					t.Errorf("%s: line %d is %q, expected %q", what, i+1, g[min(i, len(g)-1)], w[i])
					break
				}
			}
		}
	}
}
