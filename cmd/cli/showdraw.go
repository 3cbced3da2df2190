package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const meterWidth = 30

func (d *drawing) draw(w io.Writer) {
	marks := d.marks()
	d.in = printable(d.in)
	d.title(w)
	l := d.layout()
	for _, h := range d.hosts {
		d.drawHost(w, l, h)
		if broken := marks[h]; broken != nil {
			fmt.Fprintln(w, d.mark.Sprint(folded("breaks "+some(broken, 8), 4, screen)))
		}
		d.list(w, h)
	}
	if d.hidden > 0 {
		fmt.Fprintf(w, "… and %s; --hosts 0 shows all\n", prose.Count(d.hidden, "more host"))
	}
	d.totals(w)
	d.breaches(w)
}

// marks are the rules that are broken on each host.
func (d *drawing) marks() map[cloud.HostID][]string {
	out := map[cloud.HostID][]string{}
	for _, v := range cloud.Distinct(d.broken) {
		h, ok := d.in.Host(v.Where.Place)
		if v.Where.By != "host" || !ok {
			continue
		}
		text := brief(cloud.Violation{Rule: v.Rule})
		if v.Where.VM != "" {
			text += " with VM " + prose.Clean(v.Where.VM)
		}
		out[h] = append(out[h], text)
	}
	return out
}

// breaches says what the placement drawn breaks.
func (d *drawing) breaches(w io.Writer) {
	if len(d.broken) > 0 {
		head := toMend(d.broken)
		if d.moment != nil && d.moment.step > 0 {
			head = "still to be mended: " + cloud.Extent(d.broken)
		}
		fold(w, head, 0)
		listSome(w, 2, prose.Texts(d.broken, func(v cloud.Violation) string { return prose.Clean(v.String()) }), "; `rearrange validate` lists all")
	}
	if d.forGood != nil {
		fmt.Fprintln(prose.Writer{To: w}, d.forGood)
	}
}

// printable is an instance with what it names fit for a terminal: names stand between
// colours here, so that they cannot be cleaned afterwards.
func printable(in *cloud.Instance) *cloud.Instance {
	out := *in
	out.Name, out.Description = prose.Clean(in.Name), prose.Clean(strings.Join(strings.Fields(in.Description), " "))
	out.Resources, out.Hosts, out.VMs, out.Groups = slices.Clone(in.Resources), slices.Clone(in.Hosts), slices.Clone(in.VMs), slices.Clone(in.Groups)
	for i := range out.Resources {
		out.Resources[i] = cloud.Resource{Name: prose.Clean(in.Resources[i].Name), Unit: prose.Clean(in.Resources[i].Unit)}
	}
	for i := range out.Hosts {
		h := &out.Hosts[i]
		h.Name, h.Arch = prose.Clean(h.Name), prose.Clean(h.Arch)
	}
	for i := range out.VMs {
		v := &out.VMs[i]
		v.Name, v.Arch = prose.Clean(v.Name), prose.Clean(v.Arch)
	}
	for i := range out.Groups {
		out.Groups[i].Name = prose.Clean(in.Groups[i].Name)
	}
	return &out
}

func (d *drawing) title(w io.Writer) {
	var units []string
	for _, r := range d.resources {
		unit := d.in.Resources[r].Name
		if u := d.in.Resources[r].Unit; u != "" {
			unit += " in " + u
		}
		units = append(units, unit)
	}
	if n := len(d.in.Resources) - len(d.resources); n > 0 {
		units = append(units, prose.Count(n, "other resource"))
	}
	counts := folded(fmt.Sprintf("%s: %s, %s; %s", d.in.Name, prose.Count(len(d.in.Hosts), "host"), prose.Count(len(d.in.VMs), "VM"), strings.Join(units, ", ")), 0, screen)
	fmt.Fprintln(w, strings.Replace(counts, d.in.Name, d.head.Sprint(d.in.Name), 1))
	if d.in.Description != "" {
		fold(w, d.in.Description, 0)
	}
	list := func(head string, texts []string) {
		if len(texts) > 0 {
			fold(w, head+some(texts, 8), 0)
		}
	}
	list("rules: ", prose.Texts(rules.Specs(d.in, nil), func(r spec.Spec) string { return prose.Clean(r.String()) }))
	list("groups: ", prose.Texts(d.in.Groups, func(g cloud.Group) string { return fmt.Sprintf("%s (%d)", g.Name, len(g.VMs)) }))
	d.legend(w)
}

func (d *drawing) legend(w io.Writer) {
	switch {
	case d.moment != nil:
		d.headline(w)
		moves := "▒ leaves"
		if len(d.moment.way) > 0 {
			moves = "▒ leaves, or is under way"
		}
		fmt.Fprintln(w, d.faint.Sprint("█ stays   ")+d.mark.Sprint(moves)+d.faint.Sprint("   · free      → where to, ← what arrives"))
	case d.other == nil:
		fmt.Fprintln(w, d.faint.Sprint("█ used   · free      initial placement; there is no target"))
	case d.toTarget:
		fmt.Fprintln(w, d.faint.Sprint("█ stays   ")+d.mark.Sprint("▒ leaves")+d.faint.Sprint("   · free      initial placement; → where to, ← what arrives"))
	default:
		fmt.Fprintln(w, d.faint.Sprint("█ stayed   ")+d.mark.Sprint("▒ came")+d.faint.Sprint("   · free      target placement; ← where from, → what left"))
	}
}

// layout is the width of each column.
type layout struct {
	name, arch, resource, amount int
	stacked                      bool // a host's meters stand below its name
}

