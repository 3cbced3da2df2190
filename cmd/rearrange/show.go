package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/fatih/color"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func showCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "draw an instance: hosts as meters, with what moves highlighted",
		ArgsUsage: "INSTANCE",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "resource", Aliases: []string{"r"}, Usage: "`RESOURCE` that the meters show, the first unless given"},
			&cli.IntFlag{Name: "hosts", Value: 40, Usage: "show at most this `NUMBER` of hosts, 0 for all"},
			&cli.StringSliceFlag{Name: "host", Usage: "show only this `HOST`; repeat for more"},
			&cli.BoolFlag{Name: "target", Usage: "draw the target placement instead of the initial one", DisableDefaultText: true},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "auto, always or never"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := arguments(c, 1, 1); err != nil {
				return err
			}
			in, err := readInstance(s, c.Args().First())
			if err != nil {
				return err
			}
			d, err := newDrawing(c, s, in)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return d.json(s.out)
			}
			d.draw(s.out)
			return nil
		},
	}
}

// drawing is one placement of an instance, seen along one resource.
type drawing struct {
	in       *cloud.Instance
	place    cloud.Placement // drawn
	other    cloud.Placement // the target, or where the VMs come from; nil if there is none
	toTarget bool            // whether other is the target
	hosts    []cloud.HostID  // to show
	hidden   int
	resource int
	limit    []int64 // by host
	on       [][]cloud.VMID
	incoming [][]cloud.VMID // by host: VMs that the other placement has there

	mark, faint, head *color.Color
}

func newDrawing(c *cli.Context, s streams, in *cloud.Instance) (*drawing, error) {
	d := &drawing{in: in, place: in.Initial, other: in.Target, toTarget: true}
	if c.Bool("target") {
		if in.Target == nil {
			return nil, usage("%s: the instance has no target placement", c.Args().First())
		}
		d.place, d.other, d.toTarget = in.Target, in.Initial, false
	}
	if err := d.choose(c); err != nil {
		return nil, err
	}
	if err := d.limits(c); err != nil {
		return nil, err
	}
	d.on, d.incoming = make([][]cloud.VMID, len(in.Hosts)), make([][]cloud.VMID, len(in.Hosts))
	for v, h := range d.place {
		if h != cloud.Absent {
			d.on[h] = append(d.on[h], cloud.VMID(v))
		}
		if d.other == nil || d.other[v] == h {
			continue
		}
		if o := d.other[v]; o != cloud.Absent {
			d.incoming[o] = append(d.incoming[o], cloud.VMID(v))
		}
	}
	d.mark, d.faint, d.head = color.New(color.FgYellow, color.Bold), color.New(color.Faint), color.New(color.Bold)
	colored := isTerminal(s.out)
	switch c.String("color") {
	case "always":
		colored = true
	case "never":
		colored = false
	case "auto":
	default:
		return nil, usage("--color: expected auto, always or never, found %q", c.String("color"))
	}
	for _, x := range []*color.Color{d.mark, d.faint, d.head} {
		if colored {
			x.EnableColor()
		} else {
			x.DisableColor()
		}
	}
	return d, nil
}

// choose picks the resource and the hosts that the flags ask for.
func (d *drawing) choose(c *cli.Context) error {
	if name := c.String("resource"); name != "" {
		var known []string
		found := false
		for i, r := range d.in.Resources {
			known = append(known, r.Name)
			if r.Name == name {
				d.resource, found = i, true
			}
		}
		if !found {
			return usage("unknown resource %q%s", name, spec.DidYouMean(name, known, "the instance has"))
		}
	}
	for _, name := range c.StringSlice("host") {
		h, ok := d.in.Host(name)
		if !ok {
			var known []string
			for _, h := range d.in.Hosts {
				known = append(known, h.Name)
			}
			return usage("unknown host %q%s", name, spec.DidYouMean(name, known, "the instance has"))
		}
		d.hosts = append(d.hosts, h)
	}
	if d.hosts != nil {
		return nil
	}
	most := c.Int("hosts")
	for h := range d.in.Hosts {
		if most > 0 && h >= most {
			d.hidden = len(d.in.Hosts) - most
			break
		}
		d.hosts = append(d.hosts, cloud.HostID(h))
	}
	return nil
}

