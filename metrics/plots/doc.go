// Package plots draws the pictures of a report: a figure that frames a gonum plot with title,
// legend and caption, the list of plots, and rendering to SVG, PNG and PDF.
//
//	build, _, err := spec.Build[plots.Builder](catalogue, plots.Kind, spec.MustParse("cactus"))
//	…
//	svg, err := plots.Render(build(summary.Of(records)), "svg")
//
// The frame sees to what every picture needs: colours that colour-blind readers can tell apart,
// dashes and markers for print in grey, a legend outside of the data, and "no data" where there is
// none. Every plot comes in two sizes, for a page of a paper and for one of two columns, with texts as
// large as they are printed, and fits a page in both. The same records give the same bytes.
//
// Axes are columns of package summary, one column each, with its unit. In all plots they take labels,
// limits and scales: x-label, x-min, x-max, x-scale=auto|linear|log, and the same of y. [Figure.CSV]
// writes the points of a figure. [Figure.NotApplicable] says that a plot does not suit the records.
//
// [Placement] is the one picture that is not of records: hosts and VMs of an instance before and after.
package plots
