package execution

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/drivers"
)

// differs says how the cloud of a snapshot differs from this one; "" if it does not. O(VMs).
func (w *world) differs(snap *drivers.Snapshot) string {
	if !slices.Equal(snap.Down, w.down) {
		return w.deaths(snap.Down)
	}
	for i := range snap.VMs {
		vm := &snap.VMs[i]
		v, known := w.seen(i, vm.Name)
		if !known {
			if vm.Host != "" {
				return fmt.Sprintf("VM %q has come to host %q", vm.Name, vm.Host)
			}
			continue
		}
		s := w.underWay[v]
		if w.hostName(w.state.HostOf(v)) != vm.Host || (s != nil) != vm.UnderWay || s != nil && w.hostName(s.To) != vm.To {
			return fmt.Sprintf("VM %q is elsewhere", vm.Name)
		}
	}
	return ""
}

// deaths says how the hosts that are down differ from those that were.
func (w *world) deaths(down []string) string {
	var parts []string
	for _, of := range []struct {
		now, before []string
		text        string
	}{{down, w.down, "down: "}, {w.down, down, "up again: "}} {
		fresh := slices.DeleteFunc(slices.Clone(of.now), func(h string) bool { return slices.Contains(of.before, h) })
		if len(fresh) > 0 {
			parts = append(parts, of.text+strings.Join(fresh, ", "))
		}
	}
	return strings.Join(parts, "; ")
}