// limits asks the rules how much each host may hold; without a rule that says so, it
// is what is not reserved.
func (d *drawing) limits(c *cli.Context) error {
	bound, err := rules.Bind(d.in, nil)
	if err != nil {
		return badInput(cloud.Locate(c.Args().First(), err))
	}
	d.limit = make([]int64, len(d.in.Hosts))
	for h := range d.in.Hosts {
		host := &d.in.Hosts[h]
		d.limit[h] = host.Capacity[d.resource] - host.Reserved[d.resource]
		for _, r := range bound {
			if l, ok := r.(cloud.Limiter); ok {
				d.limit[h] = l.Limit(cloud.HostID(h), d.resource)
			}
		}
	}
	return nil
}

// moves tells whether the other placement has the VM elsewhere.
func (d *drawing) moves(v cloud.VMID) bool { return d.other != nil && d.other[v] != d.place[v] }

func (d *drawing) used(vms []cloud.VMID) (sum int64) {
	for _, v := range vms {
		sum += d.in.VMs[v].Demand[d.resource]
	}
	return sum
}

const meterWidth = 30

func (d *drawing) draw(w io.Writer) {
	res := d.in.Resources[d.resource]
	fmt.Fprintf(w, "%s: %s, %s; %s", d.head.Sprint(d.in.Name), plural(len(d.in.Hosts), "host"), plural(len(d.in.VMs), "VM"), res.Name)
	if res.Unit != "" {
		fmt.Fprintf(w, " in %s", res.Unit)
	}
	fmt.Fprintln(w)
	if d.in.Description != "" {
		fold(w, d.in.Description, 0)
	}
	d.legend(w)
	name, arch, amount := 0, 0, 0
	for _, h := range d.hosts {
		host := &d.in.Hosts[h]
		name, arch = max(name, len(host.Name)), max(arch, len(host.Arch))
		amount = max(amount, len(humanize.Comma(max(d.limit[h], d.used(d.on[h])))))
	}
	for _, h := range d.hosts {
		host := &d.in.Hosts[h]
		used := d.used(d.on[h])
		fmt.Fprintf(w, "%-*s  ", name, host.Name)
		if arch > 0 {
			fmt.Fprintf(w, "%-*s  ", arch, host.Arch)
		}
		fmt.Fprintf(w, "%s %*s/%*s %s\n", d.meter(h), amount, humanize.Comma(used), amount, humanize.Comma(d.limit[h]), percent(used, d.limit[h]))
		d.list(w, h)
	}
	if d.hidden > 0 {
		fmt.Fprintf(w, "… and %s more; --hosts 0 shows all\n", plural(d.hidden, "host"))
	}
	d.totals(w)
}

func (d *drawing) legend(w io.Writer) {
	switch {
	case d.other == nil:
		fmt.Fprintln(w, d.faint.Sprint("█ used   · free      no target placement"))
	case d.toTarget:
		fmt.Fprintln(w, d.faint.Sprint("█ stays   ")+d.mark.Sprint("▒ leaves")+d.faint.Sprint("   · free      initial placement; → where to, ← what arrives"))
	default:
		fmt.Fprintln(w, d.faint.Sprint("█ stayed   ")+d.mark.Sprint("▒ came")+d.faint.Sprint("   · free      target placement; ← where from, → what left"))
	}
}

