package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
)

func outputFlag(what string) cli.Flag {
	return &cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "-", Usage: what}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for machines", DisableDefaultText: true}
}

func ruleFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "rule", Usage: "sanity `RULE` in place of the instance's own; repeat for more"}
}

func alsoFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "also", Usage: "sanity `RULE` on top of the instance's own; repeat for more"}
}

func costFlag() cli.Flag {
	return &cli.StringFlag{Name: "cost", Aliases: []string{"c"}, Value: "ram", Usage: "`COST` function"}
}

// ruleChoice is what the command line says of rules.
type ruleChoice struct {
	instead []spec.Spec // in place of the instance's own; nil: none were named
	also    []spec.Spec // on top of those
}

// given are the rules named on the command line.
func given(c *cli.Context, s program) (r ruleChoice, err error) {
	if r.instead, err = parseSpecs(c, s, "rule", rules.Kind); err == nil {
		r.also, err = parseSpecs(c, s, "also", rules.Kind)
	}
	return r, err
}

// parseSpecs reads the specs of a flag that may be repeated; nil where it is not given.
func parseSpecs(c *cli.Context, p program, flag, kind string) ([]spec.Spec, error) {
	var out []spec.Spec
	for _, text := range c.StringSlice(flag) {
		s, err := p.parseSpec("--"+flag, text, kind)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// on are the rules for an instance; nil stands for its own.
func (r ruleChoice) on(in *cloud.Instance) []spec.Spec {
	if r.also == nil {
		return r.instead
	}
	return append(slices.Clone(rules.Specs(in, r.instead)), r.also...)
}

// readProblem reads an instance and binds the rules and the cost function named. It tells
// how long that took once the file was in memory.
func readProblem(c *cli.Context, s program, path string) (p *paths.Problem, took time.Duration, err error) {
	chosen, err := given(c, s)
	if err != nil {
		return nil, 0, err
	}
	cost, err := s.parseSpec("--cost", c.String("cost"), costs.Kind)
	if err != nil {
		return nil, 0, err
	}
	data, err := read(s, path)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	in, err := cloud.DecodeInstance(nameOf(path), data)
	if err != nil {
		return nil, 0, badInput(err)
	}
	p, err = paths.NewProblem(s.catalogue, in, chosen.on(in), cost)
	if err != nil {
		return nil, 0, badInput(cloud.LocateIn(nameOf(path), data, err))
	}
	return p, time.Since(began), nil
}

// readRuled reads an instance and gives it the rules named on the command line, if any,
// in place of its own.
func readRuled(c *cli.Context, s program, path string) (*cloud.Instance, error) {
	in, specs, err := readBesideRules(c, s, path)
	if specs != nil {
		in.Rules = specs
	}
	return in, err
}

// readBesideRules reads an instance, and leaves it as it is: plans have its hash. The rules named on the command line are
// apart; nil for none. The rules in force are bound once, to see that they can be.
func readBesideRules(c *cli.Context, s program, path string) (*cloud.Instance, []spec.Spec, error) {
	chosen, err := given(c, s)
	if err != nil {
		return nil, nil, err
	}
	in, err := readInstance(s, path)
	if err != nil {
		return nil, nil, err
	}
	specs := chosen.on(in)
	if _, err := rules.Bind(s.catalogue, in, specs); err != nil {
		return nil, nil, badInput(cloud.Locate(nameOf(path), err))
	}
	return in, specs, nil
}

func readInstance(s program, path string) (*cloud.Instance, error) {
	data, err := read(s, path)
	if err != nil {
		return nil, err
	}
	in, err := cloud.DecodeInstance(nameOf(path), data)
	return in, badInput(err)
}

func readPlan(s program, path string, in *cloud.Instance) (*cloud.Plan, error) {
	data, err := read(s, path)
	if err != nil {
		return nil, err
	}
	p, err := cloud.DecodePlan(nameOf(path), data, in)
	return p, badInput(err)
}

func read(s program, path string) ([]byte, error) {
	data, err := fileio.Read(path, s.in)
	return data, unreadable(nameOf(path), err)
}

// unreadable says in words of our own that a file cannot be read.
func unreadable(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("cannot read %s: %w", path, e.Err)
	}
	return badInput(err)
}

// unreadableNamed is unreadable for what opens the files that its arguments name.
func unreadableNamed(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return unreadable(e.Path, e)
	}
	return badInput(err)
}

func nameOf(path string) string {
	if path == fileio.Stdio {
		return "(standard input)"
	}
	return path
}

func write(s program, path string, f func(io.Writer) error) error {
	return fileio.Write(path, s.out, f)
}

// memory reads an amount of memory; 0 stands for no limit.
func memory(text string) (int64, error) {
	if text == "0" {
		return 0, nil
	}
	b, err := experiments.ParseBytes(text)
	if err != nil {
		return 0, usage("--memory: expected 0 for no limit, or an amount such as 512MiB or 2GiB, found %q", text)
	}
	return b, nil
}

// encodeJSON prints a value for machines, and for people who look over their shoulder:
// what a terminal must not be given, JSON can escape.
func encodeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, prose.EscapeJSON(b.String()))
	return err
}
