package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// breach is one that a path mends, as JSON has it.
type breach struct {
	Rule    string `json:"rule"`
	By      string `json:"by,omitempty"` // kind of place; no place where a rule about a group is broken as a whole
	Place   string `json:"place,omitempty"`
	VM      string `json:"vm,omitempty"`    // that may not stand there
	Group   string `json:"group,omitempty"` // that is missing there
	Message string `json:"message"`
}

func breaches(found []cloud.Violation) (out []breach) {
	for _, v := range found {
		out = append(out, breach{v.Rule, v.Where.By, v.Where.Place, v.Where.VM, v.Where.Group, v.Msg})
	}
	return out
}

// toMend says in a line what the initial placement breaks.
func toMend(found []cloud.Violation) string {
	them := "them"
	if len(cloud.Distinct(found)) == 1 {
		them = "it"
	}
	return fmt.Sprintf("the initial placement breaks %s; a path has to mend %s", cloud.Extent(found), them)
}

// countBreaches counts by rule and place.
func countBreaches(n int) string {
	if n == 1 {
		return "1 breach"
	}
	return humanize.Comma(int64(n)) + " breaches"
}

// brief is a breach on one line of a list. That its rule is continuous goes without saying: no other
// rule mends.
func brief(v cloud.Violation) string {
	text := strings.NewReplacer(", continuous=yes)", ")", "(continuous=yes)", "").Replace(v.Brief())
	return shortened(prose.Clean(text), 2*screen)
}

// listSome prints texts at an indent, as many as a screen has room for; how to see the others is
// said behind their number.
func listSome(w io.Writer, indent int, texts []string, others string) {
	const most = 10
	for _, text := range texts[:min(most, len(texts))] {
		fold(w, text, indent)
	}
	if n := len(texts) - most; n > 0 {
		fold(w, fmt.Sprintf("… and %s more%s", humanize.Comma(int64(n)), others), indent)
	}
}