// meter draws how full a host is: what stays, what moves, what is free.
func (d *drawing) meter(h cloud.HostID) string {
	var stays, moves int64
	for _, v := range d.on[h] {
		if d.moves(v) {
			moves += d.in.VMs[v].Demand[d.resource]
		} else {
			stays += d.in.VMs[v].Demand[d.resource]
		}
	}
	full := max(d.limit[h], stays+moves, 1)
	cells := func(n int64) int { return int(float64(n)/float64(full)*meterWidth + 0.5) }
	a := cells(stays)
	b := max(cells(stays+moves)-a, 0)
	if moves > 0 && b == 0 { // what moves is always to be seen
		b = 1
		a = min(a, meterWidth-1)
	}
	return "▕" + strings.Repeat("█", a) + d.mark.Sprint(strings.Repeat("▒", b)) +
		d.faint.Sprint(strings.Repeat("·", meterWidth-a-b)) + "▏"
}

func percent(used, limit int64) string {
	if limit <= 0 {
		return ""
	}
	return fmt.Sprintf("%3.0f %%", 100*float64(used)/float64(limit))
}

// list names the VMs of a host: those that move first, then those that arrive, then
// those that stay.
func (d *drawing) list(w io.Writer, h cloud.HostID) {
	const mostStaying = 8
	out, in := "→", "←"
	if !d.toTarget {
		out, in = in, out
	}
	label := func(v cloud.VMID) string {
		return d.in.VMs[v].Name + " " + humanize.Comma(d.in.VMs[v].Demand[d.resource])
	}
	var staying []string
	for _, v := range d.on[h] {
		if !d.moves(v) {
			staying = append(staying, label(v))
			continue
		}
		where := "out of the cloud"
		if !d.toTarget {
			where = "new to the cloud"
		}
		if o := d.other[v]; o != cloud.Absent {
			where = d.in.Hosts[o].Name
		}
		fmt.Fprintf(w, "    %s\n", d.mark.Sprintf("%s %s %s", label(v), out, where))
	}
	for _, v := range d.incoming[h] {
		where := "new to the cloud"
		if !d.toTarget {
			where = "out of the cloud"
		}
		if o := d.place[v]; o != cloud.Absent {
			where = d.in.Hosts[o].Name
		}
		fmt.Fprintf(w, "    %s\n", d.faint.Sprintf("%s %s %s", label(v), in, where))
	}
	if n := len(staying); n > 0 {
		if n > mostStaying {
			staying = append(staying[:mostStaying], fmt.Sprintf("… and %d more", n-mostStaying))
		}
		fold(w, strings.Join(staying, ", "), 4)
	}
}

func (d *drawing) totals(w io.Writer) {
	if d.other == nil {
		return
	}
	var migrate, leave, enter int
	for v, from := range d.in.Initial {
		switch to := d.in.Target[v]; {
		case from == to:
		case to == cloud.Absent:
			leave++
		case from == cloud.Absent:
			enter++
		default:
			migrate++
		}
	}
	fmt.Fprintf(w, "%s to migrate, %d to shut down, %d to provision\n", plural(migrate, "VM"), leave, enter)
}

// json prints, per host shown, what the drawing shows.
func (d *drawing) json(w io.Writer) error {
	type vm struct {
		Name   string `json:"name"`
		Demand int64  `json:"demand"`
		Other  string `json:"other,omitempty"`
	}
	type host struct {
		Name  string `json:"name"`
		Used  int64  `json:"used"`
		Limit int64  `json:"limit"`
		VMs   []vm   `json:"vms"`
	}
	out := struct {
		Instance string `json:"instance"`
		Resource string `json:"resource"`
		Unit     string `json:"unit"`
		Hosts    []host `json:"hosts"`
	}{d.in.Name, d.in.Resources[d.resource].Name, d.in.Resources[d.resource].Unit, []host{}}
	for _, h := range d.hosts {
		one := host{Name: d.in.Hosts[h].Name, Used: d.used(d.on[h]), Limit: d.limit[h], VMs: []vm{}}
		for _, v := range d.on[h] {
			x := vm{Name: d.in.VMs[v].Name, Demand: d.in.VMs[v].Demand[d.resource]}
			if d.moves(v) {
				x.Other = d.in.HostName(d.other[v])
			}
			one.VMs = append(one.VMs, x)
		}
		out.Hosts = append(out.Hosts, one)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}
