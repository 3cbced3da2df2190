package formulation

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/lost"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Lost lists rules that a format cannot express as an exporter reports them, or is the
// error that they are when nothing may be left out.
func Lost(unsaid []cloud.Rule, partial bool) ([]string, error) {
	specs := make([]spec.Spec, len(unsaid))
	for i, r := range unsaid {
		specs[i] = Spec(r)
	}
	phrases := lost.Rules(specs)
	if len(phrases) == 0 || partial {
		return phrases, nil
	}
	return nil, fmt.Errorf("it cannot express the %s; partial=yes leaves out what it cannot express, and answers may then break that",
		strings.Join(phrases, ", and the "))
}
