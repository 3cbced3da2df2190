package durations

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func rateEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "rate",
			Synopsis: "memory divided by bandwidth",
			Doc:      "What the VM dirties meanwhile is not sent again. " + suspensionDoc,
			Citation: "own work",
			Params:   slices.Concat(bandwidthParams(), memoryParams(), stepParams()),
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.Duration, error) {
				t, err := newTransfers(in, a, once{})
				if err != nil {
					return nil, err
				}
				d, err := newTransfer(in, a, t, once{})
				return &flowing{transfer: d}, err
			}, nil
		},
	}
}

// once is the course of migrations that send the memory once.
type once struct{}

func (once) guest(mem memory, v int) (guest, error) {
	bytes, err := mem.bytes(v)
	return guest{memory: bytes}, err
}

func (once) time(g guest, bytesPerS uint64) (ms uint64, ok bool) {
	return mulDivUp(g.memory, 1000, bytesPerS)
}

func (once) sent(g guest, _ uint64) (bytes uint64, converges bool) { return g.memory, true }
