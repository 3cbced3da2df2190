package execution

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/drivers"
)

// Replay brings a simulated cloud to where a journal leaves it, by asking again for what was asked of it. The cloud is to be a new one, of the
// same seed, in which the executor is not killed. It is an error if steps end otherwise than the journal has it: then the
// cloud is another one. A request of which the journal does not have that it was accepted is left out.
func Replay(ctx context.Context, d drivers.Driver, journal []Entry) error {
	accepted := map[int64]bool{}
	for _, e := range journal {
		switch e.Event {
		case EventAccepted, EventEnded, EventFailed:
			accepted[e.ID] = true
		}
	}
	r := &replay{driver: d, from: map[int64]drivers.Request{}}
	for i := range journal {
		if e := &journal[i]; e.Event != EventRequest || accepted[e.ID] {
			if err := r.follow(ctx, e); err != nil {
				return fmt.Errorf("entry %d of the journal does not go with this cloud: %w", i+1, err)
			}
		}
	}
	return nil
}

// replay is a cloud on its way to where a journal leaves it.
type replay struct {
	driver drivers.Driver
	from   map[int64]drivers.Request
}

// follow asks again for what an entry has, and looks whether the same comes of it.
func (r *replay) follow(ctx context.Context, e *Entry) error {
	if err := r.until(ctx, e.At); err != nil {
		return err
	}
	switch e.Event {
	case EventRequest:
		q := drivers.Request{ID: e.ID, Action: e.Action, VM: e.VM, From: e.From, To: e.To}
		r.from[e.ID] = q
		return r.driver.Begin(ctx, q)
	case EventAbort:
		return r.driver.Abort(ctx, e.VM)
	case EventEnded, EventFailed:
		// What ends at the instant at which it began has yet to happen.
		if err := r.driver.Wait(ctx, e.At); err != nil {
			return err
		}
		snap, err := r.driver.Snapshot(ctx)
		if err != nil {
			return err
		}
		for i := range snap.VMs {
			vm := &snap.VMs[i]
			if vm.Name == e.VM && (vm.UnderWay || (vm.Host == r.from[e.ID].To) != (e.Event == EventEnded)) {
				return errors.New("VM " + e.VM + " is elsewhere")
			}
		}
	}
	return nil
}

// until lets the cloud go on until a time.
func (r *replay) until(ctx context.Context, at int64) error {
	for {
		snap, err := r.driver.Snapshot(ctx)
		if err != nil || snap.At >= at {
			return err
		}
		if err := r.driver.Wait(ctx, at); err != nil {
			return err
		}
	}
}
