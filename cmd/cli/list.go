package cli

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func listCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "list",
		Usage:     "show everything that can be named, with its parameters",
		ArgsUsage: "[KIND [NAME]]",
		Flags:     []cli.Flag{jsonFlag()},
		Action:    action(s, 0, 2, list),
	}
}

func list(c *cli.Context, s program) error {
	want := c.Args().Get(0)
	chosen := slices.DeleteFunc(slices.Clone(s.catalogue.Kinds()), func(k spec.Kind) bool {
		return want != "" && !slices.Contains([]string{k.Name, k.Noun, k.Plural}, want)
	})
	if len(chosen) == 0 {
		return usage("unknown kind %q%s", want, spec.DidYouMean(want, kindsOf(s.catalogue), "known are"))
	}
	name := c.Args().Get(1)
	var found []listed
	for _, k := range chosen {
		entries := slices.DeleteFunc(slices.Clone(s.catalogue.Descriptors(k.Name)), func(d spec.Descriptor) bool {
			return name != "" && d.Name != name
		})
		if len(entries) == 0 && name != "" {
			return usage("unknown %s %q%s", s.catalogue.Noun(k.Name), name, spec.DidYouMean(name, namesOf(s.catalogue, k.Name), "known are"))
		}
		found = append(found, listed{k.Plural, entries, k.Synopsis})
	}
	if c.Bool("json") {
		return listJSON(s.out, found)
	}
	for i, l := range found {
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		l.print(s.out, c.NArg() > 0)
	}
	if c.NArg() == 0 {
		fmt.Fprintln(s.out, "\n`rearrange list KIND` shows the parameters too.")
	}
	return nil
}

type listed struct {
	Kind    string
	Entries []spec.Descriptor
	about   string
}

func (l listed) print(w io.Writer, detailed bool) {
	fmt.Fprintf(w, "%s: %s\n", strings.ToUpper(l.Kind), l.about)
	width := 0
	for _, d := range l.Entries {
		width = max(width, len(d.Name))
	}
	var told spec.Descriptor // the last one of which parameters were told
	for _, d := range l.Entries {
		switch {
		case !detailed:
			entry(w, 2, width, d.Name, d.Synopsis)
		case len(l.Entries) > 1 && len(d.Params) == 0 && len(d.Doc) < 100: // it fits into a line or two
			entry(w, 2, width, d.Name, strings.Join(append([]string{d.Synopsis + ".", d.Doc}, brackets(d.Properties)...), " "))
		case len(d.Params) > 2 && reflect.DeepEqual(d.Params, told.Params):
			d.Params = nil
			describe(w, d)
			fmt.Fprintf(w, "      with the parameters of %s\n", told.Name)
		default:
			describe(w, d)
			told = d
		}
	}
}

// brackets are properties within a line.
func brackets(properties []spec.Property) []string {
	if len(properties) == 0 {
		return nil
	}
	return []string{"[" + strings.Join(prose.Texts(properties, func(p spec.Property) string { return string(p) }), ", ") + "]"}
}

// describe prints all that a descriptor says, folded to the width of a terminal.
func describe(w io.Writer, d spec.Descriptor) {
	fmt.Fprintf(w, "\n  %s\n", d.Name)
	fold(w, d.Synopsis, 4)
	if d.Doc != "" {
		fold(w, d.Doc, 4)
	}
	for _, p := range d.Params {
		name := p.Name
		if p.Map {
			name += ".<key>"
		}
		head := name + "=" + p.TypeName()
		choices := ""
		if len(head) > 60 && len(p.Choices) > 0 { // too long for one line: below, in words
			head, choices = name+"=choice", "One of "+strings.Join(p.Choices, ", ")+"."
		}
		var notes []string
		if r := p.Range(); r != "" {
			notes = append(notes, strings.TrimPrefix(strings.TrimPrefix(r, "of "), "from "))
		}
		if p.Unit != "" {
			notes = append(notes, p.Unit)
		}
		switch {
		case p.Required:
			notes = append(notes, "required")
		case p.Default != "":
			notes = append(notes, "default "+p.Default)
		}
		if len(notes) > 0 {
			head += "  (" + strings.Join(notes, "; ") + ")"
		}
		if one, two, ok := strings.Cut(head, "  ("); ok && 6+width(head) > screen {
			head = one + "\n          (" + two
		}
		fmt.Fprintf(w, "      %s\n", head)
		fold(w, p.Doc, 10)
		if choices != "" {
			fold(w, choices, 10)
		}
	}
	if len(d.Properties) > 0 {
		words := prose.Texts(d.Properties, func(p spec.Property) string { return string(p) })
		fold(w, "properties: "+strings.Join(words, ", "), 4)
	}
	if d.Citation != "" && d.Citation != "own work" {
		fold(w, "see: "+d.Citation, 4)
	}
}

// listJSON prints descriptors for machines.
func listJSON(w io.Writer, found []listed) error {
	type param struct {
		Name     string   `json:"name"`
		Doc      string   `json:"doc"`
		Type     string   `json:"type"`
		Default  string   `json:"default,omitempty"`
		Required bool     `json:"required,omitempty"`
		Unit     string   `json:"unit,omitempty"`
		Min      *float64 `json:"min,omitempty"`
		Max      *float64 `json:"max,omitempty"`
		Choices  []string `json:"choices,omitempty"`
		Map      bool     `json:"map,omitempty"`
	}
	type entry struct {
		Kind       string          `json:"kind"`
		Name       string          `json:"name"`
		Synopsis   string          `json:"synopsis"`
		Doc        string          `json:"doc,omitempty"`
		Params     []param         `json:"params"`
		Properties []spec.Property `json:"properties"`
		Citation   string          `json:"citation,omitempty"`
	}
	out := []entry{}
	for _, l := range found {
		for _, d := range l.Entries {
			e := entry{
				Kind: l.Kind, Name: d.Name, Synopsis: d.Synopsis, Doc: d.Doc, Params: []param{},
				Properties: append([]spec.Property{}, d.Properties...), Citation: d.Citation,
			}
			for _, p := range d.Params {
				q := param{
					Name: p.Name, Doc: p.Doc, Type: p.TypeName(), Default: p.Default, Required: p.Required,
					Unit: p.Unit, Choices: p.Choices, Map: p.Map,
				}
				if b := p.Bounds; b != nil {
					q.Min, q.Max = finite(b.Min), finite(b.Max)
				}
				e.Params = append(e.Params, q)
			}
			out = append(out, e)
		}
	}
	return encodeJSON(w, out)
}

// finite leaves out what JSON cannot say.
func finite(f float64) *float64 {
	if f-f != 0 {
		return nil
	}
	return &f
}
