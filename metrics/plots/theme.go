package plots

import (
	"image/color"
	"math"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// series is how one algorithm is drawn: never told apart by colour alone.
type series struct {
	name   string // in legends, with figures
	plain  string // in data
	color  color.NRGBA
	dashes []vg.Length
	glyph  draw.GlyphDrawer
	points bool  // without a line
	area   *area // in place of line and marker
}

// seriesOf is the style of the i-th algorithm. The colours are those of M. Okabe and K. Ito, Color Universal Design, 2008,
// https://jfly.uni-koeln.de/color/, without yellow, which is too light for lines on white, and with black last. The dashes
// change with a different period, so that 7·5 styles differ.
func seriesOf(i int) series {
	colors := []color.NRGBA{
		{0x00, 0x72, 0xB2, 0xFF}, // blue
		{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
		{0x00, 0x9E, 0x73, 0xFF}, // bluish green
		{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
		{0xE6, 0x9F, 0x00, 0xFF}, // orange
		{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
		{0x00, 0x00, 0x00, 0xFF}, // black
	}
	dashes := [][]vg.Length{nil, {6, 2.5}, {2, 2}, {8, 2.5, 2, 2.5}, {12, 3}}
	glyphs := []draw.GlyphDrawer{
		draw.CircleGlyph{},
		draw.SquareGlyph{},
		draw.PyramidGlyph{},
		draw.BoxGlyph{},
		draw.CrossGlyph{},
		draw.RingGlyph{},
		draw.TriangleGlyph{},
		draw.PlusGlyph{},
	}
	return series{color: colors[i%len(colors)], dashes: dashes[i%len(dashes)], glyph: glyphs[i%len(glyphs)]}
}

func (s series) line(z size) draw.LineStyle {
	return draw.LineStyle{Color: s.color, Width: z.line, Dashes: s.dashes}
}

func faded(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(opacity * 255)
	return c
}

// thinLine is that of axes, and of what stands on the data to compare them with.
var thinLine = draw.LineStyle{Color: grey, Width: 0.7}

// dotted is a line at a value that means something, such as the largest possible one.
var dotted = draw.LineStyle{Color: grey, Width: 0.7, Dashes: []vg.Length{1.5, 2}}

var (
	white = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xFF} // titles, labels
	grey  = color.NRGBA{0x5A, 0x5A, 0x5A, 0xFF} // captions, axes: 6.9:1 on white
	pale  = color.NRGBA{0xE2, 0xE2, 0xE2, 0xFF} // grid
)

// textStyle is Liberation Sans, which gonum embeds. Note: plot.DefaultFont and plotter.DefaultFont belong to the whole process.
func textStyle(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = stdfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler, XAlign: text.XLeft, YAlign: text.YTop}
}

// centred is a text style whose texts stand around a point.
func centred(size vg.Length, c color.Color) text.Style {
	style := textStyle(size, c, false)
	style.XAlign, style.YAlign = text.XCenter, text.YCenter
	return style
}

// area is how a surface is filled: with a colour, and lines to tell it apart in grey.
type area struct {
	color           color.NRGBA
	rising, falling bool
}

func (a area) fill(c draw.Canvas, r vg.Rectangle) {
	fill(c, a.color, r)
	a.lines(c, r)
}

func (a area) lines(c draw.Canvas, r vg.Rectangle) {
	lines := faded(inkOn(a.color), 0.6)
	if a.rising {
		hatch(c, r, lines, false)
	}
	if a.falling {
		hatch(c, r, lines, true)
	}
}

func rect(left, bottom, right, top vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: top}}
}

func fill(c draw.Canvas, with color.Color, r vg.Rectangle) {
	c.SetColor(with)
	c.Fill(r.Path())
}

func outline(c draw.Canvas, style draw.LineStyle, r vg.Rectangle) {
	c.StrokeLines(style, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min})
}

