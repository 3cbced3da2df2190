package formulation

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// PairName is the variable that is 1 if the VM stands on the host, and else 0.
func PairName(v cloud.VMID, h cloud.HostID) string {
	return "x" + strconv.Itoa(int(v)) + "_" + strconv.Itoa(int(h))
}

var pairName = regexp.MustCompile(`^x([0-9]+)_([0-9]+)$`)

// none is how solvers say, ahead of all values, that the problem has no solution: cbc lists values all the same.
var none = regexp.MustCompile(`(?i)infeasible|unsatisfiable|integer empty`)

// endOfSolution is the line with which MiniZinc ends a solution.
const endOfSolution = "----------"

// ReadTarget reads the placement from a solver's answer. It looks for names as [PairName] writes them; the word
// after a name is the value of the variable, and a star may stand between them. Variables that are missing are 0,
// and everything else is skipped. Of several solutions with a line of ten hyphens after each, the last one is read; of several values in one
// solution the first. Errors name file and line. It takes time linear in the file.
func ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	a := answer{in: in}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		if strings.TrimSpace(string(line)) == endOfSolution {
			a.ended = true
			continue
		}
		if a.placement == nil && none.Match(line) {
			return nil, fmt.Errorf("%s:%d: the solver says that there is no target: %s", file, number, bytes.TrimSpace(line))
		}
		for word := range bytes.FieldsSeq(line) {
			if err := a.take(string(word)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, number, err)
			}
		}
	}
	if a.name != "" {
		return nil, fmt.Errorf("%s:%d: expected a value for %s, found the end of the file", file, number, a.name)
	}
	if !a.any {
		return nil, fmt.Errorf("%s: expected lines such as \"x0_1 1\" (VM 0 stands on host 1), found none: the solver gives no placement", file)
	}
	return a.placement, nil
}

// answer is what was read so far.
type answer struct {
	in        *cloud.Instance
	placement cloud.Placement
	valued    map[string]bool // in this solution
	ended     bool            // the next variable begins another solution
	any       bool            // some VM stands somewhere
	name      string          // of a variable that has no value yet
	vm        cloud.VMID
	host      cloud.HostID
}

// take reads the next word.
func (a *answer) take(word string) error {
	if a.name == "" {
		return a.begin(word)
	}
	if word == "*" { // what glpsol puts beside integers
		return nil
	}
	value, err := strconv.ParseFloat(word, 64)
	const tolerance = 1e-3
	if err != nil || !(math.Abs(value) <= tolerance || math.Abs(value-1) <= tolerance) {
		return fmt.Errorf("expected 0 or 1 for %s, found %q", a.name, word)
	}
	if value > 0.5 && !a.valued[a.name] {
		if other := a.placement[a.vm]; other != cloud.Absent {
			return fmt.Errorf("VM %d, %q, stands on host %d and on host %d", a.vm, a.in.VMs[a.vm].Name, other, a.host)
		}
		a.placement[a.vm], a.any = a.host, true
	}
	a.valued[a.name], a.name = true, ""
	return nil
}

// begin looks whether the word is a variable.
func (a *answer) begin(word string) error {
	match := pairName.FindStringSubmatch(word)
	if match == nil {
		return nil
	}
	v, errV := strconv.Atoi(match[1])
	h, errH := strconv.Atoi(match[2])
	if errV != nil || errH != nil || v >= len(a.in.VMs) || h >= len(a.in.Hosts) {
		return fmt.Errorf("unknown variable %s: the instance has %d VMs and %d hosts, counted from 0", word, len(a.in.VMs), len(a.in.Hosts))
	}
	if a.placement == nil || a.ended {
		a.placement, a.valued, a.ended, a.any = make(cloud.Placement, len(a.in.VMs)), map[string]bool{}, false, false
		for i := range a.placement {
			a.placement[i] = cloud.Absent
		}
	}
	a.name, a.vm, a.host = word, cloud.VMID(v), cloud.HostID(h)
	return nil
}
