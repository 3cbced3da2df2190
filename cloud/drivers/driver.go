package drivers

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Driver is a cloud that carries out the steps of plans. Times are in milliseconds from an instant of the driver's own. It is used by
// one goroutine at a time.
type Driver interface {
	// Snapshot tells what the cloud looks like now.
	Snapshot(ctx context.Context) (*Snapshot, error)
	// Begin asks for a step. It returns once the cloud has accepted it, so that the VM is under way from now on, or refused it,
	// which is a [*RefusedError]. After any other error it is unknown which of the two happened.
	Begin(ctx context.Context, r Request) error
	// Wait returns when the cloud may look different from before, and at the given time at the latest.
	Wait(ctx context.Context, until int64) error
	// Abort asks that a VM under way stays where it comes from. It is no error if the VM has just arrived.
	Abort(ctx context.Context, vm string) error
}

// Request asks for one step of a plan.
type Request struct {
	ID       int64 // given by the executor, different for each request about one plan
	Action   cloud.Action
	VM       string
	From, To string // hosts; "" where the action has no such end
}

// Snapshot is what a cloud looks like at one instant.
type Snapshot struct {
	At   int64
	Down []string // hosts that are dead, in the order of their names
	VMs  []VM     // those that exist, in an order that does not change
}

// VM is where one VM stands.
type VM struct {
	*cloud.VM        // its description, which is not to be changed; demands are in the order of the instance's resources
	Host      string // where it stands, while it is under way where it comes from; "": nowhere
	Suspended bool   // it stands nowhere because it was suspended, also while it resumes
	UnderWay  bool
	To        string // while it is under way, where it goes to; "": it is being suspended or shut down
	Request   int64  // that put it under way; 0: none of this executor's
}

// RefusedError says why a cloud did not accept a request.
type RefusedError struct{ Why string }

func (e *RefusedError) Error() string { return "refused: " + e.Why }

func refused(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

// ErrKilled is the error of every call of a simulated cloud from which the executor does not hear again, as if it had been killed
// just before or just after the call.
var ErrKilled = errors.New("the executor was killed")

// Setting is what a driver is made for.
type Setting struct {
	Catalogue *spec.Catalogue
	Instance  *cloud.Instance
	Rules     []spec.Spec // nil: the instance's own
	Duration  cloud.Duration
	Plan      *cloud.Plan
	Seed      uint64
}

// Binder makes the driver of a cloud that looks like the initial placement of an instance.
type Binder func(Setting) (Driver, error)

// Kind is the kind of drivers in a catalogue.
const Kind = "driver"

// Registry makes drivers known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: Kind, Plural: "drivers", Synopsis: "clouds that carry plans out"}, entries...)
}

// Entries lists the drivers of this package.
func Entries() []spec.Entry[Binder] { return []spec.Entry[Binder]{simulationEntry()} }
