package plots

import "gonum.org/v1/plot/vg"

// unseen is a distance too short to be seen in print: at 600 dots per inch, one of them.
const unseen = vg.Length(0.12)

// stairs is the path of a step function that has the height of each point from there
// to the next one. Steps too small to be seen are taken together, so that the path is
// as long as the picture is large, and not as there are records.
func stairs(points []vg.Point) []vg.Point {
	if len(points) == 0 {
		return nil
	}
	path := []vg.Point{points[0]}
	at := points[0]
	for i, p := range points[1:] {
		far := p.X-at.X > unseen || p.Y-at.Y > unseen || at.Y-p.Y > unseen
		if !far && i+2 < len(points) {
			continue
		}
		if p.Y != at.Y {
			path = append(path, vg.Point{X: p.X, Y: at.Y})
		}
		path = append(path, p)
		at = p
	}
	return path
}
