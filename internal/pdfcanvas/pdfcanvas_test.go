package pdfcanvas

import (
	"bytes"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// A circle that is drawn clockwise, or into a corner, would be no circle.
func TestPDFCurvesEndWhereTheyShould(t *testing.T) {
	c := New(100, 100, "")
	c.doc.SetCompression(false)
	var p vg.Path
	p.Move(vg.Point{X: 60, Y: 50})
	p.Arc(vg.Point{X: 50, Y: 50}, 10, 0, 6.283185307179586)
	p.Close()
	p.Move(vg.Point{X: 0, Y: 0})
	p.QuadTo(vg.Point{X: 30, Y: 0}, vg.Point{X: 30, Y: 30})
	c.Fill(p)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		" 57.071 57.071 c\n", " 50 60 c\n", " 40 50 c\n", " 50 40 c\n", " 60 50 c\nh\n", // the circle
		"20 0 30 10 30 30 c\nf\n", // the quadratic curve as a cubic one
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the file", want)
		}
	}
}
