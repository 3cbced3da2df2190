package slas

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func frozenEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "frozen",
			Synopsis: "some VMs, or all, may not move between two times",
			Doc: "No migration, suspend or resume of these VMs is under way in the window, from its beginning up to and without its end: one may " +
				"end when the window begins, and start when it ends. A VM may be down throughout. Shutdowns and provisions do not count. " +
				"Schedulers keep it only where the end of a step is known when it starts, so not under a model by which steps that run side by side slow each other down.",
			Params: slices.Concat([]spec.Param{
				timeParam("from", "when the window begins", 0, true),
				timeParam("to", "when it ends", 0.001, true),
				timeParam("every", "the window comes again, each time so much later; once unless given", 0.001, false),
			}, rules.VMParams()),
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			if a.Duration("to") <= a.Duration("from") {
				return nil, fmt.Errorf("to: expected a time after from, %s, found %s", a.Duration("from"), a.Duration("to"))
			}
			if a.Has("every") && a.Duration("every") <= a.Duration("to")-a.Duration("from") {
				return nil, errors.New("every: expected more than the length of the window: the VMs could not move any more")
			}
			return func(in *cloud.Instance, _ cloud.Duration, unit string) (SLA, error) {
				w, err := watchedBy(in, a)
				if err != nil {
					return nil, err
				}
				t, err := timesOf(a, unit, "from", "to", "every")
				if err != nil {
					return nil, err
				}
				return &frozen{a.Brief().String(), in, unit, w, []Window{{t[0], t[1], t[2]}}}, nil
			}, nil
		},
	}
}

// Window is a time from an instant up to another one, which is not in it.
type Window struct {
	From, To int64
	Every    int64 // how much later it comes again, again and again; 0: never
}

// Shift is the window on a clock that reads 0 some time later.
func (w Window) Shift(by int64) Window { return Window{w.From - by, w.To - by, w.Every} }

// Open is the first start from an instant on at which something that takes a time is under way at no time of the window; false where it never
// can start any more. O(1).
func (w Window) Open(at, time int64) (int64, bool) {
	if at+time <= w.From {
		return at, true
	}
	last := w // the first one that is not over
	if at >= w.To {
		if w.Every == 0 {
			return at, true
		}
		last = w.Shift(-((at-w.To)/w.Every + 1) * w.Every)
	}
	switch {
	case at+time <= last.From:
		return at, true
	case w.Every > 0 && time > w.Every-(w.To-w.From):
		return 0, false
	}
	return last.To, true
}

// frozen is the SLA of that name.
type frozen struct {
	text string
	in   *cloud.Instance
	unit string
	watched
	windows []Window // one
}

func (f *frozen) String() string { return f.text }

// Closed implements [Closer].
func (f *frozen) Closed(step *cloud.Step) []Window {
	if moves(step.Action) && f.has(step.VM) {
		return f.windows
	}
	return nil
}

// Violations implements [SLA]. A step of no length is under way at the instant at which it starts.
func (f *frozen) Violations(steps []cloud.Step) []Violation {
	var out []Violation
	w := f.windows[0]
	for i, s := range steps {
		if _, counts := slices.BinarySearch(f.list, s.VM); !counts || !moves(s.Action) {
			continue
		}
		n := int64(0) // the window that ends after the start
		if w.Every > 0 && s.Start >= w.To {
			n = 1 + (s.Start-w.To)/w.Every
		}
		from, to := w.From+n*w.Every, w.To+n*w.Every
		if s.Start < to && max(s.End, s.Start+1) > from {
			out = append(out, Violation{i, f.text, fmt.Sprintf("the %s of VM %q is under way from %s to %s, in the window from %s to %s", s.Action.Noun(),
				f.in.VMs[s.VM].Name, instant(s.Start, f.unit), instant(s.End, f.unit), instant(from, f.unit), instant(to, f.unit))})
		}
	}
	return out
}