func (d *drawing) layout() layout {
	var l layout
	share := 0
	for _, r := range d.resources {
		if len(d.resources) > 1 {
			l.resource = max(l.resource, width(d.in.Resources[r].Name))
		}
		for _, h := range d.hosts {
			used, limit := d.used(d.on[h], r), d.limit[r][h]
			l.amount = max(l.amount, len(humanize.Comma(max(limit, used))))
			share = max(share, len(percent(used, limit)))
		}
	}
	for _, h := range d.hosts {
		l.name, l.arch = max(l.name, width(d.in.Hosts[h].Name)), max(l.arch, len("  ")+width(d.in.Hosts[h].Arch))
	}
	rest := len("  [") + meterWidth + len("] ") + l.amount + len("/") + l.amount + len(" ") + share
	l.stacked = len(d.resources) > 1 || l.name+l.arch+rest > screen
	return l
}

func (d *drawing) drawHost(w io.Writer, l layout, h cloud.HostID) {
	host := &d.in.Hosts[h]
	if l.stacked {
		fmt.Fprintln(w, strings.TrimRight(host.Name+"  "+host.Arch, " "))
	} else {
		fmt.Fprintf(w, "%-*s  ", l.name, host.Name)
		if l.arch > len("  ") {
			fmt.Fprintf(w, "%-*s", l.arch, host.Arch)
		}
	}
	for _, r := range d.resources {
		if l.stacked {
			fmt.Fprint(w, "  ")
		}
		if l.resource > 0 {
			fmt.Fprintf(w, "%-*s ", l.resource, d.in.Resources[r].Name)
		}
		used, limit := d.used(d.on[h], r), d.limit[r][h]
		line := fmt.Sprintf("%s %*s/%*s %s", d.meter(h, r), l.amount, humanize.Comma(used), l.amount, humanize.Comma(limit), percent(used, limit))
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// meter draws how full a host is: what stays, what moves, what is free.
func (d *drawing) meter(h cloud.HostID, resource int) string {
	var stays, moves int64
	for _, v := range d.on[h] {
		if d.moves(v) {
			moves += d.in.VMs[v].Demand[resource]
		} else {
			stays += d.in.VMs[v].Demand[resource]
		}
	}
	full := max(d.limit[resource][h], stays+moves, 1)
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
// those that have moved, then those that stay.
func (d *drawing) list(w io.Writer, h cloud.HostID) {
	const most = 8
	out, in, gone, fresh := "→", "←", "out of the cloud", "new to the cloud"
	if !d.toTarget {
		out, in, gone, fresh = in, out, fresh, gone
	}
	where := func(h cloud.HostID, nowhere string) string {
		if h == cloud.Absent {
			return nowhere
		}
		return d.in.Hosts[h].Name
	}
	came := func(v cloud.VMID) string { return "came from " + where(d.in.Initial[v], "outside") }
	var leaving, coming, moved, staying []string
	for _, v := range d.on[h] {
		label := d.label(v)
		to, way := d.underWay(v)
		switch {
		case way && to == h:
			coming = append(coming, fmt.Sprintf("%s %s %s, under way", label, in, where(d.place[v], "no host")))
		case way:
			leaving = append(leaving, fmt.Sprintf("%s %s %s, under way", label, out, where(to, "no host")))
		case d.moves(v) && d.moved(v):
			leaving = append(leaving, fmt.Sprintf("%s %s %s, %s", label, out, where(d.other[v], gone), came(v)))
		case d.moves(v):
			leaving = append(leaving, fmt.Sprintf("%s %s %s", label, out, where(d.other[v], gone)))
		case d.moved(v):
			moved = append(moved, fmt.Sprintf("%s %s", label, came(v)))
		default:
			staying = append(staying, label)
		}
	}
	arriving := prose.Texts(d.incoming[h], func(v cloud.VMID) string {
		nowhere := fresh
		if d.moved(v) {
			nowhere = "suspended"
		}
		return fmt.Sprintf("%s %s %s", d.label(v), in, where(d.place[v], nowhere))
	})
	lines := func(texts []string, paint func(...any) string, arrow string) {
		for _, t := range texts[:min(most, len(texts))] {
			fmt.Fprintln(w, "    "+paint(t))
		}
		if n := len(texts) - most; n > 0 {
			fmt.Fprintln(w, "    "+paint(strings.TrimSpace(fmt.Sprintf("… and %d more %s", n, arrow))))
		}
	}
	lines(leaving, d.mark.Sprint, out)
	lines(coming, d.mark.Sprint, in)
	lines(arriving, d.faint.Sprint, in)
	lines(moved, fmt.Sprint, "that came")
	if staying != nil {
		fold(w, some(staying, most), 4)
	}
}

// label is a VM with what it demands of the resources shown.
func (d *drawing) label(v cloud.VMID) string {
	demand := prose.Texts(d.resources, func(r int) string { return humanize.Comma(d.in.VMs[v].Demand[r]) })
	return d.in.VMs[v].Name + " " + strings.Join(demand, "/")
}

func (d *drawing) totals(w io.Writer) {
	switch {
	case d.other == nil:
		return
	case d.moment != nil:
		d.left(w)
		return
	}
	moves, leaves, enters := 0, 0, 0
	for v, from := range d.in.Initial {
		switch to := d.in.Target[v]; {
		case from == to:
		case to == cloud.Absent:
			leaves++
		case from == cloud.Absent:
			enters++
		default:
			moves++
		}
	}
	fmt.Fprintf(w, "%s to migrate, %d to shut down, %d to provision\n", prose.Count(moves, "VM"), leaves, enters)
}

// some joins texts, and counts those beyond the most that are to be shown.
func some(texts []string, most int) string {
	return strings.Join(prose.First(texts, most), ", ")
}

// width is how many columns a text takes, as far as runes tell.
func width(text string) int { return utf8.RuneCountInString(text) }
