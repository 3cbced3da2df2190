package btrplace

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// findNetwork takes the network that labels of an imported instance describe, or else makes
// one out of bandwidths and racks.
func (w *writer) findNetwork() {
	if w.network, w.kept = w.labelled(); !w.kept {
		w.network = w.made()
	}
}

// labelled rebuilds the network of the labels. It is no good unless every host fits it.
func (w *writer) labelled() (*wireView, bool) {
	capacity, up := map[int64]int64{}, map[int64]wireLink{}
	view := &wireView{ID: viewNetwork, Routing: &wireRouting{Type: "default"}}
	for h := range w.in.Hosts {
		host := &w.in.Hosts[h]
		label, there := host.Labels[labelUplinks]
		if !there {
			if host.NICMbps != 0 || host.Rack != "" {
				return nil, false
			}
			continue
		}
		first, ok := addUplinks(label, capacity, up)
		if !ok || host.Rack != fmt.Sprintf("switch%d", first) || host.NICMbps > math.MaxInt32 {
			return nil, false
		}
		view.Links = append(view.Links, wireLink{
			ID: int64(len(view.Links)), Capacity: bandwidth(host.NICMbps), Switch: first,
			Element: wirePhysical{Type: typeNode, ID: w.node[h]},
		})
	}
	if len(view.Links) == 0 {
		return nil, false
	}
	for _, s := range slices.Sorted(maps.Keys(capacity)) {
		view.Switches = append(view.Switches, wireSwitch{ID: s, Capacity: capacity[s]})
		if l, ok := up[s]; ok && l.Element.Type != "" {
			l.ID = int64(len(view.Links))
			view.Links = append(view.Links, l)
		}
	}
	return view, true
}

// addUplinks reads one label: "0:any -10000- 3:40000" is the switch 0, of any capacity, with a
// link of 10000 Mbit/s up to the switch 3. It tells the first switch.
func addUplinks(label string, capacity map[int64]int64, up map[int64]wireLink) (first int64, ok bool) {
	words := strings.Split(label, " ")
	below, link := int64(-1), int64(0)
	for i, word := range words {
		if i%2 == 1 {
			trimmed := strings.TrimSuffix(strings.TrimPrefix(word, "-"), "-")
			if link, ok = mbps(trimmed); !ok || word != "-"+trimmed+"-" {
				return 0, false
			}
			continue
		}
		number, holds, found := strings.Cut(word, ":")
		s, fine := numberIn("", number)
		c, good := mbps(holds)
		if was, met := capacity[s]; !found || !fine || !good || met && was != c {
			return 0, false
		}
		capacity[s] = c
		if below >= 0 {
			l := wireLink{Capacity: link, Switch: s, Element: wirePhysical{Type: typeSwitch, ID: below}}
			if was, met := up[below]; met && was != l {
				return 0, false
			}
			up[below] = l
		} else {
			first = s
		}
		below = s
	}
	// The last switch is at the top: a link up from it must not come from another label.
	if was, met := up[below]; met && was.Element.Type != "" || len(words)%2 == 0 {
		return 0, false
	}
	up[below] = wireLink{}
	return first, true
}

// mbps reads a capacity as labels have it.
func mbps(s string) (int64, bool) {
	if s == "any" {
		return -1, true
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil && n >= 0 && s == strconv.FormatInt(n, 10)
}

// bandwidth is the capacity of a link, which does not bind where nothing is known.
func bandwidth(nic int64) int64 {
	if nic == 0 {
		return -1
	}
	return nic
}

// made is a network with a switch for each rack, and one above them. There is none where
// no bandwidth is known, or where BtrPlace would miss the memory of VMs.
func (w *writer) made() *wireView {
	known := false
	for h := range w.in.Hosts {
		n := w.in.Hosts[h].NICMbps
		if n > math.MaxInt32 {
			return nil
		}
		known = known || n > 0
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
	view := &wireView{ID: viewNetwork, Routing: &wireRouting{Type: "default"}, Switches: []wireSwitch{{ID: 0, Capacity: -1}}}
	rack := map[string]int64{"": 0}
	link := func(capacity, up int64, kind string, id int64) {
		view.Links = append(view.Links, wireLink{
			ID: int64(len(view.Links)), Capacity: capacity, Switch: up, Element: wirePhysical{Type: kind, ID: id},
		})
	}
	for h := range w.in.Hosts {
		host := &w.in.Hosts[h]
		s, met := rack[host.Rack]
		if !met {
			s = int64(len(view.Switches))
			rack[host.Rack] = s
			view.Switches = append(view.Switches, wireSwitch{ID: s, Capacity: -1})
			link(-1, 0, typeSwitch, s)
		}
		link(bandwidth(host.NICMbps), s, typeNode, w.node[h])
	}
	return view
}
