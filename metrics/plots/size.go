package plots

import (
	"gonum.org/v1/plot/vg"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// size is the width of a figure, and how large texts, lines and markers are in it:
// as a paper prints them, so that a figure is included as it is and never scaled.
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
		{
			Name: captionName, Type: spec.Bool, Default: "yes",
			Doc: "write title and caption into the picture; no leaves them to the paper",
		},
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

// room is the width between the margins.
func (z size) room() vg.Length { return z.width - 2*z.margin }
