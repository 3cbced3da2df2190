package cli

import (
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
		Hosts     []host     `json:"hosts"`
	}{d.in.Name, "initial", []resource{}, []host{}}
	if !d.toTarget {
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
			switch {
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
