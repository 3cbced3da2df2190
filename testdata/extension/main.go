// Command extension is rearrange with an algorithm, a rule, a cost function and a heuristic
// of its own. It is the example of what another module has to write, and no more.
package main

import (
	"context"
	"os"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/cmd/cli"
)

func main() {
	mine := catalogue.Standard().With(
		paths.Registry(patient()), rules.Registry(few()), costs.Registry(hops()), bounds.Registry(unfinished()),
	)
	os.Exit(cli.Main(context.Background(), mine, os.Args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
