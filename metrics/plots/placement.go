package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// mostHostRows is how many hosts have a row each in a picture of placements; more are
// sorted and drawn as one profile.
const mostHostRows = 40

// Placement draws how VMs fill the hosts of an instance, before and after side by side,
// in one of [Sizes]. Up to 40 hosts have a bar each, made of their VMs. More are sorted by how
// full they are, in groups as narrow as can be seen, so that clouds of any size have a
// picture. Without a target there is one side only.
func Placement(o summary.Occupancy, sizeName string) Figure {
	z := sizeNamed(sizeName)
	f := Figure{Name: "placement", Title: o.Instance.Name, size: z}
	if f.Title == "" {
		f.Title = "Placement"
	}
	if len(o.Before) == 0 {
		f.Caption = "There are no hosts."
		return f
	}
	f.Caption = placementCounts(o)
	for fate := range summary.Fates {
		if o.VMs[fate] > 0 {
			f.Legend = append(f.Legend, fmt.Sprintf("%s  (%s%s)", fateText(fate), prose.Count(o.VMs[fate], "VM"), amountText(o, o.Amount[fate])))
			f.styles = append(f.styles, series{area: areaOf(fate)})
		}
	}
	if len(o.Before) <= mostHostRows {
		f.hostRows(o, z)
	} else {
		f.hostProfile(o, z)
	}
	return f
}

// sides are the placements that are drawn, with their headings.
func sides(o summary.Occupancy) (loads [][]summary.Load, headings []string) {
	loads, headings = [][]summary.Load{o.Before}, []string{"initial placement"}
	if o.After != nil {
		loads, headings = append(loads, o.After), append(headings, "target placement")
	}
	return loads, headings
}

func fateText(f summary.Fate) string {
	return [...]string{"stays", "moves", "is shut down", "is provisioned"}[f]
}

// areaOf is how VMs of a fate are drawn.
func areaOf(f summary.Fate) *area {
	return &[]area{
		{color: color.NRGBA{0xBF, 0xCC, 0xD6, 0xFF}}, // no colour of Okabe and Ito: it is what does not matter
		{color: seriesOf(4).color, rising: true},
		{color: seriesOf(3).color, rising: true, falling: true},
		{color: seriesOf(5).color, falling: true},
	}[f]
}

// amountText is an amount of the resource shown, after a comma.
func amountText(o summary.Occupancy, amount int64) string {
	r := o.Instance.Resources[o.Resource]
	unit := r.Unit
	if unit == "" {
		unit = r.Name
	}
	return fmt.Sprintf(", %s %s", plain(float64(amount)), unit)
}

// placementCounts says how much there is, how full the hosts are and how many are empty.
func placementCounts(o summary.Occupancy) string {
	vms := 0
	for _, n := range o.VMs {
		vms += n
	}
	loads, _ := sides(o)
	var empty, full []string
	limit := 0.0
	for _, side := range loads {
		n, used := 0, 0.0
		limit = 0
		for _, l := range side {
			if len(l.VMs) == 0 {
				n++
			}
			used, limit = used+float64(l.Used()), limit+float64(l.Limit)
		}
		empty, full = append(empty, fmt.Sprint(n)), append(full, share(used/limit))
	}
	beforeAfter := func(figures []string) string {
		if len(figures) == 1 {
			return figures[0]
		}
		return fmt.Sprintf("%s before, %s after", figures[0], figures[1])
	}
	text := fmt.Sprintf("%s, %s", prose.Count(len(o.Before), "host"), prose.Count(vms, "VM"))
	if limit > 0 {
		text += "; used of all limits: " + beforeAfter(full)
	}
	return text + "; empty hosts: " + beforeAfter(empty) + ". "
}

// sideGap is the distance between the two sides.
const sideGap = vg.Length(14)

// split divides the width of a canvas between so many sides.
func split(c draw.Canvas, sides int) []draw.Canvas {
	out := make([]draw.Canvas, sides)
	width := (c.Size().X - vg.Length(sides-1)*sideGap) / vg.Length(sides)
	for i := range out {
		out[i] = c
		out[i].Min.X = c.Min.X + vg.Length(i)*(width+sideGap)
		out[i].Max.X = out[i].Min.X + width
	}
	return out
}

// resourceLabel is the resource shown, with its unit.
func resourceLabel(o summary.Occupancy) string {
	r := o.Instance.Resources[o.Resource]
	return axisLabel(summary.Quantity{Key: r.Name, Unit: r.Unit})
}
