// Package pdfcanvas draws what gonum's plots draw into a PDF of one page.
//
// Note: gonum's vgpdf can fix dates and sort catalogues for the whole process only, embeds fonts whole, 400 KB of them, and
// writes UTF-8 as if it were Windows-1252, so that µs becomes Âµs. PDF's coordinates are those of vg, so paths and transforms
// are written as they are, and fonts, texts and opacities are left to fpdf.
package pdfcanvas

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// Canvas is a vg.Canvas that draws into a PDF of one page.
type Canvas struct {
	doc    *fpdf.Fpdf
	width  []vg.Length // of lines, a stack
	height vg.Length
	fonts  map[string]bool
}

// New makes the canvas of a page of a size. Equal drawings with equal titles have equal bytes.
func New(w, h vg.Length, title string) *Canvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: w.Points(), Ht: h.Points()}})
	doc.SetCatalogSort(true)
	same := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the same figure has the same bytes
	doc.SetCreationDate(same)
	doc.SetModificationDate(same)
	doc.SetProducer("rearrange", true)
	doc.SetTitle(title, true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	c := &Canvas{doc: doc, width: []vg.Length{1}, height: h, fonts: map[string]bool{}}
	vg.Initialize(c)
	return c
}

// WriteTo implements io.WriterTo, but for the count.
func (c *Canvas) WriteTo(w io.Writer) (int64, error) { return 0, c.doc.Output(w) }

func (c *Canvas) write(operator string, operands ...float64) {
	var b []byte
	for _, v := range operands {
		b = strconv.AppendFloat(b, math.Round(v*1000)/1000+0, 'f', -1, 64) // + 0: never -0
		b = append(b, ' ')
	}
	c.doc.RawWriteStr(string(b) + operator)
}

func (c *Canvas) point(operator string, points ...vg.Point) {
	var operands []float64
	for _, p := range points {
		operands = append(operands, p.X.Points(), p.Y.Points())
	}
	c.write(operator, operands...)
}

// SetLineWidth implements [vg.Canvas].
func (c *Canvas) SetLineWidth(w vg.Length) {
	c.width[len(c.width)-1] = w
	c.write("w", w.Points())
}

// SetLineDash implements [vg.Canvas].
func (c *Canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	text := "["
	for _, d := range pattern {
		text += strconv.FormatFloat(d.Points(), 'g', 5, 64) + " "
	}
	c.doc.RawWriteStr(fmt.Sprintf("%s] %s d", text, strconv.FormatFloat(offset.Points(), 'g', 5, 64)))
}

// SetColor implements [vg.Canvas].
func (c *Canvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	n := color.NRGBAModel.Convert(clr).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetFillColor(r, g, b)
	c.doc.SetTextColor(r, g, b)
	c.doc.SetAlpha(float64(n.A)/255, "Normal")
}

// Rotate implements [vg.Canvas].
func (c *Canvas) Rotate(radians float64) {
	sin, cos := math.Sincos(radians)
	c.doc.RawWriteStr(fmt.Sprintf("%.5f %.5f %.5f %.5f 0 0 cm", cos, sin, -sin, cos))
}

// Translate implements [vg.Canvas].
func (c *Canvas) Translate(p vg.Point) { c.write("cm", 1, 0, 0, 1, p.X.Points(), p.Y.Points()) }

// Scale implements [vg.Canvas].
func (c *Canvas) Scale(x, y float64) { c.write("cm", x, 0, 0, y, 0, 0) }

// Push implements [vg.Canvas].
func (c *Canvas) Push() {
	c.width = append(c.width, c.width[len(c.width)-1])
	c.doc.RawWriteStr("q")
}

// Pop implements [vg.Canvas].
func (c *Canvas) Pop() {
	c.width = c.width[:len(c.width)-1]
	c.doc.RawWriteStr("Q")
}

// Stroke implements [vg.Canvas].
func (c *Canvas) Stroke(p vg.Path) {
	if c.width[len(c.width)-1] > 0 {
		c.path(p)
		c.write("S")
	}
}

// Fill implements [vg.Canvas].
func (c *Canvas) Fill(p vg.Path) {
	c.path(p)
	c.write("f")
}

func (c *Canvas) path(p vg.Path) {
	var at vg.Point
	for i, step := range p {
		switch step.Type {
		case vg.MoveComp:
			at = step.Pos
			c.point("m", at)
		case vg.LineComp:
			at = step.Pos
			c.point("l", at)
		case vg.ArcComp:
			at = c.arc(step, i == 0)
		case vg.CurveComp:
			a, b := step.Control[0], step.Control[len(step.Control)-1]
			if len(step.Control) == 1 { // quadratic: PDF knows cubic ones only
				a = vg.Point{X: (at.X + 2*a.X) / 3, Y: (at.Y + 2*a.Y) / 3}
				b = vg.Point{X: (step.Pos.X + 2*b.X) / 3, Y: (step.Pos.Y + 2*b.Y) / 3}
			}
			at = step.Pos
			c.point("c", a, b, at)
		case vg.CloseComp:
			c.write("h")
		}
	}
}

// arc draws an arc of a circle as Bézier curves of an eighth of it at most, which are
// off by a millionth of the radius, and returns where it ends.
func (c *Canvas) arc(step vg.PathComp, first bool) vg.Point {
	on := func(angle float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: step.Pos.X + step.Radius*vg.Length(cos), Y: step.Pos.Y + step.Radius*vg.Length(sin)}
	}
	pieces := max(1, math.Ceil(math.Abs(step.Angle)/(math.Pi/4)-1e-9))
	turn := step.Angle / pieces
	reach := vg.Length(4.0/3*math.Tan(turn/4)) * step.Radius
	from, begin := on(step.Start), "l"
	if first {
		begin = "m"
	}
	c.point(begin, from)
	for i := 1.0; i <= pieces; i++ {
		a0, a1 := step.Start+(i-1)*turn, step.Start+i*turn
		to := on(a1)
		s0, c0 := math.Sincos(a0)
		s1, c1 := math.Sincos(a1)
		c.point("c",
			vg.Point{X: from.X - reach*vg.Length(s0), Y: from.Y + reach*vg.Length(c0)},
			vg.Point{X: to.X + reach*vg.Length(s1), Y: to.Y - reach*vg.Length(c1)}, to)
		from = to
	}
	return from
}

// FillString implements [vg.Canvas]. It embeds only the glyphs that occur.
func (c *Canvas) FillString(f font.Face, at vg.Point, text string) {
	if f.Font.Size == 0 {
		return
	}
	style := ""
	if f.Font.Weight == stdfont.WeightBold {
		style = "B"
	}
	if !c.fonts[style] {
		var file bytes.Buffer
		if _, err := f.Face.WriteSourceTo(nil, &file); err != nil {
			panic(err)
		}
		c.doc.AddUTF8FontFromBytes("sans", style, file.Bytes())
		c.fonts[style] = true
	}
	c.doc.SetFont("sans", style, f.Font.Size.Points())
	c.doc.Text(at.X.Points(), (c.height - at.Y).Points(), text) // fpdf counts from the top
}

// DrawImage panics: no plot draws images.
func (c *Canvas) DrawImage(vg.Rectangle, image.Image) { panic("pdfcanvas: no plot draws images") }
