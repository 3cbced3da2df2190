package pddl

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PlanReader is the entry of the format's plan reader.
func PlanReader() spec.Entry[formats.PlanReader] {
	return spec.Entry[formats.PlanReader]{
		Descriptor: spec.Descriptor{
			Name:     "pddl",
			Synopsis: "plans that planners print for an export in PDDL, and the answer of an exported MiniZinc model",
			Doc: "One action a line, as in (migrate v0-vm1 h0-host1 h1-host2); suspend, resume, and the bookkeeping of the " +
				"export are the other actions. A time before the action, a duration in brackets after it, comments after a " +
				"semicolon and the case of letters make no difference. Where a solver printed several plans with a line of " +
				"ten hyphens after each, the last one is read.",
			Citation: "plan format of the International Planning Competition, as VAL reads it: " +
				"Howey, Long and Fox, ICTAI 2004, doi 10.1109/ICTAI.2004.120",
		},
		New: func(spec.Args) (formats.PlanReader, error) { return planReader{}, nil },
	}
}

// planReader reads the plan format.
type planReader struct{}

// line takes an action out of a line: an optional time before it, a duration after it.
var line = regexp.MustCompile(`^(?:[0-9]+(?:\.[0-9]+)?\s*:)?\s*\(\s*([^()]*?)\s*\)\s*(?:\[\s*[0-9.]+\s*\])?$`)

// The lines with which MiniZinc ends a solution, and with which it says how a search
// ended.
const (
	endOfPlan = "----------"
	endOfAll  = "=========="
)

// ReadPlan reads the migrations, suspends and resumes of a plan. Errors name file and
// line. It takes time linear in the file.
func (planReader) ReadPlan(in *cloud.Instance, file string, data []byte) (plan formats.Plan, err error) {
	ended := false // a plan stands before this line, and the next action begins another
	number := 0
	for text := range bytes.Lines(data) {
		number++
		action, _, _ := bytes.Cut(text, []byte(";"))
		action = bytes.TrimSpace(action)
		if len(action) == 0 {
			continue
		}
		if string(action) == endOfPlan {
			if ended {
				plan.Migrations = nil // a plan without an action
			}
			ended = true
			continue
		}
		if verdict, ok := bytes.CutPrefix(action, []byte("=====")); ok {
			if string(action) != endOfAll {
				return plan, fmt.Errorf("%s:%d: the solver found no plan: it answers %s", file, number, abridged(string(bytes.Trim(verdict, "="))))
			}
			continue
		}
		m := line.FindSubmatch(action)
		if m == nil {
			return plan, fmt.Errorf("%s:%d: expected an action such as (migrate v0-vm1 h0-host1 h1-host2), found %s", file, number, abridged(string(action)))
		}
		if ended {
			plan.Migrations, ended = nil, false
		}
		change, ok, err := decodeAction(in, strings.Fields(string(m[1])))
		if err != nil {
			return plan, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		if ok {
			plan.Migrations = append(plan.Migrations, change)
		}
	}
	return plan, nil
}

// decodeAction reads the words of an action; ok is false for bookkeeping.
func decodeAction(in *cloud.Instance, words []string) (c cloud.Change, ok bool, err error) {
	if len(words) == 0 {
		return c, false, errors.New("expected an action, found empty parentheses")
	}
	name := strings.ToLower(words[0])
	form := "VM HOST" // what the action takes
	switch name {
	case "migrate":
		form += " HOST"
	case "suspend", "resume":
	case "begin", "release", "head-for", "reserve", "wake":
		return c, false, nil // it leads up to one of those
	default:
		return c, false, fmt.Errorf("unknown action %s%s", abridged(words[0]),
			spec.DidYouMean(name, []string{"migrate", "suspend", "resume"}, "known are"))
	}
	if want := len(strings.Fields(form)); len(words)-1 != want {
		return c, false, fmt.Errorf("expected (%s %s), found %d arguments", name, form, len(words)-1)
	}
	if c.VM, err = formulation.FindVM(in, words[1]); err != nil {
		return c, false, err
	}
	hosts := [2]cloud.HostID{cloud.Absent, cloud.Absent}
	for i, word := range words[2:] {
		if hosts[i], err = formulation.FindHost(in, word); err != nil {
			return c, false, err
		}
	}
	if name == "resume" {
		hosts[0], hosts[1] = cloud.Absent, hosts[0]
	}
	c.From, c.To = hosts[0], hosts[1]
	return c, true, nil
}

// abridged quotes what was found, cut where it is too long to read.
func abridged(s string) string {
	const most = 60 // bytes
	if len(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}
