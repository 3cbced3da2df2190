package best

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/internal/jsonl"
)

// Read reads a file of values, decompressed by its suffix; stdin serves `-`. Faulty lines
// become problems and stop nothing, so that all are told at once; who writes the file anew
// loses them, and must not while there are any. The error is about the file itself: it is
// missing, or cannot be read.
func Read(path string, stdin io.Reader) (*Set, []results.Problem, error) {
	data, err := fileio.Read(path, stdin)
	if err != nil {
		return nil, nil, err
	}
	s, problems := Decode(path, data)
	return s, problems, nil
}

// Decode reads what a file of this name holds. Lines may stand in any order; a second one
// about the same question is a problem, and so is one that contradicts itself.
func Decode(name string, data []byte) (*Set, []results.Problem) {
	var values []Value
	var problems []results.Problem
	lineOf := map[string]int{}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		text := bytes.TrimSpace(line)
		if len(text) == 0 {
			continue
		}
		v, err := decode(text)
		if err == nil {
			if at, seen := lineOf[v.question()]; seen {
				err = fmt.Errorf("the question of this line was already on line %d", at)
			}
		}
		if err != nil {
			problems = append(problems, results.Problem{File: name, Line: n, Reason: jsonl.OneLine(err)})
			continue
		}
		lineOf[v.question()] = n
		values = append(values, v)
	}
	return newSet(values), problems
}

func decode(line []byte) (Value, error) {
	var v Value
	if err := jsonl.Decode(line, "a best-known value", &v, []string{Format}); err != nil {
		return Value{}, err
	}
	if err := errors.Join(complete(line), v.Check()); err != nil {
		return Value{}, err
	}
	if c := newSet([]Value{v}).Contradictions(); len(c) > 0 {
		return Value{}, fmt.Errorf("%s", c[0])
	}
	return v, nil
}

// complete tells which fields are missing that would otherwise be read as 0, or as no
// rules: as the cheapest plan of all, and as another question.
func complete(line []byte) error {
	var there struct {
		Rules *jsontext.Value `json:"rules"`
		Plan  *struct {
			Cost  *jsontext.Value `json:"cost"`
			Steps *jsontext.Value `json:"steps"`
		} `json:"plan"`
		Bound *struct {
			Value *jsontext.Value `json:"value"`
		} `json:"bound"`
		Schedule *struct {
			Makespan *jsontext.Value `json:"makespan"`
		} `json:"schedule"`
	}
	if err := json.Unmarshal(line, &there); err != nil {
		return err
	}
	var faults []error
	need := func(field, expected string, v *jsontext.Value) {
		if v == nil {
			faults = append(faults, fmt.Errorf("/%s: missing, expected %s", field, expected))
		}
	}
	need("rules", "an array of texts", there.Rules)
	if there.Plan != nil {
		need("plan/cost", "a non-negative integer", there.Plan.Cost)
		need("plan/steps", "a non-negative integer", there.Plan.Steps)
	}
	if there.Bound != nil {
		need("bound/value", "a non-negative integer", there.Bound.Value)
	}
	if there.Schedule != nil {
		need("schedule/makespan", "a non-negative integer", there.Schedule.Makespan)
	}
	return errors.Join(faults...)
}

// Write writes the set, one line a question, sorted. Equal sets give equal bytes.
func (s *Set) Write(w io.Writer) error {
	for _, v := range s.Values() {
		line, err := json.Marshal(v, jsontext.AllowInvalidUTF8(false))
		if err != nil {
			return fmt.Errorf("best-known value of %s: %w", v.Instance, err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// Holds tells whether a file is of values rather than of records, by the first line that
// names a format. That is looked for at the beginning, where one long line fits.
func Holds(in io.Reader) (bool, error) {
	const beginning = 32 << 20
	r := bufio.NewReader(io.LimitReader(in, beginning))
	for {
		line, err := r.ReadBytes('\n')
		var head struct {
			Format string `json:"format"`
		}
		if json.Unmarshal(line, &head) == nil && head.Format != "" {
			return head.Format == Format, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}
