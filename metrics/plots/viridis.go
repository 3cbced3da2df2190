package plots

import "image/color"

// viridis is the colour of a share from 0 (dark) to 1 (light): equal steps look
// equally large, colour-blind readers see them too, and lightness rises all the way, so
// that the order survives printing in grey.
//
// Values: viridis(11) of the R package viridisLite, of the map by S. van der Walt and
// N. Smith, 2015, https://bids.github.io/colormap/; between them, linear. Why such maps:
// Nuñez, Anderton and Renslow 2018, doi 10.1371/journal.pone.0199239.
func viridis(share float64) color.NRGBA {
	anchors := [11][3]uint8{
		{0x44, 0x01, 0x54},
		{0x48, 0x25, 0x76},
		{0x41, 0x44, 0x87},
		{0x35, 0x60, 0x8D},
		{0x2A, 0x78, 0x8E},
		{0x21, 0x90, 0x8C},
		{0x22, 0xA8, 0x84},
		{0x43, 0xBF, 0x71},
		{0x7A, 0xD1, 0x51},
		{0xBB, 0xDF, 0x27},
		{0xFD, 0xE7, 0x25},
	}
	x := min(max(share, 0), 1) * float64(len(anchors)-1)
	i := min(int(x), len(anchors)-2)
	mix := func(c int) uint8 {
		a, b := float64(anchors[i][c]), float64(anchors[i+1][c])
		return uint8(a + (b-a)*(x-float64(i)) + 0.5)
	}
	return color.NRGBA{mix(0), mix(1), mix(2), 0xFF}
}

// luminance is the relative luminance of a colour, from 0 to 1, by the definition of
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance with a plain square for gamma.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 { return float64(v) * float64(v) / (255 * 255) }
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// inkOn is black or white, whichever reads better on a colour.
func inkOn(c color.NRGBA) color.NRGBA {
	if luminance(c) > 0.2 {
		return color.NRGBA{0, 0, 0, 0xFF}
	}
	return color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
}
