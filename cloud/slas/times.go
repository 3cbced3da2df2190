package slas

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// stepUnit is the unit of schedules in which time passes in steps.
const stepUnit = "step"

// timeDoc ends the docs of parameters that are times.
const timeDoc = "; where time passes in steps, 1s stands for a step"

// timeParam is a parameter that is a time of a schedule.
func timeParam(name, doc string, least float64, required bool) spec.Param {
	const years10 = 10 * 365 * 24 * 3600
	return spec.Param{Name: name, Type: spec.Duration, Required: required, Bounds: spec.Between(least, years10), Doc: doc + timeDoc}
}

// timeOf is a time in the unit of the schedule.
func timeOf(a spec.Args, name, unit string) (int64, error) {
	whole, what := time.Millisecond, "a whole number of milliseconds"
	if unit == stepUnit {
		whole, what = time.Second, "a whole number of seconds, each of which stands for a step"
	}
	d := a.Duration(name)
	if d%whole != 0 {
		return 0, fmt.Errorf("%s: expected %s, found %s", name, what, d)
	}
	return int64(d / whole), nil
}

// timesOf are several times.
func timesOf(a spec.Args, unit string, names ...string) ([]int64, error) {
	out := make([]int64, len(names))
	for i, name := range names {
		var err error
		if out[i], err = timeOf(a, name, unit); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Text is a time of a schedule in words: "41 min", "5 steps".
func Text(t int64, unit string) string {
	switch {
	case unit == stepUnit:
		return prose.Count(t, "step")
	case unit == "ms" && t > -math.MaxInt64/int64(time.Millisecond) && t < math.MaxInt64/int64(time.Millisecond):
		return prose.Duration(time.Duration(t) * time.Millisecond)
	}
	return humanize.Comma(t) + " " + unit
}

// Beyond is a time in words that is more than another: to the unit where it would look the same.
func Beyond(t, limit int64, unit string) string {
	if text := Text(t, unit); text != Text(limit, unit) {
		return text
	}
	return humanize.Comma(t) + " " + unit
}

// instant is an instant of a schedule in words, to the unit: "1,200 ms".
func instant(t int64, unit string) string {
	if unit == stepUnit {
		return "time step " + humanize.Comma(t)
	}
	return humanize.Comma(t) + " " + unit
}

// moves tells whether steps of an action are moves: migrations, suspends and resumes.
func moves(a cloud.Action) bool { return a != cloud.Shutdown && a != cloud.Provision }

// watched are the VMs that an SLA is about.
type watched struct {
	all  bool
	some map[cloud.VMID]bool
	list []cloud.VMID // ascending, all of them included
}

func watchedBy(in *cloud.Instance, a spec.Args) (watched, error) {
	if !a.Has("group") && !a.Has("vms") {
		w := watched{all: true, list: make([]cloud.VMID, len(in.VMs))}
		for v := range w.list {
			w.list[v] = cloud.VMID(v)
		}
		return w, nil
	}
	list, err := rules.SelectVMs(in, a)
	slices.Sort(list)
	w := watched{list: slices.Compact(list), some: map[cloud.VMID]bool{}}
	for _, v := range w.list {
		w.some[v] = true
	}
	return w, err
}

func (w *watched) has(v cloud.VMID) bool { return w.all || w.some[v] }
