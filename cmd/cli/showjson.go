package cli

import (
	"fmt"
	"io"

	"github.com/cloudrearrange/rearrange/cloud"
)

// json prints, per host shown, what the drawing shows.
func (d *drawing) json(w io.Writer) error {
	type resource struct {
		Name string `json:"name"`
		Unit string `json:"unit,omitempty"`
	}
	type vm struct {
		Name   string           `json:"name"`
		Demand map[string]int64 `json:"demand"`
		Moves  bool             `json:"moves"`
		// Whether it is under way to where it moves, or from there.
		UnderWay bool `json:"under_way,omitempty"`
		// Where it moves; neither where it leaves the cloud, or is new to it.
		To   string `json:"to,omitempty"`
		From string `json:"from,omitempty"`
	}
	type host struct {
		Name  string           `json:"name"`
		Used  map[string]int64 `json:"used"`
		Limit map[string]int64 `json:"limit"`
		VMs   []vm             `json:"vms"`
	}
	out := struct {
		Instance  string     `json:"instance"`
		Placement string     `json:"placement"`
		Resources []resource `json:"resources"`
		ToMend    []breach   `json:"to_mend,omitempty"` // what the placement breaks
		Hosts     []host     `json:"hosts"`
	}{d.in.Name, "initial", []resource{}, breaches(d.broken), []host{}}
	switch {
	case d.moment != nil && d.moment.step > 0:
		out.Placement = fmt.Sprintf("after step %d", d.moment.step)
	case d.moment == nil && !d.toTarget:
		out.Placement = "target"
	}
	for _, r := range d.resources {
		out.Resources = append(out.Resources, resource(d.in.Resources[r]))
	}
	for _, h := range d.hosts {
		one := host{d.in.Hosts[h].Name, map[string]int64{}, map[string]int64{}, []vm{}}
		for _, r := range d.resources {
			one.Used[d.in.Resources[r].Name] = d.used(d.on[h], r)
			one.Limit[d.in.Resources[r].Name] = d.limit[r][h]
		}
		for _, v := range d.on[h] {
			x := vm{Name: d.in.VMs[v].Name, Demand: map[string]int64{}, Moves: d.moves(v)}
			for _, r := range d.resources {
				x.Demand[d.in.Resources[r].Name] = d.in.VMs[v].Demand[r]
			}
			to, way := d.underWay(v)
			switch x.UnderWay = way; {
			case way && to == h:
				x.From = nameOrNone(d.in, d.place[v])
			case way:
				x.To = nameOrNone(d.in, to)
			case !x.Moves || d.other[v] == cloud.Absent:
			case d.toTarget:
				x.To = d.in.HostName(d.other[v])
			default:
				x.From = d.in.HostName(d.other[v])
			}
			one.VMs = append(one.VMs, x)
		}
		out.Hosts = append(out.Hosts, one)
	}
	return encodeJSON(w, out)
}

// nameOrNone names a host; no host has no name.
func nameOrNone(in *cloud.Instance, h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return in.HostName(h)
}
