package plots

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/internal/pdfcanvas"
)

// Figure is a picture, ready to be rendered: a body framed by title, legend and
// caption. Its height follows from what it holds.
type Figure struct {
	Name    string // as in the registry
	Title   string
	Caption string // what is shown, over what, and what is not
	Timed   bool   // shows times, and so differs from run to run
	// NotApplicable: the plot is not about such records; the caption says why, and begins like
	// an error. Reports leave such a figure out unless it was asked for.
	NotApplicable bool

	size       size
	bodyHeight vg.Length
	body       func(draw.Canvas) // nil: there is no data
	legend     []series
	columns    []string       // of data
	rows       func() [][]any // what is drawn; made when asked for, since reports hold many figures
}

func (f *Figure) notApplicable(reason string) {
	f.NotApplicable, f.Caption = true, reason+"."
}

// Formats lists the formats that Render knows.
func Formats() []string { return []string{"svg", "png", "pdf"} }

// pngDPI makes pictures of the frame's width sharp on screens of double density.
const pngDPI = 192

// Render draws a figure in one of Formats. The same figure gives the same bytes. What
// goes wrong within the drawing libraries, which panic, is returned as an error.
func Render(f Figure, format string) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("plot %q: %v", f.Name, p)
		}
	}()
	if f.size.width == 0 {
		f.size = sizeNamed("page")
	}
	frame := f.layout()
	var c interface {
		vg.Canvas
		io.WriterTo
	}
	switch format {
	case "svg":
		c = vgsvg.New(f.size.width, frame.height)
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.size.width, frame.height), vgimg.UseDPI(pngDPI))}
	case "pdf":
		c = pdfcanvas.New(f.size.width, frame.height, prose.Clean(f.Title))
	default:
		return nil, fmt.Errorf("unknown picture format %q, known are %s", format, strings.Join(Formats(), ", "))
	}
	f.draw(draw.NewCanvas(cleaned{c}, f.size.width, frame.height), frame)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil || format != "svg" {
		return b.Bytes(), err
	}
	// The viewer may not have the font; these have the same widths.
	fonts := []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	return bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), fonts), nil
}

// cleaned cleans text on its way to a canvas: XML cannot hold control characters.
type cleaned struct{ vg.Canvas }

func (c cleaned) FillString(f font.Face, at vg.Point, s string) {
	c.Canvas.FillString(f, at, prose.Clean(s))
}

// frame is where the parts of a figure stand; heights add up to height.
type frame struct {
	title, caption []string
	legend         legend
	body, height   vg.Length
}

const (
	gap          = vg.Length(9)   // between the parts
	leastBody    = vg.Length(110) // height that is left to a body however long the legend is
	noDataHeight = vg.Length(120)
)

// layout places the parts of a figure on a page at most: a long legend loses its end, which says so, then the body gives way.
func (f Figure) layout() frame {
	z := f.size
	title, small := textStyle(z.title, ink, true), textStyle(z.small, grey, false)
	var fr frame
	if !z.bare {
		fr.title = fit(title, prose.Clean(f.Title), z.room())
		fr.caption = fit(small, prose.Clean(prose.Sentence(f.Caption)), z.room())
	}
	rest := 2*z.margin + vg.Length(len(fr.title))*leading(title) + gap/2 + gap + vg.Length(len(fr.caption))*leading(small)
	fr.body = noDataHeight
	if f.body != nil {
		fr.legend = layLegend(f.legend, z, mostHeight-rest-min(f.bodyHeight, leastBody))
		fr.body = min(f.bodyHeight, max(mostHeight-rest-fr.legend.height, leastBody))
	}
	fr.height = rest + fr.body + fr.legend.height
	return fr
}

// fitted draws a figure, with smaller names where it would not fit a page.
func fitted(name string, z size, draw func(*Figure)) Figure {
	for least := 0.65 * z.names; ; z.names *= 0.85 {
		f := Figure{Name: name, size: z}
		draw(&f)
		if f.body == nil || z.names < least || f.room()-placeLegend(f.legend, z).height >= f.bodyHeight {
			return f
		}
	}
}

// add adds the i-th algorithm to the legend, with a figure in parentheses.
func (f *Figure) add(i int, name, figure string) {
	s := seriesOf(i)
	s.name, s.plain = fmt.Sprintf("%s  (%s)", name, figure), name
	f.legend = append(f.legend, s)
}

// room is the height that a page has for body and legend.
func (f Figure) room() vg.Length {
	f.body, f.bodyHeight, f.legend = func(draw.Canvas) {}, 0, nil
	return mostHeight - f.layout().height
}

func (f Figure) draw(c draw.Canvas, fr frame) {
	fill(c, color.White, c.Rectangle)
	z := f.size
	title, small := textStyle(z.title, ink, true), textStyle(z.small, grey, false)
	left := c.Min.X + z.margin
	y := drawLines(c, title, fr.title, left, c.Max.Y-z.margin) - gap/2

	body := draw.Canvas{Canvas: c.Canvas, Rectangle: rect(left, y-fr.body, c.Max.X-z.margin, y)}
	if f.body != nil {
		f.body(body)
	} else {
		outline(c, draw.LineStyle{Color: pale, Width: 1}, body.Rectangle)
		c.FillText(centred(z.title, grey), body.Center(), "no data")
	}
	y -= fr.body + gap

	fr.legend.draw(c, left, y, z)
	y -= fr.legend.height
	drawLines(c, small, fr.caption, left, y)
}

// points has a row for each point, in f.columns: of texts, truths and numbers, NaN for none.
func (f Figure) points() [][]any {
	if f.rows == nil {
		return nil
	}
	return f.rows()
}

// CSV writes the data of a figure as comma-separated values: a line with the names of columns,
// which have units, and one for each point. Numbers are in full; where there is none, nothing is.
func (f Figure) CSV(w io.Writer) error {
	lines := [][]string{f.columns}
	for _, row := range f.points() {
		texts := make([]string, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case float64:
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
				}
			case bool:
				texts[i] = map[bool]string{true: "yes", false: "no"}[v]
			default:
				texts[i] = fmt.Sprint(v)
			}
		}
		lines = append(lines, texts)
	}
	return csv.NewWriter(w).WriteAll(lines)
}

// legend stands below the data. Note: gonum's own is drawn over the data.
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

// layLegend places entries within a height, and counts those beyond it.
func layLegend(list []series, z size, most vg.Length) legend {
	l := placeLegend(list, z)
	for n := len(list); l.height > most && n > 1; {
		n -= max(1, n/20)
		l = placeLegend(append(list[:n:n], series{name: fmt.Sprintf("… and %d more", len(list)-n)}), z)
	}
	return l
}

// placeLegend places entries: all in one row if they fit, else in columns. A name too long for a column has a row for itself.
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

func drawMarker(c draw.Canvas, s series, at vg.Point, z size) {
	drawDot(c, draw.GlyphStyle{Color: s.color, Radius: z.marker, Shape: s.glyph}, at, 0.7)
}

// drawDot draws a glyph on a white halo, so that hollow ones show on their line.
func drawDot(c draw.Canvas, style draw.GlyphStyle, at vg.Point, halo vg.Length) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: style.Radius + halo, Shape: draw.CircleGlyph{}}, at)
	c.DrawGlyphNoClip(style, at)
}
