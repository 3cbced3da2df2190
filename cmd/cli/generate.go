package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/generators"
)

func generateCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "generate",
		Usage:     "write instances of a family",
		ArgsUsage: "FAMILY [PARAMETER=VALUE …]",
		Description: "`rearrange list families` shows the families. Parameters may stand in the FAMILY,\n" +
			"as in \"random(hosts=10)\", or behind it, as in: generate random hosts=10.\n" +
			"The same family and seed always yield the same bytes.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "seed", Aliases: []string{"s"}, Value: "1", Usage: "`SEED`, or a range of them such as 1-50"},
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for one instance in place of stdout, or a folder for any number"),
		},
		Action: action(s, 1, -1, generate),
	}
}

func generate(c *cli.Context, s program) error {
	family, err := familyOf(s, c.Args().Slice())
	if err != nil {
		return err
	}
	chosen, err := given(c, s)
	if err != nil {
		return err
	}
	family = under(family, chosen)
	lo, hi, err := experiments.ParseSeeds(c.String("seed"))
	if err != nil {
		return usage("--seed: %w", err)
	}
	if d, ok := s.catalogue.Lookup(generators.Kind, family.Name); ok && d.Has(generators.Seedless) {
		hi = lo // each seed would yield the same
	}
	w, err := newWriter(c, s)
	if err != nil {
		return err
	}
	if hi > lo && !w.folder {
		return usage("a range of seeds yields several instances: name a folder for them, such as -o instances/")
	}
	for seed := lo; ; seed++ {
		instances, err := generators.Generate(s.catalogue, family, seed)
		if _, ok := errors.AsType[*targets.ImpossibleError](err); ok {
			return &exitError{exitInfeasible, err}
		}
		if _, ok := errors.AsType[*targets.NoTargetError](err); ok {
			return &exitError{exitLimit, err}
		}
		if err != nil {
			return unreadableNamed(err)
		}
		if err := w.write(instances); err != nil || seed == hi {
			return err
		}
		if err := c.Context.Err(); err != nil {
			return said(exitInterrupted)
		}
	}
}

// under is the family that gives another one's instances the rules named, if any.
func under(family spec.Spec, chosen ruleChoice) spec.Spec {
	specs := append(slices.Clone(chosen.instead), chosen.also...)
	if len(specs) == 0 {
		return family
	}
	list := spec.Value{Form: spec.List}
	for i := range specs {
		list.List = append(list.List, spec.Value{Form: spec.Call, Spec: &specs[i]})
	}
	out := spec.Named("with").WithValue("of", spec.Value{Form: spec.Call, Spec: &family}).WithValue("rules", list)
	if chosen.instead == nil {
		out = out.With("keep", "yes")
	}
	return out
}

// familyOf reads a family with the parameters that stand behind it.
func familyOf(p program, args []string) (spec.Spec, error) {
	family, err := spec.Parse(args[0])
	if err != nil {
		return family, usage("FAMILY: %w", err)
	}
	given := map[string]bool{} // behind the family, where they replace those in it
	for _, arg := range args[1:] {
		extra, err := spec.Parse(family.Name + "(" + arg + ")")
		if err != nil || len(extra.Args) == 0 || extra.Args[0].Key == "" {
			if err == nil || !strings.Contains(arg, "=") {
				return family, usage("expected PARAMETER=VALUE, found %q", arg)
			}
			return family, usage("expected PARAMETER=VALUE, found %q: %w", arg, err)
		}
		for _, a := range extra.Args {
			if given[a.Key] {
				return family, usage("parameter %q is given twice", a.Key)
			}
			given[a.Key] = true
			family = family.WithValue(a.Key, a.Value)
		}
	}
	return p.parseSpec("FAMILY", family.String(), generators.Kind)
}

// writer writes one instance to a file or stdout, or any number into a folder.
type writer struct {
	program
	out    string
	folder bool
	taken  map[string]bool // names of files
}

func newWriter(c *cli.Context, s program) (*writer, error) {
	w := &writer{program: s, out: c.String("output"), taken: map[string]bool{}}
	var err error
	if w.folder, err = outputFolder(w.out); err != nil || !w.folder {
		return w, err
	}
	if err := os.MkdirAll(w.out, 0o755); err != nil {
		return nil, unwritable(w.out, err)
	}
	return w, nil
}

func (w *writer) write(instances []*cloud.Instance) error {
	if !w.folder {
		if n := len(instances); n != 1 {
			return usage("the family yields %d instances: name a folder for them, such as -o instances/", n)
		}
		return write(w.program, w.out, instances[0].Encode)
	}
	paths, faults := make([]string, len(instances)), make([]error, len(instances))
	for i, in := range instances {
		paths[i] = filepath.Join(w.out, w.free(fileName(in.Name))+".json")
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(instances)) { // large instances take longer to write than to make
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(instances); i = int(next.Add(1)) - 1 {
				faults[i] = fileio.Write(paths[i], nil, instances[i].Encode)
			}
		})
	}
	wg.Wait()
	for i, path := range paths {
		if faults[i] == nil {
			fmt.Fprintln(w.err, path)
		}
	}
	return errors.Join(faults...)
}

// free is the name, or where an instance of this run has it already, one like it.
func (w *writer) free(name string) string {
	for i := 2; w.taken[name]; i++ {
		if next := fmt.Sprintf("%s-%d", name, i); !w.taken[next] {
			name = next
		}
	}
	w.taken[name] = true
	return name
}

// fileName makes a file's name of an instance's: letters, digits, dots and dashes.
func fileName(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.' && b.Len() > 0:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	if b.Len() == 0 {
		return "instance"
	}
	return b.String()
}
