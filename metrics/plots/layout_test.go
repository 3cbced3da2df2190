package plots

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// textCanvas keeps where texts stand on a picture, and where the corners of lines and
// surfaces are, and draws nothing.
type textCanvas struct {
	at      []affine
	texts   []writing
	corners []vg.Point
}

// writing is a text with the rectangle that its letters fill.
type writing struct {
	text string
	box  vg.Rectangle
}

// affine maps (x, y) to (a·x - b·y + dx, b·x + a·y + dy).
type affine struct{ a, b, dx, dy float64 }

func (t affine) of(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(t.a*x - t.b*y + t.dx), Y: vg.Length(t.b*x + t.a*y + t.dy)}
}

func (c *textCanvas) top() *affine { return &c.at[len(c.at)-1] }

func (c *textCanvas) Push()                               { c.at = append(c.at, *c.top()) }
func (c *textCanvas) Pop()                                { c.at = c.at[:len(c.at)-1] }
func (c *textCanvas) SetLineWidth(vg.Length)              {}
func (c *textCanvas) SetLineDash([]vg.Length, vg.Length)  {}
func (c *textCanvas) SetColor(color.Color)                {}
func (c *textCanvas) Stroke(p vg.Path)                    { c.keep(p) }
func (c *textCanvas) Fill(p vg.Path)                      { c.keep(p) }
func (c *textCanvas) Scale(_, _ float64)                  { panic("no plot scales") }
func (c *textCanvas) DrawImage(vg.Rectangle, image.Image) {}

// keep keeps the corners of a path; of an arc, where it reaches furthest.
func (c *textCanvas) keep(p vg.Path) {
	for _, x := range p {
		switch x.Type {
		case vg.MoveComp, vg.LineComp:
			c.corners = append(c.corners, c.top().of(float64(x.Pos.X), float64(x.Pos.Y)))
		case vg.ArcComp:
			for _, d := range []vg.Point{{X: x.Radius}, {X: -x.Radius}, {Y: x.Radius}, {Y: -x.Radius}} {
				c.corners = append(c.corners, c.top().of(float64(x.Pos.X+d.X), float64(x.Pos.Y+d.Y)))
			}
		}
	}
}

func (c *textCanvas) Rotate(r float64) {
	t, sin, cos := c.top(), math.Sin(r), math.Cos(r)
	t.a, t.b = t.a*cos-t.b*sin, t.b*cos+t.a*sin
}

func (c *textCanvas) Translate(p vg.Point) {
	to := c.top().of(float64(p.X), float64(p.Y))
	c.top().dx, c.top().dy = float64(to.X), float64(to.Y)
}

func (c *textCanvas) FillString(f font.Face, at vg.Point, text string) {
	if text == "" {
		return
	}
	x, y, w, h := float64(at.X), float64(at.Y), float64(f.Width(text)), float64(f.Font.Size)
	// From what hangs below the line to the height of capitals.
	p, q := c.top().of(x, y-0.2*h), c.top().of(x+w, y+0.7*h)
	c.texts = append(c.texts, writing{text, vg.Rectangle{
		Min: vg.Point{X: min(p.X, q.X), Y: min(p.Y, q.Y)}, Max: vg.Point{X: max(p.X, q.X), Y: max(p.Y, q.Y)},
	}})
}

// overlap tells whether two texts run into each other by more than a hair.
func overlap(a, b vg.Rectangle) bool {
	const hair = 0.5
	return a.Min.X < b.Max.X-hair && b.Min.X < a.Max.X-hair && a.Min.Y < b.Max.Y-hair && b.Min.Y < a.Max.Y-hair
}

// within tells whether a point lies on a text, by more than a hair.
func within(p vg.Point, r vg.Rectangle) bool {
	const hair = 0.5
	return p.X > r.Min.X+hair && p.X < r.Max.X-hair && p.Y > r.Min.Y+hair && p.Y < r.Max.Y-hair
}

// What a reader cannot read is not there: in no picture of any scene and size may a
// text cross another or the edge, or a line or a marker reach into a text.
func TestTextsNeitherOverlapNorLeaveThePicture(t *testing.T) {
	scenes := scenes()
	for _, d := range testCatalogue().Descriptors(Kind) {
		for _, scene := range slices.Sorted(maps.Keys(scenes)) {
			for _, z := range []string{"page", "column"} {
				b, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.Named(d.Name).With(SizeParam, z))
				if err != nil {
					t.Fatal(err)
				}
				f := b(summary.Of(scenes[scene], summary.WithCatalogue(testCatalogue())))
				if f.NotApplicable {
					continue
				}
				checkTexts(t, d.Name+"-"+scene+"-"+z, f)
			}
		}
	}
}

func checkTexts(t *testing.T, name string, f Figure) {
	t.Helper()
	fr := f.layout()
	if fr.height > mostHeight+0.01 {
		t.Errorf("%s: %v high, a page has room for %v", name, fr.height, mostHeight)
	}
	c := &textCanvas{at: []affine{{a: 1}}}
	f.draw(draw.NewCanvas(c, f.size.width, fr.height), fr)
	for i, a := range c.texts {
		if a.box.Min.X < 0 || a.box.Min.Y < 0 || a.box.Max.X > f.size.width || a.box.Max.Y > fr.height {
			t.Errorf("%s: %q at %v leaves the picture of %v × %v", name, a.text, a.box, f.size.width, fr.height)
		}
		for _, b := range c.texts[i+1:] {
			if overlap(a.box, b.box) {
				t.Errorf("%s: %q at %v and %q at %v overlap", name, a.text, a.box, b.text, b.box)
			}
		}
		box := a.box
		if slices.Contains(fr.title, a.text) || slices.Contains(fr.caption, a.text) { // nothing stands beside these
			box.Min.X, box.Max.X = 0, f.size.width
		}
		for _, p := range c.corners {
			if within(p, box) {
				t.Errorf("%s: something at %v reaches into %q at %v", name, p, a.text, a.box)
				break
			}
		}
	}
	if *view != "" {
		png, err := Render(f, "png")
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(*view, name+".png"), png, 0o666)
	}
}

// More algorithms than a page has room for must not make a taller page, nor one on which names
// run into each other.
func TestHundredsOfAlgorithmsFitAPage(t *testing.T) {
	var names []string
	for i := range 120 {
		names = append(names, fmt.Sprintf("improve(base=astar(heuristic=deadlock), window=%d)", i))
	}
	records := suite(2, 1.6, names...)
	for _, d := range testCatalogue().Descriptors(Kind) {
		for _, z := range Sizes() {
			f := figure(t, fmt.Sprintf("%s(size=%s)", d.Name, z), records)
			if checkTexts(t, "hundreds-"+d.Name+"-"+z, f); f.body == nil && d.Name != "heat-map" && d.Name != "critical-difference" && d.Name != "pareto-targets" && d.Name != "makespan-cost" {
				t.Errorf("%s is not drawn: %s", d.Name, f.Caption)
			}
		}
	}
}
