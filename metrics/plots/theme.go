package plots

import (
	"image/color"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
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

// seriesOf is the style of the i-th algorithm. The colours are those of M. Okabe and
// K. Ito, Color Universal Design, 2008, https://jfly.uni-koeln.de/color/, without
// yellow, which is too light for lines on white, and with black last. The dashes
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

func (s series) marker(z size) draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.color, Radius: z.marker, Shape: s.glyph}
}

// faded is a colour at so much opacity.
func faded(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(opacity * 255)
	return c
}

var (
	ink  = color.NRGBA{0x22, 0x22, 0x22, 0xFF} // titles, labels
	grey = color.NRGBA{0x5A, 0x5A, 0x5A, 0xFF} // captions, axes: 6.9:1 on white
	pale = color.NRGBA{0xE2, 0xE2, 0xE2, 0xFF} // grid
)

// textStyle is Liberation Sans, which gonum embeds. Styles are set one by one rather
// than through plot.DefaultFont and plotter.DefaultFont, which belong to the whole
// process.
func textStyle(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = stdfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler, XAlign: text.XLeft, YAlign: text.YTop}
}
