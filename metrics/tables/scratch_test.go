package tables

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

func TestScratch(t *testing.T) {
	if os.Getenv("SCRATCH") == "" {
		t.Skip()
	}
	cat := spec.NewCatalogue(summary.Registry(summary.Entries()...), Registry(Entries()...), FormatRegistry(Formats()...), FigureRegistry(Figures()...))
	for _, p := range cat.Problems() {
		fmt.Println(p)
	}
	records, _, err := results.Read("../../results/reference/" + os.Getenv("SCRATCH"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if c, _, ok := strings.Cut(records[i].Instance, "#"); ok {
			records[i].Class = c
		}
	}
	s := summary.Of(records, summary.WithCatalogue(cat))
	fmt.Println(len(s.Cases), s.Algorithms)
	list := os.Getenv("TABLE")
	if list == "" {
		for _, d := range cat.Descriptors(Kind) {
			if d.Name == "table" || d.Name == "runs" {
				continue
			}
			show(cat, s, d.Name)
		}
	} else {
		show(cat, s, list)
	}
}

func show(cat *spec.Catalogue, s *summary.Summary, text string) {
	b, _, err := spec.Build[Builder](cat, Kind, spec.MustParse(text))
	if err != nil {
		fmt.Println("ERROR", text, err)
		return
	}
	tb, err := b(s)
	if err != nil {
		fmt.Println("NOT MADE", text, err)
		return
	}
	fmt.Println("=====", text)
	w, _ := strconv.Atoi(os.Getenv("WIDTH"))
	if len(tb.Rows) > 12 {
		tb.Rows = tb.Rows[:12]
	}
	Terminal(os.Stdout, tb, Screen{Width: w})
}
