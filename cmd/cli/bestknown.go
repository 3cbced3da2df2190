package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/results/best"
)

// noBest is the value of --best that asks for no best-known values.
const noBest = "none"

func bestFlag() cli.Flag {
	return &cli.StringFlag{
		Name:  "best",
		Usage: "`FILE` of best-known values to set plans and bounds against; by default results/best/NAME.jsonl where there is one for the suite NAME, none for none",
	}
}

// knownBest reads the best-known values that a report on a suite takes in, and tells which;
// nil for none. The suite's own are looked for where commands that write results put them:
// below the working folder, and nowhere else.
func knownBest(c *cli.Context, s program, suite string) (*best.Set, error) {
	path := c.String("best")
	own := path == ""
	switch {
	case path == noBest || (own && (suite == "" || strings.ContainsAny(suite, `/\`))):
		return nil, nil
	case own:
		path = filepath.Join("results", "best", suite+".jsonl")
	}
	known, err := readBest(path)
	if own && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.err, "best-known values of %s: %s\n", prose.Count(known.Len(), "question"), path)
	return known, nil
}
