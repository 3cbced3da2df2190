// Package plots draws the pictures of a report: a figure that frames a gonum plot
// with title, legend and caption, the list of plots, and rendering
// to SVG, PNG and PDF.
//
//	build, _, err := spec.Build[plots.Builder](catalogue, plots.Kind, spec.MustParse("cactus"))
//	…
//	svg, err := plots.Render(build(summary.Of(records)), "svg")
//
// A plot has one file. The frame sees to what every picture needs:
// colours of Okabe and Ito that colour-blind readers can tell apart, dashes and
// markers for those who print in grey, a legend outside of the data that grows the
// picture rather than cover or cut anything, and "no data" where there is none. Every
// plot comes in two sizes, for a page of a paper and for one of two columns, with texts
// as large as they are printed, and fits a page in both: names are set smaller, and rows
// closer, where there are many. The same records give the same bytes.
//
// Axes are columns of package summary, one column each, with its unit. They take labels,
// limits and scales, in all plots by the same parameters: x-label, x-min, x-max,
// x-scale=auto|linear|log, and the same of y. What a figure draws, [Figure.CSV] writes.
//
// A plot that is about a certain kind of records, such as those of a grid of parameters,
// says of other ones that it does not apply ([Figure.NotApplicable]).
//
// [Placement] is the one picture that is not of records: hosts and VMs of an instance
// before and after.
//
// Plots that show times promise [Timed]; all others are the same for all runs with
// the same seeds.
package plots