// drawLabel writes into the middle of a rectangle, on a plate of that colour where it is hatched.
func drawLabel(c draw.Canvas, style text.Style, label string, r vg.Rectangle, ground color.NRGBA, hatched bool) {
	x, y := (r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2
	if w, h := style.Width(label)/2+1.5, style.Font.Size*0.52; hatched {
		fill(c, ground, rect(x-w, y-h, x+w, y+h))
	}
	c.FillText(style, vg.Point{X: x, Y: y}, label)
}

const hatchGap = vg.Length(4.5)

// hatch draws lines that rise to the right, or fall, and go on from rectangle to rectangle.
func hatch(c draw.Canvas, r vg.Rectangle, ink color.NRGBA, falling bool) {
	side := vg.Length(1)
	if falling { // they rise in the mirror
		r.Min.X, r.Max.X = -r.Max.X, -r.Min.X
		side = -1
	}
	// A line is where y - x is a multiple of the gap.
	first := math.Ceil(float64((r.Min.Y - r.Max.X) / hatchGap))
	for k := first; vg.Length(k)*hatchGap <= r.Max.Y-r.Min.X; k++ {
		d := vg.Length(k) * hatchGap
		x0, x1 := max(r.Min.X, r.Min.Y-d), min(r.Max.X, r.Max.Y-d)
		if x0 < x1 {
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.7}, side*x0, x0+d, side*x1, x1+d)
		}
	}
}

// viridis is the colour of a share from 0 (dark) to 1 (light): equal steps look equally large, to colour-blind readers too,
// and lightness rises all the way, so that the order survives printing in grey.
//
// Values: viridis(11) of the R package viridisLite, of the map by S. van der Walt and
// N. Smith, 2015, https://bids.github.io/colormap/; between them, linear. Why such maps:
// Nuñez, Anderton and Renslow 2018, doi 10.1371/journal.pone.0199239.
func viridis(share float64) color.NRGBA {
	anchors := [...]uint32{
		0x440154, 0x482576, 0x414487, 0x35608D, 0x2A788E, 0x21908C,
		0x22A884, 0x43BF71, 0x7AD151, 0xBBDF27, 0xFDE725,
	}
	x := min(max(share, 0), 1) * float64(len(anchors)-1)
	i := min(int(x), len(anchors)-2)
	mix := func(shift int) uint8 {
		a, b := float64(anchors[i]>>shift&0xFF), float64(anchors[i+1]>>shift&0xFF)
		return uint8(a + (b-a)*(x-float64(i)) + 0.5)
	}
	return color.NRGBA{mix(16), mix(8), mix(0), 0xFF}
}

// luminance is that of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance, from 0 to 1, with a plain square for gamma.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 { return float64(v) * float64(v) / (255 * 255) }
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// inkOn is black or white, whichever reads better on a colour.
func inkOn(c color.NRGBA) color.NRGBA {
	if luminance(c) > 0.2 {
		return color.NRGBA{0, 0, 0, 0xFF}
	}
	return white
}

// size is how large a figure's parts are: as a paper prints them, so that it is never scaled.
type size struct {
	width, margin vg.Length
	// Of fonts: the title, labels of axes, numbers at ticks, the caption.
	title, label, tick, small vg.Length
	names                     vg.Length // of the font of names of algorithms: smaller than labels where there are many
	line, marker              vg.Length // width of lines, radius of markers
	height                    vg.Length // of axes, in plots where nothing else decides
	bare                      bool      // without title and caption
}

// mostHeight is that of a figure: it fits a page of A4 or letter paper with its caption.
const mostHeight = 230 * vg.Millimeter

// SizeParam is the parameter of every plot that says its width, one of [Sizes].
const SizeParam = "size"

// Sizes lists the sizes of plots.
func Sizes() []string { return []string{"page", "column"} }

const captionName = "caption"

func sizeParams() []spec.Param {
	return []spec.Param{
		{
			Name: SizeParam, Type: spec.Choice, Choices: Sizes(), Default: "page",
			Doc: "width and size of texts: 7 inches for a page, 3.5 for one of two columns; include it unscaled",
		},
		{Name: captionName, Type: spec.Bool, Default: "yes", Doc: "write title and caption into the picture; no leaves them to the paper"},
	}
}

func sizeNamed(name string) size {
	if name == "column" {
		// Of two on a page. Its smallest text has the 7 points that are left of a caption's 8
		// or 9 in the classes of the ACM and the IEEE.
		return size{width: 3.5 * vg.Inch, margin: 5, title: 9, label: 8, tick: 7, small: 7, names: 8, line: 1.2, marker: 2.3, height: 160}
	}
	// The width of a page is also that of a README.
	return size{width: 7 * vg.Inch, margin: 12, title: 13, label: 10, tick: 9, small: 8.5, names: 10, line: 1.6, marker: 3, height: 250}
}

func (z size) room() vg.Length { return z.width - 2*z.margin }
