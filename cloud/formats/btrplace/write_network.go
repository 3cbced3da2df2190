package btrplace

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// findNetwork takes the network of the instance, or else makes one out of bandwidths and racks.
func (w *writer) findNetwork() {
	if len(w.in.Switches) == 0 {
		w.network = w.made()
		return
	}
	w.network = w.view(w.in.Switches, func(h *cloud.Host) string { return h.Switch })
	w.kept = w.network != nil
}

// view writes a network, of which hangs tells the switch that a host is linked to, if any. There is none where a
// bandwidth does not fit in 32 bits.
func (w *writer) view(switches []cloud.Switch, hangs func(*cloud.Host) string) *wireView {
	numbers, renamed := numbers("switch", len(switches), func(s int) string { return switches[s].Name })
	w.switches, w.renamed = map[string]int64{}, renamed
	for s, n := range numbers {
		w.switches[switches[s].Name] = n
	}
	view, largest := &wireView{ID: viewNetwork, Routing: &wireRouting{Type: "default"}}, int64(0)
	link := func(mbps int64, up, kind string, id int64) {
		if up != "" {
			view.Links = append(view.Links, wireLink{
				ID: int64(len(view.Links)), Capacity: capacity(mbps), Switch: w.switches[up], Element: wirePhysical{Type: kind, ID: id},
			})
			largest = max(largest, mbps)
		}
	}
	for s := range switches {
		view.Switches = append(view.Switches, wireSwitch{ID: numbers[s], Capacity: capacity(switches[s].Mbps)})
		largest = max(largest, switches[s].Mbps)
		link(switches[s].UpMbps, switches[s].Up, typeSwitch, numbers[s])
	}
	for h := range w.in.Hosts {
		host := &w.in.Hosts[h]
		link(host.NICMbps, hangs(host), typeNode, w.node[h])
	}
	if largest > math.MaxInt32 {
		return nil
	}
	return view
}

// capacity is that of a link or switch, which does not bind where nothing is known.
func capacity(mbps int64) int64 {
	if mbps == 0 {
		return -1
	}
	return mbps
}

// made is a network with a switch for each rack, and one above them. There is none where
// no bandwidth is known, or where BtrPlace would miss the memory of VMs.
func (w *writer) made() *wireView {
	known := false
	for h := range w.in.Hosts {
		known = known || w.in.Hosts[h].NICMbps > 0
	}
	for v := range w.in.VMs {
		_, labelled := w.in.VMs[v].Labels[memUsed]
		if _, ok := w.memUsedMB(v); !ok && !labelled {
			return nil
		}
	}
	if !known {
		return nil
	}
	switches := []cloud.Switch{{Name: switchName(0)}}
	rack := map[string]string{"": switches[0].Name}
	for h := range w.in.Hosts {
		if name := w.in.Hosts[h].Rack; rack[name] == "" {
			rack[name] = switchName(int64(len(switches)))
			switches = append(switches, cloud.Switch{Name: rack[name], Up: switches[0].Name})
		}
	}
	return w.view(switches, func(h *cloud.Host) string { return rack[h.Rack] })
}
