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
	var err error
	if d.capacity, err = amounts(t[machineTable], &d.machines, "machine", func(t *table, field []byte, what string) (int64, error) {
		return t.amount(field, what)
	}); err != nil {
		return nil, err
	}
	if d.demand, err = amounts(t[appTable], &d.apps, "application", func(t *table, field []byte, what string) (int64, error) {
		return t.series(field, slot, what)
	}); err != nil {
		return nil, err
	}
	if err := d.deploy(t[deployTable]); err != nil {
		return nil, err
	}
	return d, d.interfere(t[interferenceTable])
}

// amounts reads a table of ids with an amount per resource. How cpu and memory are
// given makes the difference between machines and applications.
func amounts(t *table, ids *index, kind string, curve func(*table, []byte, string) (int64, error)) ([][]int64, error) {
	var out [][]int64
	columns := []string{kind, "cpu", "memory", "disk", "P", "M", "PM"}
	err := t.rows(columns, func(fields [][]byte) error {
		if err := ids.add(t, fields[0], kind); err != nil {
			return err
		}
		row := make([]int64, len(resources))
		for r, res := range resources {
			var err error
			switch field := fields[res.column]; {
			case res.integer:
				row[r], err = t.count(field, math.MaxInt32, res.name)
			case res.name == "disk":
				row[r], err = t.amount(field, res.name)
			default:
				row[r], err = curve(t, field, res.name)
			}
			if err != nil {
				return err
			}
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

// series reads the amount of a time slot, or the largest for a negative slot. The
// others are read and checked all the same.
func (t *table) series(field []byte, slot int, what string) (int64, error) {
	if n := bytes.Count(field, []byte{'|'}) + 1; n != slots {
		return 0, t.fail("expected %d values of %s joined by |, found %d", slots, what, n)
	}
	var out int64
	for i := range slots {
		var text []byte
		text, field, _ = bytes.Cut(field, []byte{'|'})
		n, err := t.amount(text, what)
		if err != nil {
			return 0, err
		}
		if i == slot || slot < 0 && n > out {
			out = n
		}
	}
	return out, nil
}

func (d *data) deploy(t *table) error {
	return t.rows([]string{"instance", "application", "machine"}, func(fields [][]byte) error {
		if err := d.instances.add(t, fields[0], "instance"); err != nil {
			return err
		}
		app, err := d.apps.find(t, fields[1], "application")
		if err != nil {
			return err
		}
		machine := nowhere
		if len(fields[2]) > 0 {
			if machine, err = d.machines.find(t, fields[2], "machine"); err != nil {
				return err
			}
		}
		d.of, d.on = append(d.of, app), append(d.on, machine)
		return nil
	})
}

func (d *data) interfere(t *table) error {
	return t.rows([]string{"application", "application", "number of instances"}, func(fields [][]byte) error {
		app, err := d.apps.find(t, fields[0], "application")
		if err != nil {
			return err
		}
		with, err := d.apps.find(t, fields[1], "application")
		if err != nil {
			return err
		}
		most, err := t.count(fields[2], math.MaxInt32-1, "number of instances")
		if err != nil {
			return err
		}
		d.rules = append(d.rules, interference{app, with, most})
		return nil
	})
}

func (x *index) add(t *table, field []byte, kind string) error {
	name := string(field)
	if name == "" {
		return t.fail("expected the name of the %s, found nothing", kind)
	}
	if first, dup := x.number[name]; dup {
		return t.fail("%s %s is already defined in line %d", kind, quoted(field), x.lines[first])
	}
	if x.number == nil {
		x.number = map[string]int{}
	}
	x.number[name] = len(x.names)
	x.names, x.lines = append(x.names, name), append(x.lines, t.line)
	return nil
}

func (x *index) find(t *table, field []byte, kind string) (int, error) {
	n, ok := x.number[string(field)]
	if !ok {
		return 0, t.fail("unknown %s %s%s", kind, quoted(field), spec.DidYouMean(string(field), x.names, "known are"))
	}
	return n, nil
}
