package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// legend stands below the data, never on it. Note: gonum's own legend is drawn over
// the data, and cuts nothing only if its corner happens to be empty.
type legend struct {
	entries []legendEntry
	height  vg.Length
}

type legendEntry struct {
	series
	lines []string
	width vg.Length // with the gap to the next
	x, y  vg.Length // of its upper left corner, y downwards from the legend's top
}

const (
	thumbnail      = vg.Length(30) // line and marker of an entry
	thumbnailGap   = vg.Length(6)
	betweenEntries = vg.Length(20)
)

// layLegend places the entries: all in one row if they fit, else in columns. A name
// too long for a column has a row for itself, and is broken if it must be. What is beyond the
// height that there is, is counted.
func layLegend(list []series, z size, most vg.Length) legend {
	l := placeLegend(list, z)
	for n := len(list); l.height > most && n > 1; {
		n -= max(1, n/20)
		l = placeLegend(append(list[:n:n], series{name: fmt.Sprintf("… and %d more", len(list)-n)}), z)
	}
	return l
}

func placeLegend(list []series, z size) legend {
	var l legend
	room, style := z.room()+betweenEntries, textStyle(z.names, ink, false)
	var sum, column vg.Length
	for _, s := range list {
		lines := fit(style, prose.Clean(s.name), z.room()-thumbnail-thumbnailGap)
		w := thumbnail + thumbnailGap + widest(style, lines) + betweenEntries
		l.entries = append(l.entries, legendEntry{series: s, lines: lines, width: w})
		if sum += w; w <= room/2 {
			column = max(column, w)
		}
	}
	oneRow := sum <= room
	var x, y, row vg.Length // row: height of the current one
	for i := range l.entries {
		e := &l.entries[i]
		if !oneRow {
			e.width = max(e.width, column)
		}
		if x > 0 && x+e.width > room {
			x, y, row = 0, y+row, 0
		}
		e.x, e.y = x, y
		row = max(row, vg.Length(len(e.lines))*leading(style)+3)
		if x += e.width; e.width > column && !oneRow { // what follows starts at the left again
			x = room
		}
		l.height = y + row + gap
	}
	return l
}

func (l legend) draw(c draw.Canvas, left, top vg.Length, z size) {
	style := textStyle(z.names, ink, false)
	for _, e := range l.entries {
		x, y := left+e.x, top-e.y
		middle := y - style.Font.Size*0.55
		switch {
		case e.area != nil:
			box := rect(x, middle-z.names*0.45, x+thumbnail, middle+z.names*0.45)
			e.area.fill(c, box)
			outline(c, draw.LineStyle{Color: grey, Width: 0.5}, box)
		case e.glyph != nil:
			if !e.points {
				c.StrokeLine2(e.line(z), x, middle, x+thumbnail, middle)
			}
			drawMarker(c, e.series, vg.Point{X: x + thumbnail/2, Y: middle}, z)
		}
		drawLines(c, style, e.lines, x+thumbnail+thumbnailGap, y)
	}
}

// drawMarker draws a series' marker.
func drawMarker(c draw.Canvas, s series, at vg.Point, z size) {
	drawDot(c, draw.GlyphStyle{Color: s.color, Radius: z.marker, Shape: s.glyph}, at, 0.7)
}

// drawDot draws a glyph on a white halo, so that hollow ones show on their line.
func drawDot(c draw.Canvas, style draw.GlyphStyle, at vg.Point, halo vg.Length) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: style.Radius + halo, Shape: draw.CircleGlyph{}}, at)
	c.DrawGlyphNoClip(style, at)
}
