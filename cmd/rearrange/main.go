// Command rearrange finds, compares and proves migration paths. `rearrange help`
// lists its commands.
package main

import (
	"context"
	"os"

	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/cmd/cli"
)

func main() {
	streams := cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	os.Exit(cli.Main(context.Background(), catalogue.Standard(), os.Args, streams))
}
