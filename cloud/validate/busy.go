package validate

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// counts tells whether models of concurrency look at steps of an action.
func counts(a cloud.Action) bool { return a != cloud.Shutdown && a != cloud.Provision }

// busy is what the judge shows a model of concurrency: the steps under way that count.
type busy struct {
	all []cloud.Step
	at  [][]cloud.Step       // by host
	pos map[cloud.VMID]int32 // by VM under way: its place in all
}

func newBusy(in *cloud.Instance) *busy {
	return &busy{at: make([][]cloud.Step, len(in.Hosts)), pos: map[cloud.VMID]int32{}}
}

// All implements [concurrency.View].
func (b *busy) All() []cloud.Step { return b.all }

// At implements [concurrency.View].
func (b *busy) At(h cloud.HostID) []cloud.Step { return b.at[h] }

func (b *busy) begin(c cloud.Step) {
	b.pos[c.VM] = int32(len(b.all))
	b.all = append(b.all, c)
	for _, h := range []cloud.HostID{c.From, c.To} {
		if h != cloud.Absent {
			b.at[h] = append(b.at[h], c)
		}
	}
}

// end takes O(steps under way at the two hosts).
func (b *busy) end(c cloud.Step) {
	i, last := b.pos[c.VM], b.all[len(b.all)-1]
	b.all[i] = last
	b.pos[last.VM] = i
	delete(b.pos, c.VM)
	b.all = b.all[:len(b.all)-1]
	for _, h := range []cloud.HostID{c.From, c.To} {
		if h != cloud.Absent {
			b.at[h] = slices.DeleteFunc(b.at[h], func(other cloud.Step) bool { return other.VM == c.VM })
		}
	}
}
