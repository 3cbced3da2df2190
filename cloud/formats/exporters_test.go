package exporters_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/exporters"
)

func TestRegistriesHaveNoProblems(t *testing.T) {
	for _, err := range append(exporters.Registry().Problems(), exporters.Plans().Problems()...) {
		t.Error(err)
	}
}

func TestFormatsAreSuggested(t *testing.T) {
	_, _, err := exporters.Export(spec.Named("jsno"), &cloud.Instance{})
	if err == nil || !strings.Contains(err.Error(), `did you mean "json"?`) {
		t.Errorf("got %v", err)
	}
}
