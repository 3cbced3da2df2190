// Package bundle packs the results of a suite, with all that stands behind them, into one
// archive for those who review an artifact: records, plans and report; the suite and the
// instance files that it names; the source and the build of the program; and the checksum
// of every file. Equal results, packed by the same program, yield equal bytes.
//
//	b, err := bundle.New(ctx, "results/quick", bundle.Options{Catalogue: c, Source: rearrange.Source, Build: build})
//	…
//	err = fileio.Write("quick.tar.zst", nil, b.Write)
//
// What an archive holds is described by the README.txt in it. The package repeats no run
// and judges no plan.
package bundle
