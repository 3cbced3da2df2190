package formats_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

func TestImportRefusesWrongNumbersOfFiles(t *testing.T) {
	_, err := formats.Import(catalogue.Standard(), spec.Named("roadef"), []string{"model.txt"})
	if want := "expected 2 files (MODEL ASSIGNMENT), found 1"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFormatsAreSuggested(t *testing.T) {
	_, err := formats.Import(catalogue.Standard(), spec.Named("roadev"), nil)
	if err == nil || !strings.Contains(err.Error(), `did you mean "roadef"?`) {
		t.Errorf("got %v", err)
	}
	_, _, err = formats.Export(catalogue.Standard(), spec.Named("jsno"), &cloud.Instance{})
	if err == nil || !strings.Contains(err.Error(), `did you mean "json"?`) {
		t.Errorf("got %v", err)
	}
}

func TestImportReadsTheFixture(t *testing.T) {
	in, err := formats.Import(catalogue.Standard(), spec.Named("roadef"), []string{"roadef/testdata/model_small.txt", "roadef/testdata/assignment_small.txt"})
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != "small" || len(in.VMs) != 18 {
		t.Errorf("got %q with %d VMs", in.Name, len(in.VMs))
	}
}
