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
				t, err := newTransfers(in, a, memoryOnly, memorySent)
				if err != nil {
					return nil, err
				}
				return newTransfer(in, a, t)
			}, nil
		},
	}
}

func memoryOnly(mem memory, v int) (guest, error) {
	bytes, err := mem.bytes(v)
	return guest{memory: bytes}, err
}

func memorySent(g guest, _ uint64) uint64 { return g.memory }
