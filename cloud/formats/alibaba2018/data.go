package alibaba2018

import (
	"bytes"
	"math"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// slots is the number of amounts in a daily series: quarters of an hour from 0:00 to
// 24:30.
const slots = 98

// data is what the four tables say, at one time slot.
type data struct {
	machines  index
	capacity  [][]int64 // by machine
	apps      index
	demand    [][]int64 // by application
	instances index
	of        []int // by instance: application
	on        []int // by instance: machine, or nowhere
	rules     []interference
}

const nowhere = -1

type interference struct {
	app, with int
	most      int64
}

// index numbers names in the order in which they come.
type index struct {
	names  []string
	lines  []int
	number map[string]int
}

// resources are the dimensions of machines and applications, with memory first, and
// the column in which each one stands.
var resources = []struct {
	name, unit string
	column     int
	integer    bool
}{
	{"memory", "kB", 2, false},
	{"cpu", "µcore", 1, false},
	{"disk", "kB", 3, false},
	{"P", "applications", 4, true},
	{"M", "applications", 5, true},
	{"PM", "applications", 6, true},
}

// read reads the tables; slot is negative for the peak.
func read(t [tables]*table, slot int) (*data, error) {
	d := &data{}
	d.capacity = amounts(t[machineTable], &d.machines, "machine", t[machineTable].amount)
	d.demand = amounts(t[appTable], &d.apps, "application", func(field []byte, what string) int64 {
		return t[appTable].series(field, slot, what)
	})
	for _, kind := range []int{machineTable, appTable} {
		if t[kind].err != nil {
			return nil, t[kind].err
		}
	}
	if err := d.deploy(t[deployTable]); err != nil {
		return nil, err
	}
	return d, d.interfere(t[interferenceTable])
}

// amounts reads a table of ids with an amount per resource. How cpu and memory are
// given makes the difference between machines and applications.
func amounts(t *table, ids *index, kind string, curve func([]byte, string) int64) (out [][]int64) {
	t.rows([]string{kind, "cpu", "memory", "disk", "P", "M", "PM"}, func(fields [][]byte) {
		ids.add(t, fields[0], kind)
		row := make([]int64, len(resources))
		for r, res := range resources {
			switch field := fields[res.column]; {
			case res.integer:
				row[r] = t.count(field, math.MaxInt32, res.name)
			case res.name == "disk":
				row[r] = t.amount(field, res.name)
			default:
				row[r] = curve(field, res.name)
			}
		}
		out = append(out, row)
	})
	return out
}

// series reads the amount of a time slot, or the largest for a negative slot. The
// others are read and checked all the same.
func (t *table) series(field []byte, slot int, what string) int64 {
	if n := bytes.Count(field, []byte{'|'}) + 1; n != slots {
		t.fail("expected %d values of %s joined by |, found %d", slots, what, n)
	}
	var out int64
	for i := range slots {
		var text []byte
		text, field, _ = bytes.Cut(field, []byte{'|'})
		n := t.amount(text, what)
		if i == slot || slot < 0 && n > out {
			out = n
		}
	}
	return out
}

func (d *data) deploy(t *table) error {
	return t.rows([]string{"instance", "application", "machine"}, func(fields [][]byte) {
		d.instances.add(t, fields[0], "instance")
		app, machine := d.apps.find(t, fields[1], "application"), nowhere
		if len(fields[2]) > 0 {
			machine = d.machines.find(t, fields[2], "machine")
		}
		d.of, d.on = append(d.of, app), append(d.on, machine)
	})
}

func (d *data) interfere(t *table) error {
	return t.rows([]string{"application", "application", "number of instances"}, func(fields [][]byte) {
		d.rules = append(d.rules, interference{
			app: d.apps.find(t, fields[0], "application"), with: d.apps.find(t, fields[1], "application"),
			most: t.count(fields[2], math.MaxInt32-1, "number of instances"),
		})
	})
}

func (x *index) add(t *table, field []byte, kind string) {
	name := string(field)
	if name == "" {
		t.fail("expected the name of the %s, found nothing", kind)
	}
	if first, dup := x.number[name]; dup {
		t.fail("%s %s is already defined in line %d", kind, quoted(field), x.lines[first])
	}
	if x.number == nil {
		x.number = map[string]int{}
	}
	x.number[name] = len(x.names)
	x.names, x.lines = append(x.names, name), append(x.lines, t.line)
}

func (x *index) find(t *table, field []byte, kind string) int {
	n, ok := x.number[string(field)]
	if !ok {
		t.fail("unknown %s %s%s", kind, quoted(field), spec.DidYouMean(string(field), x.names, "known are"))
	}
	return n
}
