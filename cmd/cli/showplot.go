package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
)

// checkPlot finds fault with what the flags say of a picture, before anything is read.
func checkPlot(c *cli.Context) error {
	if err := checkPicture(c); err != nil || !c.IsSet("plot") {
		return err
	}
	if c.Bool("target") {
		return usage("--plot and --target do not go together: a picture has both placements")
	}
	for _, other := range []string{"json", "features"} {
		if c.Bool(other) {
			return usage("--plot and --%s do not go together: with a picture, nothing is printed", other)
		}
	}
	if len(c.StringSlice("resource")) > 1 {
		return usage("--plot: a picture is of one resource, found %d", len(c.StringSlice("resource")))
	}
	return nil
}

// checkPicture finds fault with where a picture goes and how large it is.
func checkPicture(c *cli.Context) error {
	path, size := c.String("plot"), c.String("size")
	if !c.IsSet("plot") {
		if c.IsSet("size") {
			return usage("--size is that of a picture: it goes with --plot")
		}
		return nil
	}
	if !slices.Contains(plots.Formats(), pictureFormat(path)) {
		return usage("--plot: %q does not end in the format of a picture, %s", path, "."+strings.Join(plots.Formats(), ", ."))
	}
	if !slices.Contains(plots.Sizes(), size) {
		return usage("--size: unknown size %q%s", size, spec.DidYouMean(size, plots.Sizes(), "known are"))
	}
	return checkOutput(path)
}

// pictureFormat is the end of a file's name, as formats are named.
func pictureFormat(path string) string {
	return strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
}

// showPlot draws both placements of an instance, of all hosts unless some are named.
func showPlot(c *cli.Context, s program, d *drawing) error {
	hosts := d.hosts
	if !c.IsSet("host") && !c.IsSet("hosts") {
		hosts = nil
	}
	return s.picture(c, plots.Placement(d.in, d.bound, d.resources[0], hosts, c.String("size")))
}

// picture writes a figure where --plot says, and tells so.
func (p program) picture(c *cli.Context, f plots.Figure) error {
	path := c.String("plot")
	picture, err := plots.Render(f, pictureFormat(path))
	if err != nil {
		return err
	}
	if err := write(p, path, content(picture)); err != nil {
		return err
	}
	fmt.Fprintf(p.err, "picture: %s\n", path)
	return nil
}
