// Package cli is the program rearrange, one file per command, for a main of ten lines: that
// of cmd/rearrange, or that of another module, with a catalogue of its own.
//
//	mine := catalogue.Standard().With(paths.Registry(myalgorithm.Entry()))
//	os.Exit(cli.Main(context.Background(), mine, os.Args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
package cli
